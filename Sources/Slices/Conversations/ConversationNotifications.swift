internal import Templates
internal import Tenancy

/// The notifications about conversations.
extension NotificationKind {
    static let handoverRequested = NotificationKind(
        "handover.requested", Saying("notification.kind_handover_requested"))
    static let handoverWaiting = NotificationKind(
        "handover.waiting", Saying("notification.kind_handover_waiting"))
    static let conversationUnanswered = NotificationKind(
        "conversation.unanswered", Saying("notification.kind_conversation_unanswered"))
    static let conversationAnswered = NotificationKind(
        "conversation.answered", Saying("notification.kind_conversation_answered"))

    static let ofConversations: [NotificationKind] = [
        .handoverRequested, .handoverWaiting, .conversationUnanswered, .conversationAnswered,
    ]
}
