internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The mails of campaigns that are under way with somebody: what else advertises to them waits, and goes by itself.
enum CampaignsUnderWay {
    /// The code of the reason for which a message waits.
    static let code = "campaign_under_way"
    /// The longest delay of a mail until nothing waits for it any more.
    private static let patience: Duration = .seconds(14 * 86_400)
    /// The pause until it is looked at again where nothing has to lie between two messages.
    private static let pause: Duration = .seconds(3600)
    private static let campaignsMax = 20

    /// Returns why marketing to a person waits, beside the campaign that a message is of. Of two campaigns that have
    /// both not written yet, the one that began first goes first.
    static func reasons(
        _ reader: any Queryable, _ contact: ContactID, _ message: Message?
    ) throws -> [Reason] {
        try reasons(in: reader.reading, contact, message)
    }

    private static func reasons(
        in reader: some Queryable, _ contact: ContactID, _ message: Message?
    ) throws -> [Reason] {
        let found = try reader.emailRecipients.mails(
            to: contact, after: reader.now - patience, limit: campaignsMax)
        guard !found.isEmpty else { return [] }
        let rest = try reader.agency.tenant().marketingRest
        let own = try message.flatMap { message in
            message.cause["type"]?.text == EmailCampaignListener.cause
                ? message.cause["id"]?.id(of: EmailCampaign.self) : nil
        }.flatMap { try EmailCampaign.resource.find($0, in: reader) }
        return try found.filter { $0.campaign != own?.id }.compactMap { mail -> Reason? in
            guard let campaign = try EmailCampaign.resource.find(mail.campaign, in: reader) else {
                return nil
            }
            let end: Instant
            if let sentAt = mail.sentAt {
                end = sentAt + rest
            } else {
                let isFirst = own.map { campaign.goesBefore($0) } ?? true
                guard isFirst, try isSending(campaign, in: reader) else { return nil }
                end = max(mail.dueAt, reader.now) + max(rest, pause)
            }
            guard end > reader.now else { return nil }
            return Reason(
                code,
                "The email campaign “\(campaign.name)” is under way with the contact: what else advertises waits.",
                until: end)
        }
    }

    private static func isSending(_ campaign: EmailCampaign, in reader: some Queryable) throws -> Bool {
        guard campaign.status == .sending else { return false }
        guard let whole = campaign.campaignID else { return true }
        return try reader.campaigns.standing(of: whole)?.isActive != false
    }
}

extension EmailCampaign {
    fileprivate func goesBefore(_ other: EmailCampaign) -> Bool {
        guard let begun = startedAt else { return false }
        guard let theirs = other.startedAt, theirs != begun else { return "\(id)" < "\(other.id)" }
        return begun < theirs
    }
}

/// A campaign's mail to somebody: on its way, or sent.
struct RecipientMail: Sendable {
    let campaign: ID<EmailCampaign>
    let dueAt: Instant
    let sentAt: Instant?
}

extension EmailRecipientStore {
    /// Returns the mails to somebody that have left since a moment, or were to leave since then and have not.
    func mails(to contact: ContactID, after moment: Instant, limit: Int) throws -> [RecipientMail] {
        try tx.all(
            """
            SELECT email_campaign_id, due_at, sent_at FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
                AND (sent_at > \(moment) OR sent_at IS NULL AND state IN ('planned', 'waiting') AND due_at > \(moment))
            ORDER BY email_campaign_id LIMIT \(limit)
            """
        ) { RecipientMail(campaign: ID($0, 0), dueAt: $0.instant(1), sentAt: $0.optionalInstant(2)) }
    }
}
