import Agents
import ChangeSets
import Database
import Integrations
import JSON
import Jobs
import Nouns
import People
import Records
import RuntimeTesting
import Tenancy
import Testing
import Transfer

@testable import Discovery

/// Calls one tool with what it is given.
private struct Hand: AgentDefinition {
    let name = "hand", title = "Hand", purpose = "Calls a tool"
    let tools = ["create_record", "find_records", "get_record", "update_record"]
    var permissions: Set<Permission> = ["leads:read", "leads:write"]

    func run(_ run: AgentRun) async throws -> JSON {
        let call = try await run.call(
            run.parameters["tool"]?.text ?? "", run.parameters["arguments"] ?? [:], effect: "it")
        return call.result ?? ["waits": true]
    }
}

private let user = Actor(.user, id: "usr_1")

struct `Tools for records` {
    private func makeTest(_ permissions: Set<Permission> = ["leads:read", "leads:write"]) throws -> AgentTest
    {
        try AgentTest(
            [Hand(permissions: permissions)],
            migrations: tenancyMigrations + integrationsMigrations + transferMigrations + changeSetMigrations
                + peopleMigrations
                + discoveryMigrations,
            at: "2027-01-05T10:00:00Z"
        ) {
            discoveryRecords(&$0)
            $0.add(Contact.resource, read: "contacts:read", write: "contacts:write")
        }
    }

    private func lead(_ test: AgentTest) async throws -> Lead {
        try await test.given { tx in
            var lead = Lead.new(id: tx.nextID(), now: tx.now)
            lead.company = "Example"
            lead.derive()
            try tx.create(&lead, by: user)
            return lead
        }
    }

    private func use(_ test: AgentTest, _ tool: String, _ arguments: JSON) async throws -> AgentTest.Outcome {
        try await test.run("hand", ["tool": .string(tool), "arguments": arguments])
    }

    @Test func `change a lead as PATCH does, in the agent's name`() async throws {
        let test = try makeTest()
        let lead = try await lead(test)
        let outcome = try await use(
            test, "update_record",
            ["id": .string(lead.id.text), "changes": ["tags": ["hot"], "status": "qualified"]])
        #expect(outcome.run.status == .succeeded)
        let stored = try test.read { try Lead.resource.get(lead.id, in: $0) }
        #expect(stored.tags == ["hot"] && stored.status == .qualified && stored.version == 2)
        let actor = try test.read { reader in
            try reader.first(
                """
                SELECT actor_id FROM audit WHERE tenant_id = \(reader.tenant) AND action = 'lead.updated'
                """
            ) { $0.text(0) }
        }
        #expect(actor == "hand")
    }

    @Test func `keep to the rules of the record`() async throws {
        let test = try makeTest()
        let lead = try await lead(test)
        for (changes, code): (JSON, String) in [
            (["score": 5], "read_only"), (["colour": "red"], "unknown_field"),
            (["status": "won"], "invalid_transition"),
            (["email": "nobody", "country": "Mars"], "validation_failed"),
        ] {
            let outcome = try await use(
                test, "update_record", ["id": .string(lead.id.text), "changes": changes])
            #expect(outcome.run.status == .failed)
            #expect(outcome.run.error?.contains(code) == true, "\(outcome.run.error ?? "")")
        }
        let absent = try await use(
            test, "update_record", ["id": .string(LeadID.unset.text), "changes": [:]])
        #expect(absent.run.error?.contains("not_found") == true)
        #expect(try test.read { try Lead.resource.get(lead.id, in: $0).version } == 1)
    }

    @Test func `take the permissions of the resource`() async throws {
        let test = try makeTest(["leads:read"])
        let lead = try await lead(test)
        let refused = try await use(
            test, "update_record", ["id": .string(lead.id.text), "changes": ["notes": "x"]])
        #expect(refused.run.error?.contains("forbidden") == true)
        let read = try await use(test, "get_record", ["id": .string(lead.id.text)])
        #expect(read.result["company"] == "Example")
        let other = try await use(test, "find_records", ["type": "contact"])
        #expect(other.run.error?.contains("forbidden") == true)
        let users = try await use(test, "find_records", ["type": "user"])
        #expect(users.run.error?.contains("invalid_choice") == true, "not everything is theirs")
    }

    @Test func `make and find records`() async throws {
        let test = try makeTest()
        let made = try await use(
            test, "create_record", ["type": "lead", "fields": ["company": "New", "tags": ["cold"]]])
        #expect(made.result["company"] == "New" && made.result["version"] == 1)
        _ = try await lead(test)
        let found = try await use(
            test, "find_records",
            ["type": "lead", "filters": ["company": "New", "status": "new"], "limit": 5])
        #expect(found.result["records"]?.array?.map { $0["id"] } == [made.result["id"]])
        let faulty = try await use(test, "create_record", ["type": "lead", "fields": ["score": 3]])
        #expect(faulty.run.status == .failed)
    }
}
