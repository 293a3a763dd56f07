package import Database
internal import JSON
internal import Records
package import RuntimeRoutes

extension CreationNotes {
    /// Notes about the address of a new record: the record that has it already, and the address that was probably
    /// meant. `condition` says which records count, and `heir` into which one was merged that had the address.
    package static func ofAddress(
        _ email: @escaping @Sendable (R) -> String?, where condition: SQL = "1 = 1",
        heir: @escaping @Sendable (String, Transaction) throws -> String? = { _, _ in nil }
    ) -> CreationNotes {
        CreationNotes([
            "duplicate_of": [
                "type": "string",
                "description": "The oldest record with the same address; absent where no other has it.",
            ],
            "email_suggestion": [
                "type": "string", "format": "email",
                "description":
                    "The address that was probably meant, where its domain is a slip away from a well-known one.",
            ],
        ]) { record, tx in
            guard let address = email(record) else { return [:] }
            var notes: JSONObject = [:]
            let known = try tx.first(
                """
                SELECT id FROM \(trusted: R.resource.table)
                WHERE tenant_id = \(tx.tenant) AND email = \(address) AND id <> \(record.id) AND \(condition)
                \(tx.limit(on: R.resource.table))
                ORDER BY row LIMIT 1
                """
            ) { $0.text(0) }
            if let known = try known ?? heir(address, tx) { notes["duplicate_of"] = .string(known) }
            if let meant = EmailAddress(address)?.suggestion {
                notes["email_suggestion"] = .string(meant.description)
            }
            return notes
        }
    }
}
