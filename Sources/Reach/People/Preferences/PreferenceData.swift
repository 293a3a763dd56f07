internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns

/// The preferences of contacts, as part of what is kept about a person.
struct PreferenceData: PersonalData {
    let name = "preferences"

    private func contacts(_ subjects: [Subject]) -> [ContactID] {
        subjects.compactMap { $0.id(of: Nouns.Contact.self) }
    }

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try contacts(subjects).compactMap { id -> JSON? in
            let counts = try reader.preferences.counts(of: id)
            let said = try reader.preferences.stated(id).values
            guard !counts.isEmpty || !said.isEmpty else { return nil }
            return try reader.preferences.find(id).json
        }
    }

    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try export(subjects, in: reader)
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        try contacts(subjects).reduce(0) { try $0 + tx.preferences.forget($1) }
    }
}
