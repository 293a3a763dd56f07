import Foundation
import Telemetry
import TestDatabases
import Testing
import Waiting

@testable import Database

/// The needs of a server beyond those of a file. A second `Database` on it stands for a second process.
@Suite(.ofServers) struct ServerTests {
    private func beside(_ fixture: Fixture) throws -> Database {
        var configuration = TemporaryFolder().configuration()
        configuration.server = fixture.configuration.server
        return try Database.open(configuration)
    }

    private func add(_ email: String, _ tenant: TenantID, _ database: Database) throws {
        try database.writeAndWait(tenant) { tx in try tx.addLead(email) }
    }

    // MARK: The second wall

    @Test func `without a tenant no row is read, and without a condition only the tenant's`() throws {
        let fixture = try Fixture()
        try add("mine@example.com", acme, fixture.database)
        try add("theirs@example.com", other, fixture.database)
        let careless: SQL = "SELECT email FROM leads"
        func emails(_ tenant: TenantID) throws -> [String] {
            try fixture.database.read(tenant) { try $0.all(careless) { $0.text(0) } }
        }
        #expect(try emails(acme) == ["mine@example.com"])
        #expect(try emails(other) == ["theirs@example.com"])
        #expect(try emails(TenantID(rawValue: "")) == [])
        // As the server's role, in a transaction that names no tenant at all.
        let bare = try PostgreSQLConnection(fixture.configuration, PostgreSQLCatalog())
        #expect(try bare.execute("SELECT email FROM leads", []).rowCount == 0)
        #expect(
            try fixture.database.acrossTenantsRead { try $0.all(careless) { $0.text(0) } }.sorted()
                == ["mine@example.com", "theirs@example.com"])
    }

    @Test func `another tenant's rows are neither changed nor made`() throws {
        let fixture = try Fixture()
        try add("theirs@example.com", other, fixture.database)
        #expect(try fixture.database.writeAndWait(acme) { try $0.run("UPDATE leads SET score = 1") } == 0)
        #expect(try fixture.database.writeAndWait(acme) { try $0.run("DELETE FROM leads") } == 0)
        guard
            case .invalid(let text) = error({
                try fixture.database.writeAndWait(acme) { tx in
                    try tx.run("INSERT INTO leads (tenant_id, id, email) VALUES (\(other), 'x', 'x')")
                }
            })
        else {
            Issue.record("a row of another tenant was made")
            return
        }
        #expect(text.hasPrefix("a row of another tenant"))
    }

    @Test func `every table of the tenants is behind the wall, also for who owns it`() throws {
        let fixture = try Fixture()
        let open = try fixture.database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE a.attname = 'tenant_id' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                """
            ) { $0.text(0) }
        }
        #expect(open == [])
    }

    @Test func `a role that row level security does not bind is refused, with what to do`() throws {
        let fixture = try Fixture()
        func refusal(_ role: String) throws -> String {
            var configuration = TemporaryFolder().configuration()
            configuration.server = fixture.configuration.server?.replacing(
                "user=bureau&", with: "user=\(role)&")
            guard case .incompatible(let text) = error({ try Database.open(configuration) }) else {
                return ""
            }
            return text
        }
        let superuser = try refusal("postgres")
        #expect(superuser.contains("superuser") && superuser.contains("CREATE ROLE bureau LOGIN NOINHERIT"))
        try TestDatabases.administer(
            """
            DROP ROLE IF EXISTS test_bypass; DROP ROLE IF EXISTS test_inherits;
            CREATE ROLE test_bypass LOGIN BYPASSRLS; CREATE ROLE test_inherits LOGIN INHERIT
            """)
        #expect(try refusal("test_bypass").contains("BYPASSRLS"))
        #expect(try refusal("test_inherits").contains("test_inherits_owner"))
    }

    // MARK: Several transactions at once

    /// A tenant's rows are numbered by its own count, as its events are.
    private func append(_ database: Database, _ tenant: TenantID) async throws {
        try await database.write(tenant) { tx in
            let next = try tx.int("SELECT max(score) FROM leads WHERE tenant_id = \(tx.tenant)") ?? 0
            try tx.addLead("\(next + 1)@example.com", Int(next) + 1)
        }
    }

    @Test func `two processes that write for one tenant number its rows without a gap, and lose none`()
        async throws
    {
        let fixture = try Fixture()
        let second = try beside(fixture)
        defer { second.close() }
        let databases = [fixture.database, second]
        try await withThrowingTaskGroup { group in
            for worker in 0..<4 {
                group.addTask { [self] in
                    for _ in 0..<12 { try await append(databases[worker % 2], worker < 2 ? acme : other) }
                }
            }
            // Meanwhile a reader that goes by the numbers passes none over.
            group.addTask {
                var last: Int64 = 0
                let isComplete = try await yields(until: {
                    let seen = try second.read(acme) { reader in
                        try reader.all(
                            "SELECT score FROM leads WHERE tenant_id = \(acme) AND score > \(last) ORDER BY score"
                        ) { $0.int64(0) }
                    }
                    for number in seen {
                        #expect(number == last + 1)
                        last = number
                    }
                    return last >= 24
                })
                #expect(isComplete)
            }
            try await group.waitForAll()
        }
        for tenant in [acme, other] {
            let numbers = try fixture.database.read(tenant) { reader in
                try reader.all("SELECT score FROM leads WHERE tenant_id = \(tenant) ORDER BY score") {
                    $0.int(0)
                }
            }
            #expect(numbers == Array(1...24))
        }
    }

    @Test func `transactions that stand in each other's way are all made in the end`() async throws {
        let fixture = try Fixture()
        for email in ["a", "b"] { try add(email, acme, fixture.database) }
        let second = try beside(fixture)
        defer { second.close() }
        let databases = [fixture.database, second]
        try await withThrowingTaskGroup { group in
            for worker in 0..<6 {
                group.addTask {
                    for _ in 0..<5 {
                        try await databases[worker % 2].acrossTenantsWrite { tx in
                            for email in worker % 3 == 0 ? ["a", "b"] : ["b", "a"] {
                                try tx.run(
                                    """
                                    UPDATE leads SET score = coalesce(score, 0) + 1
                                    WHERE tenant_id = \(acme) AND email = \(email)
                                    """)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let scores = try fixture.database.read(acme) { reader in
            try reader.all("SELECT score FROM leads WHERE tenant_id = \(acme)") { $0.int(0) }
        }
        #expect(scores == [30, 30])
    }

    @Test func `what a commit does beyond the database happens once, however often the closure ran`()
        async throws
    {
        let fixture = try Fixture()
        let (runs, effects) = (Shared(0), Shared(0))
        // Its first attempt meets a transaction that is made in the middle of it.
        try await fixture.database.acrossTenantsWrite { [database = fixture.database] tx in
            runs.update { $0 += 1 }
            tx.onCommit { effects.update { $0 += 1 } }
            let count = try tx.int("SELECT count(*) FROM leads WHERE tenant_id = \(acme)") ?? 0
            if runs.current == 1 {
                let done = Signal()
                database.acrossTenantsSubmit { inner in
                    let seen = try inner.int("SELECT count(*) FROM leads WHERE tenant_id = \(acme)") ?? 0
                    try inner.scoped(to: acme).addLead("inner \(seen)@example.com")
                } completion: { _ in
                    done.raise()
                }
                done.wait()
            }
            try tx.scoped(to: acme).addLead("outer \(count)@example.com")
        }
        #expect(runs.current == 2 && effects.current == 1)
        #expect(try fixture.emails.sorted() == ["inner 0@example.com", "outer 1@example.com"])
    }

    @Test func `a write across tenants does not write over what a tenant has changed meanwhile`() async throws
    {
        let fixture = try Fixture()
        try fixture.add("a@example.com")
        let runs = Shared(0)
        try await fixture.database.acrossTenantsWrite { [database = fixture.database] tx in
            runs.update { $0 += 1 }
            let score = try tx.int("SELECT score FROM leads WHERE tenant_id = \(acme)") ?? 0
            if runs.current == 1 {
                let done = Signal()
                database.submit(acme) { inner in
                    try inner.run("UPDATE leads SET score = 41 WHERE tenant_id = \(acme)")
                } completion: { _ in
                    done.raise()
                }
                done.wait()
            }
            try tx.run("UPDATE leads SET score = \(score + 1) WHERE tenant_id = \(acme)")
        }
        let score = try fixture.database.read(acme) {
            try $0.int("SELECT score FROM leads WHERE tenant_id = \(acme)")
        }
        #expect(runs.current == 2 && score == 42)
    }

    // MARK: Servers come and go

    @Test func `a server that is not there is unavailable`() throws {
        var configuration = TemporaryFolder().configuration()
        configuration.server = "postgresql://bureau@127.0.0.1:1/bureau"
        guard case .unavailable(.unreachable) = error({ try Database.open(configuration) }) else {
            Issue.record("another error")
            return
        }
    }

    @Test func `a server that refuses soon is tried again at once, and a slow one is left alone`() {
        #expect(PostgreSQLPool.pause(after: .microseconds(100)) == .zero)
        #expect(PostgreSQLPool.pause(after: .milliseconds(300)) == .zero)
        #expect(PostgreSQLPool.pause(after: .milliseconds(1500)) == .milliseconds(1500))
        #expect(PostgreSQLPool.pause(after: .seconds(5)) == .seconds(2))
    }

    /// Ends every connection, and waits until they are gone.
    private func endConnections(of configuration: DatabaseConfiguration) throws {
        try TestDatabases.administer(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'bureau'
            """, in: configuration.server)
    }

    @Test func `connections that were lost while idle are made anew, and nobody notices`() throws {
        let fixture = try Fixture()
        try fixture.add("before@example.com")
        #expect(try fixture.emails.count == 1)
        for _ in 0..<3 {
            try endConnections(of: fixture.configuration)
            #expect(try fixture.emails.contains("before@example.com"))
            try endConnections(of: fixture.configuration)
            try fixture.add("after-\(UUID().uuidString)@example.com")
        }
        #expect(try fixture.emails.count == 4)
    }

    @Test func `a read that loses its server half way is refused, even where it takes no notice`() throws {
        let fixture = try Fixture()
        try fixture.add("here@example.com")
        let runs = Shared(0)
        let refusal = error {
            _ = try fixture.database.read(acme) { reader -> [String]? in
                runs.update { $0 += 1 }
                _ = try reader.emails()
                try endConnections(of: fixture.configuration)
                return try? reader.emails()
            }
        }
        guard case .unavailable(.unreachable) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(runs.current == 1)
        #expect(try fixture.emails == ["here@example.com"])
    }

    @Test func `a write that loses its server before its commit is done again, and once`() throws {
        let fixture = try Fixture()
        let (configuration, runs) = (fixture.configuration, Shared(0))
        try fixture.database.writeAndWait(acme) { tx in
            runs.update { $0 += 1 }
            try tx.addLead("once@example.com")
            if runs.current == 1 {
                try endConnections(of: configuration)
                // A closure that takes no notice goes on with nothing.
                _ = try? tx.addLead("lost@example.com")
            }
        }
        #expect(runs.current == 2)
        #expect(try fixture.emails == ["once@example.com"])
    }

    @Test func `a write that loses its server at its commit is in doubt, and not done again`() throws {
        let fixture = try Fixture()
        let (configuration, runs) = (fixture.configuration, Shared(0))
        let refusal = error {
            try fixture.database.writeAndWait(acme) { tx in
                runs.update { $0 += 1 }
                try tx.run("UPDATE leads SET score = 1 WHERE tenant_id = \(acme)")
                tx.afterSavepoints { try endConnections(of: configuration) }
            }
        }
        #expect(refusal == .unavailable(.inDoubt) && runs.current == 1)
        try fixture.add("after@example.com")
    }

    // MARK: News

    @Test func `a notification is heard by every process, once it is committed`() throws {
        let fixture = try Fixture()
        let second = try beside(fixture)
        defer { second.close() }
        let (here, there, heard) = (Shared<[String]>([]), Shared<[String]>([]), Signal())
        fixture.database.listen("news") { text in here.update { $0.append(text) } }
        let ready = Signal()
        second.listen("ready") { _ in ready.raise() }
        second.listen("news") { text in
            there.update { $0.append(text) }
            heard.raise()
        }
        // The second one listens as soon as it hears anything at all.
        let isReady = Shared(false)
        let knocking = try OwnThread {
            while !isReady.current {
                fixture.database.tellOthers("ready", UUID().uuidString)
                CallingThread.pause(milliseconds: 20)
            }
        }
        ready.wait()
        isReady.update { $0 = true }
        knocking.join()
        try fixture.database.writeAndWait(acme) { tx in
            tx.notify("news", "one")
            tx.notify("news", "one")
        }
        _ = error {
            try fixture.database.writeAndWait(acme) { tx in
                tx.notify("news", "never")
                throw Refusal()
            }
        }
        try fixture.database.writeAndWait(acme) { tx in tx.notify("news", "two") }
        heard.wait()
        heard.wait()
        #expect(there.current == ["one", "two"])
        #expect(here.current == ["one", "one", "two"])
    }

    @Test func `a process is known to live until it ends`() throws {
        let fixture = try Fixture()
        let second = try beside(fixture)
        second.announce("boot-2")
        func absent(_ name: String) throws -> Bool {
            try fixture.database.acrossTenantsRead { reader in
                let condition = reader.dialect.isAbsent("'\(name)'", self: "'boot-1'")
                return try reader.exists("SELECT 1 WHERE \(trusted: condition)")
            }
        }
        #expect(try !absent("boot-2") && absent("boot-3") && !absent("boot-1"))
        second.close()
        #expect(try absent("boot-2"))
    }
}

@Suite struct RepeatedClosures {
    @Test func `a database that runs each closure twice keeps what one run does`() throws {
        let fixture = try Fixture { $0.repeatsClosures = true }
        let (runs, effects) = (Shared(0), Shared(0))
        try fixture.database.writeAndWait(acme) { tx in
            runs.update { $0 += 1 }
            try tx.addLead("ada@example.com")
            tx.onCommit { effects.update { $0 += 1 } }
        }
        #expect(runs.current == 2 && effects.current == 1)
        #expect(try fixture.emails == ["ada@example.com"])
    }
}
