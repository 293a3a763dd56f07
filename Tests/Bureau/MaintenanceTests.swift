import Cryptography
import Database
import JSON
import Records
import Telemetry
import Tenancy
import TestDatabases
import Testing
import Wording

@testable import Bureau

struct MaintenanceTests {
    /// On a file; `server`: on the engine that the tests run on.
    private func app(server: Bool = false) throws -> App {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        if server {
            configuration.databaseURL = try TestDatabases.make() ?? ""
            configuration.databaseConnections = 6
        }
        return try App(configuration, log: .silent)
    }

    private func close(_ app: App) {
        app.close()
        removeFolder(app.configuration.data)
        TestDatabases.drop(app.configuration.databaseURL)
    }

    @Test func `growth and its end follow from the sizes of the last days`() {
        let today = CivilDate(year: 2027, month: 1, day: 10)
        let sizes = (0..<10).map {
            MeasuredDay(day: today.adding(days: $0 - 9), bytes: Int64(1_000_000 + 1000 * $0))
        }
        let capacity = Capacity(bytes: 1_009_000, free: 50_000, sizes, today: today)
        #expect(abs((capacity.growth ?? 0) - 1000) < 1)
        #expect(capacity.fullOn == today.adding(days: 50))
        #expect(Capacity(bytes: 1, free: 50_000, Array(sizes.prefix(1)), today: today).growth == nil)
        let still = sizes.map { MeasuredDay(day: $0.day, bytes: 7) }
        #expect(Capacity(bytes: 7, free: 50_000, still, today: today).fullOn == nil, "it does not grow")
        #expect(Capacity(bytes: 7, free: nil, sizes, today: today).fullOn == nil, "nobody knows the room")
    }

    @Test
    func `work is forecast from what it took of the processors, and calls of services from the last days`()
        throws
    {
        let today = CivilDate(year: 2027, month: 1, day: 11), hour: Int64 = 3_600_000
        // Two processors; each day a percent more of their time is used, for a hundred requests more.
        let days = (0..<10).map { number in
            MeasuredDay(
                day: today.adding(days: number - 10), bytes: 1,
                WorkCounts.Processing(
                    requests: 1000 + 100 * number, jobs: 50,
                    used: Int64(Double(48 * hour) * (0.1 + 0.01 * Double(number))),
                    there: 48 * hour))
        }
        // The present day has hardly begun, and says nothing.
        let begun = MeasuredDay(
            day: today, bytes: 1, WorkCounts.Processing(requests: 9, jobs: 9, used: 1, there: 1))
        let calls = (0..<10).map { (day: today.adding(days: $0 - 10), value: Double(100 + 10 * $0)) }
        let capacity = Capacity(bytes: 1, free: nil, days + [begun], calls: calls, today: today)
        let processing = try #require(capacity.processing)
        #expect(processing.requests == 1600 && processing.jobs == 50)
        #expect(abs(processing.used - 0.16) < 0.001 && abs((processing.growth ?? 0) - 0.01) < 0.001)
        #expect(processing.requestsMax.map { abs($0 - 7000) < 50 } == true, "70 % at what each has taken")
        #expect(processing.fullOn == today.adding(days: 54) || processing.fullOn == today.adding(days: 53))
        let forecast = try #require(capacity.callsForecast)
        #expect(abs(forecast.perDay - 160) < 0.1 && abs((forecast.growth ?? 0) - 10) < 0.01)
        #expect(forecast.ahead == 30 * 160 + 10 * 465)
        let told = capacity.json
        #expect(told["processing"]?["requests_per_day"] == 1600)
        #expect(told["service_calls"]?["next_30_days"] == 9450)
        #expect(Capacity(bytes: 1, free: nil, [begun], today: today).processing == nil)
        #expect(Capacity(bytes: 1, free: nil, [], today: today).callsForecast == nil)
    }

    @Test func `what a process does is counted by day`() async throws {
        let app = try app()
        defer { close(app) }
        app.metrics.counters("bureau_job_attempts_total", "Attempts of jobs.", labels: ["kind", "outcome"])
            .with(["some", "completed"]).increment(by: 7)
        let now = Instant.wallClock()
        try await app.maintenance.look(now)
        let day = try #require(try app.database.read(.platform) { try $0.maintenance.days() }.last)
        #expect(day.done.jobs >= 7 && day.done.used > 0 && day.bytes > 0)
        try await app.maintenance.look(now)
        let again = try #require(try app.database.read(.platform) { try $0.maintenance.days() }.last)
        #expect(again.done.jobs == day.done.jobs, "each attempt once")
        #expect(again.done.used >= day.done.used && again.done.there >= day.done.there)
        // Calls of services and models count, those of all agencies together.
        var create = TenantCreateCommand()
        let alone = FolderCall(workingFolder: "/tmp", isAlone: true) { _ in }
        for (name, calls) in [("Northwind", 4), ("Southwind", 5)] {
            create.name = name
            let made = try await create.work(app, alone)
            try await app.database.write(TenantID(rawValue: made["id"]?.text ?? "")) { tx in
                for (connector, count) in [("int_one", calls), ("model_one", 3), ("inside", 9)] {
                    try tx.run(
                        """
                        INSERT INTO effect_use (tenant_id, connector, day, tool, agent, client_id, campaign_id,
                            calls, failures, cost, tokens, bytes, duration)
                        VALUES (\(tx.tenant), \(connector), 20000, 'send_message', '', '', '',
                            \(count), 0, 0, 0, 0, 0)
                        """)
                }
            }
        }
        let called = try app.database.acrossTenantsCalls(since: CivilDate(daysSinceEpoch: 20_000))
        #expect(called.map { $0.value } == [15] && called.first?.day.daysSinceEpoch == 20_000)
    }

    @Test func `reads get more memory where much is not found there, and less where the machine has little`()
        async throws
    {
        let app = try app()
        defer { close(app) }
        let before = try app.database.memoryUse().kilobytes
        let poor = MachineMemory(total: 8 << 30, available: 100 << 20)
        try await app.maintenance.adjust(poor)
        #expect(try app.database.memoryUse().kilobytes == before / 2)
        for _ in 0..<9 { try await app.maintenance.adjust(poor) }
        #expect(try app.database.memoryUse().kilobytes == MemoryPlan.bounds.lowerBound, "and no less")
        let rich = MachineMemory(total: 8 << 30, available: 6 << 30)
        try await app.maintenance.adjust(rich)
        #expect(try app.database.memoryUse().kilobytes == MemoryPlan.bounds.lowerBound, "nothing was missing")
        let audited = try app.database.read(.platform) { reader in
            try reader.int(
                "SELECT count(*) FROM audit WHERE tenant_id = \(reader.tenant) AND action = 'maintenance.adjusted'"
            )
        }
        #expect(audited == 2)
    }

    @Test func `the audit is kept in parts by agency, and each statement looks at one`() throws {
        let app = try app(server: true)
        defer { close(app) }
        let plan = try app.database.acrossTenantsRead { reader -> String in
            let question: SQL =
                reader.dialect == .sqlite
                ? "EXPLAIN QUERY PLAN SELECT id FROM audit WHERE tenant_id = 'tenant_1' AND subject_id = 'x'"
                : "EXPLAIN SELECT id FROM audit WHERE tenant_id = 'tenant_1' AND subject_id = 'x'"
            let column = reader.dialect == .sqlite ? 3 : 0
            return try reader.all(question) { $0.text(column) }.joined(separator: "\n")
        }
        if TestDatabases.isOnServer {
            let parts = (0..<4).filter { plan.contains("audit_part_\($0)") }
            #expect(parts.count == 1, "\(plan)")
        } else {
            #expect(plan.contains("audit_subject (tenant_id=? AND subject_id=?)"), "\(plan)")
        }
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
        // Tasks that are due wait for that hour, and no longer for the usual one.
        _ = app.maintenance.work.takeWrites()
        let usual = LocalClock.next(TimeOfDay(hour: 3, minute: 30), after: .wallClock())
        try await app.maintenance.look(usual)
        #expect(try begun(app).isEmpty)
        try await app.maintenance.look(
            LocalClock.next(TimeOfDay(hour: 14, minute: 30), after: usual))
        #expect(try begun(app).count == 3)
        try await app.database.write(.platform) { tx in
            for _ in 0..<50 { try tx.maintenance.count(5000, hour: 14, fading: 0.9) }
        }
        #expect(try quiet() == 3, "it was quiet, and is no longer")
    }

    /// The tasks that maintenance has begun, by its jobs.
    private func begun(_ app: App) throws -> Set<String> {
        Set(
            try app.database.read(.platform) { reader in
                try reader.all(
                    "SELECT payload FROM jobs WHERE tenant_id = \(reader.tenant) AND kind = 'maintenance.run'"
                ) { $0.text(0) }
            })
    }

    @Test func `what is due is begun in the quiet hour, once, and otherwise waits for it`() async throws {
        let app = try app()
        defer { close(app) }
        func begun() throws -> Set<String> { try self.begun(app) }
        let quiet = LocalClock.next(app.configuration.backupTime, after: .wallClock())
        try await app.maintenance.look(quiet + .seconds(6 * 3600))
        #expect(try begun().isEmpty)
        try await app.maintenance.look(quiet)
        let first = try begun()
        // Nothing was measured that would ask for more.
        #expect(first.count == 3 && !first.contains { $0.contains("vacuum") || $0.contains("reindex") })
        try await app.maintenance.look(quiet + .seconds(300))
        #expect(try begun() == first)
        let days = try app.database.read(.platform) { try $0.maintenance.days() }
        #expect(days.last.map { $0.bytes > 0 } == true)
    }

    @Test func `some tasks have their day, and the whole file and the newest backup are read each week`()
        async throws
    {
        let app = try app(), time = app.configuration.backupTime
        defer { close(app) }
        try makeFolder(app.configuration.backups)
        try writeFile("a backup", to: app.backups.path(of: "bureau-20270101-033000"))
        let first = LocalClock.next(time, after: .wallClock())
        /// The tasks that are begun so many days after the first quiet hour.
        func begun(after days: Int64) async throws -> Set<String> {
            try await app.database.write(.platform) { tx in
                try tx.run("DELETE FROM jobs WHERE tenant_id = \(tx.tenant) AND kind = 'maintenance.run'")
            }
            // Half a day before, so that no change of the clocks matters.
            let quiet = LocalClock.next(time, after: first + .seconds(days * 86_400 - 43_200))
            try await app.maintenance.look(quiet)
            let payloads = try self.begun(app)
            return Set(
                MaintenanceTask.regular.map(\.rawValue).filter { name in
                    payloads.contains { $0.contains("\"\(name)\"") }
                })
        }
        #expect(try await begun(after: 0) == ["analyze", "integrity", "archive", "restore"])
        try await app.database.write(.platform) { tx in
            for task in MaintenanceTask.regular {
                try tx.maintenance.ended(task, "Done.", hasFailed: false, took: .zero)
            }
        }
        // It is up to a day from now to the first quiet hour.
        for day in [1, 3, 5] as [Int64] {
            #expect(try await begun(after: day) == ["analyze", "archive"], "day \(day)")
        }
        #expect(try await begun(after: 7) == ["analyze", "integrity", "archive", "restore"])
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
        // A tenth of it is not worth while.
        for (gone, isDue) in [("n%0", false), ("n%", true)] {
            try await app.database.write(.platform) { tx in
                try tx.run("DELETE FROM nodes WHERE tenant_id = \(tx.tenant) AND id LIKE \(gone)")
            }
            #expect(try app.database.need(of: .vacuum).isDue == isDue)
        }
        try await app.maintenance.look(
            LocalClock.next(app.configuration.backupTime, after: .wallClock()))
        #expect(try begun(app).contains { $0.contains("vacuum") }, "what was measured begins it")
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
                == .index(table: "companies", columns: ["industry"]))
        #expect(
            app.database.advice(on: "SELECT id FROM leads WHERE tenant_id = $1 AND email = $2") == .narrow)
        #expect(
            app.database.advice(on: "SELECT id FROM leads WHERE tenant_id = $1 ORDER BY notes") == .order)
        // The advice is in words: an index, another statement, or less to look at.
        let one = try #require(slow.first)
        let words = try app.database.read(.platform) { try $0.wordings.find("en") }
        func suggestion(_ advice: StatementAdvice?) -> String {
            one.json(advice, [], in: words)["suggestion"]?.text ?? ""
        }
        let wanted = AdvisedIndex(table: "leads", columns: ["industry"])
        let advice = StatementAdvice.index(table: wanted.table, columns: wanted.columns)
        #expect(one.json(advice, [], in: words)["index"] == wanted.json)
        #expect(one.json(advice, [wanted], in: words)["index"] == .null, "it is there")
        #expect(one.json(.narrow, [], in: words)["index"] == .null)
        let index = suggestion(advice)
        #expect(index.contains("reads all of leads: an index") && index.contains("archive what is old"))
        #expect(suggestion(.order).contains("an index that ends with the columns of ORDER BY"))
        #expect(suggestion(.narrow).contains("fewer rows or columns, or archive what is old"))
    }
}
