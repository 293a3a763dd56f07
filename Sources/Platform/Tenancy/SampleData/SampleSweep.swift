internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Tables that say what happened, and say so after the records have gone: chains, events until their time is over, work
/// that was done and counted. Jobs that wait are cancelled.
private let history: Set<String> = [
    "agent_runs", "audit", "audit_heads", "client_activity", "effect_errors", "events", "gate_calls",
    "idempotency", "jobs", "run_steps", "tool_calls", "webhook_attempts", "webhook_deliveries",
    "workflow_runs", "workflow_signals", "workflow_steps", "workflow_waits",
]

extension SampleStore where Base == Transaction {
    /// Removes the rows of all tables that name records which have gone, and the rows that name these: notifications
    /// with their deliveries, decisions, memories, suggestions of duplicates.
    func sweep(_ known: SampleData.Known, _ removed: [String]) throws {
        var gone = removed
        while !gone.isEmpty {
            for job in try waitingJobs(about: gone) { _ = try tx.jobs.cancel(job) }
            let subjects = gone.compactMap { id in Self.subject(id, known)?.json.serialized }
            var next: [String] = []
            for table in known.tables where !history.contains(table) {
                next += try remove(from: table, ids: gone, subjects: subjects, known.kinds[table])
            }
            gone = next
        }
    }

    /// Removes rows of a table; returns their ids, which others may name.
    private func remove(
        from table: String, ids: [String], subjects: [String], _ kind: (any ManagedRecord.Type)?
    ) throws -> [String] {
        // A resource's references were followed already; where it is searched, its rows have words elsewhere.
        if let kind, kind.isSearched { return [] }
        let columns = try tx.columns(of: table).map(\.name)
        let naming = columns.filter { name in
            if kind != nil { return name == "subject_id" }
            return name.hasSuffix("_id") && name != "tenant_id" || name == "keep" || name == "merged"
        }
        var parts: [SQL] = naming.map { "\(trusted: $0) IN \(list: ids)" }
        if columns.contains("subject"), !subjects.isEmpty { parts.append("subject IN \(list: subjects)") }
        guard !parts.isEmpty else { return [] }
        let condition: SQL = "WHERE tenant_id = \(tx.tenant) AND (" + parts.joined(separator: " OR ") + ")"
        var found: [String] = []
        if columns.contains("id") {
            found = try tx.all("SELECT id FROM \(trusted: table) " + condition) { $0.text(0) }
            if found.isEmpty { return [] }
        }
        try tx.run("DELETE FROM \(trusted: table) " + condition)
        return found
    }

    private func waitingJobs(about ids: [String]) throws -> [JobID] {
        try tx.all(
            """
            SELECT id FROM jobs
            WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: ids) AND finished_at IS NULL ORDER BY id
            """
        ) { JobID($0, 0) }
    }

    private static func subject(_ id: String, _ known: SampleData.Known) -> Subject? {
        let prefix = id.prefix { $0 != "_" }
        return known.kinds.values.first { $0.idPrefix == prefix }.map { Subject(type: $0.noun, id: id) }
    }
}

extension ManagedRecord {
    fileprivate static var isSearched: Bool { resource.searchTable != nil }
}
