internal import JSON
internal import Records
internal import Runtime

/// Declares the events that support publishes, beyond the changes of its records.
func supportEvents(_ routes: inout Routes) {
    let ticket: JSONObject = [
        "number": .anyInteger, "status": .choice(Ticket.Status.self), "priority": .textOrNull,
        "category": .textOrNull, "client_id": .textOrNull, "contact_id": .textOrNull,
        "assignee_id": .textOrNull, "team_id": .textOrNull,
    ]
    routes.events(
        "ticket",
        [
            "praised": "Somebody has praised what was done.",
            "assigned": "A ticket has somebody who sees to it.",
        ],
        ticket)
    routes.events(
        "ticket",
        [
            "renewed": "A ticket is new again.", "opened": "A ticket is worked on.",
            "reopened": "A ticket is open again.", "paused": "A ticket waits for its client.",
            "held": "A ticket rests.", "resolved": "A ticket was solved.", "closed": "A ticket was closed.",
        ], ticket.adding("from", .choice(Ticket.Status.self)))
    routes.events(
        "ticket",
        [
            "sla_warned": "A ticket is about to miss a promise.",
            "sla_breached": "A ticket has missed a promise.",
        ], ticket.adding("clock", .anyText).adding("due_at", .instantOrNull))
    routes.event(
        "ticket.escalated", "A ticket was escalated.",
        ticket.adding("level", ["type": ["integer", "null"]]).adding("reason", .textOrNull))
    routes.event(
        "ticket.escalation_reminded", "Somebody was reminded of an escalated ticket.",
        ticket.adding("reminders", ["type": ["integer", "null"]]))
    routes.event(
        "ticket.answered", "A ticket was answered.",
        ticket.adding("message_id", .anyText).adding(
            "findings", ["type": "array", "items": ["type": "string"]]))
    routes.event(
        "ticket.replied", "Somebody has written in a ticket.", ticket.adding("message_id", .anyText))
    routes.event("ticket.merged", "A ticket became part of another.", ticket.adding("into", .anyText))
    routes.event(
        "client.satisfaction_measured", "A client's satisfaction was reckoned anew.",
        ["satisfaction": ["type": ["number", "null"]], "answers": .anyInteger])
    routes.event(
        "form.submitted", "Somebody has sent a form.",
        ["submission_id": .anyText, "ticket_id": .textOrNull, "lead_id": .textOrNull])
    routes.event(
        "survey.answered", "Somebody has answered a survey.",
        [
            "response_id": .anyText, "score": ["type": ["number", "null"]], "ticket_id": .textOrNull,
            "client_id": .textOrNull,
        ])
    routes.event(
        "service_incident.resolved", "An incident is over.", ["title": .anyText, "client_id": .textOrNull])
    routes.event("article.published", "An article can be read by everybody.")
}
