internal import JSON
internal import Records
internal import Routing

/// Declares the events that handing over to people publishes.
func handoverEvents(_ routes: inout Routes) {
    routes.event(
        "handover.requested", "A person is asked to take a conversation.", about: "conversation",
        [
            "contact_id": .anyText, "reason": .anyText, "urgency": .anyText,
            "important": ["type": "boolean"], "team_id": .textOrNull, "assignee_id": .textOrNull,
        ])
    routes.event(
        "handover.alerted", "People were told that a conversation waits for them.", about: "conversation",
        ["contact_id": .textOrNull, "notice_id": .anyText])
    routes.event(
        "handover.booking_offered", "Somebody who waits for a person was offered a time.",
        about: "conversation", ["contact_id": .anyText, "message_id": .anyText, "url": .anyText])
    routes.event(
        "handover.ended", "A conversation no longer waits for a person.", about: "conversation",
        [
            "contact_id": .textOrNull, "outcome": .anyText, "waited_seconds": .anyInteger,
            "reason": .anyText,
        ])
}
