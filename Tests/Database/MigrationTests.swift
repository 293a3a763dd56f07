import Testing

@testable import Database

@Suite struct MigrationTests {
    private func step(_ number: Int, _ statements: String...) -> Migration {
        Migration(number: number, name: "step \(number)") { _ in statements }
    }

    private func open() throws -> (TemporaryFolder, Database) {
        let folder = TemporaryFolder()
        return (folder, try Database.open(folder.configuration()))
    }

    @Test func `migrations are applied in the order of their numbers, once`() throws {
        let (_folder, database) = try open()
        defer { database.close() }
        let steps = [step(20, "INSERT INTO t VALUES (1)"), step(10, "CREATE TABLE t (a INTEGER) STRICT")]
        try database.migrate(steps)
        try database.migrate(steps)
        try database.migrate(steps + [step(15, "INSERT INTO t VALUES (2)")])
        #expect(try database.appliedMigrations().map(\.number) == [10, 15, 20])
        #expect(
            try database.acrossTenantsRead { try $0.all("SELECT a FROM t ORDER BY a") { $0.int(0) } } == [
                1, 2,
            ])
        _ = _folder
    }

    @Test func `a failure undoes all of them and names the one`() throws {
        let (_folder, database) = try open()
        defer { database.close() }
        let failure = error {
            try database.migrate([
                step(1, "CREATE TABLE t (a INTEGER) STRICT"), step(2, "CREATE TABLE t (b INTEGER)"),
            ])
        }
        guard case .invalid(let text) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(text.hasPrefix("migration 2 (step 2): table t already exists"))
        #expect(try database.appliedMigrations() == [])
        #expect(try database.acrossTenantsRead { try $0.int("SELECT count(*) FROM sqlite_schema") } == 0)
        _ = _folder
    }

    @Test func `a migration that was changed afterwards is refused`() throws {
        let (_folder, database) = try open()
        defer { database.close() }
        try database.migrate([step(1, "CREATE TABLE t (a INTEGER) STRICT")])
        guard
            case .incompatible(let text) = error({
                try database.migrate([step(1, "CREATE TABLE t (b INTEGER) STRICT")])
            })
        else {
            Issue.record("accepted")
            return
        }
        #expect(text.hasPrefix("migration 1 (step 1) was changed"))
        _ = _folder
    }

    @Test func `a database newer than the program is refused`() throws {
        let (_folder, database) = try open()
        defer { database.close() }
        try database.migrate([step(1, "CREATE TABLE t (a INTEGER) STRICT"), step(2, "DROP TABLE t")])
        guard
            case .incompatible(let text) = error({
                try database.migrate([step(1, "CREATE TABLE t (a INTEGER) STRICT")])
            })
        else {
            Issue.record("accepted")
            return
        }
        #expect(
            text.hasPrefix(
                "the database has migration 2 (step 2), which this version of Bureau does not know"))
        _ = _folder
    }

    @Test func `two migrations with one number are refused`() throws {
        let (_folder, database) = try open()
        defer { database.close() }
        #expect(
            error { try database.migrate([step(1, "SELECT 1"), step(1, "SELECT 2")]) }
                == .invalid("two migrations have the number 1: step 1, step 1"))
        _ = _folder
    }

    @Test func `a table can be rebuilt while others refer to it, but not leave orphans`() throws {
        let (_folder, database) = try open()
        defer { database.close() }
        let first = step(
            1, "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT",
            "CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE CASCADE) STRICT",
            "INSERT INTO a VALUES (1)",
            "INSERT INTO b VALUES (1)")
        try database.migrate([first])
        let rebuilt = step(
            2, "CREATE TABLE a2 (id INTEGER PRIMARY KEY, name TEXT) STRICT",
            "INSERT INTO a2 (id) SELECT id FROM a",
            "DROP TABLE a", "ALTER TABLE a2 RENAME TO a")
        try database.migrate([first, rebuilt])
        #expect(try database.acrossTenantsRead { try $0.int("SELECT count(*) FROM b") } == 1)
        guard
            case .incompatible = error({ try database.migrate([first, rebuilt, step(3, "DELETE FROM a")]) })
        else {
            Issue.record("orphans were left")
            return
        }
        guard
            case .constraint(.foreignKey) = error({
                try database.acrossTenantsWriteAndWait { try $0.run("INSERT INTO b VALUES (9)") }
            })
        else {
            Issue.record("foreign keys stayed off")
            return
        }
        _ = _folder
    }
}
