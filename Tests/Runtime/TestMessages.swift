import Agents
import Records

// Messages between the agents of tests.

struct CustomerResponse: AgentMessage {
    static let type = "customer_response"
    var customerID = ""

    init() {}
    init(customerID: String) { self.customerID = customerID }

    static let schema = Schema<CustomerResponse>(
        "CustomerResponseMessage", [.text("customer_id", \.customerID, max: 100, .required)])
}

struct HandoverRequest: AgentMessage {
    static let type = "handover_request"
    var customerID = "", reason = ""

    init() {}
    init(customerID: String, reason: String) { (self.customerID, self.reason) = (customerID, reason) }

    static let schema = Schema<HandoverRequest>(
        "HandoverRequestMessage",
        [
            .text("customer_id", \.customerID, max: 100, .required),
            .text("reason", \.reason, max: 2000, .required),
        ])
}

struct StateSync: AgentMessage {
    static let type = "state_sync"
    var customerID = ""

    init() {}

    static let schema = Schema<StateSync>(
        "StateSyncMessage", [.text("customer_id", \.customerID, max: 100, .required)])
}
