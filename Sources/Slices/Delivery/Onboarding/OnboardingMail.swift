internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

extension DeliveryServices {
    /// Greets a new client, and says what comes first.
    func welcome(_ client: Client, _ onboarding: Onboarding, in tx: Transaction) throws {
        try write(
            to: client, onboarding, topic: "client_welcome", why: .clientWelcome, key: "welcome", in: tx
        ) {
            words, agency in
            let package = try client.packageID.flatMap { try dependencies.packageName(tx, $0) }
            return (
                words("onboarding.welcome_subject", ["agency": .text(agency)]),
                [
                    words("onboarding.welcome", ["agency": .text(agency.markdownEscaped)]),
                    package.map { words("onboarding.package", ["package": .text($0.markdownEscaped)]) },
                    words("onboarding.first"),
                ].compactMap(\.self)
            )
        }
    }

    /// The time for which a done step is news.
    private static let news = Duration.seconds(3 * 86_400)

    /// Tells the client that its work begins, and that its start is done: each once, and while it is news.
    func tell(_ client: Client, _ onboarding: Onboarding, in tx: Transaction) throws {
        func isNews(_ key: String) -> Bool {
            onboarding.steps.list.contains {
                $0.key == key && $0.state == .done && ($0.doneAt.map { $0 > tx.now - Self.news } ?? false)
            }
        }
        if isNews(OnboardingPlan.plan) { try tellBeginning(client, onboarding, in: tx) }
        guard onboarding.status == .completed, isNews(onboarding.steps.list.last?.key ?? "") else { return }
        try write(to: client, onboarding, topic: Self.update, why: .onboardingUpdate, key: "settled", in: tx)
        {
            words, agency in
            (
                words("onboarding.settled_subject", ["agency": .text(agency)]),
                [words("onboarding.settled")] + (try goals(of: client, words, in: tx))
            )
        }
    }

    private static let update = "onboarding_update"

    private func tellBeginning(_ client: Client, _ onboarding: Onboarding, in tx: Transaction) throws {
        guard
            let project = try Project.resource.first(
                where: "client_id = \(client.id) AND status IN ('planned', 'active')",
                suffix: "ORDER BY id DESC LIMIT 1", in: tx)
        else { return }
        let next = project.milestones.list.filter { $0.doneAt == nil && $0.dueOn != nil }
            .min { ($0.dueOn ?? .far) < ($1.dueOn ?? .far) }
        try write(to: client, onboarding, topic: Self.update, why: .onboardingUpdate, key: "begun", in: tx) {
            words, _ in
            let locale = TextLocale(words.asked)
            let begun = words(
                "onboarding.begun",
                [
                    "project": .text(project.name.markdownEscaped), "has_milestone": .flag(next != nil),
                    "milestone": .text(next?.name.markdownEscaped ?? ""),
                    "day": .text(next?.dueOn.map { locale.shown($0) } ?? ""),
                ])
            return (
                words("onboarding.begun_subject", ["project": .text(project.name)]),
                [begun] + (try goals(of: client, words, in: tx))
            )
        }
    }

    /// The client's goals in a sentence; nothing where it has named none.
    func goals(of client: Client, _ words: Wording, in tx: Transaction) throws -> [String] {
        let goals = try tx.goals.open(of: client.id).prefix(5)
        if goals.isEmpty { return [] }
        let names = goals.map { $0.called.markdownEscaped }.joined(separator: ", ")
        return [words("onboarding.goals", ["goals": .text(names)])]
    }

    /// Reminds the client of what it can do.
    func remind(_ client: Client, _ onboarding: Onboarding, in tx: Transaction) throws {
        let since = onboarding.waitingSince?.microseconds ?? 0
        try write(
            to: client, onboarding, topic: "onboarding_reminder", why: .onboardingReminder,
            key: "reminder/\(since)/\(onboarding.reminders)", in: tx
        ) { words, agency in
            (
                words("onboarding.reminder_subject", ["agency": .text(agency)]),
                [words("onboarding.reminder")]
            )
        }
    }

    /// Writes to a client by the channel that it asked for, else by that on which it answers. The gate may let the
    /// agent write nothing, and one that is switched off leaves nothing for later.
    func write(
        to client: Client, _ onboarding: Onboarding, topic: String, why: MessageWhy, key: String,
        in tx: Transaction,
        _ say: (Wording, _ agency: String) throws -> (subject: String, paragraphs: [String])
    ) throws {
        guard try tx.agents.status(ClientManagementAgent(self)).state == .active,
            var contact = try tx.contacts.addressee(
                client.contactID, email: client.contactEmail, named: client.name)
        else { return }
        contact.clientID = client.id
        guard let channel = try outbox.channels.wayTo(contact, .transactional, in: tx) else { return }
        let tenant = try tx.agency.tenant()
        let words = try tx.wordings.find(contact.locale ?? tenant.locale)
        let said = try say(words, tenant.name)
        let portal = try platform.portalURL(in: tx)
        let steps = onboarding.openToClient.map { "- \($0.title.markdownEscaped)" }.joined(separator: "\n")
        let body = [
            words.greeting(contact.name.markdownEscaped), said.paragraphs.joined(separator: "\n\n"), steps,
            words("onboarding.portal", ["portal": .text(portal)]),
            (tenant.sender?.name ?? tenant.name).markdownEscaped,
        ].filter { !$0.isEmpty }
        var draft = MessageDraft(
            channel, to: contact, .transactional, subject: channel == .email ? said.subject : nil,
            body: body.joined(separator: "\n\n"), by: .agent(Gratitude.agent),
            cause: .init("onboarding", onboarding.id), key: "\(onboarding.id)/\(key)")
        (draft.topic, draft.why) = (topic, why.saying())
        _ = try outbox.offer(draft, in: tx)
    }
}
