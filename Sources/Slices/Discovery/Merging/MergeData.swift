internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records

/// The data that merges keep of people until they are undone. Whoever was merged into a contact is that person, too:
/// what still names them is exported and erased with the contact.
struct MergeData: PersonalData {
    let name = "merges"

    private func merges(_ subjects: [Subject], in reader: some Queryable) throws -> [RecordMerge] {
        try reader.merging.all(into: contacts(subjects))
    }

    private func contacts(_ subjects: [Subject]) -> [String] {
        subjects.filter { $0.type == Contact.noun }.map(\.id)
    }

    func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        try merges(subjects, in: reader).flatMap(\.merged)
    }

    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalIdentifiers {
        var words = PersonalIdentifiers()
        for document in try merges(subjects, in: reader).flatMap({ $0.mergedBefore.array ?? [] }) {
            words.addresses.formUnion(["email", "phone"].compactMap { document[$0]?.text })
        }
        return words
    }

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try merges(subjects, in: reader).map { ["id": JSON($0.id), "merged": $0.mergedBefore] }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        let leads = subjects.filter { $0.type == Nouns.Lead.noun }.map(\.id)
        let ofLeads = try leads.reduce(0) { count, lead in
            let named = "%" + lead + "%"
            let merges = try LeadMerge.resource.all(
                where: "(keep = \(lead) OR merged LIKE \(named))", suffix: "ORDER BY row", in: tx)
            try tx.references.forget(merges.map(\.id))
            return try count
                + tx.run(
                    """
                    DELETE FROM lead_merges
                    WHERE tenant_id = \(tx.tenant) AND (keep = \(lead) OR merged LIKE \(named))
                    """)
        }
        return try ofLeads + tx.merging.forget(into: contacts(subjects))
    }
}
