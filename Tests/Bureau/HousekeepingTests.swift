import Cryptography
import Database
import Jobs
import Records
import Telemetry
import Tenancy
import TestDatabases
import Testing

@testable import Bureau
@testable import Discovery

struct HousekeepingTests {
    @Test func `writes down when sessions were last seen, and changes nothing else of them`() async throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let agency = TenantID(rawValue: "tenant_1"), other = TenantID(rawValue: "tenant_2")
        let session = try await app.database.write(agency) { tx in
            var session = UserSession.new(id: tx.nextID(), now: tx.now)
            try UserSession.resource.insert(&session, in: tx)
            return session
        }
        let seen = Instant.wallClock()
        for tenant in [agency, other] { app.services.sessionUse.note(session.id, of: tenant, at: seen) }
        await app.housekeeping.tidyUp()
        let found = try app.database.read(agency) { try UserSession.resource.get(session.id, in: $0) }
        #expect(found.lastSeenAt == seen && found.version == session.version)
    }

    @Test func `forgets after half a year what pages and people have said, and not that they were read`()
        async throws
    {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let agency = TenantID(rawValue: "tenant_1")
        try await app.database.write(agency) { tx in
            for (number, days) in [179, 181].enumerated() {
                let at = tx.now - .seconds(Int64(days) * 86_400)
                try tx.run(
                    """
                    INSERT INTO crawl_pages (tenant_id, crawl_id, number, kind, state, url, depth, attempts,
                        bytes, links, facts, fetched_at)
                    VALUES (\(tx.tenant), 'crawl_1', \(number), 'page', 'done', 'http://a.example/', 0, 1, 1,
                        '[]', '[]', \(at))
                    """)
                try tx.run(
                    """
                    INSERT INTO site_readings (tenant_id, site, statements, read_at)
                    VALUES (\(tx.tenant), \("site\(number)"), '[]', \(at))
                    """)
                try tx.run(
                    """
                    INSERT INTO source_finds (tenant_id, source, record_key, run_id, outcome, words, author,
                        found_at)
                    VALUES (\(tx.tenant), 'forum', \("post\(number)"), 'run_1', 'created', 'We look for',
                        'ann', \(at))
                    """)
            }
        }
        for kind in [expiringPageFacts, expiringWords] {
            func isDue() throws -> Bool {
                try app.database.read(agency) { try kind.due($0) }.map { $0 <= .wallClock() } ?? false
            }
            #expect(try isDue())
            try await app.database.write(agency) { tx in try kind.tidyUp(tx) }
            #expect(try !isDue())
        }
        let left = try app.database.read(agency) { reader in
            func count(_ table: String, _ condition: String = "1 = 1") throws -> Int64? {
                try reader.int(
                    """
                    SELECT count(*) FROM \(trusted: table)
                    WHERE tenant_id = \(reader.tenant) AND \(trusted: condition)
                    """)
            }
            return [
                try count("crawl_pages"), try count("crawl_pages", "facts IS NOT NULL"),
                try count("site_readings"), try count("source_finds"),
                try count("source_finds", "(words IS NOT NULL OR author IS NOT NULL)"),
            ]
        }
        #expect(left == [2, 1, 1, 2, 1])
    }

    @Test(.enabled(if: !TestDatabases.isOnServer, "only a file holds answers"))
    func `writes the answers of leads that hold none`() async throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let agency = TenantID(rawValue: "tenant_1")
        try await app.database.write(agency) { tx in
            var lead = Lead.new(id: tx.nextID(), now: tx.now)
            lead.company = "Acme"
            try Lead.resource.insert(&lead, in: tx)
        }
        func isDue() throws -> Bool {
            try app.database.read(agency) { try unstoredLeadAnswers.due($0) } != nil
        }
        #expect(try !isDue())
        try await app.database.write(agency) { tx in
            _ = try tx.run("UPDATE leads SET company = 'Else' WHERE tenant_id = \(tx.tenant)")
        }
        #expect(try isDue())
        try await app.database.write(agency) { tx in try unstoredLeadAnswers.tidyUp(tx) }
        #expect(try !isDue())
        let answer = try app.database.read(agency) { reader in
            try reader.first("SELECT stored_answer FROM leads WHERE tenant_id = \(reader.tenant)") {
                $0.text(0)
            }
        }
        #expect(answer?.contains("\"company\":\"Else\"") == true)
    }
}
