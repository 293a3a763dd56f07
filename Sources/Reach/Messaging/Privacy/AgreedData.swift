internal import Database
internal import JSON
internal import Records
internal import Runtime

/// The consents of a person, given and refused, for export and erasure.
struct AgreedData: PersonalData {
    static let name = "consents"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        return try Consent.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY id LIMIT 1000", in: reader
        ).map { Consent.schema.json($0) }
    }

    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try export(subjects, in: reader)
    }

    func kept(_ subjects: [Subject], in tx: Transaction) throws -> [KeptData] {
        [
            KeptData("consents", "Consents prove that writing was permitted (GDPR art. 7(1))."),
            KeptData("suppressions", "Without the address, they would be written to again."),
        ]
    }
}
