internal import Database
internal import Lexicons
internal import Nouns
internal import People
internal import Records
package import Transfer

extension Client {
    /// Returns the import and export of clients as files. `references` are those to records of other slices.
    package static func transfer(_ references: [TransferReference]) -> Transfer<Client> {
        var transfer = Transfer(resource, Lexicon("clients", in: ResourceTable.texts)) { client, tx in
            try tx.clients.known(client)
        }
        transfer.references = [.contact("contact_id", by: "contact_email").lenient] + references
        transfer.leftovers = "notes"
        return transfer
    }
}

extension ClientStore where Base == Transaction {
    /// The client of the same name, else one with the same address and nearly the same name.
    fileprivate func known(_ client: Client) throws -> ClientID? {
        let name = client.name
        if let same = try Client.resource.first(
            where: "name = \(name)", suffix: "ORDER BY row LIMIT 1", in: tx)
        {
            return same.id
        }
        guard let email = client.contactEmail else { return nil }
        let key = CompanyName.key(name)
        return try Client.resource.all(
            where: "contact_email = \(email)", suffix: "ORDER BY row LIMIT 20", in: tx
        ).first { CompanyName.key($0.name) == key }?.id
    }
}
