import Database
import Dispatch
import JSON
import Telemetry
import TestDatabases
import Testing
import Waiting

@testable import Jobs
@testable import RuntimeTesting

/// Processes that share a server; each is a runtime with a database of its own to it.
@Suite(.enabled(if: TestDatabases.isOnServer, "about a database's server")) struct SeveralProcesses {
    @Test func `two share the work, and each job is effective once`() async throws {
        let job = TestJob { payload, job in try await job.complete { tx in try tx.effect(payload.name) } }
        let first = try TestRuntime(kinds: [job])
        let second = try TestRuntime(boot: "boot-2", beside: first, kinds: [job])
        let names = (0..<40).map { "job \($0)" }
        for part in [names[..<20], names[20...]] {
            try await first.write { tx in
                for name in part { try tx.jobs.enqueue(TestJob.self, .init(name: name)) }
            }
            if part.startIndex == 0 {
                first.work()
                second.work()
            }
        }
        #expect(await yields(until: { first.settled.values.count + second.settled.values.count >= 40 }))
        #expect(try first.read { try $0.effects() } == names.sorted())
        await first.stop()
        await second.stop()
    }

    @Test func `a job that ends while a claim is made lets its tenant in again`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        try await test.write { tx in
            for name in ["a", "b"] { try tx.jobs.enqueue(TestJob.self, .init(name: name)) }
        }
        let lease = try await test.claim(1)[0].lease
        let (settled, claimed) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let end: Void = test.write { tx in
            try tx.jobs.complete(lease)
            settled.signal()
            // It may be run again, and is not to wait for ever where the claim has failed.
            _ = claimed.wait(timeout: .now() + 60)
            claimed.signal()
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                _ = settled.wait(timeout: .now() + 60)
                continuation.resume()
            }
        }
        #expect(try await test.claim(2, cap: 1).isEmpty, "the first one runs, as far as is known")
        claimed.signal()
        try await end
        #expect(try await test.claim(2, cap: 1).count == 1)
    }

    @Test func `who starts beside one that works takes nothing of it, and all of one that has ended`()
        async throws
    {
        let (started, gate) = (Signal<String>(), Gate())
        let patient = TestJob { payload, job in
            started.send(payload.name)
            await gate.pass()
            try await job.complete { tx in try tx.effect("\(payload.name) at \(job.attempt)") }
        }
        let first = try TestRuntime(kinds: [patient])
        first.work()
        let id = try await first.write { try $0.jobs.enqueue(TestJob.self, .init(name: "long")).id }
        await started.values(1)
        let second = try TestRuntime(boot: "boot-2", beside: first, kinds: [patient])
        second.work()
        // Of one that announced itself nowhere: it is gone.
        _ = try await first.write { try $0.jobs.enqueue(TestJob.self, .init(name: "short")) }
        await started.values(2)
        #expect(try first.job(id)?.attempt == 1 && first.job(id)?.state == .running)
        gate.open()
        #expect(await yields(until: { first.settled.values.count + second.settled.values.count >= 2 }))
        #expect(try first.read { try $0.effects() } == ["long at 1", "short at 1"])
        await first.stop()
        await second.stop()
    }

    @Test func `the jobs of a process that has ended are taken over when another starts`() async throws {
        let first = try TestRuntime(kinds: [TestJob()])
        let id = try await first.write { try $0.jobs.enqueue(TestJob.self, .init(name: "left")).id }
        let claimed = try await first.claim(1)
        #expect(claimed.count == 1)
        let job = TestJob { payload, job in try await job.complete { tx in try tx.effect(payload.name) } }
        let second = try TestRuntime(boot: "boot-2", beside: first, kinds: [job])
        second.work()
        #expect(await second.settled.values(1) == [id])
        #expect(try first.read { try $0.effects() } == ["left"])
        await second.stop()
    }

    @Test func `together they run no more of a tenant's jobs than it may`() async throws {
        let first = try TestRuntime(kinds: [TestJob()])
        let second = try TestRuntime(boot: "boot-2", beside: first, kinds: [TestJob()])
        try await first.write { tx in
            for number in 0..<30 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(number)")) }
        }
        let claimed = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
            for worker in 0..<6 {
                group.addTask {
                    let runtime = worker % 2 == 0 ? first : second
                    return try await runtime.claim(5, cap: 7, owner: "boot-\(worker % 2 + 1)")
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.count <= 7 && Set(claimed.map(\.lease.job)).count == claimed.count)
        #expect(try await first.claim(30, cap: 7).count + claimed.count == 7)
    }

    @Test func `a reader hears what another process has published, in order, with none left out`()
        async throws
    {
        let first = try TestRuntime()
        let second = try TestRuntime(boot: "boot-2", beside: first)
        let subscription = try second.runtime.events.subscribe(.acme)
        let writers = [first, second]
        let writing = Task {
            for number in 0..<40 {
                try await writers[number % 2].write { tx in
                    try tx.publish("a", Subject(type: "lead", id: "lead_\(number)"))
                }
            }
        }
        var rows: [Int64] = []
        while rows.count < 40, let events = try await subscription.next() { rows += events.map(\.row) }
        try await writing.value
        #expect(rows == Array(1...40))
        subscription.cancel()
    }
}
