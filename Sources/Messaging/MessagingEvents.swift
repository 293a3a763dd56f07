internal import JSON
internal import Records
internal import Runtime

/// Declares the events that messaging publishes, beyond the changes of its records.
func messagingEvents(_ routes: inout Routes) {
    conversationEvents(&routes)
    sequenceEvents(&routes)
    routes.event(
        "brake.pulled", "What would leave is stopped.",
        ["scope": .choice(Brake.Scope.self), "id": .textOrNull])
    routes.event("brake.released", "What would leave goes on.")
    routes.event(
        "contact.unsubscribed", "Somebody does not want to hear from the agency any more.",
        ["channel": .anyText, "message_id": .textOrNull])
    routes.event(
        "contact.read_messages", "Somebody has read what was written to them.",
        ["channel": .anyText, "count": .anyInteger])
    routes.events(
        "contact_identity",
        ["linked": "Somebody's address at a channel is known as theirs.", "unlinked": "It is not any more."],
        ["contact_id": .anyText])
    routes.event("experiment.concluded", "An experiment has come to its end.", ["winner": .textOrNull])
    routes.event(
        "experiment.applied", "What has won an experiment is in use.",
        ["kind": .anyText, "target": .textOrNull, "winner": .anyText, "value": [:]])
    routes.event(
        "hook.received", "A hook of the agency's own was called.", about: "integration",
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
            "queued": "A message waits to be sent.", "held": "A message may not leave now.",
            "sent": "A message has left.", "delivered": "A message has arrived.",
            "deferred": "A message is still being tried.",
            "soft_bounced": "A message did not arrive this time.",
            "bounced": "A message came back: its address takes none.",
            "rejected": "A service refused a message.", "failed": "A message could not be sent.",
            "unknown": "It is not known whether a message has left.", "opened": "A mail was opened.",
            "clicked": "A link of a mail was followed.", "cancelled": "A message is not sent any more.",
            "complained": "Somebody has marked a mail as unwanted.",
            "received": "Somebody has written.", "classified": "What somebody means was read anew.",
            "noted": "A note was written for colleagues.", "attached": "The files of a message are there.",
            "media_missing": "A file of a message could not be had.",
        ], message)
    routes.event(
        "message.replied", "Somebody has answered a message.", message.adding("answers", .textOrNull))
    routes.event(
        "conversation.opened", "A conversation has begun.", ["contact_id": .anyText, "channel": .anyText])
    routes.event("conversation.updated", "A conversation has changed.", ["changed": texts])
    routes.event("conversation.read", "A conversation was read.", ["unread": .anyInteger])
    routes.events(
        "conversation",
        [
            "snoozed": "A conversation rests for a while.", "closed": "A conversation was closed.",
            "reopened": "A conversation is open again.",
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
        Typing.event, "Somebody writes at this moment.", isPassing: true,
        [
            "author": .anyObject, "contact_id": .textOrNull, "identity_id": .textOrNull, "channel": .anyText,
            "reaches_them": ["type": "boolean"], "seconds": .anyInteger,
        ])
}

private func sequenceEvents(_ routes: inout Routes) {
    routes.events(
        "enrollment",
        [
            "created": "Somebody is in a sequence.", "contacted": "A step of a sequence has left.",
            "finished": "Somebody is through with a sequence.", "exited": "Somebody has left a sequence.",
            "paused": "Somebody's way through a sequence rests.", "resumed": "It goes on.",
        ],
        [
            "sequence_id": .anyText, "lead_id": .textOrNull, "contact_id": .anyText, "status": .anyText,
            "position": .anyInteger, "exit_reason": .textOrNull, "author": ["type": ["object", "null"]],
        ])
    routes.event(
        "sequence.enrolled", "People were put into a sequence.", ["enrolled": .anyInteger])
    routes.events(
        "sequence",
        [
            "resumed": "A sequence goes on.", "paused": "A sequence rests.",
            "archived": "A sequence is not used any more.",
        ])
    routes.events(
        "outreach_task",
        [
            "open": "A step is to be done by hand.", "done": "A step was done by hand.",
            "skipped": "A step was left out.",
        ], ["enrollment_id": .anyText])
}
