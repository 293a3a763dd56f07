package import JSON
package import Telemetry

/// What the agents of a conversation tell each other. Each is an event (`conversation.<type>`) with a target; the
/// coordination agent logs all of them.
package enum CoordinationMessage: Sendable {
    /// The primary agent gives a customer to people.
    case handoverRequest(customer: String, reason: String, urgency: HandoverPlan.Urgency, context: JSON)
    /// Nobody has come in time.
    case humanTimeout(customer: String, minutes: Int, context: JSON)
    case calendlySent(customer: String, url: String)
    case customerResponse(customer: String, message: String)
    /// Someone wanted to speak who may not.
    case agentConflict(customer: String, holder: String, refused: String)
    case stateSync(customer: String, states: AgentStates)

    package static let types = [
        "handover_request", "human_timeout", "calendly_sent", "customer_response", "agent_conflict",
        "state_sync",
    ]

    package var type: String {
        switch self {
        case .handoverRequest: "handover_request"
        case .humanTimeout: "human_timeout"
        case .calendlySent: "calendly_sent"
        case .customerResponse: "customer_response"
        case .agentConflict: "agent_conflict"
        case .stateSync: "state_sync"
        }
    }

    package var targets: [String] {
        switch self {
        // The coordination agent has to know, the monitor has to act.
        case .handoverRequest: ["handover_monitor", "coordination_agent"]
        case .humanTimeout: ["calendly_bridge"]
        case .calendlySent, .customerResponse, .agentConflict: ["coordination_agent"]
        case .stateSync: ["primary_agent", "handover_monitor", "calendly_bridge"]
        }
    }

    package func json(at now: Instant) -> JSON {
        var data: JSONObject = ["timestamp": .string(now.description)]
        func add(_ more: JSONObject) { for (name, value) in more.members { data.append(name, value) } }
        switch self {
        case .handoverRequest(let customer, let reason, let urgency, let context):
            add([
                "customer_id": .string(customer), "reason": .string(reason),
                "urgency": .string(urgency.rawValue),
                "customer_context": context,
            ])
        case .humanTimeout(let customer, let minutes, let context):
            add([
                "customer_id": .string(customer), "wait_time": .string("\(minutes)_minutes"),
                "customer_context": context,
            ])
        case .calendlySent(let customer, let url):
            add(["customer_id": .string(customer), "calendly_url": .string(url), "message_sent": true])
        case .customerResponse(let customer, let message):
            add(["customer_id": .string(customer), "message_id": .string(message)])
        case .agentConflict(let customer, let holder, let refused):
            add([
                "customer_id": .string(customer), "holder": .string(holder), "refused": .string(refused),
            ])
        case .stateSync(let customer, let states):
            add(["customer_id": .string(customer), "states": states.json])
        }
        return [
            "type": .string(type), "target": .array(targets.map { .string($0) }), "data": .object(data),
        ]
    }
}
