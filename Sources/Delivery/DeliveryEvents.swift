internal import JSON
internal import Records
internal import Runtime

/// Declares the events that delivery publishes, beyond the changes of its records.
func deliveryEvents(_ routes: inout Routes) {
    routes.events(
        "deliverable",
        [
            "submitted": "A deliverable was handed in.", "reviewed": "A deliverable was looked over.",
            "with_client": "A deliverable waits for its client.",
            "review_failed": "A deliverable was found wanting.",
            "approved": "A client has accepted a deliverable.",
            "changes_requested": "A client wants a deliverable changed.",
        ],
        [
            "project_id": .anyText, "client_id": .anyText, "name": .anyText,
            "status": .choice(Deliverable.Status.self), "revision": .anyInteger,
        ])
    routes.event(
        "client.health_changed", "A client's health is another.",
        ["from": .textOrNull, "to": .anyText, "score": ["type": ["number", "null"]]])
    routes.event(
        "document.shared", "A document was shared with a client.", ["client_id": .anyText, "name": .anyText])
    let project: JSONObject = [
        "client_id": .anyText, "name": .anyText, "status": .choice(Project.Status.self),
    ]
    routes.events(
        "project",
        [
            "planned": "A project is planned again.", "active": "A project is worked on.",
            "on_hold": "A project rests.", "completed": "A project is done.",
            "cancelled": "A project was given up.",
        ], project)
    routes.event(
        "project.milestone_reached", "A project has reached a milestone.",
        project.adding("milestone", .anyText))
    let task: JSONObject = [
        "project_id": .anyText, "client_id": .anyText, "title": .anyText,
        "status": .choice(ProjectTask.Status.self),
    ]
    routes.events(
        "task",
        [
            "todo": "A task is open again.", "doing": "A task is worked on.", "done": "A task is done.",
            "blocked": "A task cannot go on.",
        ], task)
    routes.event("task.assigned", "A task has somebody who does it.", task.adding("assignee_id", .anyText))
    routes.events(
        "report",
        ["draft": "A report is being written.", "ready": "A report is ready.", "sent": "A report was sent."],
        [
            "client_id": .anyText, "kind": .choice(Report.Kind.self), "period_start": .textOrNull,
            "period_end": .textOrNull, "status": .choice(Report.Status.self),
        ])
}
