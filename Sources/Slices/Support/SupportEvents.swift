internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes

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
            "praised": "A client has praised the agency's work.",
            "assigned": "A ticket was assigned.",
        ],
        ticket)
    routes.events(
        "ticket",
        [
            "renewed": "A ticket is new again.", "opened": "Work on a ticket has begun.",
            "reopened": "A ticket was reopened.", "paused": "A ticket waits for its client.",
            "held": "A ticket was put on hold.", "resolved": "A ticket was resolved.",
            "closed": "A ticket was closed.",
        ], ticket.adding("from", .choice(Ticket.Status.self)))
    routes.events(
        "ticket",
        [
            "sla_warned": "A ticket is about to miss a target of its SLA.",
            "sla_breached": "A ticket has missed a target of its SLA.",
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
        "ticket.replied", "A client has replied to a ticket.", ticket.adding("message_id", .anyText))
    routes.event("ticket.merged", "A ticket was merged into another.", ticket.adding("into", .anyText))
    routes.event(
        "client.satisfaction_measured", "A client's satisfaction was calculated again.",
        ["satisfaction": ["type": ["number", "null"]], "answers": .anyInteger])
    routes.event(
        "form.submitted", "A form was submitted.",
        ["submission_id": .anyText, "ticket_id": .textOrNull, "lead_id": .textOrNull])
    routes.event(
        "survey.answered", "A survey was answered.",
        [
            "response_id": .anyText, "score": ["type": ["number", "null"]], "ticket_id": .textOrNull,
            "client_id": .textOrNull,
        ])
    routes.event(
        "service_incident.resolved", "An incident was resolved.",
        ["title": .anyText, "client_id": .textOrNull])
    routes.event("article.published", "An article was published.")
    routes.event(
        "article.voted", "A client's person has said whether an article helped.",
        ["helpful": ["type": "boolean"]])
}
