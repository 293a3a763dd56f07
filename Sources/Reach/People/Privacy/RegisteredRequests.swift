internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records

/// Privacy requests of people who were no contact and no lead when they asked: they are erased by their address. Those
/// that name a person are exported and erased as their declaration says.
struct RegisteredRequests: PersonalData {
    let name = SubjectRequest.resource.table

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        let addresses = try Contact.resource.all(
            where: "id IN \(list: contacts) AND email IS NOT NULL", suffix: "LIMIT 1000", in: reader
        ).compactMap(\.email)
        guard !addresses.isEmpty else { return [] }
        let digests = Set(addresses).sorted().map { reader.privacyRequests.digest(of: $0) }
        return try SubjectRequest.resource.all(
            where: "contact_id IS NULL AND lead_id IS NULL AND address_digest IN \(list: digests)",
            suffix: "ORDER BY id LIMIT 10000", in: reader
        ).map { SubjectRequest.schema.json($0) }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        try tx.privacyRequests.forget(addresses: words.addresses)
    }
}
