internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences

/// Hears what becomes of a campaign's mails, and holds them while it is paused.
struct EmailCampaignListener: MessageListener {
    static let cause = "email_campaign"
    /// The reason for which mails wait whose campaign is not active.
    static let paused = "campaign_paused"
    let messaging: MessagingDependencies
    var cause: String { Self.cause }

    func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        switch turn {
        case .sent, .unknown: try tx.emailRecipients.note("sent_at", of: message.id)
        case .clicked: try tx.emailRecipients.note("clicked_at", of: message.id)
        case .clickedByMachine: try tx.emailRecipients.note("machine_clicked_at", of: message.id)
        case .clickTakenBack: try tx.emailRecipients.forgetClick(of: message.id)
        case .replied(let reply):
            guard !reply.isAutomatic, reply.replyClass != .outOfOffice, reply.replyClass != .bounce else {
                return
            }
            try tx.emailRecipients.note("replied_at", of: message.id)
        case .bounced: try tx.emailRecipients.note("bounced_at", of: message.id)
        case .cancelled: try countLeftOut(message, in: tx)
        case .delivered, .opened, .openedByMachine, .failed: break
        }
        guard turn.endsSending else { return }
        try tx.emailRecipients.end(message.id)
        if let id = message.cause["id"]?.id(of: EmailCampaign.self) {
            try tx.emailCampaigns.completeIfOver(id)
        }
    }

    /// Counts somebody who was left out when their mail was about to leave.
    private func countLeftOut(_ message: Message, in tx: Transaction) throws {
        // The gate has the codes that a campaign counts by.
        let codes = [MailRecipients.heldOut, MailRecipients.known]
        guard let code = message.reasons.list.map(\.code).first(where: codes.contains),
            let old = try message.cause["id"]?.id(of: EmailCampaign.self)
                .flatMap({ try EmailCampaign.resource.find($0, in: tx) })
        else { return }
        var new = old
        new.excluded.add(code)
        try tx.emailCampaigns.change(old, to: &new)
    }

    func reasonsToWait(_ message: Message, to contact: Contact, in reader: any Queryable) throws -> [Reason] {
        guard let id = message.cause["id"]?.id(of: EmailCampaign.self),
            let mailing = try EmailCampaign.resource.find(id, in: reader.reading)
        else { return [] }
        if mailing.status == .cancelled { return [.mailingCancelled] }
        if mailing.status == .paused {
            return [Reason(Self.paused, "The email campaign is paused: resume it to send this.")]
        }
        if let campaign = mailing.campaignID,
            let standing = try reader.reading.campaigns.standing(of: campaign), !standing.isActive
        {
            return [
                standing.isOver
                    ? .campaignOver
                    : Reason(Self.paused, "The campaign is not active: start or resume it to send this.")
            ]
        }
        let leftOut = try messaging.reasonToLeaveOut(contact, in: reader) { others in
            try reader.reading.emailRecipients.reasonToLeaveOut(as: others, of: id)
        }
        if let leftOut { return [leftOut] }
        if try reader.reading.emailRecipients.hasLeft(to: contact.id, besides: message.id, of: id) {
            return [.gotAsAnother]
        }
        return try reader.reading.nurtureHolds.reasonsToWait(to: contact.id)
    }
}

extension Reason {
    static let mailingCancelled = Reason(Reason.cancelled, "The email campaign was cancelled.")
    static let campaignOver = Reason(
        Reason.campaignCompleted, "The campaign is completed: nothing of it leaves any more.")
}
