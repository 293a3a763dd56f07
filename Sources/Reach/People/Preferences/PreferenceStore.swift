internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// The counters of answers and of messages: stored, never renamed.
package enum PreferenceAspect: String, CaseIterable, Sendable {
    case channel, hour, weekday, length, content
    /// The days on which somebody has answered, each once.
    case answered
    case channelSent = "channel_sent"
    case lengthSent = "length_sent"
    case contentSent = "content_sent"
}

/// The preferences of contacts: `tx.preferences`.
package struct PreferenceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var preferences: PreferenceStore<Self> { PreferenceStore(tx: self) }
}

/// The weight of what happened at a moment: it doubles with each half-life, so that what was counted is never touched
/// again, and only compared with the weight of now.
enum Weight {
    /// 2020-01-01.
    private static let start = 1_577_836_800.0

    static func at(_ moment: Instant) -> Double {
        let days = (Double(moment.microseconds) / 1_000_000 - start) / 86_400
        // A clock that is centuries ahead gives no more than a number may hold.
        return exp2(min(max(days / PreferenceLearning.halfLife, -900), 900))
    }

    static func exp2(_ power: Double) -> Double {
        let whole = power.rounded(.down), rest = power - whole
        // The series of 2^x for x from 0 to 1, to ten places.
        var term = 1.0, sum = 1.0
        for number in 1...14 {
            term *= rest * 0.693147180559945 / Double(number)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
    }
}

extension PreferenceStore {
    private static var periodDays: Int { 30 }
    private static var periodsMax: Int { 7 }

    private static func period(of moment: Instant) -> Int {
        Int(moment.seconds / Int64(86_400 * periodDays))
    }

    private static func counter(_ aspect: PreferenceAspect) -> String { "preferences.\(aspect.rawValue)." }

    /// Counts the contacts who have ever answered.
    private static var people: String { "preferences.people" }

    private static func name(_ period: Int) -> String {
        let digits = String(max(0, period))
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Returns what was counted of a contact, as it weighs now.
    func counts(of contact: ContactID) throws -> PreferenceLearning.Counts {
        let now = Weight.at(tx.now)
        var counts: PreferenceLearning.Counts = [:]
        try tx.each(
            """
            SELECT aspect, value, weight, observations FROM preference_counts
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
            """
        ) { row in
            guard let aspect = PreferenceAspect(rawValue: row.text(0)) else { return }
            counts[aspect, default: [:]][row.text(1)] = .init(
                weight: row.double(2) / now, observations: row.int(3))
        }
        return counts
    }

    /// Returns what was counted of all contacts in the last months, as it weighs now.
    func average(
        of aspects: [PreferenceAspect] = PreferenceAspect.allCases
    ) throws -> PreferenceLearning.Counts {
        let now = Self.period(of: tx.now), last = PreferenceStore.name(now)
        let first = PreferenceStore.name(now - Self.periodsMax + 1)
        var counts: PreferenceLearning.Counts = [:]
        for aspect in aspects {
            let prefix = Self.counter(aspect)
            for (name, count) in try tx.counters.all(prefix: prefix, from: first, through: last) {
                let parts = name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1).map(String.init)
                guard parts.count == 2, let period = Int(parts[0]), count > 0 else { continue }
                let age = Double((now - period) * Self.periodDays)
                let share = Weight.at(tx.now - .seconds(Int64(age) * 86_400)) / Weight.at(tx.now)
                counts[aspect, default: [:]][parts[1], default: .init()].weight += Double(count) * share
                counts[aspect, default: [:]][parts[1], default: .init()].observations += count
            }
        }
        return counts
    }

    /// Returns all that a contact likes: what they said, beside what was learned; else the latter, else what is usual.
    package func find(_ contact: ContactID) throws -> ContactPreferences {
        var learning = PreferenceLearning(own: try counts(of: contact), agency: try average())
        learning.average = (try tx.counters.find(Self.people), try daysAnswered())
        var all = learning.preferences()
        for (name, said) in try stated(contact).values {
            all[name] = Preference(stated: said.value, beside: all[name])
        }
        return ContactPreferences(all: all)
    }

    /// Returns over how many of the last days answers of the agency's contacts were counted.
    private func daysAnswered() throws -> Double {
        let now = Self.period(of: tx.now), prefix = Self.counter(.answered)
        let names = try tx.counters.all(
            prefix: prefix, from: PreferenceStore.name(now - Self.periodsMax + 1),
            through: PreferenceStore.name(now))
        let first = names.keys.compactMap { Int($0.dropFirst(prefix.count).prefix { $0 != "." }) }.min()
        return first.map { Double(tx.now.seconds) / 86_400 - Double($0 * Self.periodDays) } ?? 0
    }

    /// Returns the hour of the day at which a contact likes to be written to, said or learned.
    package func hour(of contact: ContactID) throws -> Int? {
        if let said = try stated(contact).values[.hour] { return said.value.int.map(Int.init) }
        let own = try counts(of: contact)
        // Without an answer of theirs there is no hour of theirs, and nothing else to look up.
        guard own[.hour] != nil else { return nil }
        let learned = PreferenceLearning(own: own, agency: try average(of: [.hour])).preferences()
        return ContactPreferences(all: learned).hour
    }

    /// Returns the length of message that a contact likes, said or learned; `nil` where neither is so.
    package func length(of contact: ContactID) throws -> Preference.Length? {
        let said = try stated(contact).values[.length]?.value
        let own = said == nil ? try counts(of: contact) : [:]
        guard said != nil || own[.length] != nil else { return nil }
        if let said { return said.text.flatMap(Preference.Length.init(rawValue:)) }
        let agency = try average(of: [.length, .lengthSent])
        let learned = PreferenceLearning(own: own, agency: agency).preferences()[.length]
        guard let learned, learned.source == .learned else { return nil }
        return learned.value.text.flatMap(Preference.Length.init(rawValue:))
    }

    /// Returns those of some contacts of whose hour anything is known.
    package func haveHours(_ contacts: [ContactID]) throws -> Set<ContactID> {
        try have(.hour, .hour, among: contacts)
    }

    /// Returns those of some contacts who have stated a preference, or have shown it in answers that meet `condition`.
    private func have(
        _ name: Preference.Name, _ aspect: PreferenceAspect, _ condition: SQL = "",
        among contacts: [ContactID]
    ) throws -> Set<ContactID> {
        let stated: SQL = """
            SELECT contact_id FROM stated_preferences
            WHERE tenant_id = \(tx.tenant) AND name = \(name.rawValue) AND contact_id IN \(list: contacts)
            """
        let shown: SQL = """
             UNION SELECT contact_id FROM preference_counts
            WHERE tenant_id = \(tx.tenant) AND aspect = \(aspect.rawValue) AND contact_id IN \(list: contacts)
            """
        return Set(try tx.all(stated + shown + condition) { ContactID($0, 0) })
    }

    /// Returns the day of the week (1 is Monday) that each of some contacts has asked for, of those who have.
    package func weekdays(of contacts: [ContactID]) throws -> [ContactID: Int] {
        try stated(contacts).compactMapValues(\.weekday)
    }

    /// Returns those of some contacts who have asked for a channel, or have answered on another than mail.
    package func haveChats(_ contacts: [ContactID]) throws -> Set<ContactID> {
        try have(.channel, .channel, " AND value <> \(Channel.email.rawValue)", among: contacts)
    }

    /// Returns the channels on which a contact answers, best first; the one that they asked for before all others.
    package func channels(of contact: ContactID) throws -> [Channel] {
        let agency = try average(of: [.channel, .channelSent])
        let learning = PreferenceLearning(own: try counts(of: contact), agency: agency)
        let said = try stated(contact).values[.channel]?.value.text
        let answered = learning.rates(.channel, of: .channelSent).map(\.value).filter { $0 != said }
        return (([said].compactMap(\.self)) + answered).compactMap { Channel(rawValue: $0) }
    }
}

extension PreferenceStore where Base == Transaction {
    /// Counts an answer of a contact's: its channel, and the hour and day of the week where they are.
    func note(_ activity: ContactActivity) throws {
        guard let kind = ContactActivity.Kind(rawValue: activity.type) else { return }
        var values: [(PreferenceAspect, String)] = []
        if let channel = activity.channel, Preference.channels.contains(channel) {
            values.append((.channel, channel.rawValue))
        }
        let own = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let zone = try Contact.resource.find(activity.contactID, in: tx)?.zone(own) ?? own
        let local = zone.local(of: activity.at)
        values.append((.hour, String(local.secondsOfDay / 3600)))
        values.append((.weekday, Preference.Weekday.allCases[local.date.weekday - 1].rawValue))
        try count(values, of: activity.contactID, at: activity.at, times: kind.telling)
        guard try isFirst(activity, on: local.date, in: zone) else { return }
        // However telling it is, and however much they do on a day: how often is counted in days.
        let days = try count([(.answered, "day")], of: activity.contactID, at: activity.at)
        if days == 1 { tx.counters.countLater(PreferenceStore.people, 1) }
    }

    /// Returns whether nothing else was recorded of a contact on the day of an activity, where they are.
    private func isFirst(
        _ activity: ContactActivity, on day: CivilDate, in zone: TimeZoneRules
    ) throws -> Bool {
        let begin = zone.firstInstant(atOrAfter: LocalTime(day, hour: 0))
        let end = zone.firstInstant(atOrAfter: LocalTime(day.adding(days: 1), hour: 0))
        let kinds = ContactActivity.Kind.allCases.map(\.rawValue)
        return try !tx.exists(
            """
            SELECT 1 FROM contact_activities
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(activity.contactID) AND source = 'human'
                AND type IN \(list: kinds) AND at >= \(begin) AND at < \(end) AND id <> \(activity.id) LIMIT 1
            """)
    }

    /// Counts that a contact answered a message of a length and perhaps a type of content.
    package func noteAnswer(
        of contact: ContactID, to text: String, content: Preference.Content?, at moment: Instant
    ) throws {
        var values = [(PreferenceAspect.length, Preference.Length(of: text).rawValue)]
        if let content { values.append((.content, content.rawValue)) }
        try count(values, of: contact, at: moment)
    }

    /// Counts that a contact was sent a message.
    package func noteSent(
        to contact: ContactID, on channel: Channel, text: String, content: Preference.Content?
    ) throws {
        guard Preference.channels.contains(channel) else { return }
        var values = [
            (PreferenceAspect.channelSent, channel.rawValue),
            (.lengthSent, Preference.Length(of: text).rawValue),
        ]
        if let content { values.append((.contentSent, content.rawValue)) }
        try count(values, of: contact, at: tx.now)
    }

    /// Counts something; answers how often the last of it was counted of the contact by now.
    @discardableResult
    private func count(
        _ values: [(PreferenceAspect, String)], of contact: ContactID, at moment: Instant, times: Double = 1
    ) throws -> Int {
        var observations = 0
        let weight = Weight.at(moment) * times
        let period = PreferenceStore.name(Self.period(of: moment))
        // Always in the same order, so that two transactions never wait for each other.
        for (aspect, value) in values.sorted(by: { ($0.0.rawValue, $0.1) < ($1.0.rawValue, $1.1) }) {
            let counted = try tx.first(
                """
                INSERT INTO preference_counts (tenant_id, contact_id, aspect, value, weight, observations)
                VALUES (\(tx.tenant), \(contact), \(aspect.rawValue), \(value), \(weight), 1)
                ON CONFLICT (tenant_id, contact_id, aspect, value) DO UPDATE
                SET weight = preference_counts.weight + excluded.weight,
                    observations = preference_counts.observations + 1
                RETURNING observations
                """
            ) { $0.int(0) }
            observations = counted ?? observations
            tx.counters.countLater("\(Self.counter(aspect))\(period).\(value)", Int(times))
        }
        return observations
    }

    /// Forgets all that was counted and said of a contact.
    @discardableResult
    package func forget(_ contact: ContactID) throws -> Int {
        let counted = try tx.run(
            """
            DELETE FROM preference_counts WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
            """)
        let said = try tx.run(
            """
            DELETE FROM stated_preferences WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
            """)
        return counted + said
    }

    /// Gives what was counted of one contact to another, who is kept, or whose lead is.
    package func merge(_ gone: ContactID, into kept: ContactID) throws {
        try tx.run(
            """
            INSERT INTO preference_counts (tenant_id, contact_id, aspect, value, weight, observations)
            SELECT tenant_id, \(kept), aspect, value, weight, observations FROM preference_counts
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(gone)
            ON CONFLICT (tenant_id, contact_id, aspect, value) DO UPDATE
            SET weight = preference_counts.weight + excluded.weight,
                observations = preference_counts.observations + excluded.observations
            """)
    }

    /// Takes back what a merge gave.
    package func unmerge(_ gone: ContactID, from kept: ContactID) throws {
        for (aspect, values) in try counts(of: gone) {
            for (value, count) in values {
                let weight = count.weight * Weight.at(tx.now)
                try tx.run(
                    """
                    UPDATE preference_counts SET weight = weight - \(weight),
                        observations = observations - \(count.observations)
                    WHERE tenant_id = \(tx.tenant) AND contact_id = \(kept) AND aspect = \(aspect.rawValue)
                        AND value = \(value)
                    """)
            }
        }
    }
}

extension ContactActivity.Kind {
    /// As how many answers one counts: a click says more than an opening, and a word more than a click.
    fileprivate var telling: Double {
        switch self {
        case .messageRead: 1
        case .linkClick: 2
        default: 4
        }
    }
}

extension PreferenceStore {
    /// Returns what a contact has said.
    package func stated(_ contact: ContactID) throws -> StatedPreferences {
        try stated([contact])[contact] ?? StatedPreferences()
    }

    /// Returns what each of some contacts has said, of those who have said anything.
    package func stated(_ contacts: [ContactID]) throws -> [ContactID: StatedPreferences] {
        var stated: [ContactID: StatedPreferences] = [:]
        try tx.each(
            """
            SELECT contact_id, name, value, stated_by FROM stated_preferences
            WHERE tenant_id = \(tx.tenant) AND contact_id IN \(list: contacts)
            """
        ) { row in
            guard let name = Preference.Name(rawValue: row.text(1)) else { return }
            stated[ContactID(row, 0), default: StatedPreferences()].values[name] = (
                JSON(stored: row.text(2)), JSON(stored: row.text(3))
            )
        }
        return stated
    }
}

extension PreferenceStore where Base == Transaction {
    /// Stores what a contact says, or takes it back.
    package func state(
        _ values: [Preference.Name: JSON?], of contact: ContactID, by actor: Actor
    ) throws {
        for (name, value) in values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if let value {
                try tx.run(
                    """
                    INSERT INTO stated_preferences (tenant_id, contact_id, name, value, stated_by, stated_at)
                    VALUES (\(tx.tenant), \(contact), \(name.rawValue), \(value.serialized),
                        \(actor.json.serialized), \(tx.now))
                    ON CONFLICT (tenant_id, contact_id, name) DO UPDATE
                    SET value = excluded.value, stated_by = excluded.stated_by, stated_at = excluded.stated_at
                    """)
            } else {
                try tx.run(
                    """
                    DELETE FROM stated_preferences
                    WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND name = \(name.rawValue)
                    """)
            }
        }
        guard !values.isEmpty else { return }
        let names = JSON(values.keys.map(\.rawValue).sorted())
        try tx.auditLog.add(actor, "contact.preferences_stated", Subject(contact), ["names": names])
        try tx.publish("contact.preferences_stated", Subject(contact), ["names": names])
    }
}
