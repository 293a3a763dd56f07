package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// One thing that an agent remembers: about a subject, or about nothing in particular.
package struct Memory: StoredRow {
    package let id: String
    package let agent: String
    package let subject: Subject?
    package let key: String
    package let value: JSON
    /// Rises by one with every change.
    package let version: Int
    package let runID: AgentRunID?
    /// The expiry by the tenant's clock.
    package let expiresAt: Instant?
    package let createdAt: Instant, updatedAt: Instant

    package static let keyMax = 200, valueMax = 65_536, perSubjectMax = 200

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, agent) = (row.text("id"), row.text("agent"))
        let subject = row.subject()
        self.subject = subject.id.isEmpty ? nil : subject
        (key, value, version) = (row.text("key"), JSON(stored: row.text("value")), row.int("version"))
        (runID, expiresAt) = (row.optionalID("run_id"), row.optionalInstant("expires_at"))
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }

    package var json: JSON {
        [
            "id": .string(id), "agent": .string(agent), "subject": subject?.json ?? .null,
            "key": .string(key),
            "value": value, "version": JSON(version), "run_id": JSON(runID),
            "expires_at": JSON(expiresAt?.description), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
    }
}

/// One agent's memory, as its run sees it. Entries are set and forgotten in the run's transaction, and only as long as
/// the run holds its lease.
package struct AgentMemory: Sendable {
    fileprivate let run: AgentRun

    package func get(_ key: String, about subject: Subject? = nil) throws -> JSON? {
        try run.read { try get(key, about: subject, in: $0) }
    }

    package func get(
        _ key: String, about subject: Subject? = nil, in scope: some Queryable
    ) throws -> JSON? {
        try scope.memories.find(of: run.agent, key, about: subject)?.value
    }

    /// Throws `invalidValues` beyond the limits, and `versionMismatch` when it is not of that version any more;
    /// version 0 means that nothing is remembered yet.
    package func set(
        _ key: String, _ value: JSON, about subject: Subject? = nil, for time: Duration? = nil,
        ifVersion: Int? = nil, in tx: Transaction
    ) throws {
        try tx.memories.remember(
            run.agent, key, value, about: subject, for: time, ifVersion: ifVersion, run: run.id)
    }

    package func forget(_ key: String, about subject: Subject? = nil, in tx: Transaction) throws {
        try tx.memories.forget(run.agent, aboutID: subject?.id ?? "", key: key)
    }
}

extension AgentRun {
    package var memory: AgentMemory { AgentMemory(run: self) }
}

extension MemoryStore {
    /// `nil` for what was never set, is forgotten or has expired.
    package func find(of agent: String, _ key: String, about subject: Subject? = nil) throws -> Memory? {
        try tx.first(
            """
            SELECT \(Memory.columns) FROM agent_memory
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND subject_id = \(subject?.id ?? "")
                AND subject_type = \(subject?.type ?? "") AND key = \(key)
                AND (expires_at IS NULL OR expires_at > \(tx.now))
            """, Memory.init)
    }

    /// Returns the memories of every agent, in the order in which they were first set; those that have expired are left
    /// out.
    package func all(about subject: Subject) throws -> [Memory] {
        try tx.all(
            """
            SELECT \(Memory.columns) FROM agent_memory
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id) AND subject_type = \(subject.type)
                AND (expires_at IS NULL OR expires_at > \(tx.now))
            ORDER BY id
            """, Memory.init)
    }
}

extension MemoryStore where Base == Transaction {
    fileprivate func remember(
        _ agent: String, _ key: String, _ value: JSON, about subject: Subject?, for time: Duration?,
        ifVersion: Int?, run: AgentRunID
    ) throws {
        let (subject, text) = (subject ?? Subject(type: "", id: ""), value.serialized)
        let present = try find(of: agent, key, about: subject.id.isEmpty ? nil : subject)
        if let ifVersion, ifVersion != present?.version ?? 0 { throw RuntimeError.versionMismatch }
        try checkRoom(agent, subject, key, text, isNew: present == nil)
        let realm = tx.runtime.clocks.realm(of: tx.tenant)
        if present == nil { try forgetExpired(agent, subject) }
        try tx.run(
            setMemory,
            [
                tx.tenant.sqlValue, tx.makeID("mem_").sqlValue, realm.sqlValue, agent.sqlValue,
                subject.type.sqlValue, subject.id.sqlValue, key.sqlValue, text.sqlValue, run.sqlValue,
                time.map { tx.now + $0 }.sqlValue, tx.now.sqlValue,
            ])
    }

    private func checkRoom(
        _ agent: String, _ subject: Subject, _ key: String, _ text: String, isNew: Bool
    ) throws {
        var faults: [ValueFault] = []
        func add(_ pointer: String, _ detail: String) {
            faults.append(ValueFault(pointer: pointer, code: "too_long", detail: detail))
        }
        if key.isEmpty || key.utf8.count > Memory.keyMax {
            add("/key", "key must have from 1 to \(Memory.keyMax) bytes.")
        }
        if text.utf8.count > Memory.valueMax {
            add("/value", "value may have at most \(Memory.valueMax) bytes.")
        }
        if isNew {
            let count = try tx.int(
                """
                SELECT count(*) FROM agent_memory
                WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND subject_id = \(subject.id)
                    AND subject_type = \(subject.type) AND (expires_at IS NULL OR expires_at > \(tx.now))
                """)
            if count ?? 0 >= Memory.perSubjectMax {
                add(
                    "",
                    "The agent already remembers \(Memory.perSubjectMax) things about this subject: delete one first."
                )
            }
        }
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults) }
    }

    /// Removes expired entries and so frees their places, also where no live clock prunes.
    private func forgetExpired(_ agent: String, _ subject: Subject) throws {
        try tx.run(
            """
            DELETE FROM agent_memory
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND subject_id = \(subject.id)
                AND subject_type = \(subject.type) AND expires_at <= \(tx.now)
            """)
    }

    /// Forgets all that an agent remembers about a subject, or one key. Returns the number of entries.
    @discardableResult
    package func forget(_ agent: String, aboutID id: String, key: String? = nil) throws -> Int {
        var sql: SQL = """
            DELETE FROM agent_memory WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND subject_id = \(id)
            """
        if let key { sql += " AND key = \(key)" }
        return try tx.run(sql)
    }
}

extension SystemTransaction {
    /// Forgets what has expired in live tenants; a part of it at a time.
    func acrossTenantsPruneMemory(limit: Int = 200) throws {
        try run(pruneExpired, [now.sqlValue, limit.sqlValue])
    }
}

private let setMemory = Statement(
    """
    INSERT INTO agent_memory (tenant_id, id, realm, agent, subject_type, subject_id, key, value, version, run_id,
        expires_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $11)
    ON CONFLICT (tenant_id, agent, subject_id, subject_type, key) DO UPDATE SET value = excluded.value,
        version = agent_memory.version + 1, run_id = excluded.run_id, expires_at = excluded.expires_at,
        updated_at = excluded.updated_at
    """)

private let pruneExpired = Statement(
    """
    DELETE FROM agent_memory WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM agent_memory
        WHERE realm = \(literal: Realm.live) AND expires_at IS NOT NULL AND expires_at <= $1
        ORDER BY expires_at LIMIT $2)
    """)
