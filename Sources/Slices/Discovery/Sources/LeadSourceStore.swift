internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Lead sources, their versions and what they have named: `tx.leadSources`.
struct LeadSourceStore<Base: Queryable> {
    let tx: Base

    func find(_ name: String) throws -> LeadSource? {
        try LeadSource.resource.first(where: "name = \(name)", in: tx)
    }

    func all() throws -> [LeadSource] {
        try LeadSource.resource.all(where: "1 = 1", suffix: "ORDER BY row", in: tx)
    }

    func version(_ number: Int, of source: LeadSource) throws -> JSONObject? {
        try tx.first(
            """
            SELECT definition FROM lead_source_versions
            WHERE tenant_id = \(tx.tenant) AND source_id = \(source.id) AND number = \(number)
            """
        ) { JSON(stored: $0.text(0)).object } ?? nil
    }

    /// Returns what became of an entry of a source when it was last named.
    func find(_ key: String, of source: String) throws -> SourceFind? {
        try tx.first(
            """
            SELECT \(SourceFind.columns) FROM source_finds
            WHERE tenant_id = \(tx.tenant) AND source = \(source) AND record_key = \(key)
            """, SourceFind.init)
    }

    /// Returns the leads of a register number, as any source has told it.
    func leads(ofNumber number: String) throws -> [LeadID] {
        try tx.all(
            """
            SELECT DISTINCT lead_id FROM source_finds
            WHERE tenant_id = \(tx.tenant) AND register_number = \(number) AND lead_id IS NOT NULL
            """
        ) { $0.id(0, of: Nouns.Lead.self) }.compactMap(\.self)
    }
}

extension Queryable {
    var leadSources: LeadSourceStore<Self> { LeadSourceStore(tx: self) }
}

extension LeadSourceStore where Base == Transaction {
    func keepVersion(of source: LeadSource, by actor: Actor) throws {
        try tx.run(
            """
            INSERT INTO lead_source_versions (tenant_id, source_id, number, definition, actor_type, actor_id,
                created_at)
            VALUES (\(tx.tenant), \(source.id), \(source.definition), \(JSON.object(source.defined).serialized),
                \(actor.kind.rawValue), \(actor.id), \(tx.now))
            """)
    }

    func forget(_ source: LeadSource) throws {
        try tx.run(
            "DELETE FROM lead_source_versions WHERE tenant_id = \(tx.tenant) AND source_id = \(source.id)")
        try tx.run("DELETE FROM source_finds WHERE tenant_id = \(tx.tenant) AND source = \(source.name)")
    }

    /// Forgets what sources said of a lead: the person behind it wants that.
    func forget(_ lead: LeadID) throws {
        try tx.run(
            """
            UPDATE source_finds SET words = NULL, author = NULL, url = NULL
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead)
            """)
    }

    /// Stores how a run of a source has ended, without a version or an audit entry of its own: figures are no change
    /// that anybody made.
    func save(_ old: LeadSource, _ new: inout LeadSource) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try LeadSource.resource.update(old, to: new, in: tx)
    }

    func keep(_ find: SourceFind, of source: String) throws {
        try tx.run(
            """
            INSERT INTO source_finds (tenant_id, source, record_key, register_number, lead_id, run_id, outcome, reason,
                url, words, author, found_at)
            VALUES (\(tx.tenant), \(source), \(find.key), \(find.number), \(find.leadID), \(find.runID),
                \(find.outcome.rawValue), \(find.reason), \(find.url), \(find.words), \(find.author), \(tx.now))
            ON CONFLICT (tenant_id, source, record_key) DO UPDATE SET register_number = excluded.register_number,
                lead_id = excluded.lead_id, run_id = excluded.run_id, outcome = excluded.outcome,
                reason = excluded.reason, url = excluded.url, words = excluded.words, author = excluded.author,
                found_at = excluded.found_at
            """)
    }

    /// Removes the words and authors of what communities and feeds said, once they are older than they may be kept.
    func expireWords(before limit: Instant) throws {
        try tx.run(
            """
            UPDATE source_finds SET words = NULL, author = NULL
            WHERE tenant_id = \(tx.tenant) AND found_at < \(limit) AND (words IS NOT NULL OR author IS NOT NULL)
            """)
    }
}

/// The outcome of one entry of a source: one row of `source_finds`.
struct SourceFind: StoredRow {
    enum Outcome: String, Choice { case created, duplicate, rejected }

    var key: String
    var number: String?
    var leadID: LeadID?
    var runID: AgentRunID
    var outcome: Outcome
    var reason: String?
    var url: String?
    var words: String?
    var author: String?

    static let columns = Columns(of: Self.self)

    init(_ key: String, _ outcome: Outcome, run: AgentRunID) {
        (self.key, self.outcome, runID) = (key, outcome, run)
    }

    init(_ row: inout ColumnReader) {
        (key, number) = (row.text("record_key"), row.optionalText("register_number"))
        (leadID, runID) = (row.optionalID("lead_id"), row.id("run_id"))
        outcome = Outcome(rawValue: row.text("outcome")) ?? .rejected
        (reason, url) = (row.optionalText("reason"), row.optionalText("url"))
        (words, author) = (row.optionalText("words"), row.optionalText("author"))
    }
}
