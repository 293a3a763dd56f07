internal import Agents
internal import JSON
internal import Messages
internal import Nouns
internal import Records

/// A customer asks for a person: primary to handover monitor, and to coordination, which keeps the log.
struct HandoverRequestMessage: AgentMessage {
    typealias Urgency = HandoverPlan.Urgency

    static let type = "handover_request"
    var customerID: ContactID?
    var reason = ""
    var urgency = Urgency.normal
    var timestamp: String?
    var customerContext = JSONObject()

    init() {}
    init(customer: ContactID, reason: String, urgency: Urgency = .normal) {
        (customerID, self.reason, self.urgency) = (customer, reason, urgency)
    }

    static let schema = Schema<HandoverRequestMessage>(
        "HandoverRequestMessage",
        [
            .id("customer_id", \.customerID, .required),
            .text("reason", \.reason, max: 2000, .required, .about("The request of the customer.")),
            .choice("urgency", \.urgency, .about("How urgent the request is, as far as known.")),
            .text("timestamp", \.timestamp, max: 40),
            .document("customer_context", \.customerContext),
        ])
}

/// No person has answered in time: handover monitor to booking bridge.
struct HumanTimeout: AgentMessage {
    static let type = "human_timeout"
    var customerID: ContactID?
    var waitTime = ""
    var customerContext = JSONObject()

    init() {}
    init(customer: ContactID?, waitTime: String) {
        (customerID, self.waitTime) = (customer, waitTime)
    }

    static let schema = Schema<HumanTimeout>(
        "HumanTimeoutMessage",
        [
            .id("customer_id", \.customerID, .required),
            .text("wait_time", \.waitTime, max: 40, .required, .example("45_minutes")),
            .document("customer_context", \.customerContext),
        ])
}

/// The booking link has been offered: bridge to coordination.
struct CalendlySent: AgentMessage {
    static let type = "calendly_sent"
    var customerID: ContactID?
    var calendlyURL = ""
    var messageSent = false

    init() {}

    static let schema = Schema<CalendlySent>(
        "CalendlySentMessage",
        [
            .id("customer_id", \.customerID, .required),
            .url("calendly_url", \.calendlyURL, .required), .boolean("message_sent", \.messageSent),
        ])
}

/// A customer has answered: any agent to coordination.
struct CustomerResponse: AgentMessage {
    static let type = "customer_response"
    var customerID: ContactID?
    var conversationID: ID<Conversation>?, text: String?

    init() {}
    init(customer: ContactID?) { customerID = customer }

    static let schema = Schema<CustomerResponse>(
        "CustomerResponseMessage",
        [
            .id("customer_id", \.customerID, .required),
            .id("conversation_id", \.conversationID), .text("text", \.text, max: 20_000),
        ])
}

/// Two agents want the same customer: any agent to coordination.
struct AgentConflict: AgentMessage {
    static let type = "agent_conflict"
    var customerID: ContactID?, detail: String?
    var agents: [String] = []

    init() {}

    static let schema = Schema<AgentConflict>(
        "AgentConflictMessage",
        [
            .id("customer_id", \.customerID, .required),
            .texts("agents", \.agents, max: 20, length: 100), .text("detail", \.detail, max: 2000),
        ])
}

/// The present state of a conversation: coordination to all.
struct StateSync: AgentMessage {
    static let type = "state_sync"
    var customerID: ContactID?
    var state = JSONObject()

    init() {}

    static let schema = Schema<StateSync>(
        "StateSyncMessage",
        [.id("customer_id", \.customerID, .required), .document("state", \.state)])
}
