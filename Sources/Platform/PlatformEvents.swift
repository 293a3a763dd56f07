internal import JSON
internal import Records
internal import Runtime

/// Declares the events that the platform publishes, beyond the changes of its records.
func platformEvents(_ routes: inout Routes) {
    let counts: JSONObject = [
        "resource": .anyText, "processed": .anyInteger, "created": .anyInteger, "updated": .anyInteger,
        "skipped": .anyInteger, "failed": .anyInteger, "progress": ["type": "number"],
    ]
    routes.events(
        "import",
        ["progressed": "A part of a file was brought in.", "completed": "A file was brought in."], counts)
    routes.event("import.failed", "A file could not be brought in.", ["error": .anyText])
    routes.event(
        "notification.created", "Somebody of the agency was told something.",
        ["user_id": .anyText, "kind": .anyText, "urgency": .anyText, "about": ["type": ["object", "null"]]])
    routes.event(
        "webhook.disabled", "A webhook was switched off.", ["reason": .anyText, "url": .anyText])
    routes.event("webhook.test", "A webhook is tried out.")
    routes.event("sandbox.created", "A sandbox was made.")
    routes.event("sandbox.deleted", "A sandbox is gone.")
    routes.event(
        "setup.dismissed", "A step of the setup is not wanted.", about: "tenant", ["key": .anyText])
}
