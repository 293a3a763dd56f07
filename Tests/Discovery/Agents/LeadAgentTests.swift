import Agents
import ChangeSets
import Database
import Integrations
import JSON
import Jobs
import Messages
import Nouns
import People
import Records
import RuntimeTesting
import Sequences
import Tenancy
import Testing
import Transfer

@testable import Discovery

private let user = Actor(.user, id: "usr_1")

private func agents(_ more: [Migration] = []) throws -> AgentTest {
    try AgentTest(
        discoveryAgents(),
        migrations: tenancyMigrations + integrationsMigrations + transferMigrations + changeSetMigrations
            + peopleMigrations
            + discoveryMigrations + more,
        at: "2027-01-05T10:00:00Z")
}

extension AgentTest {
    fileprivate func lead(_ change: @escaping @Sendable (inout Lead) -> Void = { _ in }) async throws -> Lead
    {
        // Asleep, so that the new lead starts no run of its own.
        try await given { tx in
            try tx.agents.set("lead_scoring", state: .standby)
            var lead = Lead.new(id: tx.nextID(), now: tx.now)
            (lead.company, lead.contactName, lead.employeeCount) = ("Example", "Jane Example", 40)
            change(&lead)
            lead.derive()
            try tx.create(&lead, by: user)
            try tx.agents.set("lead_scoring", state: .active)
            return lead
        }
    }

    fileprivate func stored(_ lead: Lead) throws -> Lead {
        try read { try Lead.resource.get(lead.id, in: $0) }
    }

    fileprivate func score(_ lead: Lead) async throws -> Outcome {
        try await run("lead_scoring", ["lead_id": .string(lead.id.text)])
    }
}

struct LeadAgents {
    @Test func `scoring decides once about the lead, changes it and tells it`() async throws {
        let test = try agents()
        let lead = try await test.lead()
        let scored = try await test.score(lead)
        #expect(scored.run.status == .succeeded && scored.result["changed"] == 1)
        let (decision, now) = (try #require(scored.decisions.first), try test.stored(lead))
        #expect(scored.decisions.count == 1 && decision.subject.id == lead.id.text)
        #expect(scored.conclusion["score"] == JSON(now.score) && now.status == .scored)
        #expect(scored.events.map(\.type) == ["lead.scored"] && scored.refusals.isEmpty)
    }

    @Test func `a person's word holds as long as the facts are the same`() async throws {
        let test = try agents()
        let lead = try await test.lead()
        let first = try #require(try await test.score(lead).decisions.first)
        let own = try #require(try test.stored(lead).score)
        _ = try await test.given {
            try $0.decisions.overrideDecision(
                first.id, outcome: ["priority": "high"], reason: "I know them", by: user)
        }
        #expect(try test.stored(lead).priority == .high, "at once")
        let again = try await test.score(lead)
        #expect(again.decisions[0].override != nil && again.conclusion["priority"] != "high")
        #expect(try test.stored(lead).priority == .high && test.stored(lead).score == own)

        try await test.given { tx in
            let old = try Lead.resource.get(lead.id, in: tx)
            var next = old
            next.employeeCount = 41
            try tx.update(old, to: &next, by: user)
        }
        let anew = try await test.score(lead)
        #expect(anew.decisions[0].override == nil && anew.decisions[0].endedOverride != nil)
        #expect(try test.stored(lead).priority?.rawValue == anew.conclusion["priority"]?.text)
        #expect(anew.events.map(\.type).contains("decision.override_ended"))
    }

    @Test func `qualification overruled moves the lead; what a person may not move is refused`() async throws
    {
        let test = try agents()
        let lead = try await test.lead { lead in
            (lead.budget, lead.timelineDays) = (Money(amount: 100, currency: "USD"), 30)
        }
        _ = try await test.score(lead)
        let judged = try await test.run("lead_qualification", ["lead_id": .string(lead.id.text)])
        #expect(judged.conclusion["result"] == "disqualified")
        #expect(try test.stored(lead).status == .disqualified)
        let id = judged.decisions[0].id
        _ = try await test.given {
            try $0.decisions.overrideDecision(
                id, outcome: ["result": "qualified"], reason: "a friend", by: user)
        }
        #expect(try test.stored(lead).status == .qualified && test.stored(lead).qualifiedAt == test.now)
        let again = try await test.run("lead_qualification", ["lead_id": .string(lead.id.text)])
        #expect(again.conclusion["result"] == "disqualified" && again.decisions[0].override != nil)
        #expect(try test.stored(lead).status == .qualified)
        await #expect(throws: RuntimeError.self) {
            try await test.given {
                try $0.decisions.overrideDecision(
                    again.decisions[0].id, outcome: ["criteria": []], reason: "no", by: user)
            }
        }
    }

    @Test func `an observing agent changes nothing, and says so`() async throws {
        let test = try agents()
        let lead = try await test.lead()
        try await test.given { try $0.agents.set("lead_scoring", autonomy: .observe) }
        let scored = try await test.score(lead)
        #expect(scored.decisions.count == 1 && scored.events.map(\.type) == ["tool.observed"])
        #expect(try test.stored(lead).score == nil)
        #expect(scored.refusals.map(\.code) == ["observing"])
    }

    @Test func `a day's searches may take three hours and more`() {
        #expect(LeadGenerationAgent().timeout > .seconds(3 * 3600))
    }

    @Test func `generation that observes ties and tags nothing`() async throws {
        let test = try agents(messagesMigrations + sequencesMigrations)
        let lead = try await test.lead { $0.email = "jane@example.com" }
        try await test.given { tx in
            try tx.run(
                "UPDATE leads SET company_id = NULL, contact_id = NULL, tags = '[]' WHERE tenant_id = \(tx.tenant)"
            )
            try tx.agents.set("lead_generation", autonomy: .observe)
        }
        let before = try test.stored(lead)
        let observed = try await test.run("lead_generation", ["lead_id": .string(lead.id.text)])
        #expect(observed.result["changed"] == 0 && observed.events.map(\.type) == ["tool.observed"])
        #expect(try test.stored(lead).version == before.version)
        try await test.given { try $0.agents.set("lead_generation", autonomy: .autopilot) }
        let done = try await test.run("lead_generation", ["lead_id": .string(lead.id.text)])
        #expect(done.result["changed"] == 1)
        #expect(try test.stored(lead).contactID != nil)
    }

    @Test func `without the permission nothing is scored, and the refusal is kept`() async throws {
        let test = try agents()
        let lead = try await test.lead()
        var change = AgentChange()
        change.permissions = .value(["leads:read"])
        let restricted = change
        try await test.given { try $0.agents.set("lead_scoring", restricted) }
        let scored = try await test.score(lead)
        #expect(scored.run.status == .failed && scored.error["code"] == "forbidden")
        #expect(scored.decisions.isEmpty && scored.refusals.map(\.code) == ["forbidden"])
    }

    @Test func `what people corrected is learned from with the outcomes`() throws {
        let outcomes = (0..<120).map { number -> (input: ScoringInput, won: Bool) in
            var input = ScoringInput()
            (input.employeeCount, input.industry) = (number, number % 2 == 0 ? "retail" : "finance")
            return (input, number % 2 == 0)
        }
        let plain = ScoringKnowledge(learning: outcomes, ScoringConfiguration())
        let corrected = ScoringKnowledge(
            learning: outcomes, corrections: outcomes.prefix(30).map { ($0.input, !$0.won) },
            ScoringConfiguration())
        #expect(corrected.corrections == 30 && corrected.won == plain.won && corrected.lost == plain.lost)
        #expect(corrected.version != plain.version && corrected.model != plain.model)
        #expect(ScoringKnowledge(json: corrected.json) == corrected)
    }
}
