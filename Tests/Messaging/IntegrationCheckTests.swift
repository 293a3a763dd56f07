import Agents
import Database
import Jobs
import Records
import RuntimeTesting
import Synchronization
import Testing
@testable import Integrations
@testable import Tenancy

/// Integrations that have credentials are tested every day.
@Suite struct IntegrationCheckTests {
    private func tests(in rig: MessagingRig) throws -> Int64? {
        try rig.test.read { reader in
            try reader.int(
                """
                SELECT count(*) FROM audit
                WHERE tenant_id = \(reader.tenant) AND action = 'integration.tested' AND actor_type = 'system'
                """)
        }
    }

    private func passDay(_ rig: MessagingRig, hours: Int = 24) async throws {
        for _ in 0..<hours { try await rig.test.advance(by: .seconds(3600)) }
    }

    @Test func `what was connected before there were tests is tested from the next start on, once a day`()
        async throws
    {
        let rig = try await MessagingRig.started(services: [], leaps: false)
        try await rig.test.given { tx in
            for key in ["k", nil] {
                var integration = Integration.new(id: tx.nextID(), now: tx.now)
                (integration.provider, integration.capability) = ("postbox", .emailSending)
                integration.hookToken = "token"
                if let key {
                    try integration.setCredentials(["key": key], plainSealing, tx.tenant, at: tx.now)
                }
                // As an earlier release has left it: nothing is planned.
                try Integration.resource.insert(&integration, in: tx)
            }
        }
        try await passDay(rig, hours: 25)
        #expect(try tests(in: rig) == 0)
        let seeding = try #require(Module.integrations.seeding)
        #expect(seeding.counter != nil, "agencies that are there already get it")
        for _ in 1...2 { try await rig.test.given { try seeding.seed($0) } }
        try await passDay(rig, hours: 25)
        #expect(try tests(in: rig) == 1)
        try await passDay(rig)
        #expect(try tests(in: rig) == 2)
    }

    @Test func `an integration is tested once a day until it is refused, which is told`() async throws {
        let rig = try await MessagingRig.started(services: ["bare"], leaps: false)
        let id = try await rig.test.given { tx in
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = ("postbox", .emailSending)
            integration.hookToken = "token"
            try integration.setCredentials(["key": "k"], plainSealing, tx.tenant, at: tx.now)
            try tx.create(&integration, by: .system)
            return integration.id
        }
        #expect(try tests(in: rig) == 0)
        // It begins an hour later at the earliest; what has no credentials is not tested.
        try await passDay(rig, hours: 25)
        #expect(try tests(in: rig) == 1)
        try await passDay(rig)
        #expect(try tests(in: rig) == 2)
        let tested = try rig.test.read { try Integration.resource.get(id, in: $0) }
        #expect(tested.checkedAt != nil && tested.status == .active)
        rig.postbox.found.withLock { $0 = .unclear(code: "timeout", detail: "It says nothing.") }
        try await passDay(rig)
        #expect(try rig.test.read { try Integration.resource.get(id, in: $0) }.status == .active)
        rig.postbox.found.withLock { $0 = .bad(code: "postbox_401", detail: "who are you") }
        try await passDay(rig)
        let refused = try rig.test.read { try Integration.resource.get(id, in: $0) }
        #expect(refused.status == .failing && refused.error == "who are you")
        #expect(try rig.test.read { try $0.alerts.open(kind: "integration_failing").count } == 1)
        #expect(try tests(in: rig) == 4)
        try await passDay(rig)
        #expect(try tests(in: rig) == 4, "what fails waits for a person")
    }
}
