import Agents
import ChangeSets
import Cryptography
import Database
import Integrations
import Intelligence
import JSON
import Jobs
import People
import Records
import RuntimeTesting
import Synchronization
import Tenancy
import Testing
import Transfer

@testable import Discovery

struct `Summaries of qualified leads` {
    /// A server that answers every question with the same, and counts them.
    private final class Writer: Sendable {
        private let count = Mutex(0)
        let status: Int

        init(status: Int = 200) { self.status = status }

        var asked: Int { count.withLock { $0 } }

        var service: ModelService {
            let transport = ModelTransport { [self] _, _, _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                let text: JSON = ["summary": .string("Lead \(number).")]
                let body: JSON = ["choices": [["message": ["content": .string(text.serialized)]]]]
                return .init(status: status, header: { _ in nil }, body: body.bytes)
            } stream: { _, _, _, _ in
                throw ModelFailure.unreachable("it does not stream")
            }
            return ModelService(
                gateway: { ModelGateway($0, random: { 4 }, wait: { _ in }) }, connect: { _ in transport },
                chain: { _, _ in
                    [ModelRoute(name: "mini", baseURL: "https://m.example/v1", key: "", model: "m")]
                })
        }
    }

    /// Five leads that have been scored, and no agent that begins by itself.
    private func makeTest(_ writer: Writer) async throws -> AgentTest {
        let test = try AgentTest(
            discoveryAgents(),
            migrations: tenancyMigrations + integrationsMigrations + transferMigrations + changeSetMigrations
                + peopleMigrations
                + discoveryMigrations,
            at: "2027-01-05T10:00:00Z"
        ) { $0.models = writer.service }
        try await test.given { tx in
            try tx.agents.set("lead_scoring", state: .standby)
            for number in 1...5 {
                var lead = Lead.new(id: tx.nextID(), now: tx.now)
                (lead.company, lead.status, lead.employeeCount) = ("Example \(number)", .scored, number)
                lead.derive()
                try tx.create(&lead, by: Actor(.user, id: "usr_1"))
            }
        }
        return test
    }

    @Test func `are asked for when there is something new to say`() async throws {
        let writer = Writer()
        let test = try await makeTest(writer)
        let run = try await test.run("lead_qualification", trigger: .schedule)
        #expect(run.decisions.count == 5 && writer.asked == 5)
        let summaries = run.decisions.map { JSON(stored: $0.outcome)["summary"]?.text ?? "" }
        #expect(summaries == (1...5).map { "Lead \($0)." })
        #expect(try await test.run("lead_qualification").decisions.isEmpty)
        #expect(writer.asked == 5)
    }

    @Test func `are given up for the rest of a run when two leads had none`() async throws {
        let writer = Writer(status: 400)
        let run = try await makeTest(writer).run("lead_qualification")
        #expect(run.decisions.count == 5 && writer.asked == 2)
        #expect(run.decisions.allSatisfy { JSON(stored: $0.outcome)["summary"] == nil })
    }

    /// A file that was used stays as it is: a change is a file of the next version.
    @Test func `are written by prompts that do not change`() throws {
        #expect(qualificationSummaryPrompt.id == "qualification_summary@1")
        #expect(qualificationSummaryPrompt.variables == ["result", "lead", "criteria"])
        let digest = Hex.encode(SHA256.hash(qualificationSummaryText))
        #expect(digest == "7429d5ee8a3ad89d86a98833736eda28a371b10275d3131bb3415f80091860fc")
    }

    @Test func `are one line of text`() {
        func text(_ summary: String) -> String? {
            QualificationSummary(ModelReply(document: ["summary": .string(summary)], source: [:]))?.text
        }
        #expect(text(" Two\n lines,\u{1B}[31m red ") == "Two lines,[31m red")
        #expect(text("\n ") == nil && text(String(repeating: "x", count: 5000))?.count == 1000)
    }
}
