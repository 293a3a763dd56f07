import Agents
import Cryptography
import Database
import Nouns
import Records
import Telemetry
import Tenancy
import Testing

@testable import Bureau
@testable import Content
@testable import Jobs

/// Changes that people make of a piece while its publisher is at work.
struct PublishingLookTests {
    @Test func `a day that is changed while its publisher looks counts at once, not after the old one`()
        async throws
    {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        let (database, runtime) = (app.database, app.runtime)
        let agency = try await database.acrossTenantsWrite { system in
            var tenant = Tenant.new(id: system.runtime.nextID(), now: .wallClock())
            tenant.name = "Northwind"
            _ = try system.acrossTenantsCreate(&tenant, by: .system)
            return tenant.tenantID
        }
        let id = try await database.write(agency) { tx in
            var item = ContentItem.new(id: tx.nextID(), now: tx.now)
            (item.title, item.body, item.format) = ("Roses", "Cut them in March.", .blog)
            (item.status, item.plannedAt) = (.scheduled, tx.now + .seconds(20 * 3600))
            (item.publishing.state, item.publishing.round) = (.waiting, 1)
            item.publishing.askedAt = tx.now
            try ContentItem.resource.insert(&item, in: tx)
            try tx.jobs.enqueue(
                PublishItemJob.self, .init(item: item.id, round: 1),
                JobOptions(uniqueKey: item.sendKey, subject: item.subject))
            return item.id
        }
        let claimed = try await database.acrossTenantsWrite { tx in
            try ClaimStore(tx: tx, runtime: runtime).claim(
                PublishItemJob.queue, limit: 1, cap: 1, owner: "worker", leaseUntil: tx.now + .seconds(60)
            ).jobs
        }
        let lease = try #require(claimed.first).lease
        // The worker has seen the old day, and has not yet said that it rests until then.
        try await database.write(agency) { tx in
            let old = try ContentItem.resource.get(id, in: tx)
            var item = old
            item.plannedAt = tx.now + .seconds(60)
            try tx.update(old, to: &item, by: .system)
        }
        await #expect(throws: LeaseLost.self) {
            try await database.write(agency) { tx in
                let rest = JobSnooze(for: .seconds(20 * 3600), waitingFor: "planned_at")
                try tx.jobs.settle(lease, .snoozed(rest))
            }
        }
        #expect(try database.read(agency) { try $0.jobs.find(lease.job) }?.state == .available)
    }
}
