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

/// Thanks whoever has referred somebody: at once, and again when the referred client first reaches something. The
/// message is the agent's, so that it waits for a yes where the agent asks first.
struct ReferralThanksJob: JobKind {
    enum Occasion: String, Codable, Sendable {
        case registered, succeeded

        var topic: String { self == .registered ? "referral_thanks" : "referral_success" }
    }
    struct Payload: Codable, Sendable {
        let referral: ID<Referral>
        let occasion: Occasion
    }

    static let kind = "referral.thanks"
    let outbox: Outbox

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let outbox = outbox
        try await job.complete { tx in
            guard let referral = try Referral.resource.find(payload.referral, in: tx),
                let contact = try referral.thanked.flatMap({ try Contact.resource.find($0, in: tx) }),
                !contact.isUnverified,
                let channel = try outbox.channels.wayTo(contact, .transactional, in: tx)
            else { return }
            try outbox.offer(referral.thanks(to: contact, on: channel, payload.occasion, in: tx), in: tx)
        }
    }
}

extension Referral {
    fileprivate func thanks(
        to contact: Contact, on channel: Channel, _ occasion: ReferralThanksJob.Occasion, in tx: Transaction
    ) throws -> MessageDraft {
        let tenant = try tx.agency.tenant()
        let words = try tx.wordings.find(contact.locale ?? tenant.locale)
        let name = (referred.map { $0.company ?? $0.name } ?? "").markdownEscaped
        var paragraphs = [words.greeting(contact.name.markdownEscaped)], subject: String
        switch occasion {
        case .registered:
            subject = words("referral.thanks_subject")
            paragraphs.append(words("referral.thanks_text", ["name": .text(name)]))
            if reward.status == .pending, let amount = reward.amount {
                let shown = TextLocale(words.asked).shown(amount)
                paragraphs.append(words("referral.thanks_reward", ["amount": .text(shown)]))
            }
        case .succeeded:
            subject = words("referral.success_subject")
            paragraphs.append(words("referral.success_text", ["name": .text(name)]))
        }
        paragraphs.append((tenant.sender?.name ?? tenant.name).markdownEscaped)
        var draft = MessageDraft(
            channel, to: contact, .transactional, subject: channel == .email ? subject : nil,
            body: paragraphs.joined(separator: "\n\n"), by: .agent(ClientManagementAgent.agentName),
            cause: .init(Referral.noun, id), key: "\(id)/\(occasion.rawValue)")
        draft.topic = occasion.topic
        draft.why =
            occasion == .registered
            ? Saying("message.why_referral", ["name": .text(name)])
            : Saying("message.why_referral_success", ["name": .text(name)])
        // A client who has just named somebody is awake; news of success can wait for the morning.
        if occasion == .succeeded { draft.notBefore = try tx.consents.daytime(of: contact) }
        return draft
    }
}
