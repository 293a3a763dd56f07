internal import Database
package import Transfer

extension CustomField.Kind {
    /// The kind of cell as which a file's values of such a field are read.
    package var cell: CustomCell {
        switch self {
        case .number: .number
        case .boolean: .flag
        case .text, .choice: .text
        }
    }
}

extension CustomFieldStore {
    /// The custom fields and other systems' names that an export of `target`s has columns for.
    package func transferMembers(of target: CustomField.Target) throws -> TransferMembers {
        let systems = try tx.all(
            """
            SELECT DISTINCT system FROM external_ids WHERE tenant_id = \(tx.tenant) AND resource = \(target.rawValue)
            ORDER BY system
            """
        ) { $0.text(0) }
        return TransferMembers(
            customKinds: try all(of: target).mapValues(\.type.cell), systems: systems)
    }
}
