internal import Agents
internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates

/// Reminds those who have not answered: of a proposal, or of questions. So often and so far apart as is set; never
/// somebody who has written since.
struct FollowUps {
    private let services: DealsServices
    private let settings: SalesSettings
    private let run: AgentRun

    /// The prefix of a reminder's topic, before what it is about.
    static let topic = "follow_up:"
    private static let chunk = 50

    init(_ services: DealsServices, _ settings: SalesSettings, _ run: AgentRun) {
        (self.services, self.settings, self.run) = (services, settings, run)
    }

    func send() async throws -> Int {
        var count = 0, after = DealID.unset
        while true {
            let (services, settings, run) = (services, settings, run)
            let last = after
            let (sent, next) = try await run.write { tx -> (Int, DealID?) in
                let deals = try Deal.resource.all(
                    where: """
                        stage IN ('needs_assessment', 'proposal_delivered', 'negotiation') AND id > \(last)
                        """, suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
                var sent = 0
                for deal in deals where try Self.remind(deal, services, settings, run, tx) { sent += 1 }
                return (sent, deals.count == Self.chunk ? deals.last?.id : nil)
            }
            count += sent
            guard let next else { return count }
            after = next
        }
    }

    private static func remind(
        _ deal: Deal, _ services: DealsServices, _ settings: SalesSettings, _ run: AgentRun, _ tx: Transaction
    ) throws -> Bool {
        guard let contactID = deal.contactID,
            let contact = try Contact.resource.find(contactID, in: tx)
        else { return false }
        let last = try Message.resource.first(
            where: "contact_id = \(contactID) AND is_automatic = 0 AND status <> 'cancelled'",
            suffix: "ORDER BY id DESC LIMIT 1", in: tx)
        let pause = Duration.seconds(Int64(settings.followUpFrequency) * 86_400)
        guard let last, last.direction == .outbound, let sentAt = last.sentAt, sentAt + pause <= tx.now,
            try !tx.consents.isLeftAlone(contact, on: .email)
        else { return false }
        let proposal = try Proposal.resource.first(
            where: "deal_id = \(deal.id)", suffix: "ORDER BY id DESC LIMIT 1", in: tx)
        // A contact who has declined is asked nothing more; and a person follows up their own messages.
        guard proposal.map(\.isOpen) ?? (last.cause["type"]?.text == "sale") else { return false }
        let about = proposal.map { "\($0.id)" } ?? "\(deal.id)"
        let earlier =
            try tx.int(
                """
                SELECT count(*) FROM messages
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(contactID) AND topic = \(Self.topic + about)
                """) ?? 0
        guard earlier < Int64(settings.followUpsMax) else { return false }
        let template = try MessageTemplate.resource.first(
            where: "kind = 'sales_follow_up' AND channel = 'email' AND variant_of IS NULL",
            suffix: "ORDER BY row LIMIT 1", in: tx)
        guard let template, let lead = try services.dependencies.lead(tx, deal.leadID) else { return false }
        let written = try services.outbox.write(
            template.id, to: contact, lead: lead.values,
            extra: [
                "proposal": proposal.map {
                    [
                        "title": JSON($0.title), "url": JSON($0.publicURL),
                        "viewed": .bool($0.status == .viewed),
                    ]
                } ?? [:]
            ], in: tx)
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: written.subject, body: written.body,
            by: .agent(salesAgent), cause: .init("sale", deal.id),
            key: "follow_up/\(about)/\(earlier + 1)")
        (draft.template, draft.topic) = (written.template, Self.topic + about)
        (draft.conversation, draft.run) = (last.conversationID, .agent(run.id))
        // Nobody waits for it: it leaves when they are up.
        draft.notBefore = try tx.consents.daytime(of: contact)
        draft.why = Saying(
            "message.why_no_answer",
            [
                "days": .number(Int(settings.followUpFrequency)), "reminder": .number(Int(earlier) + 1),
                "max": .number(Int(settings.followUpsMax)),
            ])
        return try services.outbox.offer(draft, in: tx) != nil
    }
}
