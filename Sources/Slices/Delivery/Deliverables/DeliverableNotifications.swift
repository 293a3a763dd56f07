internal import Templates
internal import Tenancy

/// The notifications about deliverables.
extension NotificationKind {
    static let deliverableApproved = NotificationKind(
        "deliverable_approved", Saying("notification.kind_deliverable_approved"))
    static let deliverableChanges = NotificationKind(
        "deliverable_changes_requested", Saying("notification.kind_deliverable_changes"))

    static let ofDelivery: [NotificationKind] = [.deliverableApproved, .deliverableChanges]
}
