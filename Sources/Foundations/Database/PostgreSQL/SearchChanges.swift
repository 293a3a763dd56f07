/// The changes of a transaction to a server's search tables: written at its end, with one statement for each table,
/// however many rows there are.
struct SearchChanges {
    private struct Place: Hashable { let table: String, tenant: TenantID }

    /// The words of each row; `nil` for one that goes.
    private var places: [Place: [Int64: String?]] = [:]

    mutating func set(_ table: String, _ tenant: TenantID, _ row: Int64, _ words: String?) {
        places[Place(table: table, tenant: tenant), default: [:]].updateValue(words, forKey: row)
    }

    func store(_ session: Session) throws {
        for (place, rows) in places.sorted(by: {
            ($0.key.table, $0.key.tenant.rawValue) < ($1.key.table, $1.key.tenant.rawValue)
        }) {
            let (table, tenant) = (place.table, place.tenant)
            let gone = rows.compactMap { row, words in words == nil ? row : nil }.sorted()
            if !gone.isEmpty {
                _ = try session.change(
                    """
                    DELETE FROM \(trusted: table) WHERE tenant_id = \(tenant)
                        AND row IN (SELECT unnest(string_to_array(\(joined(gone)), ',')::bigint[]))
                    """)
            }
            let kept = rows.compactMap { row, words in words.map { (row: row, words: $0) } }
                .sorted { $0.row < $1.row }
            guard !kept.isEmpty else { continue }
            // Words are letters and digits: neither a comma nor the end of a line is in them.
            _ = try session.change(
                """
                INSERT INTO \(trusted: table) (tenant_id, row, words)
                SELECT \(tenant), changed.row::bigint, array_to_tsvector(string_to_array(changed.words, ' '))
                FROM unnest(string_to_array(\(joined(kept.map(\.row))), ','),
                    string_to_array(\(kept.map(\.words).joined(separator: "\n")), chr(10))) AS changed (row, words)
                ON CONFLICT (tenant_id, row) DO UPDATE SET words = excluded.words
                """)
        }
    }

    private func joined(_ rows: [Int64]) -> String { rows.map(String.init).joined(separator: ",") }
}
