internal import Database
internal import JSON
internal import Lexicons
internal import Nouns
internal import People
internal import Records
package import Transfer

extension DealsServices {
    /// The import and export of deals as files.
    package var transfer: Transfer<Deal> {
        var transfer = Deal.transfer(dependencies.dealReferences)
        transfer.create = { deal, actor, tx in try create(&deal, by: actor, in: tx) }
        return transfer
    }
}

extension Deal {
    /// Returns the import and export of deals, where new ones are stored as they are. `references` are those to records
    /// of other slices.
    package static func transfer(_ references: [TransferReference]) -> Transfer<Deal> {
        var transfer = Transfer(Deal.resource, Lexicon("deals", in: ResourceTable.texts)) { deal, tx in
            try Deal.resource.first(
                where: "lead_id = \(deal.leadID) AND name = \(deal.name)", suffix: "ORDER BY row LIMIT 1",
                in: tx)?.id
        }
        transfer.references =
            references + [
                .contact("contact_id", by: "contact_email").lenient,
                .package("package_id", by: "package").lenient, .user("owner_id", by: "owner_email").lenient,
            ]
        transfer.leftovers = "notes"
        transfer.settle = settle
        return transfer
    }

    /// The person whom a deal is with is mostly the lead's; a stage's own probability is not somebody's word.
    private static func settle(_ row: inout TransferRow) {
        if row.given["lead_email"] == nil { row.given["lead_email"] = row.given["contact_email"] }
        if row.readOnly["has_own_probability"] == "false" { row.values["probability"] = nil }
        if row.values["name"] == nil, !row.isOwn, let company = row.given["company"] {
            row.values["name"] = .string(company)
        }
    }
}

extension TransferReference {
    /// A package, by its name.
    package static func package(_ field: String, by column: String) -> TransferReference {
        TransferReference(
            field, by: [column],
            exists: { reader, id in
                try PackageID(id).flatMap { try ServicePackage.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> PackageID? in
                guard let name = given[column] else { return nil }
                return try ServicePackage.resource.first(
                    where: "name = \(name)", suffix: "ORDER BY archived, row LIMIT 1", in: tx)?.id
            },
            keys: { reader, ids in try ServicePackage.resource.texts(\.name, of: ids, in: reader) })
    }
}
