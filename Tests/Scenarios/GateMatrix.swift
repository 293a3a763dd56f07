import Foundation
import JSON
import Testing

/// Every way out under every condition: what left, what was kept, and what was told.
@Suite(.ownThread) struct GateMatrix {
    let server = BureauProcess.shared

    enum Condition: String, Sendable {
        case free, observe, approve, brake, budget, off, quota, circuit, sandbox, permission
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let kind: WayOut.Kind, condition: Condition
        /// The number that have arrived at the end.
        let left: Int
        /// The state of the calls.
        let states: [String]
        /// The code that people read somewhere.
        let told: String?

        init(
            _ kind: WayOut.Kind, _ condition: Condition, _ left: Int, _ states: [String],
            _ told: String? = nil
        ) {
            (self.kind, self.condition, self.left) = (kind, condition, left)
            (self.states, self.told) = (states, told)
        }

        var testDescription: String { "\(kind) \(condition)" }
    }

    /// Where a case is missing nothing is asked: a client's payment and what the agency tells itself know neither brake
    /// nor budget, and only agents go so far by themselves, and lose permissions.
    static let cases: [Case] = written(by: .mail) + written(by: .chat) + ofServices + ofPayments + ofModels

    private static func written(by kind: WayOut.Kind) -> [Case] {
        let isMail = kind == .mail
        return [
            Case(kind, .free, 1, ["succeeded"]),
            Case(kind, .observe, 0, ["observed"]),
            Case(kind, .approve, 0, [], "approval"),
            Case(kind, .brake, 0, [], "brake"),
            Case(kind, .budget, 0, [], "budget_exhausted"),
            Case(kind, .off, 0, [], "tool_disabled"),
            Case(kind, .sandbox, 0, ["captured"]),
            Case(kind, .permission, 0, [], "forbidden"),
            // A person's mail has used it up, or found the service broken; in a chat the agent itself.
            Case(kind, .quota, isMail ? 0 : 1, isMail ? [] : ["succeeded"], "quota_exhausted"),
            Case(kind, .circuit, 0, isMail ? [] : ["failed"], "circuit_open"),
        ]
    }

    private static let ofServices: [Case] = [
        Case(.request, .free, 1, ["succeeded"]),
        Case(.request, .brake, 0, [], "brake"),
        Case(.request, .budget, 0, [], "budget_exhausted"),
        Case(.request, .off, 0, [], "tool_disabled"),
        Case(.request, .quota, 1, ["succeeded"], "quota_exhausted"),
        Case(.request, .circuit, 0, ["failed"], "tool_unavailable"),
        Case(.request, .sandbox, 0, ["captured"]),
        Case(.webhook, .free, 1, ["succeeded"]),
        Case(.webhook, .brake, 1, ["succeeded"]),
        Case(.webhook, .budget, 1, ["succeeded"]),
        Case(.webhook, .off, 0, [], "tool_disabled"),
        Case(.webhook, .quota, 1, ["succeeded"], "quota_exhausted"),
        Case(.webhook, .sandbox, 0, ["captured"]),
    ]

    private static let ofPayments: [Case] = [
        Case(.payment, .free, 1, ["succeeded"]),
        Case(.payment, .brake, 1, ["succeeded"]),
        Case(.payment, .budget, 1, ["succeeded"]),
        Case(.payment, .off, 0, [], "conflict"),
        Case(.payment, .quota, 1, ["succeeded"], "unavailable"),
        Case(.payment, .circuit, 0, ["failed"], "integration_circuit_open"),
        Case(.payment, .sandbox, 0, ["captured"]),
    ]

    private static let ofModels: [Case] = [
        Case(.model, .free, 1, ["succeeded"]),
        Case(.model, .budget, 0, [], "budget_exhausted"),
        Case(.model, .off, 0, [], "tool_disabled"),
        Case(.model, .quota, 1, ["succeeded"], "quota_exhausted"),
        Case(.model, .circuit, 0, ["failed"], "integration_circuit_open"),
        Case(.model, .sandbox, 0, []),
    ]

    private struct Seen: Equatable {
        var left: Int, states: [String], isTold: Bool
    }

    /// Returns what there is to see, as soon as it is as it should be, or after a while as it is then.
    private func see(
        _ wanted: Seen, of way: WayOut, _ told: String?, said: String?, within limit: Duration = .seconds(180)
    ) throws -> Seen {
        let end = ContinuousClock.now + limit
        while true {
            let isTold = try told.map { try $0 == said || way.told().contains($0) } ?? true
            let states = Set(try way.calls().map { $0.text("state") }).sorted()
            let seen = Seen(left: way.end.arrived, states: states, isTold: isTold)
            guard seen != wanted, ContinuousClock.now < end else { return seen }
            usleep(30_000)
        }
    }

    @Test(arguments: cases)
    func `what leaves, what is kept and what is told`(_ one: Case) throws {
        let way = try WayOut.make(
            one.kind, on: server, isSandbox: one.condition == .sandbox,
            autonomy: ["observe", "approve"].first { $0 == one.condition.rawValue } ?? "autopilot")
        let brake = try bring(one.condition, to: way)
        let said = try way.stir(1)
        try way.box?.advance("PT1M")
        let wanted = Seen(left: one.left, states: one.states, isTold: true)
        let seen = try see(wanted, of: way, one.told, said: said)
        let told = try way.told()
        try #require(seen == wanted, "told \(told.sorted())")
        let calls = try way.calls()
        if way.agent != nil {
            #expect(calls.allSatisfy { !$0.text("run_id").isEmpty }, "\(calls)")
        }
        try goOn(one, way, brake)
    }

    /// Makes the condition so; the id of a brake.
    private func bring(_ condition: Condition, to way: WayOut) throws -> String? {
        let owner = way.owner
        switch condition {
        case .free, .observe, .approve, .sandbox: break
        case .brake:
            return try owner.post("/v1/brakes", ["scope": "tenant", "reason": "a test"]).ok(201).id
        case .budget:
            let kind: JSON = way.tool == "send_message" ? "sends" : "calls"
            var body: JSONObject = ["kind": kind, "limit": 0, "per": "month"]
            if let agent = way.agent { body["agent"] = .string(agent) }
            try owner.post("/v1/budgets", .object(body)).ok(201)
        case .off: try owner.patch("/v1/tools/\(way.tool)", ["enabled": false]).ok()
        case .permission:
            let path = "/v1/agents/\(way.agent ?? "")"
            let all = try owner.get(path).ok()["permissions"]?.array ?? []
            try #require(all.contains("messages:write"))
            try owner.patch(path, ["permissions": .array(all.filter { $0 != "messages:write" })]).ok()
        case .quota: try useUp(way)
        case .circuit: try breakDown(way)
        }
        return nil
    }

    /// Uses up what the agency allows: of the service for what is sent, of the tool for all else.
    private func useUp(_ way: WayOut) throws {
        let limits: JSON = ["limits": ["month": 1]]
        let isSent = way.tool == "send_message"
        let path = isSent ? "/v1/integrations/\(way.integration ?? "")" : "/v1/tools/\(way.tool)"
        try way.owner.patch(path, limits).ok()
        if way.kind == .mail {
            try way.agency.message(try way.agency.mail(90..<91)[0], "sent")
        } else {
            _ = try way.stir(90)
            try eventuallyTrue("the first") { way.end.arrived == 1 }
        }
    }

    /// Has the service fail until its circuit opens.
    private func breakDown(_ way: WayOut) throws {
        way.end.breakDown()
        for number in 90..<95 {
            if way.kind == .mail {
                _ = try way.agency.mail(number..<number + 1)
            } else {
                _ = try way.stir(number)
            }
        }
        try eventuallyTrue("an open circuit") { try way.isCircuitOpen }
    }

    /// A call that waited goes once it may.
    private func goOn(_ one: Case, _ way: WayOut, _ brake: String?) throws {
        if let brake {
            try way.owner.post("/v1/brakes/\(brake)/release").ok()
        } else if one.condition == .approve {
            let asked = try #require(try way.asked().first)
            #expect(asked["run_id"] != .null && asked["arguments"]?["body"] != .null)
            let approval = try way.owner.post("/v1/approvals/\(asked.id)/approve").ok()
            #expect(approval.text("status") == "approved")
        } else {
            return
        }
        let wanted = Seen(left: 1, states: ["succeeded"], isTold: true)
        #expect(try see(wanted, of: way, nil, said: nil) == wanted)
    }
}
