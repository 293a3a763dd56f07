import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// A tool about whose stored drafts people are asked.
private struct Drafter: ExecutorTool, AskingTool {
    struct Input: Declared {
        static let schema = Schema<Input>("DrafterInput", [])
    }

    static let name = "drafter"
    let title = "Drafter", summary = "Keeps drafts, of which nobody calls it by its name."
    let effect = ToolClass.sends
    let heard = Signal<String>()

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        arguments["text"]?.text?.isEmpty ?? true
            ? [ValueFault(pointer: "/text", code: "required", detail: "It must have a text.")] : []
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        let words =
            "\(approval.owner.id) \(approval.status.rawValue) \(approval.arguments["text"]?.text ?? "")"
        try tx.effect(words)
        if approval.status == .approved {
            try tx.approvals.recordEffect(
                of: approval.id, ["status": "sent", "draft_id": .string(approval.owner.id)])
        }
        let heard = heard
        tx.onCommit { heard.send(words) }
    }
}

private let ann = Actor(.user, id: "user_ann")

struct `A tool that asks about what is stored` {
    private func makeTest() throws -> (TestRuntime, Drafter) {
        let drafter = Drafter()
        return (try TestRuntime.withTools { $0.add(drafter) }, drafter)
    }

    private func ask(_ test: TestRuntime, _ draft: String = "draft_1") async throws -> Approval {
        try await test.write { tx in
            try tx.approvals.request(
                ApprovalRequest(
                    owner: (AgentEffects.owner, draft), key: Drafter.name, title: "Send the draft?",
                    arguments: ["text": "hello"], runID: .numbered(1), agent: "clerk", tool: Drafter.name,
                    subject: Subject(type: "draft", id: draft), requestedBy: .agent("clerk")))
        }
    }

    @discardableResult
    private func decide(
        _ test: TestRuntime, _ approval: Approval, _ decision: ApprovalDecision = .approve(changes: nil)
    ) async throws -> Approval {
        try await test.write { try $0.approvals.decide(approval.id, decision, by: ann) }
    }

    private func effectJobs(_ test: TestRuntime) throws -> Int64? {
        try test.read { reader in
            try reader.int(
                "SELECT count(*) FROM jobs WHERE tenant_id = \(reader.tenant) AND kind = 'agent.effect'")
        }
    }

    @Test func `does what is approved itself, in the transaction of the yes`() async throws {
        let (test, _) = try makeTest()
        let approval = try await ask(test)
        try await decide(test, approval)
        #expect(try test.read { try $0.effects() } == ["draft_1 approved hello"])
        #expect(try effectJobs(test) == 0, "no job does it a second time")
        let told = try test.read { try $0.approvals.find(approval.id) }
        #expect(told?.effect == ["status": "sent", "draft_id": "draft_1"] && told?.runID == .numbered(1))
    }

    @Test func `checks an edited yes by its own rules, and gets it as it was edited`() async throws {
        let (test, _) = try makeTest()
        let approval = try await ask(test)
        let problem = await #expect(throws: Problem.self) {
            try await decide(test, approval, .approve(changes: ["text": ""]))
        }
        #expect(problem?.faults.map(\.pointer) == ["/changes/text"])
        #expect(try test.read { try $0.effects() }.isEmpty)
        try await decide(test, approval, .approve(changes: ["text": "good day"]))
        #expect(try test.read { try $0.effects() } == ["draft_1 approved good day"])
    }

    @Test func `hears a no, and that the time has passed`() async throws {
        let (test, drafter) = try makeTest()
        let (first, _) = (try await ask(test), try await ask(test, "draft_2"))
        try await decide(test, first, .reject(reason: "too early"))
        test.work()
        test.clock.advance(by: .seconds(3 * 86_400))
        #expect(await drafter.heard.values(2) == ["draft_1 rejected hello", "draft_2 expired hello"])
        #expect(try effectJobs(test) == 0)
        await test.stop()
    }

    @Test func `hears nothing of what another tool asks`() async throws {
        let (test, drafter) = try makeTest()
        try await test.write { _ = try $0.agents.set("clerk", AgentChange(autonomy: .approve)) }
        guard case .awaitsApproval(let id) = try await test.begin(.message(agent: "clerk")) else {
            throw NotProceeding()
        }
        let approval = try #require(try test.read { try $0.approvals.find(id) })
        try await decide(test, approval)
        #expect(try effectJobs(test) == 1 && drafter.heard.values.isEmpty)
    }

    @Test func `is nobody's to call by its name`() async throws {
        let (test, _) = try makeTest()
        let request = ToolRequest(
            tool: Drafter.name, arguments: [:], caller: ToolCaller(actor: .system), key: "k1")
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.begin(request) }
        #expect(refusal?.code == "not_callable")
    }
}
