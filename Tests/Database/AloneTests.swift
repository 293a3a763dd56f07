import TestDatabases
import Testing

@testable import Database

/// Writes across tenants that number a tenant's rows, as those do that tell tenants of something.
@Suite(.ofServers) struct AloneTests {
    private let runs = Shared(0)

    private func append(in tx: Transaction) throws {
        runs.update { $0 += 1 }
        let next = try tx.int("SELECT max(score) FROM leads WHERE tenant_id = \(tx.tenant)") ?? 0
        try tx.addLead("\(next + 1)@example.com", Int(next) + 1)
    }

    @Test func `a write that is alone takes no number which a tenant's own write takes meanwhile`()
        async throws
    {
        let fixture = try Fixture()
        try await withThrowingTaskGroup { group in
            for worker in 0..<4 {
                group.addTask {
                    for _ in 0..<12 {
                        if worker == 0 {
                            try await fixture.database.acrossTenantsWrite(.request, .alone) { tx in
                                try append(in: tx.scoped(to: acme))
                            }
                        } else {
                            try await fixture.database.write(acme) { try append(in: $0) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let numbers = try fixture.database.read(acme) { reader in
            try reader.all("SELECT score FROM leads WHERE tenant_id = \(acme) ORDER BY score") { $0.int(0) }
        }
        #expect(numbers == Array(1...48))
        #expect(runs.current == 48, "no write had to run again")
    }
}
