internal import Templates
internal import Tenancy

/// The notifications about messages.
extension NotificationKind {
    static let conversationMentioned = NotificationKind(
        "conversation.mentioned", Saying("notification.kind_conversation_mentioned"))
    static let clientBrake = NotificationKind("client_brake", Saying("notification.kind_client_brake"))

    static let ofMessages: [NotificationKind] = [.conversationMentioned, .clientBrake]
}
