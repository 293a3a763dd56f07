package import Database
package import JSON
package import Jobs

package extension ContactStore where Base == Transaction {
    /// Moves the entries of `external_ids`, in which every identifier of a system occurs once.
    func indexExternalIDs(of subject: Subject, from old: JSONObject, to new: JSONObject) throws {
        for (system, value) in old.members where new[system] != value {
            try tx.run(
                """
                DELETE FROM external_ids WHERE tenant_id = \(tx.tenant) AND resource = \(subject.type)
                AND system = \(system) AND external_id = \(value.text ?? "")
                """)
        }
        for (system, value) in new.members where old[system] != value {
            try tx.run(
                insertExternalID,
                [
                    tx.tenant.sqlValue, subject.type.sqlValue, system.sqlValue, (value.text ?? "").sqlValue,
                    subject.id.sqlValue,
                ])
        }
    }
}

private let insertExternalID = Statement(
    """
    INSERT INTO external_ids (tenant_id, resource, system, external_id, record_id) VALUES ($1, $2, $3, $4, $5)
    """)

extension ContactStore {
    /// The record of `resource` that another system knows as `externalID`.
    package func record(of resource: String, system: String, externalID: String) throws -> String? {
        try tx.first(
            """
            SELECT record_id FROM external_ids WHERE tenant_id = \(tx.tenant) AND resource = \(resource)
            AND system = \(system) AND external_id = \(externalID)
            """
        ) { $0.text(0) }
    }
}
