internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Knows which service a value came from: the audit has what each sync has written.
struct SyncTraces: FactTrace {
    private static let most = 100

    func traces(of subject: Subject, in reader: any Queryable) throws -> [WrittenTrace] {
        try reader.reading.syncs.traces(of: subject, Self.most)
    }
}

extension SyncStore {
    fileprivate func traces(of subject: Subject, _ limit: Int) throws -> [WrittenTrace] {
        let written = try tx.all(
            """
            SELECT actor_id, action, changes, created_at FROM audit
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id) AND actor_type = 'system'
                AND actor_id LIKE 'sync\\_%' ESCAPE '\\' ORDER BY row DESC LIMIT \(limit)
            """
        ) { row in
            (
                sync: row.id(0, of: RecordSync.self), isNew: row.text(1).hasSuffix(".created"),
                fields: Set(JSON(stored: row.text(2)).object?.keys ?? []), at: row.instant(3)
            )
        }
        guard !written.isEmpty else { return [] }
        var sources: [ID<RecordSync>: FactSource] = [:]
        return try written.compactMap { entry in
            guard let id = entry.sync else { return nil }
            if sources[id] == nil {
                let sync = try RecordSync.resource.find(id, in: tx)
                sources[id] = FactSource(.crm, sync?.provider ?? id.keyText, integration: sync?.integrationID)
            }
            // Just behind the entry of the audit itself, of which this says more.
            return sources[id].map {
                WrittenTrace($0, fields: entry.isNew ? nil : entry.fields, at: entry.at + .microseconds(1))
            }
        }
    }
}
