internal import JSON
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes

/// Declares the events that messages publish, beyond the changes of their records.
func messagesEvents(_ routes: inout Routes) {
    conversationEvents(&routes)
    routes.event(
        "brake.pulled", "A brake has stopped what would leave.",
        ["scope": .choice(Brake.Scope.self), "id": .textOrNull])
    routes.event("brake.released", "A brake was released.")
    routes.event(
        "contact.unsubscribed", "A contact has unsubscribed.",
        ["channel": .anyText, "message_id": .textOrNull])
    routes.event(
        "contact.read_messages", "A contact has read messages of the agency.",
        ["channel": .anyText, "count": .anyInteger])
    routes.events(
        "contact_identity",
        [
            "linked": "An address on a channel was linked to a contact.",
            "unlinked": "An address on a channel was unlinked from a contact.",
        ],
        ["contact_id": .anyText])
    routes.event(
        "hook.received", "A generic hook of the agency was called.", about: "integration",
        ["type": .anyText, "data": [:], "receipt_id": .anyText])
    routes.event(
        "mailbox.mail_left", "A mail that is too large was left in its mailbox.", about: "integration",
        ["uid": .anyInteger, "reason": .anyText])
}

private let texts: JSON = ["type": "array", "items": ["type": "string"]]

private func conversationEvents(_ routes: inout Routes) {
    let message: JSONObject = [
        "contact_id": .textOrNull, "conversation_id": .textOrNull, "channel": .choice(Channel.self),
        "direction": .choice(Message.Direction.self), "status": .choice(Message.Status.self),
        "purpose": .choice(Purpose.self), "class": .textOrNull,
        "cause": ["type": ["object", "null"]], "reasons": texts,
    ]
    routes.events(
        "message",
        [
            "queued": "A message waits to be sent.", "held": "A message is held back for now.",
            "sent": "A message was sent.", "delivered": "A message was delivered.",
            "deferred": "The delivery of a message is being retried.",
            "soft_bounced": "A message bounced temporarily.",
            "bounced": "A message bounced for good: its address takes no mail.",
            "rejected": "A service refused a message.", "failed": "A message could not be sent.",
            "unknown": "It is not known whether a message was sent.", "opened": "A mail was opened.",
            "clicked": "A link in a mail was followed.", "cancelled": "A message was cancelled.",
            "complained": "A recipient has reported a mail as spam.",
            "received": "A message was received.", "classified": "A message was classified again.",
            "noted": "A note was written for colleagues.", "attached": "The files of a message were stored.",
            "media_missing": "A file of a message could not be downloaded.",
        ], message)
    routes.event(
        "message.replied", "A contact has answered a message.", message.adding("answers", .textOrNull))
    routes.event(
        "conversation.opened", "A conversation has begun.", ["contact_id": .anyText, "channel": .anyText])
    routes.event("conversation.updated", "A conversation has changed.", ["changed": texts])
    routes.event("conversation.read", "A conversation was read.", ["unread": .anyInteger])
    routes.events(
        "conversation",
        [
            "snoozed": "A conversation was snoozed.", "closed": "A conversation was closed.",
            "reopened": "A conversation was reopened.",
        ])
    routes.event(
        "conversation.claimed", "A person has taken a conversation.",
        ["assignee_id": .textOrNull, "contact_id": .textOrNull])
    routes.event(
        "conversation.released", "A person has given a conversation back to the agents.",
        ["contact_id": .anyText])
    routes.event(
        "conversation.call_offered", "A call was offered in a conversation.",
        ["kind": .anyText, "message_id": .anyText])
    routes.event(
        Typing.event, "Somebody is typing.", isPassing: true,
        [
            "author": .anyObject, "contact_id": .textOrNull, "identity_id": .textOrNull, "channel": .anyText,
            "reaches_them": ["type": "boolean"], "seconds": .anyInteger,
        ])
}
