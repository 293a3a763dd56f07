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
        ["progressed": "A part of a file was imported.", "completed": "A file was imported."], counts)
    routes.event("import.failed", "A file could not be imported.", ["error": .anyText])
    routes.event(
        "notification.created", "A user was notified.",
        ["user_id": .anyText, "kind": .anyText, "urgency": .anyText, "about": ["type": ["object", "null"]]])
    routes.event(
        "webhook.disabled", "A webhook was switched off.", ["reason": .anyText, "url": .anyText])
    routes.event("webhook.test", "A test event was sent to a webhook.")
    routes.event("sandbox.created", "A sandbox was created.")
    routes.event("sandbox.deleted", "A sandbox was deleted.")
    routes.event(
        "setup.dismissed", "A step of the setup was dismissed.", about: "tenant", ["key": .anyText])
}
