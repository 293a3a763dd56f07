import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

private let user = Actor(.user, id: "usr_1")
private let variants = [
    AgentExperiment.Variant(name: "control", weight: 1, settings: [:]),
    AgentExperiment.Variant(name: "higher", weight: 1, settings: ["high_from": 90]),
]

/// So many that each variant gets its twelve: which one a lead falls to is drawn anew by each experiment's id.
private let leads = (1...120).map { Subject(type: "lead", id: "lead_\($0)") }

/// Treats the leads, each under its variant.
private func experimenter() -> TestAgent {
    TestAgent(work: { run in
        try await run.finish { tx in
            let experiment = try tx.agentExperiments.running(of: run.agent)
            for subject in leads {
                _ = try run.variant(for: subject, of: experiment, in: tx)
            }
            return [:]
        }
    })
}

struct Experiments {
    private func start(
        _ test: AgentTest, _ course: AgentExperiment.Course = .automatic
    ) async throws -> AgentExperiment {
        try await test.given {
            try $0.agentExperiments.start(
                "scoring", name: "Higher", goal: "lead.won", variants: variants, subjectsMin: 12,
                observeFor: .seconds(86_400), course: course, by: user)
        }
    }

    /// Some of each variant's leads are won.
    private func win(_ test: AgentTest, _ experiment: AgentExperiment, _ rates: [String: Int]) async throws {
        try await test.given { tx in
            var seen: [String: Int] = [:]
            for subject in leads {
                let name = experiment.variant(for: subject).name
                seen[name, default: 0] += 1
                if seen[name, default: 0] % 10 < rates[name, default: 0] {
                    try tx.publish("lead.won", subject)
                }
            }
        }
    }

    /// The leads are assigned to their variants.
    private func assign(_ test: AgentTest) async throws {
        let outcome = try await test.run("scoring")
        #expect(outcome.run.status == .succeeded, "\(outcome.run.error ?? "no error")")
    }

    /// Hour after hour, until the experiment is over.
    private func ended(_ test: AgentTest, _ id: ID<AgentExperiment>) async throws -> AgentExperiment {
        for _ in 1...30 { try await test.advance(by: .seconds(3600)) }
        return try #require(try test.read { try $0.agentExperiments.find(id) })
    }

    @Test func `a variant that wins is published once every variant has had its subjects`() async throws {
        let test = try AgentTest([experimenter()], at: "2027-01-05T10:00:00Z")
        let experiment = try await start(test)
        // Won before anyone was assigned: it does not count.
        try await win(test, experiment, ["control": 10])
        for _ in 1...2 { try await assign(test) }
        try await win(test, experiment, ["control": 1, "higher": 8])
        let over = try await ended(test, experiment.id)
        #expect(over.status == .applied && over.result["winner"] == "higher")
        let rows = over.result["variants"]?.array ?? []
        try #require(rows.count == 2, "\(over.status): \(over.result)")
        #expect(rows.map { $0["assigned"]?.int ?? 0 }.reduce(0, +) == leads.count, "each once")
        #expect((rows[1]["p_value"]?.double ?? 1) < 0.05 && rows[1]["significant"] == true)
        #expect(test.now >= experiment.createdAt + .seconds(86_400), "not before their time was over")
        let published = try test.read {
            try $0.agentConfigurations.published(try #require(test.runtime.agents["scoring"]))
        }
        #expect(published.version == 2 && published.values["high_from"] == 90)
        #expect(published.createdBy == .system)
    }

    @Test func `without a difference nothing is changed; what only people may apply waits for them`()
        async throws
    {
        let test = try AgentTest([experimenter()], at: "2027-01-05T10:00:00Z")
        let dull = try await start(test)
        try await assign(test)
        try await win(test, dull, ["control": 5, "higher": 5])
        let over = try await ended(test, dull.id)
        #expect(over.status == .concluded && over.result["winner"] == .null)
        await #expect(throws: RuntimeError.conflict("No variant has won: there is nothing to publish.")) {
            try await test.given { try $0.agentExperiments.apply(over, by: user) }
        }
        let agent = try #require(test.runtime.agents["scoring"])
        #expect(try test.read { try $0.agentConfigurations.published(agent) }.version == 1)

        let proposed = try await start(test, .propose)
        try await assign(test)
        try await win(test, proposed, ["higher": 9])
        let waiting = try await ended(test, proposed.id)
        #expect(waiting.status == .concluded && waiting.result["winner"] == "higher")
        #expect(try test.read { try $0.agentConfigurations.published(agent) }.version == 1)
        #expect(try await test.given { try $0.agentExperiments.apply(waiting, by: user) }.status == .applied)
        #expect(try test.read { try $0.agentConfigurations.published(agent) }.values["high_from"] == 90)
        await #expect(throws: RuntimeError.self, "once") {
            try await test.given { try $0.agentExperiments.apply(waiting, by: user) }
        }
    }

    @Test func `variants with faults, and a second experiment, are refused`() async throws {
        let test = try AgentTest([experimenter()], at: "2027-01-05T10:00:00Z")
        let faulty = [
            variants[0], AgentExperiment.Variant(name: "x", weight: 1, settings: ["high_from": 900]),
        ]
        do {
            _ = try await test.given {
                try $0.agentExperiments.start(
                    "scoring", name: "X", goal: "lead.won", variants: faulty, subjectsMin: 12,
                    observeFor: .seconds(1), course: .propose, by: user)
            }
            Issue.record("it was started")
        } catch RuntimeError.invalidValues(let faults) {
            #expect(faults.map(\.pointer) == ["/variants/1/settings/high_from"])
        }
        let running = try await start(test)
        await #expect(throws: RuntimeError.self) { try await start(test) }
        #expect(try await test.given { try $0.agentExperiments.stop(running, by: user) }.status == .stopped)
        _ = try await start(test)
    }

    @Test func `a subject's variant follows from its hash and the weights`() {
        let rows: JSON = [
            ["name": "control", "weight": 3], ["name": "b", "weight": 1, "settings": ["x": 1]],
        ]
        let shares = AgentExperiment.variants(rows)
        #expect(shares.map(\.weight) == [3, 1])
        var counts: [String: Int] = [:]
        for number in 0..<4000 {
            let subject = Subject(type: "lead", id: "lead_\(number)")
            let name = AgentExperiment.variant(of: shares, seed: "exp_1", subject).name
            counts[name, default: 0] += 1
        }
        #expect((900...1100).contains(counts["b"] ?? 0), "\(counts)")
    }

    @Test(arguments: [
        (10, 100, 20, 100, 0.0477), (50, 100, 50, 100, 1.0), (0, 50, 0, 50, 1.0), (1, 10, 9, 10, 0.000347),
        (0, 0, 5, 10, 1.0),
    ])
    func `chance is measured as the tables have it`(a: Int, n: Int, b: Int, m: Int, chance: Double) {
        #expect(abs(significance(of: (a, n), against: (b, m)) - chance) < 0.0005)
    }
}
