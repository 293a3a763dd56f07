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
    routes.event(
        "lead.found", "A search has found a company, and made a lead of it.", about: "lead",
        ["source": .anyText, "search_id": .anyText, "run_id": .anyText])
    routes.event(
        "lead_source.failing", "A lead source finds nothing any more, or fails again and again.",
        about: "lead_source",
        ["error": .textOrNull])
}
