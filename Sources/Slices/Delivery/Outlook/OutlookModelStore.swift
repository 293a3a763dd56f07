internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The facts about clients month by month, and the models that were learned from them: `tx.outlooks`.
struct OutlookModelStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var outlooks: OutlookModelStore<Self> { OutlookModelStore(tx: self) }
}

extension OutlookModelStore {
    private static var casesMax: Int { 20_000 }
    private static var learnedIn: String { "outlook.learned" }
    private static var year: Duration { .seconds(365 * 86_400) }

    /// The model that is in use, or the one of a version; `nil`: the rules are.
    func model(version: String? = nil) throws -> LogisticModel? {
        var sql: SQL = "SELECT document FROM client_models WHERE tenant_id = \(tx.tenant)"
        if let version { sql += " AND version = \(version)" } else { sql += " AND in_use = 1" }
        return try tx.first(sql + " ORDER BY learned_at DESC LIMIT 1") { $0.text(0) }
            .flatMap { LogisticModel(json: JSON(stored: $0)) }
    }

    /// Returns whether this month has not been learned in yet, and enough clients have left.
    func isDue(in month: CivilDate) throws -> Bool {
        guard try tx.counters.find(Self.learnedIn) != month.year * 100 + month.month else { return false }
        let endings = try tx.int(
            "SELECT count(*) FROM clients WHERE tenant_id = \(tx.tenant) AND ended_at IS NOT NULL")
        return Int(endings ?? 0) >= OutlookLearning.endingsMin
    }

    /// Returns what is known of past months whose year is over, in the order of time. Of a year that is not over only
    /// the clients who left are known, and leaving would look likelier than it is.
    func cases() throws -> [OutlookCase] {
        try tx.all(
            """
            SELECT \(trusted: ClientSnapshot.columns.of("s", with: ["ended_at": "c.ended_at"]))
            FROM client_snapshots s JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id
            WHERE s.tenant_id = \(tx.tenant) AND s.at <= \(tx.now - Self.year) ORDER BY s.at DESC, s.client_id
            LIMIT \(Self.casesMax)
            """
        ) { row in
            let seen = try ClientSnapshot(row)
            return OutlookCase(
                facts: seen.facts, hasLeft: seen.endedAt.map { $0 <= seen.at + Self.year } ?? false,
                teaches: OutlookCase.teaches(month: seen.month, ofClient: seen.client))
        }.reversed()
    }
}

/// The facts of a client in a month, and when the client left.
private struct ClientSnapshot: StoredRow {
    let facts: OutlookFacts
    let at: Instant, endedAt: Instant?
    let month: String, client: String

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        facts = OutlookFacts(JSON(stored: row.text("facts")))
        (at, endedAt) = (row.instant("at"), row.optionalInstant("ended_at"))
        (month, client) = (row.text("month"), row.text("client_id"))
    }
}

extension OutlookModelStore where Base == Transaction {
    /// Keeps what is known of a client, once a month.
    func keep(_ facts: OutlookFacts, of client: ClientID, in month: CivilDate) throws {
        try tx.run(
            """
            INSERT INTO client_snapshots (tenant_id, client_id, month, at, facts)
            VALUES (\(tx.tenant), \(client), \(String(month.iso.prefix(7))), \(tx.now), \(facts.json.serialized))
            ON CONFLICT (tenant_id, client_id, month) DO NOTHING
            """)
    }

    func forget(_ client: ClientID) throws {
        try tx.run(
            "DELETE FROM client_snapshots WHERE tenant_id = \(tx.tenant) AND client_id = \(client)")
    }

    /// Stores what a month has taught; `nil`: the rules are used from now on.
    func learn(_ model: LogisticModel?, in month: CivilDate) throws {
        let before = try tx.counters.find(Self.learnedIn)
        try tx.counters.count(Self.learnedIn, month.year * 100 + month.month - before)
        try tx.run("UPDATE client_models SET in_use = 0 WHERE tenant_id = \(tx.tenant) AND in_use = 1")
        guard let model else { return }
        try tx.run(
            """
            INSERT INTO client_models (tenant_id, version, document, in_use, learned_at)
            VALUES (\(tx.tenant), \(model.version), \(model.json.serialized), 1, \(tx.now))
            ON CONFLICT (tenant_id, version) DO UPDATE SET in_use = 1, learned_at = excluded.learned_at
            """)
    }
}
