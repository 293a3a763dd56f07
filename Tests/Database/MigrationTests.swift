import Testing

@testable import Database

@Suite struct MigrationTests {
    private func step(_ number: Int, _ statements: String...) -> Migration {
        Migration(number: number, name: "step \(number)") { _ in statements }
    }

    @Test func `migrations are applied in the order of their numbers, once`() throws {
        let empty = try EmptyDatabase()
        let database = empty.database
        let steps = [step(20, "INSERT INTO t VALUES (1)"), step(10, "CREATE TABLE t (a INTEGER)")]
        try database.migrate(steps)
        try database.migrate(steps)
        try database.migrate(steps + [step(15, "INSERT INTO t VALUES (2)")])
        #expect(try database.appliedMigrations().map(\.number) == [10, 15, 20])
        #expect(
            try database.acrossTenantsRead { try $0.all("SELECT a FROM t ORDER BY a") { $0.int(0) } } == [
                1, 2,
            ])
    }

    @Test(.ofFiles) func `what a file has is known from its migration, without another connection`() throws {
        let empty = try EmptyDatabase()
        try empty.database.migrate([step(1, "CREATE TABLE t (a INTEGER)")])
        #expect(try empty.database.appliedMigrations().map(\.name) == ["step 1"])
        #expect(empty.database.openReaders == 0)
    }

    @Test func `a failure undoes all of them and names the one`() throws {
        let empty = try EmptyDatabase()
        let database = empty.database
        let failure = error {
            try database.migrate([
                step(1, "CREATE TABLE t (a INTEGER)"), step(2, "CREATE TABLE t (b INTEGER)"),
            ])
        }
        guard case .invalid(let text) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(text.hasPrefix("migration 2 (step 2): ") && text.contains("already exists"))
        #expect(try database.appliedMigrations() == [])
        guard
            case .invalid = error({ try database.acrossTenantsRead { try $0.int("SELECT count(*) FROM t") } })
        else {
            Issue.record("the first one's table is there")
            return
        }
    }

    @Test func `a migration that was changed afterwards is refused`() throws {
        let empty = try EmptyDatabase()
        let database = empty.database
        try database.migrate([step(1, "CREATE TABLE t (a INTEGER)")])
        guard
            case .incompatible(let text) = error({
                try database.migrate([step(1, "CREATE TABLE t (b INTEGER)")])
            })
        else {
            Issue.record("accepted")
            return
        }
        #expect(text.hasPrefix("migration 1 (step 1) was changed"))
    }

    @Test func `a database newer than the program is refused`() throws {
        let empty = try EmptyDatabase()
        let database = empty.database
        try database.migrate([step(1, "CREATE TABLE t (a INTEGER)"), step(2, "DROP TABLE t")])
        guard
            case .incompatible(let text) = error({
                try database.migrate([step(1, "CREATE TABLE t (a INTEGER)")])
            })
        else {
            Issue.record("accepted")
            return
        }
        #expect(
            text.hasPrefix(
                "the database has migration 2 (step 2), which this version of Bureau does not know"))
    }

    @Test func `two migrations with one number are refused`() throws {
        let empty = try EmptyDatabase()
        let database = empty.database
        #expect(
            error { try database.migrate([step(1, "SELECT 1"), step(1, "SELECT 2")]) }
                == .invalid("two migrations have the number 1: step 1, step 1"))
    }

    @Test func `one step has the statements of several modules, each at its place`() throws {
        func part(_ place: Int, _ name: String = "both", _ statements: String...) -> Migration {
            Migration(number: 1, place: place, name: name) { _ in statements }
        }
        let empty = try EmptyDatabase()
        let whole = step(
            1, "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)")
        let parts = [
            part(2, "step 1", "INSERT INTO t VALUES (2)"),
            part(0, "step 1", "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)"),
        ]
        try empty.database.migrate([whole])
        // A database that has applied the whole knows its parts.
        try empty.database.migrate(parts)
        #expect(try empty.database.appliedMigrations().map(\.number) == [1])
        let other = try EmptyDatabase()
        try other.database.migrate(parts)
        #expect(try other.database.appliedMigrations() == empty.database.appliedMigrations())
        #expect(
            error { try other.database.migrate([part(0), part(1, "another")]) }
                == .invalid("two migrations have the number 1: both, another"))
        #expect(
            error { try other.database.migrate([part(1), part(1)]) }
                == .invalid("two migrations have the number 1: both, both"))
    }

    @Test(.ofFiles) func `a table can be rebuilt while others refer to it, but not leave orphans`() throws {
        let empty = try EmptyDatabase()
        let database = empty.database
        let first = step(
            1, "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE CASCADE)",
            "INSERT INTO a VALUES (1)",
            "INSERT INTO b VALUES (1)")
        try database.migrate([first])
        let rebuilt = step(
            2, "CREATE TABLE a2 (id INTEGER PRIMARY KEY, name TEXT)",
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
    }
}
