internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records

/// The values that syncs keep about a person: they go with them, and do not come back with the next run.
struct SyncData: PersonalData {
    let name = "syncs"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { subject in
            try reader.all(
                """
                SELECT sync_id, remote_id, base FROM sync_links
                WHERE tenant_id = \(reader.tenant) AND local_id = \(subject.id) ORDER BY sync_id
                """
            ) { row in
                [
                    "sync_id": .string(row.text(0)), "remote_id": JSON(row.optionalText(1)),
                    "agreed": row.optionalText(2).map { JSON(stored: $0) } ?? .null,
                ]
            }
        }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            try tx.run(
                """
                UPDATE sync_conflicts SET base = 'null', local = '{}', remote = '{}', status = 'resolved'
                WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                """)
            return try count
                + tx.run(
                    """
                    UPDATE sync_links SET state = 'undone', base = '{}', base_remote = NULL, sent = NULL, seen = NULL,
                        is_dirty = 0, is_deleted = 0
                    WHERE tenant_id = \(tx.tenant) AND local_id = \(subject.id)
                        AND (base <> '{}' OR state <> 'undone')
                    """)
        }
    }
}
