import JSON
import Nouns
import Testing

@testable import Agents
@testable import Conversations
@testable import Jobs

struct `Messages between the agents of conversations` {
    @Test func `the six types read and write what the table says`() throws {
        let types: [any AgentMessage.Type] = [
            HandoverRequestMessage.self, HumanTimeout.self, CalendlySent.self, CustomerResponse.self,
            AgentConflict.self, StateSync.self,
        ]
        #expect(
            types.map { $0.type } == [
                "handover_request", "human_timeout", "calendly_sent", "customer_response", "agent_conflict",
                "state_sync",
            ])
        let customer: JSON = "contact_00000000000000000000000000"
        let sent = try CalendlySent.decoded(from: [
            "customer_id": customer, "calendly_url": "https://calendly.com/x/y", "message_sent": true,
        ])
        #expect(sent.messageSent && sent.customerID?.keyText == customer.text)
        #expect(throws: RuntimeError.self) { try HumanTimeout.decoded(from: ["customer_id": customer]) }
        #expect(throws: RuntimeError.self) {
            try StateSync.decoded(from: ["customer_id": "lead_00000000000000000000000000"])
        }
    }
}
