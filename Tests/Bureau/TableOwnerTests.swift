import Database
import Jobs
import Tenancy
import Testing

@testable import Bureau

struct TableOwnerTests {
    @Test(arguments: [Dialect.sqlite, .postgreSQL])
    func `a module makes the tables that it lists, and changes no other module's`(_ dialect: Dialect) {
        var owners: [String: String] = [:], faults: [String] = []
        for module in Module.all {
            var made: Set<String> = [], changed: Set<String> = []
            for statement in module.migrations.flatMap({ $0.statements(dialect) }) {
                for found in statement.matches(of: /CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)/) {
                    made.insert(String(found.1))
                }
                let change = /(?:ALTER TABLE|(?:INDEX|POLICY) (?:IF NOT EXISTS )?\w+\s+ON) (\w+)/
                for found in statement.matches(of: change) {
                    changed.insert(String(found.1))
                }
            }
            for table in made {
                if let other = owners[table] { faults.append("\(other) and \(module.name) make \(table)") }
                owners[table] = module.name
            }
            faults += changed.subtracting(made).map { "\(module.name) changes \($0)" }
            let listed = Set(module.sandboxTables().map(\.name))
            faults += listed.subtracting(made).map { "\(module.name) lists \($0)" }
        }
        #expect(owners.count > 100 && faults.sorted() == [])
    }
}
