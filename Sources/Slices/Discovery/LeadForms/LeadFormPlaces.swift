internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The position to which the forms of an integration have been read.
struct LeadFormPlace: Hashable, Sendable {
    /// Up to when all of it is here.
    var readUntil: Instant?
    /// Where a look stands that has not come to its end, and up to when it reads.
    var place: String?, placeUntil: Instant?
    /// When the network was last asked to tell our hook.
    var toldAt: Instant?
}

extension LeadFormStore {
    func place(of integration: IntegrationID) throws -> LeadFormPlace {
        try tx.first(
            """
            SELECT read_until, place, place_until, told_at FROM lead_form_places
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            """
        ) { row in
            LeadFormPlace(
                readUntil: row.optionalInstant(0), place: row.optionalText(1),
                placeUntil: row.optionalInstant(2), toldAt: row.optionalInstant(3))
        } ?? LeadFormPlace()
    }
}

extension LeadFormStore where Base == Transaction {
    /// Keeps where a look stands; `nil`: it has come to its end.
    func keep(_ place: String?, until end: Instant, of integration: IntegrationID) throws {
        let readUntil = place == nil ? end : nil, placeUntil = place == nil ? nil : end
        try tx.run(
            """
            INSERT INTO lead_form_places (tenant_id, integration_id, read_until, place, place_until, failures)
            VALUES (\(tx.tenant), \(integration), \(readUntil), \(place), \(placeUntil), 0)
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET
                read_until = COALESCE(excluded.read_until, lead_form_places.read_until),
                place = excluded.place, place_until = excluded.place_until, failures = 0
            """)
    }

    func noteTold(_ integration: IntegrationID) throws {
        try tx.run(
            """
            INSERT INTO lead_form_places (tenant_id, integration_id, told_at, failures)
            VALUES (\(tx.tenant), \(integration), \(tx.now), 0)
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET told_at = excluded.told_at
            """)
    }

    /// Returns how many looks in a row have failed.
    func noteFailure(of integration: IntegrationID) throws -> Int {
        try tx.run(
            """
            INSERT INTO lead_form_places (tenant_id, integration_id, failures)
            VALUES (\(tx.tenant), \(integration), 1)
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET failures = lead_form_places.failures + 1
            """)
        return Int(
            try tx.int(
                """
                SELECT failures FROM lead_form_places
                WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
                """) ?? 1)
    }

    func forget(_ integration: IntegrationID) throws {
        try tx.run(
            "DELETE FROM lead_form_places WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)")
    }

    /// One look at a network at a time; one that waits is enough.
    func enqueueReading(of integration: IntegrationID, at moment: Instant? = nil) throws {
        try tx.jobs.enqueue(
            ReadLeadFormsJob.self, .init(integration: integration),
            JobOptions(
                runAt: moment, uniqueKey: integration, uniqueness: .untilStarted,
                subject: Subject(integration), limitKey: integration, limits: JobLimits(concurrency: 1)))
    }
}
