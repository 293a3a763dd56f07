import Database
import JSON
import Records
import Sequences
import Testing

@testable import Bureau

@Suite struct SeedingTests {
    @Test func `an agency of an earlier release gets its promises at the next start, once`() async throws {
        let box = try await SequenceBox([mail("PT0S")])
        func policies() throws -> Int {
            try box.read { reader in
                Int(
                    try reader.int("SELECT count(*) FROM sla_policies WHERE tenant_id = \(reader.tenant)")
                        ?? 0)
            }
        }
        #expect(try policies() == 0, "it was made before there were any")
        try await box.app.acrossTenantsSeed()
        let given = try policies()
        #expect(given >= 4, "one for each priority at least")
        try await box.app.acrossTenantsSeed()
        #expect(try policies() == given, "not a second time")
        try await box.write { tx in
            try tx.run("DELETE FROM sla_policies WHERE tenant_id = \(tx.tenant)")
        }
        try box.restart()
        try await box.app.acrossTenantsSeed()
        #expect(try policies() == 0, "what was taken away does not come back")
    }

    @Test func `sequences of an earlier release get what is new, but for those that somebody has changed`()
        async throws
    {
        let box = try await SequenceBox([mail("PT0S")])
        try await box.app.acrossTenantsSeed()
        func steps(_ key: String) throws -> [String] {
            try box.read { try $0.sequences.find(key: key)?.steps.list.compactMap(\.id) ?? [] }
        }
        func texts() throws -> Int64? {
            try box.read { try $0.int("SELECT count(*) FROM templates WHERE tenant_id = \($0.tenant)") }
        }
        let (cold, dormant) = (try steps("cold_lead"), try steps("dormant_lead"))
        try await box.write { tx in
            for (key, revision) in [("cold_lead", 1), ("dormant_lead", 2)] {
                let old = try #require(try tx.sequences.find(key: key))
                var sequence = old
                sequence.steps = Parts(Array(old.steps.list.suffix(3)))
                (sequence.revision, sequence.version) = (revision, old.version + 1)
                try MessageSequence.resource.update(old, to: sequence, in: tx)
            }
            try tx.run("DELETE FROM counters WHERE tenant_id = \(tx.tenant) AND name = 'nurture.seeded.2'")
        }
        let before = try texts()
        try await box.app.acrossTenantsSeed()
        #expect(try steps("cold_lead") == cold)
        #expect(try steps("dormant_lead") == dormant.suffix(3), "it is as somebody wanted it")
        let after = try texts()
        #expect(before == after, "each text is there once")
        let told = try box.read { reader in
            try reader.int(
                """
                SELECT count(*) FROM audit
                WHERE tenant_id = \(reader.tenant) AND action = 'sequence.steps_new'
                """)
        }
        #expect(told == 1)
    }

    @Test func `an agency that has them already, from before this was counted, gets no second ones`()
        async throws
    {
        let box = try await SequenceBox([mail("PT0S")])
        try await box.app.acrossTenantsSeed()
        try await box.write { tx in
            try tx.run(
                "DELETE FROM counters WHERE tenant_id = \(tx.tenant) AND name = 'support.furnished'")
        }
        let before = try box.read { reader in
            try reader.int("SELECT count(*) FROM sla_policies WHERE tenant_id = \(reader.tenant)")
        }
        try await box.app.acrossTenantsSeed()
        let after = try box.read { reader in
            try reader.int("SELECT count(*) FROM sla_policies WHERE tenant_id = \(reader.tenant)")
        }
        #expect(before == after)
    }
}
