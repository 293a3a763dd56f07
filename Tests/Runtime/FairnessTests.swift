import Database
import Testing

@testable import Jobs
@testable import RuntimeTesting

struct Fairness {
    @Test func `one tenant's flood does not hold up another's single job`() async throws {
        let test = try TestRuntime()
        try await test.write { tx in
            for n in 0..<2000 { try tx.jobs.enqueue(TestJob.self, .init(name: "a\(n)")) }
        }
        _ = try await test.claim(16)
        try await test.write(.globex) { try $0.jobs.enqueue(TestJob.self, .init(name: "b")) }
        let next = try await test.claim(8)
        #expect(next.count == 8 && next.prefix(5).contains { $0.lease.tenant == .globex })
    }

    @Test func `busy tenants share alike, by weight`() async throws {
        let test = try TestRuntime()
        for tenant in [TenantID.acme, .globex] {
            try await test.write(tenant) { tx in
                for n in 0..<600 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(n)")) }
            }
        }
        try await test.write(.globex) {
            try $0.run("UPDATE tenant_queues SET weight = 3 WHERE tenant_id = \($0.tenant)")
        }
        var served: [TenantID: Int] = [:]
        for _ in 0..<40 {
            for job in try await test.claim(10, cap: 1000) { served[job.lease.tenant, default: 0] += 1 }
        }
        #expect(served[.acme, default: 0] + served[.globex, default: 0] == 400)
        #expect((90...110).contains(served[.acme, default: 0]), "\(served)")
    }

    @Test func `idleness saves nothing up, and costs nothing`() async throws {
        let test = try TestRuntime()
        try await test.write { tx in
            for n in 0..<300 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(n)")) }
        }
        for _ in 0..<10 { _ = try await test.claim(10, cap: 1000) }
        try await test.write(.globex) { tx in
            for n in 0..<300 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(n)")) }
        }
        var served: [TenantID: Int] = [:]
        for _ in 0..<10 {
            for job in try await test.claim(10, cap: 1000) { served[job.lease.tenant, default: 0] += 1 }
        }
        #expect((45...55).contains(served[.globex, default: 0]), "\(served)")
    }

    @Test func `a tenant at its limit is passed over until one of its jobs ends`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        try await test.write { tx in for n in 0..<5 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(n)")) }
        }
        let first = try await test.claim(10, cap: 2)
        #expect(first.count == 2)
        #expect(try await test.claim(10, cap: 2).isEmpty)
        let standing = {
            try test.read {
                try $0.first("SELECT ready, at_limit FROM tenant_queues WHERE tenant_id = \($0.tenant)") {
                    [$0.int(0), $0.int(1)]
                }
            }
        }
        #expect(try standing() == [0, 1])
        try await test.write { try $0.jobs.settle(first[0].lease, .dead(.terminal("x", "x"))) }
        #expect(try await test.claim(1, cap: 2).count == 1)
        #expect(try standing() == [0, 1])
        try await test.write { tx in
            for job in 0..<5 { try tx.jobs.enqueue(TestJob.self, .init(name: "more \(job)")) }
        }
        #expect(try await test.claim(10, cap: 2).isEmpty, "new ones wait with the others")
        #expect(try await test.claim(10, cap: 3).count == 1, "and a greater limit lets them in")
    }

    @Test func `a suspended tenant's jobs are not claimed, new ones included`() async throws {
        let test = try TestRuntime()
        try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")) }
        try await test.runtime.suspend(.acme, true)
        try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "b")) }
        try await test.runtime.suspend(.globex, true)
        try await test.write(.globex) { try $0.jobs.enqueue(TestJob.self, .init(name: "c")) }
        #expect(try await test.claim(10).isEmpty)
        try await test.runtime.suspend(.acme, false)
        #expect(try await test.claim(10).count == 2)
    }
}
