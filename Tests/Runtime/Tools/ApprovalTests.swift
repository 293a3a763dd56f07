import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// Asks, and hears what was decided.
private struct Asker: ApprovalListener {
    static let owner = "asker"
    let heard = Signal<String>()

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        arguments["to"] == "nobody"
            ? [ValueFault(pointer: "/to", code: "unknown_reference", detail: "There is no such person.")] : []
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        try tx.effect("\(approval.key) \(approval.status.rawValue) \(approval.arguments["to"]?.text ?? "")")
        let (heard, word) = (heard, approval.status.rawValue)
        tx.onCommit { heard.send(word) }
    }
}

private let ann = Actor(.user, id: "user_ann"), bob = Actor(.user, id: "user_bob")

extension TestRuntime {
    fileprivate func ask(_ key: String = "a", by actor: Actor = .system) async throws -> Approval {
        try await write { tx in
            try tx.approvals.request(
                ApprovalRequest(
                    owner: ("asker", "one"), key: key, title: "Write to Jane?", reason: "She asked.",
                    arguments: ["to": "jane"], runID: .numbered(1), requestedBy: actor))
        }
    }

    @discardableResult
    fileprivate func decide(
        _ approval: Approval, _ decision: ApprovalDecision = .approve(changes: nil), by actor: Actor = ann
    ) async throws -> Approval {
        try await write { try $0.approvals.decide(approval.id, decision, by: actor) }
    }

    fileprivate func fourEyes() async throws {
        try await write { tx in
            var policy = try tx.approvals.policy()
            policy.fourEyes = true
            _ = try tx.approvals.setPolicy(policy, by: ann)
        }
    }

    fileprivate func status(_ approval: Approval) throws -> ApprovalStatus? {
        try read { try $0.approvals.find(approval.id)?.status }
    }
}

struct `An approval` {
    private func makeTest() throws -> (TestRuntime, Asker) {
        let asker = Asker()
        return (try TestRuntime(register: { $0.add(asker) }), asker)
    }

    @Test func `is asked once for a key, and says what it is about`() async throws {
        let (test, _) = try makeTest()
        let (first, second) = (try await test.ask(), try await test.ask())
        #expect(first.id == second.id && first.status == .pending)
        #expect(first.expiresAt == test.clock.now + .seconds(3 * 86_400) && first.argumentsHash.count == 64)
        #expect(try test.events() == ["approval.requested"])
        #expect(try await test.ask("b").id != first.id)
    }

    @Test func `is decided once, of fifty who decide at the same time`() async throws {
        let (test, _) = try makeTest()
        let approval = try await test.ask()
        let (won, late) = (Tally(), Tally())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let decision: ApprovalDecision =
                        number.isMultiple(of: 2) ? .approve(changes: nil) : .reject(reason: "no")
                    do {
                        try await test.decide(approval, decision, by: Actor(.user, id: "user_\(number)"))
                        won.add()
                    } catch let error as ApprovalError {
                        if error.problem.code == "already_decided" { late.add() }
                    } catch {}
                }
            }
        }
        #expect(won.count == 1 && late.count == 49)
        #expect(try test.read { try $0.effects().count } == 1, "its owner heard it once")
        #expect(try test.events().count { $0 == "approval.approved" || $0 == "approval.rejected" } == 1)
        let job = try test.read { try $0.int("SELECT state FROM jobs WHERE tenant_id = \($0.tenant)") }
        #expect(job.map { JobState(rawValue: Int($0)) } == .cancelled, "nothing is left to expire")
    }

    @Test func `expires at its time, by the tenant's clock`() async throws {
        let (test, asker) = try makeTest()
        let approval = try await test.ask()
        test.work()
        test.clock.advance(by: .seconds(3 * 86_400 - 1))
        #expect(try test.status(approval) == .pending)
        test.clock.advance(by: .seconds(1))
        await #expect(throws: ApprovalError.self, "nobody can decide any more, whether it is told or not") {
            try await test.decide(approval)
        }
        #expect(await asker.heard.values(1) == ["expired"])
        #expect(try test.status(approval) == .expired)
        #expect(try test.read { try $0.effects() } == ["a expired jane"])
        await test.stop()
    }

    @Test func `can be edited by who says yes, if its owner has nothing against it`() async throws {
        let (test, _) = try makeTest()
        let approval = try await test.ask()
        let problem = await #expect(throws: Problem.self) {
            try await test.decide(approval, .approve(changes: ["to": "nobody"]))
        }
        #expect(problem?.faults.first?.pointer == "/changes/to")
        #expect(try test.status(approval) == .pending)
        let decided = try await test.decide(approval, .approve(changes: ["to": "joe"]))
        #expect(decided.arguments == ["to": "joe"] && decided.argumentsHash != approval.argumentsHash)
        #expect(decided.decidedBy == ann && decided.decidedAt == test.clock.now)
        #expect(try test.read { try $0.effects() } == ["a approved joe"])
    }

    @Test func `is rejected with a reason`() async throws {
        let (test, _) = try makeTest()
        let decided = try await test.decide(try await test.ask(), .reject(reason: "not now"))
        #expect(decided.status == .rejected && decided.decisionReason == "not now")
    }

    @Test func `takes two people where four eyes are wanted`() async throws {
        let (test, _) = try makeTest()
        try await test.fourEyes()
        let approval = try await test.ask(by: ann)
        for actor in [ann, Actor(.apiKey, id: "key_1"), .agent("clerk")] {
            let error = await #expect(throws: ApprovalError.self) {
                try await test.decide(approval, by: actor)
            }
            #expect(error?.problem.code == "forbidden", "\(actor)")
        }
        #expect(try await test.decide(approval, by: bob).status == .pending)
        await #expect(throws: ApprovalError.self) { try await test.decide(approval, by: bob) }
        let eve = Actor(.user, id: "user_eve")
        let edited = try await test.decide(approval, .approve(changes: ["to": "joe"]), by: eve)
        #expect(edited.status == .pending, "the first yes was to something else")
        #expect(try await test.decide(approval, by: bob).status == .approved)
        #expect(try test.read { try $0.effects() } == ["a approved joe"])
        let other = try await test.ask("b")
        #expect(
            try await test.decide(other, .reject(reason: "no"), by: bob).status == .rejected,
            "one no is enough")
    }

    @Test func `is withdrawn when nobody needs it any more`() async throws {
        let (test, _) = try makeTest()
        let (one, two) = (try await test.ask("a"), try await test.ask("b"))
        try await test.decide(one)
        try await test.write { try $0.approvals.withdraw(of: ("asker", "one")) }
        #expect(try (test.status(one), test.status(two)) == (.approved, .withdrawn))
        await #expect(throws: ApprovalError.self) { try await test.decide(two) }
        #expect(try test.read { try $0.effects().count } == 1, "who withdraws knows it")
    }
}

struct `An effect of an agent` {
    private func makeTest(
        _ autonomy: Autonomy, _ messenger: Messenger = Messenger()
    ) async throws -> TestRuntime {
        let test = try TestRuntime.withTools(messenger)
        try await test.write { _ = try $0.agents.set("clerk", AgentChange(autonomy: autonomy)) }
        return test
    }

    private func asked(
        _ test: TestRuntime, _ request: ToolRequest = .message(agent: "clerk")
    ) async throws
        -> Approval
    {
        guard case .awaitsApproval(let id) = try await test.begin(request) else { throw NotProceeding() }
        return try #require(try test.read { try $0.approvals.find(id) })
    }

    @Test func `waits for a yes, and is then done once, under the key of the call`() async throws {
        let sent = Signal<String>()
        let test = try await makeTest(
            .approve,
            Messenger { call in
                sent.send("\(call.key) \(call.attempt)")
                if sent.values.count == 1 { throw ToolFailure("http_500", "no", isRetryable: true) }
                return ToolAnswer(["ok": true])
            })
        let request = ToolRequest.message(agent: "clerk", run: .numbered(1))
        let approval = try await asked(test, request)
        #expect(
            approval.title == "Write hello" && approval.agent == "clerk" && approval.runID == .numbered(1))
        #expect(approval.preview["class"] == "sends" && approval.tool == "messenger")
        #expect(try await asked(test, request).id == approval.id, "asked again, it is the same question")
        #expect(sent.values.isEmpty)
        test.work()
        try await test.decide(approval)
        await sent.values(1)
        await test.settled.values(1)
        #expect(try test.read { try $0.approvals.find(approval.id)?.effect?["status"] } == "retrying")
        test.clock.advance(by: .seconds(2))
        #expect(await sent.values(2) == ["k1 1", "k1 2"])
        await test.settled.values(2)
        let effect = try test.read { try $0.approvals.find(approval.id)?.effect }
        #expect(effect == ["status": "succeeded", "result": ["ok": true]])
        #expect(try await test.call(request) == ["ok": true], "who asks again is told what came of it")
        #expect(sent.values.count == 2)
        await test.stop()
    }

    @Test func `is done as it was edited, and not if the edit has faults`() async throws {
        let test = try await makeTest(.approve)
        let approval = try await asked(test)
        let problem = await #expect(throws: Problem.self) {
            try await test.decide(approval, .approve(changes: ["to": "nobody"]))
        }
        #expect(problem?.faults.map(\.pointer) == ["/changes/to"])
        test.work()
        try await test.decide(approval, .approve(changes: ["text": "good day"]))
        await test.settled.values(1)
        let hash = try test.read { reader in
            try reader.first("SELECT arguments_hash FROM tool_calls WHERE tenant_id = \(reader.tenant)") {
                $0.text(0)
            }
        }
        #expect(try test.read { try $0.approvals.find(approval.id)?.argumentsHash } == hash)
        await test.stop()
    }

    @Test func `is not done after a no, or after its time`() async throws {
        let test = try await makeTest(.approve)
        try await test.decide(try await asked(test), .reject(reason: "too early"))
        let refusal = await #expect(throws: ToolRefusal.self) {
            try await test.begin(.message(agent: "clerk"))
        }
        #expect(refusal?.code == "approval_rejected" && refusal?.detail == "too early")
        let late = try await asked(test, .message(key: "k2", agent: "clerk"))
        test.work()
        test.clock.advance(by: .seconds(3 * 86_400))
        await test.settled.values(1)
        #expect(try test.status(late) == .expired)
        let expired = await #expect(throws: ToolRefusal.self) {
            try await test.begin(.message(key: "k2", agent: "clerk"))
        }
        #expect(expired?.code == "approval_expired")
        await test.stop()
    }

    @Test func `passes the gate again once it is approved`() async throws {
        let sent = Tally()
        let test = try await makeTest(.approve, Messenger { _ in ToolAnswer(["n": JSON(sent.add())]) })
        let budget = try await test.budget(.sends, 0, agent: "clerk")
        let approval = try await asked(test)
        test.work()
        try await test.decide(approval)
        await test.settled.values(1)
        let effect = try test.read { try $0.approvals.find(approval.id)?.effect }
        #expect(effect?["status"] == "failed" && effect?["error"]?["code"] == "budget_exhausted")
        #expect(sent.count == 0)
        #expect(try test.use(budget) == (0, 0))
        await test.stop()
    }

    @Test func `is only recorded while the agent observes`() async throws {
        let sent = Tally()
        let test = try await makeTest(.observe, Messenger { _ in ToolAnswer(["n": JSON(sent.add())]) })
        #expect(try await test.call(.message(agent: "clerk"))["observed"] == true)
        #expect(sent.count == 0)
        #expect(try test.events().contains("tool.observed"))
        #expect(try await test.call(.message(key: "k2")) == ["n": 1], "a person's own call")
    }

    @Test func `is done at once on autopilot, and a write of its own needs no yes`() async throws {
        let test = try await makeTest(.autopilot)
        #expect(try await test.call(.message(agent: "clerk")) == ["ok": true])
        let asking = try await makeTest(.approve)
        let write = ToolRequest(
            tool: "scribe", arguments: ["word": "note"],
            caller: ToolCaller(actor: .agent("clerk"), agent: "clerk"), key: "w1")
        #expect(try await asking.call(write) == ["written": "note"])
    }
}
