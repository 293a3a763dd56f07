internal import JSON
internal import Records
internal import Routing

/// Declares the events that tenancy publishes, beyond the changes of its records.
func tenancyEvents(_ routes: inout Routes) {
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
