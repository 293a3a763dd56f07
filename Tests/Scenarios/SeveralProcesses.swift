import Foundation
import Glibc
import JSON
import StandIns
import Synchronization
import TestDatabases
import Testing

/// Servers that share a database on PostgreSQL: one for requests, others for the work, or all alike.
@Suite(.ofServers, .ownThread) struct SeveralServers {
    /// All open the same credentials.
    private static let key = ["master_key": Data((0..<32).map { UInt8($0) }).base64EncodedString()]

    private func settings(_ more: [String: String] = [:]) -> [String: String] {
        Self.key.merging(more, uniquingKeysWith: { $1 })
    }

    private func start(
        _ more: [String: String] = [:], beside other: BureauProcess? = nil
    ) throws -> BureauProcess {
        let process = BureauProcess(settings(more), beside: other)
        try process.start()
        return process
    }

    @Test func `what one has answered the other knows at once`() throws {
        let one = try start()
        let agency = try one.quietAgency()
        let other = try start(beside: one)
        let there = other.caller(agency.token)
        let stream = try EventStream(there)
        let lead = try agency.makeLead()
        #expect(try there.get("/v1/leads/\(lead.id)").ok().id == lead.id)
        try stream.wait(for: "lead.created")
        let key = try agency.owner.post("/v1/api-keys", ["name": "r", "scopes": ["leads:read"]]).ok(201)
        let robot = other.caller(key.text("secret"))
        try robot.get("/v1/leads").ok()
        try agency.owner.delete("/v1/api-keys/\(key.id)").ok(204)
        try eventuallyTrue("the end of the key everywhere", every: .milliseconds(20)) {
            try robot.get("/v1/leads").status == 401
        }
    }

    @Test func `workers share the work of a server that takes requests, and one that is killed loses none`()
        throws
    {
        let api = try start(["role": "api"])
        let workers = try (0..<2).map { _ in try start(["role": "worker"], beside: api) }
        let agency = try api.signUp()
        let places = try (0..<24).map { number in
            let id = try agency.makeLead(number).id
            return try #require(try agency.owner.post("/v1/leads/\(id)/score").header("Location"))
        }
        workers[0].kill()
        for place in places {
            let run = try eventually("the end of \(place)", every: .milliseconds(50)) {
                let run = try agency.owner.get(place).ok()
                return run.text("status") == "succeeded" ? run : .none
            }
            #expect(run["decisions"]?.array?.count == 1, "\(run.serialized)")
        }
    }

    @Test func `a host is asked by one server at a time, with its pause, for all of them together`() throws {
        let web = try CrawledWeb()
        let polite = web.settings.merging(["crawler.delay_ms": "200"]) { $1 }
        let busy = Mutex((now: 0, most: 0)), starts = Mutex<[ContinuousClock.Instant]>([])
        for path in ["/", "/1", "/2"] {
            web.set("shared.example\(path)") { _ in
                busy.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                starts.withLock { $0.append(.now) }
                defer { busy.withLock { $0.now -= 1 } }
                return StandInAnswer(
                    200, "<a href='/1'>1</a><a href='/2'>2</a>", headers: [("Content-Type", "text/html")])
            }
        }
        let api = try start(polite.merging(["role": "api"]) { $1 })
        // A server ends with the last that knows it.
        let workers = try (0..<2).map { _ in
            try start(polite.merging(["role": "worker"]) { $1 }, beside: api)
        }
        defer { for worker in workers { worker.kill() } }
        let agencies = try (0..<6).map { _ in try api.quietAgency() }
        let crawls = try agencies.map {
            try $0.owner.post("/v1/crawls", ["url": "http://shared.example"]).ok(202)
        }
        for (agency, crawl) in zip(agencies, crawls) {
            try eventuallyTrue("the crawl is over") {
                try agency.owner.get("/v1/crawls/\(crawl.id)").ok().text("status") == "completed"
            }
        }
        let times = starts.withLock { $0 }
        #expect(times.count == 18 && busy.withLock { $0.most } == 1)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 > .milliseconds(180) })
    }

    @Test func `a host whose server is killed in the middle is asked by another once the turn is over`()
        throws
    {
        let web = try CrawledWeb(), clock = try MovedClock(at: .now), isKilled = Mutex(false)
        let polite = web.settings.merging(["crawler.delay_ms": "200"]) { $1 }
        web.set("taken.example/") { _ in
            while !isKilled.withLock({ $0 }) { usleep(2000) }
            return StandInAnswer(200, "<p>Here", headers: [("Content-Type", "text/html")])
        }
        web.page("free.example/", "Free")
        let api = try start(polite.merging(["role": "api"]) { $1 })
        let worker = polite.merging(["role": "worker"]) { $1 }
        let first = try start(worker, beside: api)
        let agencies = try (0..<3).map { _ in try api.quietAgency() }
        func crawl(_ agency: Agency, _ host: String) throws -> String {
            try agency.owner.post("/v1/crawls", ["url": .string("http://\(host)")]).ok(202).id
        }
        func status(_ agency: Agency, _ id: String) throws -> String {
            try agency.owner.get("/v1/crawls/\(id)").ok().text("status")
        }
        let cut = try crawl(agencies[0], "taken.example")
        try eventuallyTrue("the page is asked for") { web.asked("taken.example").contains("/") }
        first.kill()
        isKilled.withLock { $0 = true }
        let before = web.asked("taken.example")
        let second = BureauProcess(settings(worker), beside: api, variables: clock.variables)
        try second.start()
        defer { second.kill() }
        let late = try crawl(agencies[1], "taken.example"), free = try crawl(agencies[2], "free.example")
        try eventuallyTrue("another host is asked") { try status(agencies[2], free) == "completed" }
        // The process that had the turn cannot give it back; until its time is over nobody knows that it is
        // gone.
        #expect(try status(agencies[1], late) != "completed")
        #expect(web.asked("taken.example") == before)
        try clock.move(to: .now.addingTimeInterval(60))
        try eventuallyTrue("the turn is free") { try status(agencies[1], late) == "completed" }
        try eventuallyTrue("the other crawl is over") {
            try !["queued", "running"].contains(status(agencies[0], cut))
        }
        #expect(web.asked("taken.example").count { $0 == "/" } == 2, "each crawl asks once")
    }

    @Test func `a server that is away is told of, and work goes on when it is back`() throws {
        let server = try start()
        let agency = try server.quietAgency()
        try TestDatabases.administer(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'bureau'
            """, in: server.database)
        try eventuallyTrue("the return", every: .milliseconds(20)) {
            try server.anonymous.get("/readyz").status == 200
        }
        let lead = try agency.makeLead()
        try agency.owner.get("/v1/leads/\(lead.id)").ok()
    }
}
