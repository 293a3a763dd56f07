internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
package import Telemetry

/// The activities of contacts, and how engaged these are: `tx.engagement`.
package struct EngagementStore<Base: Queryable> {
    let tx: Base

    /// Returns what each type of activity weighs for the agency.
    package func weights() throws -> EngagementWeights {
        let values = try tx.agentConfigurations.publishedValues(of: EngagementWeights.agent)
        return values?[EngagementWeights.setting]?.object.map(EngagementWeights.init) ?? .standard
    }

    /// Returns how engaged a contact is, over some days.
    package func find(_ contact: ContactID, days: Int = Engagement.daysUsual) throws -> Engagement {
        try all(of: [contact], days: days)[contact]
            ?? Engagement(days: days, counts: [:], weights: weights())
    }

    /// Returns how engaged contacts are, over some days; those who did nothing are left out.
    package func all(
        of contacts: Set<ContactID>, days: Int = Engagement.daysUsual
    ) throws -> [ContactID: Engagement] {
        guard !contacts.isEmpty else { return [:] }
        let since = tx.now - .seconds(days * 86_400)
        var counts: [ContactID: [String: Int]] = [:], asked = SQL()
        for contact in contacts.sorted(by: { $0.text < $1.text }) {
            asked += asked.isEmpty ? "(\(contact))" : ", (\(contact))"
        }
        // The types of each are looked up one after the other: counted together, every row would be compared.
        try tx.each(
            """
            WITH RECURSIVE done (contact_id, type) AS (
                SELECT asked.column1, (
                    SELECT min(act.type) FROM contact_activities AS act
                    WHERE act.tenant_id = \(tx.tenant) AND act.contact_id = asked.column1 AND act.source = 'human')
                FROM (VALUES \(asked)) AS asked
                UNION ALL
                SELECT done.contact_id, (
                    SELECT min(act.type) FROM contact_activities AS act
                    WHERE act.tenant_id = \(tx.tenant) AND act.contact_id = done.contact_id
                        AND act.source = 'human' AND act.type > done.type)
                FROM done WHERE done.type IS NOT NULL
            )
            SELECT contact_id, type, (
                SELECT count(*) FROM contact_activities AS act
                WHERE act.tenant_id = \(tx.tenant) AND act.contact_id = done.contact_id AND act.source = 'human'
                    AND act.type = done.type AND act.at > \(since) AND act.at <= \(tx.now)) AS times
            FROM done WHERE type IS NOT NULL
            """
        ) { row in
            guard let contact = row.id(0, of: Nouns.Contact.self) else { return }
            let times = row.int(2)
            if times > 0 { counts[contact, default: [:]][row.text(1)] = times }
        }
        guard !counts.isEmpty else { return [:] }
        let weights = try weights()
        return counts.mapValues { Engagement(days: days, counts: $0, weights: weights) }
    }
}

extension Queryable {
    package var engagement: EngagementStore<Self> { EngagementStore(tx: self) }
}

extension EngagementStore where Base == Transaction {
    /// Records that a contact did something; `fact` is the mark of what happened. Answers `nil` where the fact was
    /// recorded before.
    @discardableResult
    package func record(
        _ type: String, of contact: ContactID, on channel: Channel?, fact: String, at moment: Instant? = nil,
        _ source: ContactActivity.Source = .human
    ) throws -> ContactActivity? {
        var activity = ContactActivity.new(id: tx.nextID(), now: tx.now)
        (activity.contactID, activity.type, activity.fact) = (contact, type, fact)
        (activity.at, activity.channel, activity.source) = (moment ?? tx.now, channel, source)
        let added = try tx.run(
            """
            INSERT INTO contact_activities (tenant_id, id, contact_id, type, at, channel, source, fact, moved_from,
                version, created_at, updated_at)
            VALUES (\(tx.tenant), \(activity.id), \(contact), \(type), \(activity.at), \(channel?.rawValue),
                \(source.rawValue), \(fact), NULL, 1, \(tx.now), \(tx.now))
            ON CONFLICT (tenant_id, fact) DO NOTHING
            """)
        guard added > 0 else { return nil }
        if source == .human {
            try tx.preferences.note(activity)
            try tx.publish(
                "contact_activity.recorded", activity.subject,
                [
                    "contact_id": JSON(contact), "type": .string(type), "channel": JSON(channel?.rawValue),
                ])
        }
        return activity
    }

    /// Records something of a known kind.
    @discardableResult
    package func record(
        _ kind: ContactActivity.Kind, of contact: ContactID?, on channel: Channel?, fact: String,
        at moment: Instant? = nil, _ source: ContactActivity.Source = .human
    ) throws -> ContactActivity? {
        guard let contact else { return nil }
        return try record(kind.rawValue, of: contact, on: channel, fact: fact, at: moment, source)
    }

    /// Keeps what was recorded as a person's doing as a program's; the person may still do it.
    package func disown(fact: String) throws {
        try tx.run(
            """
            UPDATE contact_activities SET source = 'machine', fact = \("disowned/\(tx.now.microseconds)/\(fact)")
            WHERE tenant_id = \(tx.tenant) AND fact = \(fact) AND source = 'human'
            """)
    }

    /// Gives what one contact did to another, into whose lead theirs is merged.
    package func move(from gone: ContactID, to kept: ContactID) throws {
        try tx.run(
            """
            UPDATE contact_activities SET contact_id = \(kept), moved_from = contact_id
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(gone)
            """)
        try tx.preferences.merge(gone, into: kept)
    }

    /// Gives a contact back what was moved to another.
    package func moveBack(to gone: ContactID, from kept: ContactID) throws {
        try tx.run(
            """
            UPDATE contact_activities SET contact_id = \(gone), moved_from = NULL
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(kept) AND moved_from = \(gone)
            """)
        try tx.preferences.unmerge(gone, from: kept)
    }

    /// Gives what was done in a conversation to the contact whose it is now.
    package func move(messagesOf conversation: String, to contact: ContactID) throws {
        try tx.run(
            """
            UPDATE contact_activities SET contact_id = \(contact)
            WHERE tenant_id = \(tx.tenant) AND contact_id <> \(contact) AND fact IN (
                SELECT 'reply/' || id FROM messages
                WHERE tenant_id = \(tx.tenant) AND conversation_id = \(conversation) AND direction = 'inbound'
                UNION ALL SELECT 'opened/' || id FROM messages
                WHERE tenant_id = \(tx.tenant) AND conversation_id = \(conversation) AND direction = 'outbound'
                UNION ALL SELECT 'clicked/' || id FROM messages
                WHERE tenant_id = \(tx.tenant) AND conversation_id = \(conversation) AND direction = 'outbound')
            """)
    }
}
