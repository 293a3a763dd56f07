internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The answers that people gave in an onboarding, as part of what is kept about them. An answer is that of
/// the person who gave it in the portal; what the agency has noted is that of the client's main contact.
struct OnboardingData: PersonalData {
    let name = "onboardings"

    private struct Answer {
        let onboarding: Onboarding
        let index: Int
        var step: OnboardingStep { onboarding.steps.list[index] }

        var json: JSON {
            [
                "id": JSON(onboarding.id), "client_id": JSON(onboarding.clientID), "step": .string(step.key),
                "answers": step.answers, "done_at": JSON(step.doneAt?.description),
            ]
        }
    }

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try answers(of: subjects, in: reader).map(\.json)
    }

    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try export(subjects, in: reader)
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        let found = try answers(of: subjects, in: tx)
        for (id, answers) in Dictionary(grouping: found, by: \.onboarding.id) {
            let old = try Onboarding.resource.get(id, in: tx)
            var emptied = old
            for answer in answers { emptied.steps.list[answer.index].answers = .null }
            try tx.update(old, to: &emptied, by: .system, action: "onboarding.erased")
        }
        return found.count
    }

    private func answers(of subjects: [Subject], in reader: some Queryable) throws -> [Answer] {
        let contacts = subjects.compactMap { $0.id(of: Nouns.Contact.self) }
        let people = try contacts.flatMap { contact in
            try reader.all(
                """
                SELECT id, client_id FROM users
                WHERE tenant_id = \(reader.tenant) AND contact_id = \(contact) AND client_id IS NOT NULL
                """
            ) { (user: $0.text(0), client: ClientID($0, 1)) }
        }
        let theirs = try contacts.flatMap { contact in
            try Client.resource.all(where: "contact_id = \(contact)", suffix: "ORDER BY id", in: reader).map(
                \.id)
        }
        let users = Set(people.map(\.user)), main = Set(theirs)
        var seen: Set<ClientID> = []
        return try (theirs + people.map(\.client)).filter { seen.insert($0).inserted }.flatMap {
            client in
            try Onboarding.resource.all(where: "client_id = \(client)", suffix: "ORDER BY id", in: reader)
                .flatMap { onboarding in
                    try onboarding.steps.list.indices.filter { index in
                        let step = onboarding.steps.list[index]
                        guard step.answers.object?.isEmpty == false else { return false }
                        if let user = step.doneBy, users.contains(user) { return true }
                        return try main.contains(client) && !isColleague(step.doneBy, in: reader)
                    }.map { Answer(onboarding: onboarding, index: $0) }
                }
        }
    }

    /// Returns whether another person of the client's has done a step.
    private func isColleague(_ user: String?, in reader: some Queryable) throws -> Bool {
        guard let id = user.flatMap({ ID<Nouns.User>($0) }) else { return false }
        return try User.resource.find(id, in: reader)?.clientID != nil
    }
}
