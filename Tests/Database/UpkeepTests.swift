import Foundation
import Telemetry
import TestDatabases
import Testing

@testable import Database

/// The advice about statements, the traces of what was deleted, and the memory that reads are given.
struct UpkeepTests {
    // MARK: Indexes

    @Test func `the columns of an index are those by which a statement chooses and orders`() {
        let columns: Set = ["tenant_id", "id", "city", "score", "created_at", "name"]
        func index(_ statement: String) -> [String] {
            StatementColumns(statement, of: "leads", with: columns).index
        }
        #expect(index("SELECT name FROM leads WHERE city = $1") == ["city"])
        #expect(
            index("SELECT id FROM leads WHERE city = $1 AND tenant_id = $2 ORDER BY created_at DESC LIMIT 9")
                == ["tenant_id", "city", "created_at"])
        #expect(index("SELECT id FROM leads WHERE score >= $1 AND tenant_id = $2") == ["tenant_id", "score"])
        #expect(
            index("SELECT l.id FROM companies c JOIN leads AS l ON l.city = c.city WHERE c.name = $1")
                == ["city"], "what belongs to another table does not count")
        #expect(index("UPDATE leads SET name = $1, score = $2 WHERE id = $3") == ["id"])
        #expect(index("SELECT id FROM leads WHERE name = 'city = 1 ORDER BY score'") == ["name"])
        #expect(index("SELECT count(*) FROM leads") == [])
        #expect(StatementColumns.table(called: "l", in: "SELECT 1 FROM leads AS l") == "leads")
        #expect(StatementColumns.table(called: "l", in: "SELECT 1 FROM a JOIN leads l ON 1 = 1") == "leads")
        #expect(StatementColumns.table(called: "leads", in: "SELECT 1 FROM leads") == "leads")
    }

    @Test func `an advised index is made once, is used, and goes again`() throws {
        let fixture = try Fixture(), database = fixture.database
        for number in 0..<50 { try fixture.add("lead\(number)@example.com", number) }
        let index = AdvisedIndex(table: "leads", columns: ["tenant_id", "score"])
        try database.make(index)
        try database.make(index)
        #expect(try database.advisedIndexes() == [index])
        try fixture.add("one-more@example.com", 51)
        #expect(try fixture.emails.count == 51)
        #expect(try !database.mustWait(forIndexOn: "leads"))
        if !TestDatabases.isOnServer {
            let plan = try database.acrossTenantsRead { reader in
                try reader.all("EXPLAIN QUERY PLAN SELECT id FROM leads WHERE tenant_id = 'x' AND score = 1")
                {
                    $0.text(3)
                }
            }
            #expect(plan.joined().contains(index.name), "\(plan)")
        }
        try database.removeIndex(named: "leads_email")
        try database.removeIndex(named: index.name)
        #expect(try database.advisedIndexes() == [])
        #expect(throws: DatabaseError.self, "one of a release stays") {
            try fixture.add("one-more@example.com")
        }
    }

    @Test func `names of indexes are no longer than a server takes, and differ`() {
        let long = (1...4).map { "a_rather_long_name_of_a_column_\($0)" }
        let one = AdvisedIndex(table: "leads", columns: long)
        let other = AdvisedIndex(table: "leads", columns: long.reversed())
        #expect(one.name.utf8.count <= 63 && one.name.hasPrefix(AdvisedIndex.prefix))
        #expect(one.name != other.name)
    }

    // MARK: Statistics

    @Test func `statistics are renewed, and each index is built anew`() throws {
        let fixture = try Fixture(), database = fixture.database
        for number in 0..<50 { try fixture.add("lead\(number)@example.com", number) }
        func number(_ statement: SQL) throws -> Int64? {
            try database.acrossTenantsRead { try $0.int(statement) }
        }
        guard TestDatabases.isOnServer else {
            let figures: SQL = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'leads'"
            try database.writeAndWait(acme) { tx in _ = try tx.run("DELETE FROM sqlite_stat1") }
            #expect(try number(figures) == 0)
            _ = try database.keepUp(.analyze)
            #expect(try number(figures) ?? 0 > 0)
            let indexes = try number(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
            #expect(try database.keepUp(.reindex) == "\(indexes ?? 0) indexes were built anew.")
            return
        }
        _ = try database.keepUp(.analyze)
        let rows: SQL = "SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = 'leads'::regclass"
        #expect(try number(rows) == 50)
        let file: SQL = "SELECT CAST(pg_relation_filenode('leads_email'::regclass) AS bigint)"
        let before = try number(file)
        _ = try database.keepUp(.reindex)
        #expect(try number(file) != before, "it lies in a new file")
        #expect(try fixture.emails.count == 50)
    }

    @Test(.ofServers) func `dead rows and indexes that are not valid are measured on a server, and seen to`()
        throws
    {
        let fixture = try Fixture(), database = fixture.database
        func isDue(_ task: UpkeepTask) throws -> Bool { try database.need(of: task).isDue }
        #expect(try !isDue(.vacuum) && !isDue(.reindex))
        /// Deletes so many rows; the server is to count them at once.
        func delete(_ count: Int) throws {
            try database.writeAndWait(acme) { tx in
                try tx.run(
                    """
                    INSERT INTO leads (tenant_id, id, email)
                    SELECT \(tx.tenant), 'id-' || n, n || '@example.com'
                    FROM generate_series(1, CAST(\(count) AS bigint)) n
                    """)
            }
            try database.writeAndWait(acme) { tx in
                try tx.run("DELETE FROM leads WHERE tenant_id = \(tx.tenant)")
                _ = try tx.exists("SELECT 1 FROM pg_stat_force_next_flush()")
            }
        }
        try delete(30_000)
        #expect(try !isDue(.vacuum), "too few to be worth while")
        try delete(30_000)
        #expect(try isDue(.vacuum))
        _ = try database.keepUp(.vacuum)
        #expect(try !isDue(.vacuum))
        try TestDatabases.administer(
            """
            UPDATE pg_index SET indisvalid = false
            WHERE indexrelid IN (SELECT oid FROM pg_class WHERE relname = 'leads_email')
            """, in: fixture.configuration.server)
        #expect(try isDue(.reindex))
        _ = try database.keepUp(.reindex)
        #expect(try !isDue(.reindex))
    }

    @Test(.ofFiles) func `few rows of many are looked up in their own index, however many tenants there are`()
        throws
    {
        let fixture = try Fixture()
        try fixture.database.writeAndWait(acme) { tx in
            try tx.run(
                """
                CREATE TABLE waits (
                    tenant_id TEXT NOT NULL, id INTEGER NOT NULL, due INTEGER NOT NULL, state INTEGER NOT NULL,
                    PRIMARY KEY (tenant_id, id)
                ) WITHOUT ROWID
                """)
            try tx.run("CREATE INDEX waits_due ON waits (tenant_id, due, id) WHERE state = 0")
            try tx.run(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 29999)
                INSERT INTO waits SELECT 'ten_' || (n % 100), n, n, n % 400 > 0 FROM numbers
                """)
        }
        _ = try fixture.database.keepUp(.analyze)
        let plan = try fixture.database.read(acme) { reader in
            try reader.first(
                """
                EXPLAIN QUERY PLAN
                SELECT due FROM waits WHERE tenant_id = \(reader.tenant) AND state = 0 ORDER BY due LIMIT 1
                """
            ) { $0.text(3) }
        }
        #expect(plan?.contains("waits_due") == true, "\(plan ?? "")")
    }

    // MARK: What was deleted

    @Test(.ofFiles) func `what is deleted for good is in neither the file nor its log`() throws {
        let emptied = Signal()
        let fixture = try Fixture {
            $0.idleTime = .milliseconds(5)
            $0.observer.checkpointed = { frames, _ in if frames == 0 { emptied.raise() } }
        }
        let database = fixture.database, secret = "zzqx-erased-person"
        func traces() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).filter { name in
                let path = "\(fixture.folder.path)/\(name)"
                guard let content = FileManager.default.contents(atPath: path) else { return false }
                return content.range(of: Data(secret.utf8)) != nil
                    || content.range(of: Data("zzqx".utf8)) != nil
            }
        }
        let row = try database.writeAndWait(acme) { tx in
            let row = try tx.addLead("\(secret)@example.com")
            tx.indexSearch("leads_search", row: row, text: secret)
            for number in 0..<200 { try tx.addLead("other\(number)@example.com") }
            return row
        }
        #expect(try !traces().isEmpty)
        try database.writeAndWait(acme) { tx in
            try tx.run("DELETE FROM leads WHERE tenant_id = \(tx.tenant) AND row = \(row)")
            tx.unindexSearch("leads_search", row: row, oldText: secret)
            try tx.emptyLogSoon()
        }
        try database.purgeSearch()
        while database.size.log > 0, emptied.wait() {}
        #expect(try traces() == [])
        #expect(try fixture.emails.count == 200)
    }

    // MARK: Memory

    @Test func `memory follows what was not found in it, within bounds and the machine's room`() {
        func size(
            _ kilobytes: Int = 8192, connections: Int = 4, found: Int, missed: Int,
            _ machine: MachineMemory? = MachineMemory(total: 8 << 30, available: 6 << 30)
        ) -> Int? {
            MemoryPlan(
                MemoryUse(kilobytes: kilobytes, connections: connections, found: found, missed: missed),
                machine
            ).kilobytes
        }
        #expect(size(found: 80_000, missed: 20_000) == 16_384)
        #expect(size(found: 99_000, missed: 1000) == nil, "nearly all was found")
        #expect(size(found: 80, missed: 20) == nil, "too few to tell")
        #expect(size(65_536, found: 80_000, missed: 20_000) == nil, "the bound")
        #expect(size(connections: 400, found: 80_000, missed: 20_000) == nil, "for so many there is no room")
        let short = MachineMemory(total: 8 << 30, available: 400 << 20)
        #expect(size(found: 80_000, missed: 20_000, short) == 4096, "the machine goes first")
        #expect(size(2048, found: 0, missed: 0, short) == nil)
        #expect(size(found: 80_000, missed: 20_000, nil) == nil, "nothing is known of the machine")
    }

    @Test(.ofFiles) func `reads tell how often a page was in memory, and take on another size`() throws {
        let fixture = try Fixture()
        try fixture.add("one@example.com")
        for _ in 0..<600 { _ = try fixture.emails }
        let use = try fixture.database.memoryUse()
        #expect(use.found > 0 && use.connections == 1)
        fixture.database.giveMemory(kilobytes: 4096)
        for _ in 0..<600 { _ = try fixture.emails }
        let size = try fixture.database.acrossTenantsRead { try $0.int("PRAGMA cache_size") }
        #expect(size == -4096)
    }
}
