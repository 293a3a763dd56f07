import Cryptography
import Database
import Jobs
import Telemetry
import Tenancy
import Testing

@testable import Bureau

struct SandboxTables {
    @Test func `every tenant's table is copied into a sandbox, or left behind for a reason`() throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let stored = try app.database.acrossTenantsRead { try $0.tables(withColumn: "tenant_id") }
        let declared = Module.allSandboxTables.map(\.name)
        #expect(Set(declared).count == declared.count)
        #expect(
            Set(stored).subtracting(declared).isEmpty,
            "say in the module's …SandboxTables whether it is copied, and if not, why")
        #expect(Set(declared).subtracting(stored).isEmpty, "there is no such table")
        for table in Module.allSandboxTables {
            let columns = try app.database.acrossTenantsRead { try $0.columns(of: table.name) }
            #expect(table.changed.keys.allSatisfy { columns.map(\.name).contains($0) }, "\(table.name)")
            #expect(table.reason != "", "\(table.name)")
        }
    }
}
