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

    /// Writes to a client by the channel that it answers on. The gate may let the agent write nothing, and one that is
    /// switched off leaves nothing for later.
    private func write(
        to client: Client, _ onboarding: Onboarding, topic: String, why: MessageWhy, key: String,
        in tx: Transaction,
        _ say: (Wording, _ agency: String) throws -> (subject: String, paragraphs: [String])
    ) throws {
        guard try tx.agents.status(ClientManagementAgent(self)).state == .active,
            var contact = try tx.contacts.recipient(
                client.contactID, email: client.contactEmail, named: client.name)
        else { return }
        contact.clientID = client.id
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
            try outbox.preferredChannel(of: contact, in: tx), to: contact, .transactional,
            subject: said.subject, body: body.joined(separator: "\n\n"), by: .agent(Gratitude.agent),
            cause: .init("onboarding", onboarding.id), key: "\(onboarding.id)/\(key)")
        (draft.topic, draft.why) = (topic, why.saying())
        _ = try outbox.offer(draft, in: tx)
    }
}
