import Database
import Glibc
import Telemetry
import TestDatabases
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

struct RuntimeMigrations {
    @Test func `events and audit of an older folder keep their rows and their order`() throws {
        var template = Array("/dev/shm/runtime-test-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        var configuration = DatabaseConfiguration(folder: folder)
        let server = try serveTests(&configuration, migrations: [])
        let database = try Database.open(configuration)
        defer {
            database.close()
            TestDatabases.drop(server)
            removeFolder(folder)
        }
        let migrations = jobMigrations + agentMigrations + workflowMigrations
        try database.migrate(migrations.filter { $0.number < 105 })
        for tenant in [TenantID.globex, .acme] {
            try database.writeAndWait(tenant) { tx in
                for row in 1...3 {
                    try tx.run(
                        """
                        INSERT INTO events (tenant_id, row, id, type, subject_type, subject_id, data, created_at)
                        VALUES (\(tx.tenant), \(row), \("evt_\(row)\(tx.tenant)"), 'a', 'lead', 'lead_1', '{}', \(row))
                        """)
                    try tx.run(
                        """
                        INSERT INTO audit (tenant_id, row, id, actor_type, actor_id, action, subject_type,
                            subject_id, changes, created_at, previous_hash, hash)
                        VALUES (\(tx.tenant), \(row), \("aud_\(row)\(tx.tenant)"), 'user', 'user_1', 'b', 'lead',
                            'lead_1', '{}', \(row), 'before', 'after')
                        """)
                }
            }
        }
        try database.migrate(migrations)
        try database.read(.acme) { reader in
            #expect(try reader.events.after(1, limit: 9).map(\.row) == [2, 3])
            let entry = try #require(try reader.auditLog.entry("aud_2\(TenantID.acme)"))
            #expect(entry.row == 2 && entry.hash == "after" && entry.createdAt == Instant(microseconds: 2))
        }
    }
}
