internal import Templates
internal import Tenancy

/// The notifications about deliverables, reports and the clients together.
extension NotificationKind {
    static let deliverableApproved = NotificationKind(
        "deliverable_approved", Saying("notification.kind_deliverable_approved"))
    static let deliverableChanges = NotificationKind(
        "deliverable_changes_requested", Saying("notification.kind_deliverable_changes"))

    static let reportReady = NotificationKind(
        "report_ready", Saying("notification.kind_report_ready"))

    static let portfolioReviewed = NotificationKind(
        "portfolio_reviewed", Saying("notification.kind_portfolio_reviewed"))

    static let ofDelivery: [NotificationKind] = [
        .deliverableApproved, .deliverableChanges, .reportReady, .portfolioReviewed,
    ]
}
