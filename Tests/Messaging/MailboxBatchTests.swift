import Agents
import Database
import JSON
import Jobs
import Records
import RuntimeTesting
import Synchronization
import Telemetry
import Testing
@testable import Integrations
@testable import Messages

/// A mailbox full of mails, which keeps after how many it was told that they have been read.
final class Letterbox: MailboxReading, OpenMailbox {
    private static let count: UInt32 = 130

    let name = "letterbox", title = "Letterbox"
    let capabilities: Set<Capability> = [.emailReceiving]
    let credentials: [CredentialField] = []
    let settings: [SettingField] = []
    let baseURL: String? = "imap://letterbox.example"
    let validity: UInt32 = 1
    private let state = Mutex((fetched: 0, batches: [Int]()))

    var batches: [Int] { state.withLock { $0.batches } }

    func check(_ access: IntegrationAccess) async -> IntegrationCheck { .good("It is there.") }
    func open(_ access: IntegrationAccess) async throws(MailboxFailure) -> any OpenMailbox { self }
    func lastUID() async throws(MailboxFailure) -> UInt32 { Self.count }
    func glance(at uid: UInt32) async throws(MailboxFailure) -> MailboxEnvelope? { nil }
    func close() {}

    func uids(above last: UInt32) async throws(MailboxFailure) -> [UInt32] {
        last < Self.count ? Array(last + 1...Self.count) : []
    }

    func fetch(_ uid: UInt32, sizeMax: Int) async throws(MailboxFailure) -> MailboxItem {
        state.withLock { $0.fetched += 1 }
        let lines = [
            "From: Ann <ann@example.com>", "To: olive@agency.example", "Subject: Word \(uid)",
            "Message-ID: <\(uid)@letterbox.example>", "", "A word.", "",
        ]
        return .mail(Array(lines.joined(separator: "\r\n").utf8))
    }

    func markSeen(_ uid: UInt32) async throws(MailboxFailure) {
        state.withLock { state in
            if state.fetched > 0 { state.batches.append(state.fetched) }
            state.fetched = 0
        }
    }
}

@Suite struct MailboxBatchTests {
    @Test func `a mailbox is read in batches that grow while they are fast`() async throws {
        let rig = try await MessagingRig.started()
        try await rig.test.given { tx in
            var mailbox = Integration.new(id: tx.nextID(), now: tx.now)
            (mailbox.provider, mailbox.capability) = ("letterbox", .emailReceiving)
            (mailbox.name, mailbox.hookToken) = ("Letterbox", "token-letterbox")
            mailbox.settings = ["from_start": true, "mark_seen": true, "poll_minutes": 60]
            try tx.create(&mailbox, by: .system)
            try tx.mailboxes.enqueuePoll(of: mailbox.id)
        }
        try await rig.test.settle()
        #expect(rig.letterbox.batches == [20, 40, 70])
    }
}
