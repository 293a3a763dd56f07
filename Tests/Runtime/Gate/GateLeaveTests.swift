import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// An agent that writes to people, as far as a test lets it.
private struct Writer: AgentDefinition {
    let name = "writer", title = "Writer", purpose = "Writes to people"
    let tools = ["messenger", "scribe"]
    let permissions: Set<Permission> = ["messages:write"]
    var work: @Sendable (AgentRun) async throws -> JSON = { _ in [:] }

    func run(_ run: AgentRun) async throws -> JSON { try await work(run) }
}

/// A tool that the writer has not declared.
private struct Hammer: InsideTool {
    struct Input: Declared {
        static let schema = Schema<Input>("HammerInput", [])
    }

    static let name = "hammer"
    let title = "Hammer", summary = "Strikes."
    let effect = ToolClass.writes

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON { [:] }
}

extension GateDecision {
    fileprivate var word: String {
        switch self {
        case .granted: "granted"
        case .asks: "asks"
        case .observed: "observed"
        case .refused(let refusal): refusal.code
        }
    }
}

/// A call as the log has it.
private struct KeptCall: Equatable {
    let key: String, state: String
    var run: RunID?, decision: DecisionID?, subject: String?
}

extension TestRuntime {
    fileprivate static func writing(
        _ autonomy: Autonomy, _ messenger: Messenger = Messenger(), state: AgentState = .active,
        work: @escaping @Sendable (AgentRun) async throws -> JSON = { _ in [:] }
    ) async throws -> TestRuntime {
        let test = try TestRuntime(
            agents: [Writer(work: work)],
            register: { registration in
                registration.add(messenger)
                registration.add(Scribe())
                registration.add(Hammer())
            })
        try await test.write { tx in
            _ = try tx.agents.set("writer", AgentChange(state: state, autonomy: autonomy))
        }
        return test
    }

    fileprivate func leave(
        _ request: ToolRequest, _ permission: Permission? = "messages:write"
    ) async throws -> GateDecision {
        try await write { try $0.gate.leave(for: request, permission: permission) }
    }

    fileprivate func permit(_ request: ToolRequest) async throws -> Permit {
        try await write { tx in
            try tx.gate.permit(
                request, by: .one, nil, ToolUsage(sends: 1, calls: 1), deadline: .seconds(30),
                permission: "messages:write")
        }
    }

    fileprivate func switchOff(_ tool: String) async throws {
        try await write { tx in
            let definition = try tx.runtime.tools.definition(tool)
            var settings = try tx.tools.settings(definition)
            settings.isEnabled = false
            _ = try tx.tools.set(definition, settings, by: .system)
        }
    }

    fileprivate func takePermission() async throws {
        try await write { tx in
            var change = AgentChange()
            change.permissions = .value([])
            _ = try tx.agents.set("writer", change)
        }
    }

    fileprivate func kept() throws -> [KeptCall] {
        try read { reader in
            try reader.all(
                """
                SELECT key, state, run_id, decision_id, subject_id FROM tool_calls
                WHERE tenant_id = \(reader.tenant) ORDER BY key
                """
            ) { row in
                KeptCall(
                    key: row.text(0), state: row.text(1), run: row.optionalText(2).flatMap { RunID($0) },
                    decision: row.id(3), subject: row.optionalText(4))
            }
        }
    }

    fileprivate func refused() throws -> [Refusal] { try read { try $0.refusals() } }

    /// Runs the writer to its end.
    fileprivate func runWriter() async throws -> AgentRunRecord {
        work()
        let id = try await write {
            try $0.runs.start(agent: "writer", trigger: .manual, by: .system).id
        }
        let run = try #require(try await runtime.run(.acme, id, waitingFor: .seconds(100)))
        try #require(run.status == .succeeded, "\(run.error ?? "")")
        await stop()
        return run
    }
}

extension ToolRequest {
    fileprivate static func written(
        _ tool: String = "messenger", key: String = "k1", by actor: Actor = .agent("writer")
    ) -> ToolRequest {
        ToolRequest(
            tool: tool, arguments: ["text": "hello"],
            caller: ToolCaller(
                actor: actor, agent: actor.kind == .agent ? actor.id : nil, runID: .numbered(1),
                subject: Subject(type: "lead", id: "lead_1"), decisionID: .numbered(1)),
            key: key)
    }
}

/// Returns the word on each class: reads, writes, sends, spends.
private let wordsByAutonomy: [(Autonomy, [String])] = [
    (.autopilot, ["granted", "granted", "granted", "granted"]),
    (.approve, ["granted", "granted", "asks", "asks"]),
    (.observe, ["granted", "observed", "observed", "observed"]),
]

struct `Leave of the gate` {
    @Test(arguments: wordsByAutonomy)
    func `depends on how far an agent goes by itself, and on what the tool does`(
        autonomy: Autonomy, words: [String]
    ) async throws {
        for (effect, word) in zip(ToolClass.allCases, words) {
            let test = try await TestRuntime.writing(autonomy, Messenger().with { $0.effect = effect })
            #expect(try await test.leave(.written()).word == word, "\(effect)")
            #expect(try test.kept().map(\.state) == (word == "observed" ? ["observed"] : []), "\(effect)")
            #expect(try test.refused().isEmpty)
        }
    }

    @Test func `keeps what an agent would have done once for a key, with its run and its decision`()
        async throws
    {
        let test = try await TestRuntime.writing(.observe)
        for _ in 1...3 { #expect(try await test.leave(.written()).word == "observed") }
        #expect(try await test.leave(.written(key: "k2")).word == "observed")
        let kept = ["k1", "k2"].map {
            KeptCall(key: $0, state: "observed", run: .numbered(1), decision: .numbered(1), subject: "lead_1")
        }
        #expect(try test.kept() == kept)
        #expect(try test.events().count { $0 == "tool.observed" } == 2)
    }

    @Test func `of an agent at rest is a person's to give, and what only observed goes on observing`()
        async throws
    {
        for state in [AgentState.disabled, .handover] {
            let test = try await TestRuntime.writing(.autopilot, state: state)
            #expect(try await test.leave(.written()).word == "asks", "\(state)")
            #expect(try await test.leave(.written("scribe")).word == "granted", "\(state)")
        }
        let watching = try await TestRuntime.writing(.observe, state: .disabled)
        #expect(try await watching.leave(.written()).word == "observed")
    }

    @Test func `is refused for a tool that is switched off, not declared or not known, and kept with why`()
        async throws
    {
        let test = try await TestRuntime.writing(.autopilot)
        try await test.switchOff("messenger")
        let cases = [
            ("messenger", "tool_disabled"), ("hammer", "forbidden"), ("saw", "unknown_tool"),
        ]
        for (tool, code) in cases {
            #expect(try await test.leave(.written(tool)).word == code)
            let refusal = try #require(try test.refused().first { $0.code == code })
            #expect(refusal.agent == "writer" && refusal.runID == .numbered(1) && refusal.kind == .tool)
            #expect(refusal.subject == Subject(type: "lead", id: "lead_1"))
            #expect(refusal.detail.contains(tool))
        }
        #expect(try test.refused().count == cases.count && test.kept().isEmpty)
    }

    @Test func `is refused without the permission, which the refusal names`() async throws {
        let test = try await TestRuntime.writing(.autopilot)
        #expect(try await test.leave(.written()).word == "granted")
        try await test.takePermission()
        #expect(try await test.leave(.written()).word == "forbidden")
        #expect(try await test.leave(.written("scribe"), nil).word == "granted", "it takes none")
        let refusal = try #require(try test.refused().first)
        #expect(refusal.code == "forbidden" && refusal.detail.contains("messages:write"))
        #expect(try test.refused().count == 1)
    }

    @Test func `is not asked for by a person's call, however far the agents go`() async throws {
        let test = try await TestRuntime.writing(.observe)
        let person = Actor(.user, id: "user_ann")
        #expect(try await test.leave(.written(by: person), nil).word == "granted")
        #expect(try await test.leave(.written("hammer", by: person), nil).word == "granted")
        #expect(try test.kept().isEmpty && test.refused().isEmpty)
    }
}

struct `A permit` {
    private let switches: [@Sendable (TestRuntime) async throws -> Void] = [
        { try await $0.switchOff("messenger") }, { try await $0.takePermission() },
    ]

    @Test(arguments: zip(0...1, ["tool_disabled", "forbidden"]))
    func `is not made for what an agent may no longer do, though it had leave`(
        number: Int, code: String
    ) async throws {
        let test = try await TestRuntime.writing(.autopilot)
        let budget = try await test.budget(.sends, 5, agent: "writer")
        #expect(try await test.leave(.written()).word == "granted")
        try await switches[number](test)
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.permit(.written()) }
        #expect(refusal?.code == code)
        #expect(try test.kept().isEmpty && test.use(budget) == (0, 0))
    }

    @Test func `names the run and the decision that it goes back to`() async throws {
        let test = try await TestRuntime.writing(.autopilot)
        try await test.settle(try await test.permit(.written()))
        #expect(
            try test.kept() == [
                KeptCall(
                    key: "k1", state: "succeeded", run: .numbered(1), decision: .numbered(1),
                    subject: "lead_1")
            ])
    }
}

struct `The leave of a run` {
    private static let lead = Subject(type: "lead", id: "lead_1")

    @Sendable private static func decideAndDo(_ run: AgentRun) async throws -> JSON {
        try await run.finish { tx in
            let made = try run.decide(
                in: tx, lead,
                Conclusion(
                    outcome: ["score": 81], confidence: 0.9, factors: [],
                    model: ["name": "rules", "version": "1"], inputs: ["a": 1]))
            let may = try run.may("scribe", ["word": "warm"], about: lead, decision: made.id, in: tx)
            if may { try tx.effect("warm") }
            return ["decision": JSON(made.id), "done": .bool(may)]
        }
    }

    @Test func `lets it do what it has decided on autopilot, and asks nobody about its own records`()
        async throws
    {
        for autonomy in [Autonomy.autopilot, .approve] {
            let test = try await TestRuntime.writing(autonomy, work: Self.decideAndDo)
            let run = try await test.runWriter()
            #expect(JSON(stored: run.result ?? "")["done"] == true, "\(autonomy)")
            #expect(try test.read { try $0.effects() } == ["warm"] && test.kept().isEmpty)
        }
    }

    @Test func `keeps what an observing run has decided, with both, and leaves it undone`() async throws {
        let test = try await TestRuntime.writing(.observe, work: Self.decideAndDo)
        let run = try await test.runWriter()
        let result = JSON(stored: run.result ?? "")
        #expect(try test.read { try $0.effects() }.isEmpty && result["done"] == false)
        let call = try #require(try test.kept().first)
        #expect(try test.kept().count == 1 && call.state == "observed" && call.subject == "lead_1")
        #expect(
            call.run == .agent(run.id) && call.decision == result["decision"]?.id() && call.decision != nil)
    }

    @Test func `is asked once for many subjects, and kept for each`() async throws {
        let work: @Sendable (AgentRun) async throws -> JSON = { run in
            try await run.finish { tx in
                let leave = try run.leave("scribe", in: tx)
                for number in 1...3 {
                    let subject = Subject(type: "lead", id: "lead_\(number)")
                    if try leave.covers(subject, decision: nil, in: tx) { try tx.effect(subject.id) }
                }
                return [:]
            }
        }
        let leads = (1...3).map { "lead_\($0)" }
        let acting = try await TestRuntime.writing(.autopilot, work: work)
        _ = try await acting.runWriter()
        #expect(try acting.read { try $0.effects() } == leads && acting.kept().isEmpty)

        let watching = try await TestRuntime.writing(.observe, work: work)
        let run = try await watching.runWriter()
        let kept = try watching.kept()
        #expect(kept.compactMap(\.subject) == leads && Set(kept.compactMap(\.run)) == [.agent(run.id)])
        #expect(Set(kept.map(\.state)) == ["observed"])
        #expect(try watching.read { try $0.effects() }.isEmpty)

        let stopped = try await TestRuntime.writing(.autopilot, work: work)
        try await stopped.switchOff("scribe")
        _ = try await stopped.runWriter()
        let refused = try stopped.refused()
        #expect(refused.map(\.subject.id).sorted() == leads)
        #expect(Set(refused.map(\.code)) == ["tool_disabled"])
        #expect(try stopped.read { try $0.effects() }.isEmpty && stopped.kept().isEmpty)
    }
}
