internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// The parts that checks of records' addresses need.
struct AddressChecking: Sendable {
    let checks: EmailChecks
    let records: [AddressedRecords]
    let listeners: [any AddressListener]
}

/// Sees to it that addresses are judged soon after they have come in or changed. It is asked about every event, so most
/// of its answers come from memory: while a check is awaited, what changes is checked with it.
final class AddressWatch: EventConsumer {
    /// A check waits for so long, and takes in what has come by then.
    private static let pause: Duration = .milliseconds(400)
    /// Transactions that are under way when a check begins are seen by the next one.
    private static let margin: Duration = .milliseconds(200)
    private let nouns: Set<String>
    private let awaited = Mutex<[TenantID: Instant]>([:])

    init(_ records: [AddressedRecords]) { nouns = Set(records.map(\.noun)) }

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let (now, tenant) = (tx.now, tx.tenant)
        if let end = awaited.withLock({ $0[tenant] }), now < end, end < now + Self.pause { return }
        if let end = tx.noted(AwaitedCheck.self)?.end, now < end { return }
        let event = event()
        guard nouns.contains(event.subject.type), event.bringsAddresses else { return }
        let job = try tx.jobs.enqueue(
            AddressCheckJob.self, AddressCheckJob.Payload(),
            JobOptions(runAt: now + Self.pause, uniqueKey: "check", uniqueness: .untilStarted))
        let end = now + Self.pause - Self.margin
        tx.note(AwaitedCheck(end: end))
        // One that was enqueued before begins earlier than that.
        guard job.isNew else { return }
        tx.onCommit { [self] in awaited.withLock { $0[tenant] = end } }
    }
}

/// A note that the check was enqueued in this transaction, which may be one of many events.
private struct AwaitedCheck {
    let end: Instant
}

extension Event {
    /// Whether a record with an address may have come, or its address may be another one.
    fileprivate var bringsAddresses: Bool {
        if type.hasSuffix(".created") { return true }
        guard type.hasSuffix(".updated") || type.hasSuffix(".merged") else { return false }
        return data.containsBytes("\"email\"") || !data.containsBytes("\"changed\"")
    }
}

/// Judges the addresses that have come in or changed since it was last done: each by itself at once, and by a service
/// at once where they are few. Many at a time, as from a file, are asked about in batches, when the service answers
/// best.
struct AddressCheckJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "addresses.check"
    static let place = "events"
    /// One goes on from where another has ended.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    private static let events = 500
    /// While more events come than this in the time of a batch, each batch is followed by a pause: a flood, such as the
    /// first reading of a service, is judged mostly when it is over. Before mail leaves its address is judged anyway.
    private static let flood: Int64 = 250
    private static let floodPause: Duration = .seconds(1)
    /// Questions to name servers at once.
    private static let lookups = 16

    let checking: AddressChecking

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var newest: Int64 = 0
        while true {
            let (events, reached) = try job.read { reader in
                let row = try reader.addresses.mark(Self.place).flatMap { Int64($0) } ?? 0
                return (try reader.events.after(row, limit: Self.events), try reader.events.lastRow())
            }
            guard let last = events.last else { break }
            if newest > 0, reached - newest > Self.flood, !job.isSandbox {
                let configuration = job.runtime.configuration
                await configuration.wait(configuration.steadyClock() + Self.floodPause)
                try Task.checkCancellation()
            }
            newest = reached
            let came = events.filter(\.bringsAddresses)
            let emails = try job.read { reader in
                var emails: [String] = []
                for records in checking.records {
                    let ids = Set(came.filter { $0.subject.type == records.noun }.map(\.subject.id))
                    guard !ids.isEmpty else { continue }
                    emails += try reader.addresses.unchecked(records, ids.sorted())
                }
                return emails
            }
            try await judge(emails, job)
            try await job.write { try $0.addresses.setMark(Self.place, to: "\(last.row)") }
            if events.count < Self.events { break }
        }
        try await job.complete { _ in }
    }

    private func judge(_ emails: [String], _ job: JobContext) async throws {
        guard !emails.isEmpty else { return }
        var found: [String: Deliverability] = [:], worthAsking: [String] = []
        for start in stride(from: 0, to: emails.count, by: Self.lookups) {
            let some = emails[start..<min(start + Self.lookups, emails.count)], checks = self.checking.checks
            let judged = try await withThrowingTaskGroup(of: (String, LocalJudgement).self) { group in
                for email in some {
                    group.addTask { (email, try await checks.judge(email, of: job.tenant)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (email, judgement) in judged {
                found[email] = judgement.verdict.deliverability
                if judgement.isWorthAsking { worthAsking.append(email) }
            }
        }
        let checking = checking
        let plan = try job.read { try AddressBatch(checking.checks, in: $0) }
        let asked = plan.map { worthAsking.count <= $0.size } ?? false
        // A word from a service is not long in coming; until then nothing is said.
        let kept = asked ? found.filter { !worthAsking.contains($0.key) } : found
        let later = plan == nil || asked ? [] : worthAsking
        try await job.write { tx in
            try tx.addresses.keep(kept, checking.records, checking.listeners)
            guard let plan, !later.isEmpty else { return }
            try tx.addresses.await(later)
            try plan.enqueue(in: tx)
        }
        guard asked else { return }
        for email in worthAsking.sorted() { try await checking.ask(email, job) }
    }
}

extension AddressChecking {
    /// Asks about one address, and keeps what is known of it then; answers when to try again where nobody could be
    /// asked.
    @discardableResult
    func ask(_ email: String, _ job: JobContext) async throws -> Instant? {
        let caller = ToolCaller(actor: .system)
        let check = try await checks.check(email, for: caller, job: job.jobID, of: job.tenant)
        try await job.write { tx in
            try tx.addresses.keep([email: check.deliverability], records, listeners)
            let told = check.attempts.filter { $0.outcome == .answered }.compactMap(\.integrationID)
            guard !told.isEmpty else { return }
            for subject in try tx.addresses.subjects(of: email, records) {
                for id in told { try tx.integrations.note(subject, reachedBy: id) }
            }
        }
        let isAnswered = check.attempts.contains { $0.freshAnswer != nil }
        return isAnswered ? nil : check.attempts.compactMap(\.until).min()
    }
}
