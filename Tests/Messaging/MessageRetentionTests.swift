import Database
import JSON
import Jobs
import Records
import RuntimeTesting
import Telemetry
import Testing
@testable import Messages
@testable import People
@testable import Tenancy

/// The periods for which an agency keeps messages: the hourly look at them.
@Suite struct MessageRetentionTests {
    private func rig(_ periods: StoragePeriods?) async throws -> MessagingRig {
        // Long ago: what no agency owns goes by the machine's own clock.
        try await MessagingRig.started(at: "2020-01-05T10:00:00Z") { $0.retention = periods }
    }

    private func housekeeping(_ rig: MessagingRig) -> Housekeeping {
        let retention = MessageRetention(rig.outbox)
        return Housekeeping(
            rig.outbox.services,
            [
                TenantTidying(
                    due: { try MessageRetention.due(in: $0) }, tidyUp: { try retention.forget(in: $0) })
            ])
    }

    private func periods(_ days: Int) -> StoragePeriods {
        var periods = StoragePeriods()
        (periods.messageDays, periods.attachmentDays, periods.hookDays) = (days, days, days)
        return periods
    }

    private func pass(_ days: Int, _ rig: MessagingRig) async throws {
        try await rig.test.advance(by: .seconds(Int64(days) * 86_400))
    }

    @Test func `words are kept for three years where nothing is set, and no longer`() async throws {
        let rig = try await rig(nil)
        let message = try await rig.settled(try await rig.send(try await rig.contact()))
        try await pass(1094, rig)
        await housekeeping(rig).tidyUp(thoroughly: true)
        #expect(try rig.test.read { try Message.resource.find(message.id, in: $0) }?.text.isEmpty == false)
        try await pass(2, rig)
        await housekeeping(rig).tidyUp()
        #expect(
            try rig.test.read { try Message.resource.find(message.id, in: $0) }?.text.isEmpty == false,
            "only a thorough look forgets")
        await housekeeping(rig).tidyUp(thoroughly: true)
        let left = try #require(try rig.test.read { try Message.resource.find(message.id, in: $0) })
        #expect(left.text.isEmpty && left.subject == nil && left.body == nil && left.html == nil)
        #expect(left.status == .sent && left.sentAt == message.sentAt && left.recipient == message.recipient)
    }

    @Test func `more than one transaction holds is forgotten all the same, each message once`() async throws {
        let rig = try await rig(periods(10))
        let ann = try await rig.contact()
        try await rig.test.given { tx in
            for number in 0..<230 {
                var message = Message.new(id: tx.nextID(), now: tx.now)
                (message.direction, message.status, message.contactID) = (.inbound, .received, ann.id)
                message.text = "Word \(number)"
                try Message.resource.insert(&message, in: tx)
            }
        }
        try await pass(11, rig)
        for _ in 1...2 { await housekeeping(rig).tidyUp(thoroughly: true) }
        let all = try rig.test.read { try Message.resource.all(where: "direction = 'inbound'", in: $0) }
        #expect(all.count == 230 && all.allSatisfy { $0.text.isEmpty && $0.version == 2 })
    }

    @Test func `what waits for longer than words are kept never leaves`() async throws {
        let periods = periods(10)
        let rig = try await MessagingRig.started(at: "2020-01-05T10:00:00Z", services: []) {
            $0.retention = periods
        }
        let id = try await rig.send(try await rig.contact())
        try await pass(11, rig)
        await housekeeping(rig).tidyUp(thoroughly: true)
        let message = try #require(try rig.test.read { try Message.resource.find(id, in: $0) })
        #expect(message.status == .cancelled && message.reasons.list.map(\.code) == ["expired"])
        #expect(message.text.isEmpty && rig.postbox.taken.isEmpty)
        #expect(rig.listening.words == ["cancelled"], "whoever wanted it waits for it no longer")
    }

    @Test func `what a service brought stays until it was worked on`() async throws {
        let rig = try await rig(periods(10))
        try await rig.test.given { tx in
            for (number, status) in ["received", "processed", "ignored", "failed"].enumerated() {
                try tx.run(
                    """
                    INSERT INTO hook_receipts
                        (tenant_id, id, integration_id, provider, event_key, type, payload, status, received_at)
                    VALUES (\(tx.tenant), \("hook_\(number)"), 'int_1', 'postbox', \("k\(number)"), 't', '{}',
                        \(status), \(tx.now))
                    """)
            }
        }
        try await pass(9, rig)
        await housekeeping(rig).tidyUp(thoroughly: true)
        func left() throws -> [String] {
            try rig.test.read { reader in
                try reader.all(
                    "SELECT status FROM hook_receipts WHERE tenant_id = \(reader.tenant) ORDER BY id"
                ) { $0.text(0) }
            }
        }
        #expect(try left().count == 4)
        try await pass(2, rig)
        await housekeeping(rig).tidyUp(thoroughly: true)
        #expect(try left() == ["received"])
    }

    @Test func `a file that came goes, and the day after its bytes, but for those that another has`()
        async throws
    {
        let rig = try await rig(periods(10))
        let ann = try await rig.contact()
        let (database, tenant) = (rig.outbox.services.database, try rig.test.read { $0.tenant })
        let store = FileStore(database)
        let (lone, shared) = (
            try await store.write([1, 2, 3], tenant), try await store.write([4, 5], tenant)
        )
        try await rig.test.given { tx in
            _ = try tx.files.create(shared, name: "ours.bin", by: .system)
            var message = Message.new(id: tx.nextID(), now: tx.now)
            (message.direction, message.status, message.contactID) = (.inbound, .received, ann.id)
            message.attachments = try [lone, shared].map {
                try tx.files.create($0, name: "theirs.bin", by: .system).id
            }
            try Message.resource.insert(&message, in: tx)
        }
        try await pass(12, rig)
        await housekeeping(rig).tidyUp(thoroughly: true)
        let (names, digests) = try rig.test.read { reader in
            (
                try StoredFile.resource.all(where: "id <> ''", in: reader).map(\.name),
                try reader.all(
                    "SELECT DISTINCT sha256 FROM file_contents WHERE tenant_id = \(reader.tenant)"
                ) { $0.text(0) }
            )
        }
        #expect(names == ["ours.bin"] && digests == [shared.sha256])
    }
}
