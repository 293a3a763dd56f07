import Cryptography
import Database
import Records
import Telemetry
import Tenancy
import Testing

@testable import Bureau

struct MaintenanceTests {
    private func app() throws -> App {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        return try App(configuration, log: .silent)
    }

    private func close(_ app: App) {
        app.close()
        removeFolder(app.configuration.data)
    }

    @Test func `growth and its end follow from the sizes of the last days`() {
        let today = CivilDate(year: 2027, month: 1, day: 10)
        let sizes = (0..<10).map { (day: today.adding(days: $0 - 9), bytes: Int64(1_000_000 + 1000 * $0)) }
        let capacity = Capacity(bytes: 1_009_000, free: 50_000, sizes, today: today)
        #expect(abs((capacity.growth ?? 0) - 1000) < 1)
        #expect(capacity.fullOn == today.adding(days: 50))
        #expect(Capacity(bytes: 1, free: 50_000, Array(sizes.prefix(1)), today: today).growth == nil)
        let still = sizes.map { (day: $0.day, bytes: Int64(7)) }
        #expect(Capacity(bytes: 7, free: 50_000, still, today: today).fullOn == nil, "it does not grow")
        #expect(Capacity(bytes: 7, free: nil, sizes, today: today).fullOn == nil, "nobody knows the room")
    }

    @Test func `the quiet hour is the one in which least is written, as the last weeks show`() async throws {
        let app = try app()
        defer { close(app) }
        func quiet() throws -> Int {
            try app.database.read(.platform) { try $0.maintenance.quietHour(standard: 3) }
        }
        #expect(try quiet() == 3, "the usual one, until a whole day was seen")
        try await app.database.write(.platform) { tx in
            for hour in 0..<24 { try tx.maintenance.count(hour == 14 ? 1 : 1000, hour: hour, fading: 0.9) }
        }
        #expect(try quiet() == 14)
        try await app.database.write(.platform) { tx in
            for _ in 0..<50 { try tx.maintenance.count(5000, hour: 14, fading: 0.9) }
        }
        #expect(try quiet() == 3, "it was quiet, and is no longer")
    }

    @Test func `what is due is begun in the quiet hour, once, and otherwise waits for it`() async throws {
        let app = try app()
        defer { close(app) }
        func begun() throws -> Set<String> {
            Set(
                try app.database.read(.platform) { reader in
                    try reader.all(
                        "SELECT payload FROM jobs WHERE tenant_id = \(reader.tenant) AND kind = 'maintenance.run'"
                    ) { $0.text(0) }
                })
        }
        let quiet = LocalClock.next(app.configuration.backupTime, after: .wallClock())
        try await app.maintenance.look(quiet + .seconds(6 * 3600))
        #expect(try begun().isEmpty)
        try await app.maintenance.look(quiet)
        let first = try begun()
        // Nothing was measured that would ask for more.
        #expect(first.count == 3 && !first.contains { $0.contains("vacuum") || $0.contains("reindex") })
        try await app.maintenance.look(quiet + .seconds(300))
        #expect(try begun() == first)
        let sizes = try app.database.read(.platform) { try $0.maintenance.sizes() }
        #expect(sizes.last.map { $0.bytes > 0 } == true)
    }

    @Test func `much free room in the file is measured, and given back`() async throws {
        let app = try app()
        defer { close(app) }
        #expect(try app.database.need(of: .vacuum).isDue == false)
        let text = String(repeating: "x", count: 3000)
        try await app.database.write(.platform) { tx in
            for number in 0..<10_000 {
                try tx.run(
                    """
                    INSERT INTO nodes (tenant_id, id, report, seen_at)
                    VALUES (\(tx.tenant), \("n\(number)"), \(text), \(tx.now))
                    """)
            }
        }
        try await app.database.write(.platform) { tx in
            try tx.run("DELETE FROM nodes WHERE tenant_id = \(tx.tenant)")
        }
        #expect(try app.database.need(of: .vacuum).isDue)
        let database = app.database
        _ = try await onOwnThread { try database.keepUp(.vacuum) }
        #expect(try app.database.need(of: .vacuum).isDue == false)
        #expect(try await onOwnThread { try database.keepUp(.integrity) }.contains("sound"))
    }

    @Test func `a statement that takes long is kept, with advice by its plan, and a quick one is not`()
        async throws
    {
        let app = try app()
        defer { close(app) }
        let counting: SQL = """
            WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000000)
            SELECT count(*) FROM n
            """
        _ = try app.database.read(.platform) { try $0.int(counting) }
        let slow = app.database.slowStatements.worst()
        #expect(slow.contains { $0.text.contains("WITH RECURSIVE n") && $0.p95 > .milliseconds(20) })
        #expect(
            app.database.advice(on: "SELECT name FROM companies WHERE industry = $1")
                == .index(table: "companies"))
        #expect(
            app.database.advice(on: "SELECT id FROM leads WHERE tenant_id = $1 AND email = $2") == .narrow)
    }
}
