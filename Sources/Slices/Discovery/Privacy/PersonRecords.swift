internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime

/// A person as a contact and as leads. When they are erased, the company and what was decided about it stay, without
/// anything that tells who somebody was.
struct PersonRecords: PersonalData {
    static let name = "records"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        let people = try people(subjects, in: reader)
        return people.contacts.map { Contact.schema.json($0) } + people.leads.map { Lead.schema.json($0) }
    }

    /// Exports the person's own details, without the agency's notes about them.
    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try people(subjects, in: reader).contacts.map { contact in
            let shown = [
                "id", "name", "title", "email", "phone", "country", "location", "locale", "time_zone",
                "created_at",
            ]
            let whole = Contact.schema.json(contact)
            return .object(JSONObject(shown.compactMap { name in whole[name].map { (name, $0) } }))
        }
    }

    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalWords {
        let people = try people(subjects, in: reader)
        var words = PersonalWords()
        words.addresses.formUnion(people.contacts.flatMap { [$0.email, $0.phone].compactMap(\.self) })
        words.addresses.formUnion(people.leads.flatMap { [$0.email, $0.phone].compactMap(\.self) })
        return words
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let people = try people(subjects, in: tx)
        for lead in people.leads {
            var erased = lead
            (erased.contactName, erased.contactTitle, erased.email) = (nil, nil, nil)
            (erased.phone, erased.linkedinURL, erased.notes) = (nil, nil, nil)
            (erased.custom, erased.externalIDs) = ([:], [:])
            try tx.forgetMatches(of: lead)
            try tx.update(lead, to: &erased, by: .system, action: "lead.erased")
        }
        for contact in people.contacts {
            var erased = contact
            (erased.name, erased.title, erased.email) = ("Erased", nil, nil)
            (erased.phone, erased.linkedinURL, erased.notes) = (nil, nil, nil)
            (erased.custom, erased.externalIDs, erased.tags) = ([:], [:], [])
            (erased.location, erased.doNotContact) = (nil, true)
            try tx.forgetMatches(of: contact)
            try tx.update(contact, to: &erased, by: .system, action: "contact.erased")
        }
        return people.leads.count + people.contacts.count
    }

    private func people(
        _ subjects: [Subject], in reader: some Queryable
    ) throws -> (contacts: [Contact], leads: [Lead]) {
        func ids(_ noun: String) -> [String] { subjects.filter { $0.type == noun }.map(\.id) }
        let (contacts, leads) = (ids(Contact.noun), ids(Lead.noun))
        return (
            contacts.isEmpty
                ? []
                : try Contact.resource.all(
                    where: "id IN \(list: contacts)", suffix: "ORDER BY id", in: reader),
            leads.isEmpty
                ? [] : try Lead.resource.all(where: "id IN \(list: leads)", suffix: "ORDER BY id", in: reader)
        )
    }
}
