package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
internal import Telemetry

/// Rows that name records, and where they went as these became one: `tx.references`.
package struct ReferenceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var references: ReferenceStore<Self> { ReferenceStore(tx: self) }
}

extension ReferenceStore where Base == Transaction {
    /// Has everything that names a record name another of its table, and notes under a merge which rows that were.
    /// Where either has a row that a record has once, the kept one's counts, and the other's stays as it is. Answers
    /// how many rows moved, by table. `besideRecords`: records go on naming the other, which is still there.
    @discardableResult
    package func move(
        from gone: Subject, to kept: Subject, in target: String, under merge: some Key,
        besideRecords: Bool = false
    ) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for column in tx.runtime.referringColumns(to: target) where column.isUnique || !besideRecords {
            let moved = try note(column, from: gone, to: kept, under: merge)
            guard moved > 0 else { continue }
            try set(column, from: gone.id, to: kept.id, of: gone, under: merge)
            counts[column.table, default: 0] += moved
        }
        return counts
    }

    /// Gives a record back those rows that named it before a merge and still name the kept one.
    package func moveBack(
        to gone: Subject, from kept: Subject, in target: String, under merge: some Key
    ) throws {
        for column in tx.runtime.referringColumns(to: target) {
            try set(column, from: kept.id, to: gone.id, of: gone, under: merge)
        }
        try tx.run(
            """
            DELETE FROM moved_references
            WHERE tenant_id = \(tx.tenant) AND merge_id = \(merge.keyText) AND gone_id = \(gone.id)
            """)
    }

    /// Notes a row that would have named a record that is gone by a merge, and names the kept one.
    package func note(_ row: some Key, in place: String, named gone: String, under merge: some Key) throws {
        try tx.run(
            """
            INSERT INTO moved_references (tenant_id, merge_id, place, gone_id, row_key)
            VALUES (\(tx.tenant), \(merge.keyText), \(place), \(gone), \(row.keyText))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Forgets which rows moved under merges that cannot be undone any more.
    package func forget(_ merges: [some Key]) throws {
        try tx.run(
            """
            DELETE FROM moved_references
            WHERE tenant_id = \(tx.tenant) AND merge_id IN \(list: merges.map(\.keyText))
            """)
    }

    private func note(
        _ column: ReferringColumn, from gone: Subject, to kept: Subject, under merge: some Key
    ) throws -> Int {
        let (table, name, key) = (column.table, column.column, column.key)
        var alone = SQL()
        if column.isUnique {
            alone = """
                 AND NOT EXISTS (
                    SELECT 1 FROM \(trusted: table) AS own
                    WHERE own.tenant_id = \(tx.tenant) AND own.\(trusted: name) = \(kept.id)
                """
            if key != "''" { alone += " AND own.\(trusted: key) = \(trusted: table).\(trusted: key)" }
            alone += ")"
        }
        return try tx.run(
            """
            INSERT INTO moved_references (tenant_id, merge_id, place, gone_id, row_key)
            SELECT tenant_id, \(merge.keyText), \(column.place), \(gone.id), \(trusted: key)
            FROM \(trusted: table)
            WHERE tenant_id = \(tx.tenant) AND \(trusted: name) = \(gone.id)\(alone)
            """)
    }

    /// Sets the column in the rows that are noted, and tells of those that are records.
    private func set(
        _ column: ReferringColumn, from old: String, to new: String, of gone: Subject, under merge: some Key
    ) throws {
        let noted: SQL = """
            SELECT row_key FROM moved_references
            WHERE tenant_id = \(tx.tenant) AND merge_id = \(merge.keyText) AND place = \(column.place)
                AND gone_id = \(gone.id)
            """
        let (table, name, key) = (column.table, column.column, column.key)
        let mark: SQL = column.mark.isEmpty ? "" : ", \(trusted: column.mark) = 1"
        let version: SQL = column.isUnique ? mark : ", version = version + 1, updated_at = \(tx.now)"
        let rows: SQL = """
             WHERE tenant_id = \(tx.tenant) AND \(trusted: name) = \(old) AND \(trusted: key) IN (\(noted))
            """
        let changed: [String] =
            try column.noun == nil ? [] : tx.all("SELECT id FROM \(trusted: table)" + rows) { $0.text(0) }
        try tx.run("UPDATE \(trusted: table) SET \(trusted: name) = \(new)\(version)" + rows)
        guard let noun = column.noun, !changed.isEmpty else { return }
        try tx.publish(
            all: changed.map {
                EventDraft("\(noun).updated", Subject(type: noun, id: $0), ["changed": [.string(name)]])
            })
    }
}

extension ReferenceStore where Base == Transaction {
    /// Has those who keep more in step hear that a record goes on as another; returns what each has noted.
    package func tell(_ gone: Subject, goesOnAs kept: Subject) throws -> JSONObject {
        var noted = JSONObject()
        for listener in tx.runtime.mergeListeners {
            let note = try listener.merged(gone, into: kept, in: tx)
            if !note.isNull { noted[listener.name] = note }
        }
        return noted
    }

    /// Has them hear that the record is there again.
    package func tell(_ gone: Subject, isApartFrom kept: Subject, _ noted: JSONObject) throws {
        for listener in tx.runtime.mergeListeners {
            if let note = noted[listener.name] {
                try listener.unmerged(gone, from: kept, note, in: tx)
            }
        }
    }
}
