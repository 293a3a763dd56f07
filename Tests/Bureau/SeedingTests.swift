import Database
import JSON
import Records
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
