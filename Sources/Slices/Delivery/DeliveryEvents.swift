internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes

/// Declares the events that delivery publishes, beyond the changes of its records.
func deliveryEvents(_ routes: inout Routes) {
    routes.events(
        "deliverable",
        [
            "submitted": "A deliverable was submitted.",
            "compiled": "A deliverable has a new version, of one file that was made of several.",
            "reviewed": "A deliverable was reviewed.",
            "with_client": "A deliverable waits for its client.",
            "review_failed": "A deliverable failed its review.",
            "approved": "A client has accepted a deliverable.",
            "changes_requested": "A client wants a deliverable changed.",
        ],
        [
            "project_id": .anyText, "client_id": .anyText, "name": .anyText,
            "status": .choice(Deliverable.Status.self), "revision": .anyInteger,
        ])
    routes.event(
        "client.health_changed", "A client's health has changed.",
        ["from": .textOrNull, "to": .anyText, "score": ["type": ["number", "null"]]])
    let onboarding: JSONObject = [
        "client_id": .anyText, "status": .choice(Onboarding.Status.self), "progress": ["type": "number"],
    ]
    routes.events(
        "onboarding",
        [
            "completed": "A client is taken in.", "cancelled": "An onboarding was cancelled.",
            "stalled": "A client has done nothing for its onboarding for ten days.",
        ], onboarding)
    routes.event(
        "onboarding.step_done", "A step of an onboarding is done, or was skipped.",
        onboarding.adding("step", .anyText))
    routes.event(
        "goal.reached", "A goal of a client was reached.",
        [
            "client_id": .anyText, "metric": .anyText, "target": ["type": "number"],
            "current": ["type": ["number", "null"]], "reached_at": .anyInstant,
            "evidence": ["type": ["array", "null"]],
        ])
    routes.event(
        "document.shared", "A document was shared with a client.", ["client_id": .anyText, "name": .anyText])
    let project: JSONObject = [
        "client_id": .anyText, "name": .anyText, "status": .choice(Project.Status.self),
    ]
    routes.events(
        "project",
        [
            "planned": "A project is planned again.", "active": "Work on a project has begun.",
            "on_hold": "A project was put on hold.", "completed": "A project was completed.",
            "cancelled": "A project was cancelled.",
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
            "todo": "A task is open again.", "doing": "Work on a task has begun.", "done": "A task is done.",
            "blocked": "A task is blocked.",
        ], task)
    routes.event("task.assigned", "A task was assigned to a user.", task.adding("assignee_id", .anyText))
    routes.events(
        "report",
        [
            "draft": "A report is being written.", "ready": "A report is ready.",
            "sent": "A report was sent.",
            "rejected": "The mail with a report was rejected.",
        ],
        [
            "client_id": .anyText, "kind": .choice(Report.Kind.self),
            "audience": .choice(Report.Audience.self), "period_start": .textOrNull,
            "period_end": .textOrNull, "status": .choice(Report.Status.self),
        ])
}
