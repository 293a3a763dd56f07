package import JSON
package import Records

/// Something that one agent tells another: a type with a name that is stored, and declared members.
package protocol AgentMessage: Declared {
    /// Stored in rows: never renamed.
    static var type: String { get }
}

/// Who goes first when several want to speak to one person; agents' messages to one another are taken in the same
/// order.
package enum SendingPriority: Int, CaseIterable, Sendable, Comparable {
    case humanAgent = 1
    case primaryAgent, calendlyBridge, systemMessages

    package static func < (a: SendingPriority, b: SendingPriority) -> Bool { a.rawValue < b.rawValue }

    /// `primary_agent`
    package var name: String {
        switch self {
        case .humanAgent: "human_agent"
        case .primaryAgent: "primary_agent"
        case .calendlyBridge: "calendly_bridge"
        case .systemMessages: "system_messages"
        }
    }
}

/// The message types that every agent may know, by name.
package enum AgentMessages {
    package static let all: [any AgentMessage.Type] = [
        HandoverRequest.self, HumanTimeout.self, CalendlySent.self, CustomerResponse.self,
        AgentConflict.self, StateSync.self,
    ]
}

/// A customer asks for a person: primary to handover monitor, and to coordination, which keeps the log.
package struct HandoverRequest: AgentMessage {
    package enum Urgency: String, Choice { case low, normal, high, urgent }

    package static let type = "handover_request"
    package var customerID = "", reason = ""
    package var urgency = Urgency.normal
    package var timestamp: String?
    package var customerContext = JSONObject()

    package init() {}
    package init(customerID: String, reason: String, urgency: Urgency = .normal) {
        (self.customerID, self.reason, self.urgency) = (customerID, reason, urgency)
    }

    package static let schema = Schema<HandoverRequest>(
        "HandoverRequestMessage",
        [
            .text("customer_id", \.customerID, max: 100, .required),
            .text("reason", \.reason, max: 2000, .required, .about("What the customer asked for.")),
            .choice("urgency", \.urgency, .about("As far as it was told.")),
            .text("timestamp", \.timestamp, max: 40),
            .document("customer_context", \.customerContext),
        ])
}

/// No person has answered in time: handover monitor to booking bridge.
package struct HumanTimeout: AgentMessage {
    package static let type = "human_timeout"
    package var customerID = "", waitTime = ""
    package var customerContext = JSONObject()

    package init() {}
    package init(customerID: String, waitTime: String) {
        (self.customerID, self.waitTime) = (customerID, waitTime)
    }

    package static let schema = Schema<HumanTimeout>(
        "HumanTimeoutMessage",
        [
            .text("customer_id", \.customerID, max: 100, .required),
            .text("wait_time", \.waitTime, max: 40, .required, .example("45_minutes")),
            .document("customer_context", \.customerContext),
        ])
}

/// The booking link has been offered: bridge to coordination.
package struct CalendlySent: AgentMessage {
    package static let type = "calendly_sent"
    package var customerID = "", calendlyURL = ""
    package var messageSent = false

    package init() {}

    package static let schema = Schema<CalendlySent>(
        "CalendlySentMessage",
        [
            .text("customer_id", \.customerID, max: 100, .required),
            .url("calendly_url", \.calendlyURL, .required), .boolean("message_sent", \.messageSent),
        ])
}

/// A customer has answered: any agent to coordination.
package struct CustomerResponse: AgentMessage {
    package static let type = "customer_response"
    package var customerID = ""
    package var conversationID: String?, text: String?

    package init() {}
    package init(customerID: String) { self.customerID = customerID }

    package static let schema = Schema<CustomerResponse>(
        "CustomerResponseMessage",
        [
            .text("customer_id", \.customerID, max: 100, .required),
            .text("conversation_id", \.conversationID, max: 100), .text("text", \.text, max: 20_000),
        ])
}

/// Two agents want the same customer: any agent to coordination.
package struct AgentConflict: AgentMessage {
    package static let type = "agent_conflict"
    package var customerID = "", detail: String?
    package var agents: [String] = []

    package init() {}

    package static let schema = Schema<AgentConflict>(
        "AgentConflictMessage",
        [
            .text("customer_id", \.customerID, max: 100, .required),
            .texts("agents", \.agents, max: 20, length: 100), .text("detail", \.detail, max: 2000),
        ])
}

/// How a conversation stands now: coordination to all.
package struct StateSync: AgentMessage {
    package static let type = "state_sync"
    package var customerID = ""
    package var state = JSONObject()

    package init() {}

    package static let schema = Schema<StateSync>(
        "StateSyncMessage",
        [.text("customer_id", \.customerID, max: 100, .required), .document("state", \.state)])
}
