internal import Agents
package import JSON
internal import Jobs
internal import Records
internal import Routing

/// Declares the events that the runtime publishes, beyond the changes of its records.
func runtimeEvents(_ routes: inout Routes) {
    agentEvents(&routes)
    let job: JSONObject = [
        "workflow_id": .textOrNull, "workflow": .anyText, "error": ["type": ["object", "null"]],
    ]
    routes.events(
        "workflow_run",
        [
            "completed": "A workflow's run was completed.", "failed": "A workflow's run failed.",
            "cancelled": "A workflow's run was cancelled.",
        ], job)
    routes.event(
        "workflow_run.stuck", "A workflow's run stopped, since its code does not fit its history.",
        [
            "code": .anyText, "step": .anyText, "recorded": .anyText, "made": .anyText, "detail": .anyText,
            "recommended_action": .anyText,
        ])
    routes.event(
        "job_batch.finished", "Every job of a batch has ended.",
        ["completed": .anyInteger, "dead": .anyInteger, "cancelled": .anyInteger])
    routes.events("queue", ["paused": "A queue was paused.", "resumed": "A queue was resumed."])
    routes.events(
        "schedule",
        [
            "created": "A schedule was created.", "updated": "A schedule has changed.",
            "deleted": "A schedule was deleted.",
        ], ["agent": .anyText])
    routes.event(
        "schedule.proposed", "The orchestrator proposes a better schedule.",
        ["agent": .anyText, "changes": .anyObject, "reason": .anyText])
    toolEvents(&routes)
}

private func agentEvents(_ routes: inout Routes) {
    routes.event("agent.updated", "An agent's settings have changed.", ["changed": texts])
    routes.event(
        "agent.restarted", "Hanging runs of an agent were restarted.", ["runs": .anyInteger])
    routes.events(
        "agent_config",
        [
            "drafted": "A draft of an agent's configuration was saved.",
            "published": "An agent's configuration was published.",
        ],
        about: "agent", ["version": .anyInteger])
    routes.events(
        "agent_experiment",
        [
            "started": "An experiment with an agent was started.",
            "stopped": "An experiment with an agent was stopped.",
            "concluded": "An experiment with an agent has a winner.",
            "applied": "The winner of an experiment with an agent was applied.",
        ], ["agent": .anyText])
    routes.event(
        "agent_run.succeeded", "A run of an agent succeeded.", ["agent": .anyText, "result": [:]])
    routes.event(
        "agent_run.failed", "A run of an agent failed.",
        ["agent": .anyText, "error": .jobFailureOrNull])
    let letter: JSONObject = ["type": .anyText, "to": .anyText]
    routes.event(
        "agent_message.sent", "An agent was sent a message by another one, or by a person.",
        letter.adding("from", .anySubject))
    routes.event(
        "agent_message.undeliverable", "A message to an agent could not be delivered.",
        letter.adding("error", .jobFailureOrNull))
    routes.event(
        "decision.overridden", "A person has overridden an agent's decision.",
        ["agent": .anyText, "subject": .anySubject])
    routes.event(
        "decision.override_ended", "A person's override has ended, since the facts have changed.",
        about: "decision", ["overridden": .anyText, "subject": .anySubject])
    let alert: JSONObject = ["kind": .anyText, "subject": .anySubject]
    routes.event(
        "alert.raised", "An alert was raised for people.",
        alert.adding("severity", .choice(Alert.Severity.self)).adding("title", .anyText))
    routes.events(
        "alert",
        ["acknowledged": "An alert was acknowledged.", "resolved": "An alert was resolved."],
        alert.adding("by", .anyText))
    let approval: JSONObject = [
        "run_id": .textOrNull, "agent": .textOrNull, "tool": .textOrNull, "owner": .anyText,
    ]
    routes.event(
        "approval.requested", "Something waits for a person's approval.",
        approval.adding("title", .anyText).adding("expires_at", .anyInstant))
    routes.events(
        "approval",
        [
            "approved": "A person has approved a request.", "rejected": "A person has rejected a request.",
            "expired": "An approval has expired without a decision.",
            "withdrawn": "A request for approval was withdrawn.",
        ], approval.adding("reason", .textOrNull).adding("decided_by", .anySubject))
}

private func toolEvents(_ routes: inout Routes) {
    routes.events(
        "budget",
        [
            "created": "A budget was created.", "updated": "A budget has changed.",
            "deleted": "A budget was deleted.",
        ], ["agent": .textOrNull, "client_id": .textOrNull, "campaign_id": .textOrNull])
    routes.events(
        "budget",
        ["warned": "A budget is nearly used up.", "exhausted": "A budget is used up."],
        [
            "agent": .textOrNull, "client_id": .textOrNull, "campaign_id": .textOrNull, "kind": .anyText,
            "limit": [:], "spent": [:],
            "per": .anyText, "period": .anyText,
        ])
    routes.event("tool.updated", "A tool's settings have changed.", ["enabled": ["type": "boolean"]])
    routes.event(
        "tool.observed", "An agent that only observes would have called a tool.",
        ["agent": .anyText, "run_id": .textOrNull])
    routes.event(
        "tool.loop_detected", "A run repeats a tool call that changes nothing.",
        ["run_id": .anyText, "agent": .textOrNull, "calls": .anyInteger, "arguments_hash": .anyText])
    routes.event(
        "tool.circuit_opened", "A tool's provider fails, and is not called for a while.",
        ["provider": .anyText, "until": .instantOrNull])
    routes.event("tool.circuit_closed", "A tool's provider works again.", ["provider": .anyText])
    routes.event(
        "integration.circuit_opened", "An integration fails, and is not asked for a while.",
        ["provider": .anyText, "until": .instantOrNull])
    routes.event("integration.circuit_closed", "An integration works again.", ["provider": .anyText])
    routes.event(
        "integration.quota_warned", "An integration's limit is nearly used up.",
        ["per": .anyText, "limit": .anyInteger, "used": .anyInteger])
    routes.event(
        "integration.quota_exhausted", "An integration's limit is used up.",
        ["per": .anyText, "limit": .anyInteger, "used": .anyInteger])
    routes.event(
        "tool.quota_warned", "A tool's quota is nearly used up.",
        ["per": .anyText, "limit": .anyInteger, "used": .anyInteger])
}

private let texts: JSON = ["type": "array", "items": ["type": "string"]]

extension JSONObject {
    /// Returns the object with one more member.
    package func adding(_ name: String, _ value: JSON) -> JSONObject {
        var object = self
        object[name] = value
        return object
    }
}
