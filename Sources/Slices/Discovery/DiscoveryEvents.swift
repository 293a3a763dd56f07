internal import JSON
internal import Records
internal import Routing

/// Declares the events that discovery publishes, beyond the changes of its records.
func discoveryEvents(_ routes: inout Routes) {
    routes.events(
        "lead",
        [
            "scored": "A lead has a new score.", "qualified": "A lead was qualified.",
            "disqualified": "A lead was disqualified.",
        ], ["run_id": .anyText])
}
