internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Audiences at advertising services, and who is on them: `tx.adAudiences`.
struct AudienceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var adAudiences: AudienceStore<Self> { AudienceStore(tx: self) }
}

/// Somebody who belongs on an audience.
struct AudiencePerson: Sendable {
    let contact: ContactID
    /// The digest of their address, as the service asks for it.
    let digest: String
}

extension AudienceStore {
    /// The most audiences that are told again when somebody changes their mind.
    private static var most: Int { 200 }

    /// Returns the number of addresses that the service has got, or may have got.
    func size(of id: ID<AdAudience>) throws -> Int {
        try tx.first(
            """
            SELECT count(*) FROM ad_audience_members
            WHERE tenant_id = \(tx.tenant) AND audience_id = \(id)
            """
        ) { $0.int(0) } ?? 0
    }

    /// Returns whether somebody is on any audience.
    func has(_ contact: ContactID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM ad_audience_members
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) LIMIT 1
            """)
    }

    /// Returns some of those who are to be put on it: they are written down before the service hears of them.
    func coming(to id: ID<AdAudience>, round: Int, limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT digest FROM ad_audience_members
            WHERE tenant_id = \(tx.tenant) AND audience_id = \(id) AND is_told = 0 AND round = \(round)
            ORDER BY digest LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// Returns some of those who are to be taken off: whom the last look through its people did not find.
    func leaving(_ id: ID<AdAudience>, round: Int, limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT digest FROM ad_audience_members
            WHERE tenant_id = \(tx.tenant) AND audience_id = \(id) AND round < \(round)
            ORDER BY digest LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    fileprivate func all() throws -> [ID<AdAudience>] {
        try tx.all(
            "SELECT id FROM ad_audiences WHERE tenant_id = \(tx.tenant) ORDER BY id LIMIT \(Self.most)"
        ) { ID($0, 0) }
    }
}

extension AudienceStore where Base == Transaction {
    /// Has the service told who is on an audience: soon, so that what comes together is told together.
    func tell(_ id: ID<AdAudience>, in pause: Duration = .zero) throws {
        try tx.jobs.enqueue(
            AudienceJob.self, .init(audience: id),
            JobOptions(
                runAt: pause > .zero ? tx.now + pause : nil, uniqueKey: id, uniqueness: .untilStarted,
                subject: Subject(id), limitKey: id))
    }

    /// Has it told again tomorrow: people come and go.
    func tellTomorrow(_ id: ID<AdAudience>) throws { try tellAgain(id, in: .seconds(86_400), as: "daily") }

    /// Has it told again after a pause, whoever else asks for it meanwhile.
    func tellAgain(_ id: ID<AdAudience>, in pause: Duration, as name: String = "again") throws {
        try tx.jobs.enqueue(
            AudienceJob.self, .init(audience: id),
            JobOptions(
                runAt: tx.now + pause, uniqueKey: "\(id)/\(name)", uniqueness: .untilStarted,
                subject: Subject(id), limitKey: id))
    }

    /// Has all audiences told, since somebody has changed their mind.
    func tellAll() throws {
        for id in try all() { try tell(id, in: .seconds(30)) }
    }

    /// Begins to look through the people of an audience.
    func begin(_ id: ID<AdAudience>) throws -> AdAudience? {
        guard let old = try AdAudience.resource.find(id, in: tx) else { return nil }
        var audience = old
        (audience.round, audience.status) = (old.round + 1, .waiting)
        try tx.update(old, to: &audience, by: .system)
        return audience
    }

    /// Notes that people belong on it.
    func keep(_ people: [AudiencePerson], on id: ID<AdAudience>, round: Int) throws {
        for person in people {
            try tx.run(
                """
                INSERT INTO ad_audience_members (tenant_id, audience_id, digest, contact_id, round, is_told)
                VALUES (\(tx.tenant), \(id), \(person.digest), \(person.contact), \(round), 0)
                ON CONFLICT (tenant_id, audience_id, digest) DO UPDATE SET
                    round = excluded.round, contact_id = excluded.contact_id
                """)
        }
    }

    func noteTold(_ digests: [String], of id: ID<AdAudience>) throws {
        try tx.run(
            """
            UPDATE ad_audience_members SET is_told = 1
            WHERE tenant_id = \(tx.tenant) AND audience_id = \(id) AND digest IN \(list: digests)
            """)
    }

    func forget(_ digests: [String], of id: ID<AdAudience>, before round: Int) throws {
        try tx.run(
            """
            DELETE FROM ad_audience_members
            WHERE tenant_id = \(tx.tenant) AND audience_id = \(id) AND digest IN \(list: digests)
                AND round < \(round)
            """)
    }

    /// Stores how telling the service has ended.
    func change(_ id: ID<AdAudience>, _ change: (inout AdAudience) -> Void) throws {
        guard let old = try AdAudience.resource.find(id, in: tx) else { return }
        var audience = old
        change(&audience)
        audience.size = try size(of: id)
        try tx.update(old, to: &audience, by: .system)
    }
}

/// Hears of people who change their mind, or go.
struct AudienceWatch: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event(), audiences = tx.unlimited.adAudiences
        switch event.type {
        case "consent.created", "suppression.created": try audiences.tellAll()
        // Their address may be another now, or gone.
        case "contact.updated", "contact.deleted":
            guard let contact = event.subject.id(of: Nouns.Contact.self), try audiences.has(contact) else {
                return
            }
            try audiences.tellAll()
        default: break
        }
    }
}
