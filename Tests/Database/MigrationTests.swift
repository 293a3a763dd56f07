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

    @Test(.ofFiles) func `what goes before a step has its own commits, and goes on where it was cut short`()
        throws
    {
        struct CutShort: Error {}
        let empty = try EmptyDatabase()
        let database = empty.database
        let first = step(1, "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1), (2), (3)")
        try database.migrate([first])
        let isCut = Shared(true), heard = Shared<[String]>([]), calls = Shared<[Bool]>([])
        let moving = Migration(
            number: 2, name: "moving", statements: { _ in ["DROP TABLE t"] },
            advance: { tx, isFirst in
                calls.update { $0.append(isFirst) }
                #expect(try tx.first("PRAGMA temp_store") { $0.int(0) } == 1, "indexes are sorted in files")
                try tx.run("CREATE TABLE IF NOT EXISTS u (a INTEGER)")
                let left = try tx.all(
                    "SELECT a FROM t WHERE a > (SELECT coalesce(max(a), 0) FROM u) ORDER BY a LIMIT 1"
                ) { $0.int(0) }
                guard let next = left.first else { return nil }
                if next == 3, isCut.current { throw CutShort() }
                try tx.run("INSERT INTO u VALUES (\(next))")
                return Double(next) / 3
            })
        let steps = [first, moving, step(3, "INSERT INTO u VALUES (4)")]
        func migrate() throws {
            try database.migrate(steps) { step, share in
                heard.update { $0.append("\(step) \(Int(share * 100))") }
            }
        }
        func rows(_ table: String) throws -> [Int] {
            try database.acrossTenantsRead { reader in
                try reader.all("SELECT a FROM \(trusted: table) ORDER BY a") { $0.int(0) }
            }
        }
        #expect(throws: CutShort.self) { try migrate() }
        #expect(try database.appliedMigrations().map(\.number) == [1])
        #expect(try rows("t") == [1, 2, 3] && rows("u") == [1, 2])
        isCut.update { $0 = false }
        try migrate()
        #expect(try rows("u") == [1, 2, 3, 4])
        #expect(heard.current == ["moving 33", "moving 66", "moving 100"])
        #expect(calls.current == [true, false, false, true, false])
        let store = try database.acrossTenantsWriteAndWait { try $0.first("PRAGMA temp_store") { $0.int(0) } }
        #expect(store == 2, "from then on, all is in memory again")
        #expect(try database.appliedMigrations().map(\.number) == [1, 2, 3])
    }

    @Test(.ofFiles) func `in a new file nothing goes before a step`() throws {
        let empty = try EmptyDatabase()
        let step = Migration(
            number: 1, name: "first", statements: { _ in ["CREATE TABLE t (a INTEGER)"] },
            advance: { _, _ in throw DatabaseError.invalid("there is nothing to go on with") })
        try empty.database.migrate([step])
        #expect(try empty.database.appliedMigrations().map(\.number) == [1])
    }

    @Test func `the program that has compared every migration does not do so again, and another one does`()
        throws
    {
        let started = try Starts()
        #expect(try started.rendering("a") > 0, "it is applied")
        #expect(try started.rendering("a") > 0, "it is compared")
        #expect(try started.rendering("a") == 0)
        #expect(try started.rendering("b") > 0)
        #expect(try started.rendering("b") == 0)
        #expect(try started.rendering(nil) > 0)
        let more = step(2, "CREATE TABLE u (a INTEGER)")
        #expect(try started.rendering("b", and: more) > 0, "there is one to apply")
        #expect(try started.rendering("b", and: more) > 0)
        #expect(try started.rendering("b", and: more) == 0)
        guard case .incompatible = error({ try started.rendering("b") }) else {
            Issue.record("a database with more than the program knows was accepted")
            return
        }
    }

    @Test(.ofFiles) func `a database that has applied something else is compared by any program`() throws {
        let started = try Starts()
        for _ in 0..<2 { _ = try started.rendering("a") }
        #expect(try started.rendering("a") == 0)
        let database = try Database.open(started.empty.configuration)
        try database.acrossTenantsWriteAndWait {
            try $0.run("UPDATE schema_migrations SET checksum = 'other'")
        }
        database.close()
        guard case .incompatible = error({ try started.rendering("a") }) else {
            Issue.record("it was not compared")
            return
        }
    }

    /// Starts of programs with one migration, and perhaps another, on one database.
    private struct Starts {
        let empty: EmptyDatabase
        private let rendered = Shared(0)

        init() throws {
            empty = try EmptyDatabase()
            empty.database.close()
        }

        /// Starts a program; returns how many times the migration's statements were put together.
        func rendering(_ program: String?, and others: Migration...) throws -> Int {
            let counted = Migration(number: 1, name: "counted") { [rendered] _ in
                rendered.update { $0 += 1 }
                return ["CREATE TABLE t (a INTEGER)"]
            }
            var configuration = empty.configuration
            configuration.program = program
            let database = try Database.open(configuration)
            defer { database.close() }
            let before = rendered.current
            try database.migrate([counted] + others)
            return rendered.current - before
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
