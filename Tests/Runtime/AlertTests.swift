import Database
import Records
import Telemetry
import Templates
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct Alerts {
    private let subject = Subject(type: "tool", id: "http_request")

    private func events(_ test: TestRuntime) throws -> [String] {
        try test.read { try $0.events.after(0, limit: 50).map(\.type).filter { $0.hasPrefix("alert.") } }
    }

    @Test func `while one is open, the same cause is told once and brought up to date`() async throws {
        let test = try TestRuntime()
        let raise = { @Sendable (title: String, severity: Alert.Severity) in
            try await test.write { [subject] tx in
                try tx.alerts.raise(
                    kind: "quota", severity: severity, subject: subject, title: .quoted(title),
                    action: "Buy more.")
            }
        }
        let one = try await raise("80 % used", .warning)
        #expect(try await raise("80 % used", .warning) == one)
        #expect(try test.read { try $0.alerts.find(one) }?.version == 1, "nothing new, nothing written")
        #expect(try await raise("100 % used", .critical) == one)
        let alert = try #require(try test.read { try $0.alerts.find(one) })
        #expect(alert.severity == .critical && alert.title == "100 % used" && alert.resolvedAt == nil)
        let resolve = { @Sendable (tenant: TenantID) in
            try await test.write(tenant) { [subject] in try $0.alerts.resolve(kind: "quota", subject: subject)
            }
        }
        #expect(try await !resolve(.globex), "another agency has its own")
        #expect(try await resolve(.acme))
        #expect(try await !resolve(.acme))
        #expect(try test.read { try $0.alerts.find(one) }?.resolvedBy == "system")
        let two = try await raise("80 % used", .warning)
        #expect(two != one)
        #expect(try events(test) == ["alert.raised", "alert.resolved", "alert.raised"])
    }

    @Test func `an acknowledged one stays open, and a worse severity clears the acknowledgement`()
        async throws
    {
        let test = try TestRuntime()
        let raise = { @Sendable (severity: Alert.Severity) in
            try await test.write { [subject] tx in
                try tx.alerts.raise(
                    kind: "quota", severity: severity, subject: subject, title: .quoted("\(severity)"),
                    action: "Buy more.")
            }
        }
        let id = try await raise(.warning)
        let see = { @Sendable (note: String?) in
            try await test.write { try $0.alerts.acknowledge(id, note: note, by: Actor(.user, id: "user_1")) }
        }
        let seen = try await see("on it")
        #expect(seen.acknowledgedBy == "user_1" && seen.note == "on it" && seen.resolvedAt == nil)
        #expect(seen.acknowledgedAt == test.clock.now)
        for severity in [Alert.Severity.warning, .info] {
            _ = try await raise(severity)
            #expect(
                try test.read { try $0.alerts.find(id) }?.acknowledgedBy == "user_1", "it has become no worse"
            )
        }
        _ = try await raise(.critical)
        let worse = try #require(try test.read { try $0.alerts.find(id) })
        #expect(worse.acknowledgedAt == nil && worse.acknowledgedBy == nil && worse.note == nil)
        #expect(try await see(nil).note == nil)
        _ = try await test.write { [subject] in try $0.alerts.resolve(kind: "quota", subject: subject) }
        await #expect(throws: RuntimeError.self) { try await see("late") }
        #expect(
            try events(test)
                == ["alert.raised", "alert.acknowledged", "alert.acknowledged", "alert.resolved"])
    }

    @Test func `a dead job raises one, and its revival resolves it`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        let lease = try await test.claim(1)[0].lease
        try await test.write { try $0.jobs.settle(lease, .dead(.terminal("gone", "it is gone"))) }
        let open = try #require(try test.read { try $0.alerts.open(kind: "job_dead") }.first)
        #expect(open.subject == Subject(id) && open.severity == .warning)
        #expect(open.title.contains("it is gone") && open.action.contains("retry"))
        _ = try await test.write { try $0.jobs.retry(id) }
        #expect(try test.read { try $0.alerts.open(kind: "job_dead") }.isEmpty)
        #expect(try events(test) == ["alert.raised", "alert.resolved"])
    }

    @Test func `where many die they are told together`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        try await test.write { tx in
            for n in 0..<30 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(n)")) }
        }
        for job in try await test.claim(30) {
            try await test.write { try $0.jobs.settle(job.lease, .dead(.terminal("gone", "it is gone"))) }
        }
        #expect(try test.read { try $0.alerts.open(kind: "job_dead") }.count == 20)
        let many = try test.read { try $0.alerts.open(kind: "jobs_dying") }
        #expect(many.count == 1 && many[0].severity == .critical && many[0].subject.id == "test")
    }
}
