import Foundation
import Telemetry
import Testing

@testable import Database

@Suite struct ReadingTests {
    private static let endless: SQL = """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n
        """

    @Test func `a read that takes too long is stopped, and the next one works`() throws {
        let fixture = try Fixture()
        #expect(
            error {
                try fixture.database.read(acme, deadline: .milliseconds(30)) { try $0.int(Self.endless) }
            }
                == .tooSlow)
        #expect(try fixture.emails == [])
        #expect(
            try fixture.database.read(acme, deadline: .milliseconds(200)) { try $0.int("SELECT 1") } == 1)
    }

    @Test func `a read sees one moment of the database, and the next one what was committed meanwhile`()
        throws
    {
        let fixture = try Fixture()
        try fixture.add("one@example.com")
        try fixture.database.read(acme) { reader in
            #expect(try reader.emails().count == 1)
            try fixture.add("two@example.com")
            #expect(try reader.emails().count == 1)
        }
        #expect(try fixture.emails.count == 2)
    }

    @Test(.ofFiles) func `a thread that has read and rests does not keep the log from beginning anew`() throws
    {
        let emptied = Signal()
        let fixture = try Fixture {
            $0.idleTime = .milliseconds(200)
            $0.observer.checkpointed = { frames, _ in if frames == 0 { emptied.raise() } }
        }
        try fixture.add("one@example.com")
        #expect(try fixture.emails.count == 1)
        try fixture.add("two@example.com")
        emptied.wait()
        let size = fixture.database.size.log
        try fixture.add("three@example.com")
        #expect(fixture.database.size.log == size, "it is written from its beginning again")
        #expect(try fixture.emails.count == 3)
    }

    @Test(.ofFiles)
    func `the thread that opens a file may read on the writer's connection, and has none of its own`() throws
    {
        let fixture = try Fixture { $0.openerReadsOnWriter = true }
        try fixture.add("one@example.com")
        #expect(try fixture.emails == ["one@example.com"])
        #expect(fixture.database.openReaders == 0)
        #expect(
            error {
                try fixture.database.read(acme, deadline: .milliseconds(30)) { try $0.int(Self.endless) }
            }
                == .tooSlow)
        try fixture.add("two@example.com")
        // Inside such a read the writer is not at rest.
        let inner = try fixture.database.read(acme) { _ in try fixture.emails.count }
        #expect(inner == 2)
        #expect(fixture.database.openReaders == 1)
        let count = Shared(0)
        let thread = try OwnThread { count.update { $0 = (try? fixture.emails.count) ?? 0 } }
        thread.join()
        #expect(count.current == 2, "other threads read as ever")
    }

    @Test(.ofFiles)
    func `threads that read one thing after the other do not keep the log from beginning anew`()
        throws
    {
        let (isOver, ended, log) = (Shared(false), Signal(), Shared((pages: 0, beginnings: 0)))
        let fixture = try Fixture {
            $0.checkpointFrames = 50
            $0.observer.committed = { _, _, pages in
                log.update { $0 = (pages, $0.beginnings + (pages < $0.pages ? 1 : 0)) }
            }
        }
        for _ in 0..<3 {
            Thread {
                while !isOver.current {
                    _ = try? fixture.database.read(acme) {
                        try $0.int("SELECT count(*) FROM leads WHERE row < 9")
                    }
                }
                ended.raise()
            }.start()
        }
        // On a busy machine a reader may rest in the middle of its read for longer than a checkpoint waits.
        var number = 0
        while number < 1500 || number < 50_000 && log.current.beginnings == 0 {
            try fixture.add("\(number)@example.com")
            number += 1
        }
        isOver.update { $0 = true }
        for _ in 0..<3 { ended.wait() }
        #expect(log.current.beginnings > 0, "the log only grew, to \(log.current.pages) pages")
    }

    @Test(.ofFiles) func `a log that is copied beside the writer loses nothing`() throws {
        let (isOver, ended) = (Shared(false), Signal())
        let fixture = try Fixture { $0.checkpointFrames = 30 }
        let writers = 8, each = 250
        for writer in 0..<writers {
            Thread {
                for number in 0..<each { try? fixture.add("\(writer)-\(number)@example.com", number % 100) }
                ended.raise()
            }.start()
        }
        Thread {
            while !isOver.current {
                _ = try? fixture.database.read(acme) { try $0.int("SELECT count(*) FROM leads") }
            }
            ended.raise()
        }.start()
        for _ in 0..<writers { ended.wait() }
        isOver.update { $0 = true }
        ended.wait()
        #expect(try fixture.emails.count == writers * each)
        let found = try fixture.database.read(acme) { reader in
            try reader.first("PRAGMA integrity_check") { $0.text(0) }
        }
        #expect(found == "ok")
    }

    @Test func `a reader cannot write`() throws {
        let fixture = try Fixture()
        #expect(
            error {
                try fixture.database.read(acme) { reader in
                    try reader.first("DELETE FROM leads WHERE tenant_id = \(reader.tenant) RETURNING id") {
                        _ in
                    }
                }
            } == .unavailable(.readOnly))
    }

    @Test func `reads nest, also in their own rows`() throws {
        let fixture = try Fixture()
        for number in 0..<3 { try fixture.add("\(number)@example.com") }
        let statement = Statement("SELECT email FROM leads WHERE tenant_id = $1 ORDER BY row")
        let counts = try fixture.database.read(acme) { reader in
            try reader.all(statement, [acme.sqlValue]) { _ in
                try fixture.database.read(acme) { inner in
                    try inner.all(statement, [acme.sqlValue]) { $0.text(0) }.count
                }
            }
        }
        #expect(counts == [3, 3, 3])
        #expect(
            try fixture.database.read(acme) { outer in
                try outer.all(statement, [acme.sqlValue]) { _ in try outer.emails().count }
            } == [3, 3, 3])
    }

    @Test func `a reader kept beyond its closure is refused`() throws {
        let fixture = try Fixture()
        let kept = try fixture.database.read(acme) { $0 }
        guard case .invalid = error({ try kept.emails() }) else {
            Issue.record("a stale reader was used")
            return
        }
    }

    @Test func `one instant holds throughout a read`() throws {
        let ticks = Shared<Int64>(0)
        let fixture = try Fixture {
            $0.clock = { _ in
                ticks.update { $0 += 1 }
                return Instant(seconds: ticks.current)
            }
        }
        let (first, second) = try fixture.database.read(acme) { ($0.now, $0.now) }
        #expect(first == second)
        #expect(try fixture.database.read(acme) { $0.now } > first)
    }

    @Test(.ofFiles) func `a thread that ends closes its connection`() throws {
        let fixture = try Fixture()
        let before = fixture.database.openReaders
        let during = Shared(0)
        let thread = try OwnThread {
            _ = try? fixture.emails
            during.update { [database = fixture.database] in $0 = database.openReaders }
        }
        thread.join()
        #expect(during.current == before + 1)
        #expect(fixture.database.openReaders == before)
    }

    @Test func `closing stops a read that runs`() throws {
        let fixture = try Fixture()
        let (started, result) = (Signal(), Shared<DatabaseError?>(nil))
        let thread = try OwnThread {
            let failure = error {
                try fixture.database.read(acme, deadline: .seconds(60)) { reader in
                    started.raise()
                    return try reader.int(Self.endless)
                }
            }
            result.update { $0 = failure }
        }
        started.wait()
        fixture.database.close()
        thread.join()
        #expect(result.current == .unavailable(.closed))
    }

    @Test func `each statement is prepared once on a connection`() throws {
        let seen = Shared<[String]>([])
        let fixture = try Fixture { $0.statementObserver = { text in seen.update { $0.append(text) } } }
        let fixed = Statement("SELECT count(*) FROM leads WHERE tenant_id = $1")
        for number in 0..<5 {
            try fixture.database.read(acme) { reader in
                _ = try reader.int(fixed, [acme.sqlValue])
                _ = try reader.int(
                    "SELECT \(number) + count(*) FROM leads WHERE tenant_id = \(reader.tenant)")
            }
        }
        #expect(seen.current.filter { $0.contains("count(*) FROM leads") }.count == 2)
    }

    @Test func `interpolated statements are kept up to a limit`() throws {
        let fixture = try Fixture()
        try fixture.database.read(acme) { reader in
            for number in 0..<400 { _ = try reader.int("SELECT \(trusted: String(number))") }
            #expect(reader.session.keptTexts == 256)
        }
    }

    @Test func `every statement on a tenant's table names the tenant`() throws {
        let seen = Shared<[String]>([])
        let fixture = try Fixture { $0.statementObserver = { text in seen.update { $0.append(text) } } }
        try fixture.add("ada@example.com")
        _ = try fixture.emails
        let careless = seen.current.filter { $0.contains(" leads ") && !$0.contains("tenant_id") }
        #expect(careless == [])
        #expect(seen.current.contains { $0.contains(" leads ") })
    }

    @Test(.ofFiles) func `a page of a list is read from the index of its order, however small the table was`()
        throws
    {
        let fixture = try Fixture()
        for number in 0..<5 { try fixture.add("\(number)@example.com") }
        try fixture.database.analyze()
        let plan = try fixture.database.read(acme) { reader in
            try reader.all(
                """
                EXPLAIN QUERY PLAN SELECT email FROM leads WHERE tenant_id = \(acme) AND id < \("x")
                ORDER BY id DESC LIMIT 50
                """
            ) { $0.text(3) }
        }
        #expect(plan == ["SEARCH leads USING INDEX sqlite_autoindex_leads_1 (tenant_id=? AND id<?)"])
    }

    /// A log of 32,000 rows of one tenant, of which the planner has figures.
    private func grown() throws -> Fixture {
        let fixture = try Fixture()
        try fixture.database.migrate([
            .leads,
            Migration(number: 2, name: "log") { dialect in
                [
                    """
                    CREATE TABLE log (
                        tenant_id \(dialect.text) NOT NULL, number \(dialect.integer) NOT NULL,
                        subject \(dialect.text), data \(dialect.text), PRIMARY KEY (tenant_id, number)
                    ) \(dialect.keyedTableOptions)
                    """,
                    "CREATE INDEX log_subject ON log (tenant_id, subject, number)",
                ]
            },
        ])
        try fixture.database.writeAndWait(acme) { tx in
            try tx.run(
                """
                WITH RECURSIVE numbers (number) AS (
                    SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 32000)
                INSERT INTO log (tenant_id, number, subject, data)
                SELECT \(acme), number, printf('lead_%08d', number * 7919 % 100003), hex(zeroblob(150))
                FROM numbers
                """)
        }
        try fixture.database.analyze()
        return fixture
    }

    @Test(.ofFiles) func `many values are looked up in their index, however many rows the tenant has`() throws
    {
        let fixture = try grown()
        let subjects = (0..<200).map { "lead_\($0)" }
        let plan = try fixture.database.read(acme) { reader in
            try reader.all(
                """
                EXPLAIN QUERY PLAN SELECT data FROM log WHERE tenant_id = \(acme) AND subject IN \(list: subjects)
                ORDER BY number
                """
            ) { $0.text(3) }
        }
        #expect(plan.first == "SEARCH log USING INDEX log_subject (tenant_id=? AND subject=?)", "\(plan)")
    }

    @Test(.ofFiles) func `the figures of a table are all measured or all assumed`() throws {
        let fixture = try grown()
        let rows = try fixture.database.read(acme) { reader in
            try reader.all("SELECT stat FROM sqlite_stat1 WHERE tbl = 'log'") { row in
                Int(row.text(0).prefix { $0 != " " }) ?? 0
            }
        }
        #expect(rows.count == 2 && !rows.contains(100_000), "\(rows)")
    }
}
