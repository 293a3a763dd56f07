internal import Templates
internal import Tenancy

/// The notifications about tickets.
extension NotificationKind {
    /// The kind of all that is to be done for one's ticket.
    static let ticket = NotificationKind("ticket", Saying("notification.kind_ticket"))
    static let ticketAssigned = NotificationKind(
        "ticket.assigned", Saying("notification.kind_ticket_assigned"))
    static let ticketMentioned = NotificationKind(
        "ticket.mentioned", Saying("notification.kind_ticket_mentioned"))
    static let ticketMessage = NotificationKind(
        "ticket.message_added", Saying("notification.kind_ticket_message"))
    static let ticketStatus = NotificationKind(
        "ticket.status_changed", Saying("notification.kind_ticket_status"))
    static let ticketDue = NotificationKind("ticket_due", Saying("notification.kind_ticket_due"))
    static let ticketEscalated = NotificationKind(
        "ticket_escalated", Saying("notification.kind_ticket_escalated"))
    static let ticketBottleneck = NotificationKind(
        QueueWatch.alert, Saying("notification.kind_ticket_bottleneck"))
    static let supportReport = NotificationKind(
        "support_report", Saying("notification.kind_support_report"))

    static let ofSupport: [NotificationKind] = [
        .ticket, .ticketAssigned, .ticketMentioned, .ticketMessage, .ticketStatus, .ticketDue,
        .ticketEscalated,
        .ticketBottleneck, .supportReport,
    ]
}

extension Ticket {
    /// That somebody has to reply; `because`: why nothing else has.
    func waits(because reason: String? = nil) -> Saying {
        Saying(
            "notification.ticket_waits",
            ["number": .text("\(number)"), "has_reason": .flag(reason != nil), "reason": .text(reason ?? "")])
    }
}
