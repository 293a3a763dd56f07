package import Database
package import Nouns
package import People
package import Records
internal import Telemetry
package import Tenancy

extension FrequencyCap {
    /// The code of the reason for which a message waits.
    package static let code = "frequency_cap"

    /// Returns why another marketing message to a contact has to wait; `nil` where the cap has room.
    package func reason(
        _ contact: ContactID, _ channel: People.Channel, _ zone: TimeZoneRules, in reader: some Queryable
    ) throws -> Reason? {
        guard let days, self.channel == nil || self.channel?.rawValue == channel.rawValue else { return nil }
        let own = self.channel.flatMap { People.Channel(rawValue: $0.rawValue) }
        let until = try Self.end(of: days, contact, zone, max: max, over: own, in: reader)
        return until.map { Reason(isDaily ? "daily_cap" : Self.code, detail(days), until: $0) }
    }

    /// Returns when another marketing message to a contact is no more than `max` in so many days; `nil`: now.
    static func end(
        of days: Int, _ contact: ContactID, _ zone: TimeZoneRules, max: Int = 1,
        over channel: People.Channel? = nil, in reader: some Queryable
    ) throws -> Instant? {
        var sum = 0
        // The day with which enough of them leave the time that is looked back on.
        for (day, count) in try reader.sendCounts.marketing(to: contact, over: channel, days: days, zone) {
            sum += count
            guard sum >= max else { continue }
            return zone.firstInstant(atOrAfter: LocalTime(CivilDate(daysSinceEpoch: day + days), hour: 0))
        }
        return nil
    }

    private func detail(_ days: Int) -> String {
        let what = purpose == .nurture ? "messages that keep in touch" : "marketing messages"
        let way = channel.map { " over \($0.rawValue)" } ?? ""
        return days == 1
            ? "The contact has reached the limit of \(max) \(what)\(way) a day."
            : "The contact has reached the limit of \(max) \(what)\(way) in \(days) days."
    }
}

extension SendCountStore {
    /// Returns how many marketing messages a contact got on each of the last days, the newest first.
    fileprivate func marketing(
        to contact: ContactID, over channel: People.Channel?, days: Int, _ zone: TimeZoneRules
    ) throws -> [(day: Int, count: Int)] {
        let today = zone.day(of: tx.now), first = today - days + 1
        guard let channel else {
            return try tx.all(
                """
                SELECT day, sent FROM send_counts
                WHERE tenant_id = \(tx.tenant) AND scope = \(SendScope.contact(contact)) AND day >= \(first)
                ORDER BY day DESC
                """
            ) { (day: $0.int(0), count: $0.int(1)) }
        }
        let start = zone.firstInstant(atOrAfter: LocalTime(CivilDate(daysSinceEpoch: first), hour: 0))
        let times = try tx.all(
            """
            SELECT sent_at FROM messages
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND direction = 'outbound'
                AND purpose = 'marketing' AND channel = \(channel.rawValue)
                AND (sent_at >= \(start) OR status = 'sending')
            """
        ) { $0.optionalInstant(0) ?? tx.now }
        let byDay = Dictionary(grouping: times) { zone.day(of: $0) }
        return byDay.map { (day: $0.key, count: $0.value.count) }.sorted { $0.day > $1.day }
    }
}
