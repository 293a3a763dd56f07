import Agents
import Database
import JSON
import Jobs
import Records
import Testing

@testable import RuntimeTesting

@Suite struct AgentMessageRouteTests {
    @Test func `a person tells an agent something, and sees what became of it`() async throws {
        let bench = try RouteBench([Listener(), Watcher()])
        let path = "/v1/agent-messages"
        let faults = try await bench.call(
            "POST", path, ["type": "gossip", "to": "nobody", "subject": ["id": 1]])
        #expect(
            faults.codes == ["/type": "invalid_choice", "/to": "invalid_choice", "/subject": "wrong_type"])
        let refused = try await bench.call(
            "POST", path, ["type": "state_sync", "to": "listener", "body": ["customer_id": "c1"]])
        #expect(refused.codes == ["/to": "invalid_choice"])
        let bad = try await bench.call("POST", path, ["type": "customer_response", "to": "listener"])
        #expect(bad.codes == ["/body/customer_id": "required"])
        let sent = try await bench.call(
            "POST", path,
            [
                "type": "customer_response", "to": "listener", "body": ["customer_id": "c1"],
                "subject": ["type": "contact", "id": "c1"],
            ])
        #expect(sent.status == 201 && sent.body["from"] == ["type": "user", "id": "user_1"])
        #expect(sent.body["priority"] == 1)
        let place = try #require(sent.header("Location"))
        let handled = try await eventually("the message") {
            let message = try await bench.call("GET", place)
            return message.body["status"] == "handled" ? .some(message.body) : .none
        }
        let runs = try await bench.call("GET", "/v1/agent-runs?trigger=message")
        #expect(runs.body["data"]?.array?.map { $0["id"] } == [handled["handled_by"]])
        #expect(try await bench.call("GET", "\(path)?status=waiting").body["data"] == [])
        #expect(
            try await bench.call("GET", "\(path)?to=listener&from=user_1").body["data"]?.array?.count == 1)
        #expect(try await bench.call("GET", "\(path)/amsg_absent").status == 404)
        #expect(
            try await bench.call("GET", "/v1/agents/listener").body["triggers"]?.array?.contains(
                ["type": "message", "on": "customer_response"]) == true)
    }

    @Test func `what an agent remembers is read, and forgotten by hand`() async throws {
        let bench = try RouteBench([Listener()])
        for customer in ["c1", "c2"] {
            try await bench.call(
                "POST", "/v1/agents/listener/runs?wait=PT60S", ["parameters": ["customer": .string(customer)]]
            )
        }
        let path = "/v1/agents/listener/memory"
        let list = try await bench.call("GET", "\(path)?subject_id=c1")
        let one = try #require(list.body["data"]?.array?.first)
        #expect(
            one["key"] == "seen" && one["value"] == true && one["subject"] == ["type": "contact", "id": "c1"])
        #expect(try await bench.call("GET", path).body["data"]?.array?.count == 2)
        #expect(try await bench.call("DELETE", path).body["code"] == "invalid_parameter")
        #expect(try await bench.call("DELETE", "\(path)?subject_id=c1").status == 204)
        #expect(try await bench.call("GET", path).body["data"]?.array?.map { $0["subject"]?["id"] } == ["c2"])
        let audit = try await bench.call("GET", "/v1/audit?action=agent_memory.deleted")
        #expect(audit.body["data"]?.array?.first?["changes"]?["count"] == 1)
        #expect(try await bench.call("GET", "/v1/agents/astrology/memory").status == 404)
    }
}

/// Takes responses; remembers customers.
private struct Listener: AgentDefinition {
    let name = "listener", title = "Listener", purpose = "Listens"
    let messages: [any AgentMessage.Type] = [CustomerResponse.self]

    func run(_ run: AgentRun) async throws -> JSON {
        try await run.receive { _, _ in }
        if let customer = run.parameters["customer"]?.text {
            try await run.write { tx in
                try run.memory.set("seen", true, about: Subject(type: "contact", id: customer), in: tx)
            }
        }
        return [:]
    }
}

/// Takes what the other does not.
private struct Watcher: AgentDefinition {
    let name = "watcher", title = "Watcher", purpose = "Watches"
    let messages: [any AgentMessage.Type] = [StateSync.self]

    func run(_ run: AgentRun) async throws -> JSON { [:] }
}
