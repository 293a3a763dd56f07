internal import Database
internal import Nouns
internal import Records
package import Transfer

extension TransferReference {
    /// A lead, by its address, else by its company.
    package static func lead(
        _ field: String, byEmail email: String, company: String? = nil
    ) -> TransferReference {
        TransferReference(
            field, by: [email] + (company.map { [$0] } ?? []),
            exists: { reader, id in try LeadID(id).flatMap { try Lead.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> LeadID? in
                if let address = given[email].flatMap({ EmailAddress(deobfuscating: $0) }),
                    let lead = try Lead.resource.first(
                        where: "email = \(address.key) AND status <> 'archived'",
                        suffix: "ORDER BY row LIMIT 1", in: tx)
                {
                    return lead.id
                }
                guard let name = company.flatMap({ given[$0] }) else { return nil }
                return try Lead.resource.first(
                    where: "company = \(name) AND status <> 'archived'", suffix: "ORDER BY row LIMIT 1",
                    in: tx)?.id
            },
            keys: { reader, ids in
                try Lead.resource.values(of: ids, in: reader) { lead in
                    [lead.email] + (company == nil ? [] : [lead.company])
                }
            })
    }
}
