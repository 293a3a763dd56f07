internal import Templates
internal import Tenancy

/// The notifications about content on its way to being approved.
extension NotificationKind {
    static let contentInReview = NotificationKind(
        "content_in_review", Saying("notification.kind_content_in_review"))
    static let contentSentBack = NotificationKind(
        "content_sent_back", Saying("notification.kind_content_sent_back"))
    static let contentApproved = NotificationKind(
        "content_approved", Saying("notification.kind_content_approved"))
    static let contentUnanswered = NotificationKind(
        "content_unanswered", Saying("notification.kind_content_unanswered"))

    static let ofContent: [NotificationKind] = [
        .contentInReview, .contentSentBack, .contentApproved, .contentUnanswered,
    ]
}
