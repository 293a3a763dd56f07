internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// People's answers to forms. When they are erased, that somebody answered stays, without the answers.
struct SubmissionData: PersonalData {
    static let name = "form_submissions"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try submissions(of: subjects, in: reader).map { FormSubmission.schema.json($0) }
    }

    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try submissions(of: subjects.filter { $0.type == Contact.noun }, in: reader).map { submission in
            ["answers": .object(submission.answers), "created_at": .string(submission.createdAt.description)]
        }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let submissions = try submissions(of: subjects, in: tx)
        for old in submissions {
            // The files came with it, and belong to nothing else but its ticket.
            for field in old.answers.members {
                for id in (field.value.array ?? []).compactMap({ $0.text.flatMap { ID<StoredFile>($0) } }) {
                    if let file = try StoredFile.resource.find(id, in: tx) {
                        try tx.delete(file, by: .system)
                    }
                }
            }
            var erased = old
            (erased.answers, erased.contactID) = ([:], nil)
            try tx.update(old, to: &erased, by: .system, action: "form_submission.erased")
        }
        return submissions.count
    }

    private func submissions(of subjects: [Subject], in reader: some Queryable) throws -> [FormSubmission] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        let leads = subjects.filter { $0.type == "lead" }.map(\.id)
        var found: [FormSubmission] = []
        if !contacts.isEmpty {
            found += try FormSubmission.resource.all(
                where: "contact_id IN \(list: contacts)", suffix: "ORDER BY id LIMIT 1000", in: reader)
        }
        if !leads.isEmpty {
            found += try FormSubmission.resource.all(
                where: "lead_id IN \(list: leads)", suffix: "ORDER BY id LIMIT 1000", in: reader)
        }
        return found
    }
}
