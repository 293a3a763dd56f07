internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

extension OnboardingStore where Base == Transaction {
    /// Does what follows from a step: goals are set, wishes noted, the project of the package begun.
    func take(
        _ answers: JSONObject, of key: String, in onboarding: Onboarding, by actor: Actor,
        _ services: DeliveryServices
    ) throws {
        switch key {
        case OnboardingPlan.metrics:
            try checkFields(answers, of: key, in: onboarding, by: actor)
            try setGoals(answers, of: onboarding.clientID, by: actor)
            try setGoal(answers, of: onboarding.clientID, by: actor)
        case OnboardingPlan.preferences: try noteWishes(answers, of: onboarding.clientID, by: actor)
        case OnboardingPlan.requirements: try check(answers, of: onboarding.clientID, by: actor)
        case OnboardingPlan.plan: try beginProject(of: onboarding, by: actor)
        default: try checkFields(answers, of: key, in: onboarding, by: actor)
        }
    }

    /// The one goal that a form asks for; who names no figure sets none.
    private func setGoal(_ answers: JSONObject, of client: ClientID, by actor: Actor) throws {
        guard answers["metric"]?.text?.isEmpty == false else { return }
        var fields = JSONObject(
            ["metric", "target", "by"].compactMap { name in answers[name].map { (name, $0) } })
        fields["client_id"] = JSON(client)
        do {
            var made = try Goal.read(fields)
            made.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&made, by: actor)
        } catch let problem as Problem where !problem.faults.isEmpty {
            throw Problem(faults: problem.faults.map { $0.moved(under: "/answers") })
        }
    }

    /// The most days that a project may begin ahead.
    private static var aheadMax: Int { 3650 }

    /// Begins the project that the client's package promises, with what the client has asked for, on the day that it
    /// has named.
    private func beginProject(of onboarding: Onboarding, by actor: Actor) throws {
        guard let client = try Client.resource.find(onboarding.clientID, in: tx),
            let template = try client.packageID.flatMap({ try tx.unlimited.projects.template(of: $0) })
        else { return }
        func answers(to key: String) -> JSON {
            onboarding.steps.list.first { $0.key == key }?.answers ?? .null
        }
        let given = answers(to: OnboardingPlan.requirements)
        let today = try tx.agency.tenant().today(tx.now)
        let wished = answers(to: OnboardingPlan.account)["start_on"]?.text.flatMap(CivilDate.init(iso:))
        let project = try tx.projects.begin(
            template, for: client, requirements: given["requirements"]?.array?.compactMap(\.text) ?? [],
            on: min(max(today, wished ?? today), today.adding(days: Self.aheadMax)), by: actor)
        for file in given["files"]?.array ?? [] {
            guard let id = file.id(of: StoredFile.self) else { continue }
            var paper = ClientDocument.new(id: tx.nextID(), now: tx.now)
            (paper.clientID, paper.projectID, paper.fileID) = (client.id, project.id, id)
            (paper.kind, paper.visibility) = (.brief, .client)
            try tx.create(&paper, by: actor)
        }
    }

    /// Each goal is one of the client's from now on; what is wrong with one is named at its place.
    private func setGoals(_ answers: JSONObject, of client: ClientID, by actor: Actor) throws {
        guard let given = answers["goals"] else { return }
        guard let goals = given.array, goals.count <= 20 else {
            throw Problem(faults: [
                Fault("/answers/goals", "wrong_type", "goals must be a list of at most 20 goals.")
            ])
        }
        var faults = Faults()
        for (index, goal) in goals.enumerated() {
            do {
                var fields = goal.object ?? [:]
                fields["client_id"] = JSON(client)
                var made = try Goal.read(fields)
                made.beginLife(id: tx.nextID(), now: tx.now)
                try tx.create(&made, by: actor)
            } catch let problem as Problem {
                faults.add(contentsOf: problem.faults.map { $0.moved(under: "/answers/goals/\(index)") })
            }
        }
        try faults.throwIfAny()
    }

    /// Keeps in which language and time zone the client's person wants to be written to, and what else they have said
    /// of it, which goes before what is learned.
    private func noteWishes(_ answers: JSONObject, of client: ClientID, by actor: Actor) throws {
        var faults = Faults()
        let locale = answers["locale"].flatMap { $0.isNull ? nil : $0 }
        let tag = locale?.text.flatMap { LocaleTag($0) }
        if locale != nil, tag == nil {
            faults.add("/answers/locale", "invalid_choice", "locale must be a language such as de.")
        }
        let zone = answers["time_zone"].flatMap { $0.isNull ? nil : $0 }
        if let zone, zone.text.flatMap({ TimeZoneRules(named: $0) }) == nil {
            faults.add(
                "/answers/time_zone", "invalid_choice", "time_zone must be a zone such as Europe/Berlin.")
        }
        var wishes: [Preference.Name: JSON?] = [:]
        do {
            wishes = try StatedPreferences.read(
                JSONObject(
                    answers.members.filter { Preference.Name(rawValue: $0.key) != nil && !$0.value.isNull }
                        .map { ($0.key, $0.value) }))
        } catch {
            faults.add(contentsOf: error.faults.map { $0.moved(under: "/answers") })
        }
        try faults.throwIfAny()
        guard
            let old = try Client.resource.find(client, in: tx)?.contactID
                .flatMap({ try Contact.resource.find($0, in: tx) })
        else { return }
        var contact = old
        if let tag { contact.locale = tag.description }
        if let zone = zone?.text { contact.timeZone = zone }
        try tx.update(old, to: &contact, by: .system)
        try tx.preferences.state(wishes, of: contact.id, by: actor)
    }

    /// Requirements come as texts, or as files that are there.
    private func check(_ answers: JSONObject, of client: ClientID, by actor: Actor) throws {
        var faults = Faults()
        if let texts = answers["requirements"] {
            let isFit = texts.array?.allSatisfy { $0.text.map { $0.count <= 1000 } ?? false } ?? false
            if !isFit || (texts.array?.count ?? 0) > 100 {
                faults.add(
                    "/answers/requirements", "wrong_type",
                    "requirements must be a list of at most 100 texts of at most 1000 characters.")
            }
        }
        for (index, file) in (answers["files"]?.array ?? []).enumerated() {
            if try !isFile(file, of: client, for: actor) {
                faults.add(
                    "/answers/files/\(index)", "unknown_reference",
                    "The file does not exist: upload it first.")
            }
        }
        try faults.throwIfAny()
    }
}
