internal import Database
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// The hour of the day at which somebody reads: that of most of what they did of late, where there is enough of it.
struct ReadingHour: Sendable {
    private static let actsMax = 50, actsMin = 3
    let hour: Int?
    private let zone: TimeZoneRules

    init(of contact: Contact, _ agency: TimeZoneRules, in reader: some Queryable) throws {
        zone = contact.zone(agency)
        let acts = try reader.all(
            """
            SELECT at FROM contact_activities
            WHERE tenant_id = \(reader.tenant) AND contact_id = \(contact.id) AND source = 'human'
                AND type IN ('message_read', 'link_click', 'message_reply') ORDER BY at DESC LIMIT \(Self.actsMax)
            """
        ) { $0.instant(0) }
        let hours = acts.map { [zone] in zone.local(of: $0).hour }
        let counts = Dictionary(grouping: hours) { $0 }.mapValues(\.count)
        hour =
            acts.count < Self.actsMin
            ? nil : counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The next such hour from a moment on; the moment itself where no hour is known, or it is that hour.
    func next(from moment: Instant) -> Instant {
        guard let hour else { return moment }
        let local = zone.local(of: moment)
        guard local.hour != hour else { return moment }
        let days = local.date.daysSinceEpoch + (local.hour > hour ? 1 : 0)
        return zone.firstInstant(atOrAfter: LocalTime(CivilDate(daysSinceEpoch: days), hour: hour))
    }
}
