internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Tenancy

/// Hears what becomes of content on its way, and holds back what keeps in touch too often.
struct DistributionListener: MessageListener {
    static let cause = Message.contentCause
    let dependencies: ContentDependencies
    let messaging: MessagingDependencies
    var cause: String { Self.cause }

    func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        switch turn {
        case .sent, .unknown: try tx.contentDeliveries.note("sent_at", of: message)
        case .delivered: try tx.contentDeliveries.note("delivered_at", of: message)
        case .opened: try tx.contentDeliveries.note("opened_at", of: message)
        case .openedByMachine: try tx.contentDeliveries.note("machine_opened_at", of: message)
        case .clicked: try tx.contentDeliveries.note("clicked_at", of: message)
        case .clickTakenBack: try tx.contentDeliveries.forgetClick(of: message)
        case .replied(let reply):
            guard !reply.isAutomatic, reply.replyClass != .outOfOffice, reply.replyClass != .bounce else {
                return
            }
            try tx.contentDeliveries.note("replied_at", of: message)
        case .bounced: try tx.contentDeliveries.note("bounced_at", of: message)
        case .cancelled: try countLeftOut(message, in: tx)
        case .failed, .clickedByMachine: break
        }
        guard turn.endsSending else { return }
        try tx.contentDeliveries.end(message.id)
        if let id = message.cause["id"]?.id(of: Distribution.self) { try tx.distributions.completeIfOver(id) }
    }

    /// Counts somebody who was left out when their message was about to leave.
    private func countLeftOut(_ message: Message, in tx: Transaction) throws {
        let codes = [Reason.heldOut: Recipients.heldOut, Reason.samePerson: Recipients.received]
        guard let id = message.cause["id"]?.id(of: Distribution.self),
            let code = message.reasons.list.compactMap({ codes[$0.code] }).first
        else { return }
        try tx.distributions.countLeftOut(code, of: id)
    }

    /// Returns why a message waits beside the rules for all marketing: its campaign does not run, the caps of what
    /// keeps in touch, and what the calendar sends to fresh leads leaves on its days. Of a distribution that was
    /// cancelled, and for whoever was drawn to get nothing or gets the same as another contact, nothing is wanted any
    /// more.
    func reasonsToWait(_ message: Message, to contact: Contact, in reader: any Queryable) throws -> [Reason] {
        let reader = reader.reading, tenant = try reader.agency.tenant()
        let distribution = try message.cause["id"]?.id(of: Distribution.self)
            .flatMap { try Distribution.resource.find($0, in: reader) }
        if distribution?.status == .cancelled { return [.distributionCancelled] }
        if message.campaignID != nil,
            let item = try distribution.flatMap({ try ContentItem.resource.find($0.itemID, in: reader) }),
            let reason = try dependencies.reasonToWait(for: item, in: reader)
        {
            return [reason]
        }
        let leftOut = try messaging.reasonToLeaveOut(contact, in: reader) { others in
            guard let distribution,
                try reader.contentDeliveries.hasLeft(to: others, of: distribution.itemID)
            else { return nil }
            return .gotAsAnother
        }
        if let leftOut { return [leftOut] }
        if let distribution,
            try reader.contentDeliveries.hasLeft(
                to: contact.id, besides: message.id, of: distribution.itemID)
        {
            return [.gotAsAnother]
        }
        let caps = try tenant.caps.filter { $0.purpose == .nurture }.compactMap { cap in
            try cap.reason(contact.id, message.channel, tenant.zone, in: reader)
        }
        let reasons = try reader.nurtureHolds.reasonsToWait(to: contact.id) + caps
        guard reasons.isEmpty, message.decisionID != nil, let distribution,
            let begin = try reader.contentCalendar.days(of: distribution)?.begin(after: reader.now)
        else { return reasons }
        return [
            Reason("outside_window", "Content for new leads leaves on the calendar's days.", until: begin)
        ]
    }
}

extension Reason {
    static let distributionCancelled = Reason(Reason.cancelled, "The distribution was cancelled.")
}

/// Hears whether a person lets a distribution go.
struct DistributionApprovals: ApprovalListener {
    static let owner = "distribution"

    static func owner(of id: ID<Distribution>) -> (kind: String, id: String) { (owner, id.keyText) }

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        (arguments.object?.keys ?? []).map { name in
            ValueFault(
                pointer: "/\(name.pointerToken)", code: "unknown_field",
                detail: "A distribution is sent as it is, or not: change the content item first.")
        }
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        guard let id = approval.work(of: Distribution.self),
            let distribution = try Distribution.resource.find(id, in: tx), !distribution.status.isOver
        else { return }
        if approval.status == .approved { return try tx.distributions.wake(id) }
        if approval.status != .withdrawn { _ = try tx.distributions.cancel(distribution, by: .system) }
    }
}

extension ContentDeliveryStore where Base == Transaction {
    /// Keeps when something first happened to a message.
    fileprivate func note(_ column: String, of message: Message) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET \(trusted: column) = coalesce(\(trusted: column), \(tx.now))
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)
            """)
    }

    /// Forgets that somebody followed a link of a message: it was a program.
    fileprivate func forgetClick(of message: Message) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET clicked_at = NULL
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)
            """)
    }

    /// Ends the way of a message.
    func end(_ message: MessageID) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message)
            """)
    }
}
