internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Synchronization
internal import Telemetry

/// Sees to it that records are checked soon after they have changed. It is asked about every event, so most of its
/// answers come from memory: while a check is awaited, what changes is checked with it.
final class QualityWatch: EventConsumer {
    /// A transaction that takes longer than this before its commit may be left to the check after the next.
    private static let margin: Duration = .seconds(1)
    private let awaited = Mutex<[TenantID: Instant]>([:])

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let (now, tenant) = (tx.now, tx.tenant)
        if let end = awaited.withLock({ $0[tenant] }), now < end, end < now + QualityCheckJob.pause { return }
        if let end = tx.noted(AwaitedCheck.self)?.end, now < end { return }
        let type = event().subject.type
        guard let records = tx.runtime.records.records(ofType: type),
            try ([records.table] + LeadCompany.tables(with: type)).contains(where: tx.quality.hasRules)
        else { return }
        let job = try QualityCheckJob.enqueue(in: tx)
        let end = now + QualityCheckJob.pause - Self.margin
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

/// Checks the records that have changed since it was last done.
struct QualityCheckJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "quality.check"
    /// A check waits for so long, and takes in what has changed by then.
    static let pause: Duration = .milliseconds(1500)
    /// One goes on from where another has ended.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    /// The name under which the last event is kept that was looked at.
    static let place = "events"
    private static let batch = 200
    /// While more comes than this in the time of a batch, each batch is followed by a pause: a flood, such as an
    /// import, is checked mostly when it is over.
    private static let flood: Int64 = 100
    private static let floodPause: Duration = .seconds(1)
    let dependencies: QualityDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    @discardableResult static func enqueue(in tx: Transaction) throws -> EnqueuedJob {
        try tx.jobs.enqueue(
            Self.self, Payload(),
            JobOptions(runAt: tx.now + pause, uniqueKey: "check", uniqueness: .untilStarted))
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var newest: Int64 = 0, types: [String: RuleBook] = [:]
        while true {
            // The rules are those of the same moment: a record may have come just after a rule.
            let (events, last, books) = try job.read { reader in
                (
                    try reader.quality.unseen(limit: Self.batch), try reader.events.lastRow(),
                    try RuleBook.all(job.runtime.records, in: reader)
                )
            }
            types = Dictionary(books.map { ($0.records.noun, $0) }, uniquingKeysWith: { first, _ in first })
            guard let reached = events.last?.row else { break }
            if newest > 0, last - newest > Self.flood, !job.runtime.isSandbox(job.tenant) {
                let configuration = job.runtime.configuration
                await configuration.wait(configuration.steadyClock() + Self.floodPause)
                try Task.checkCancellation()
            }
            newest = last
            var changed: [String: Set<String>] = [:]
            for event in events where types[event.subject.type] != nil {
                changed[event.subject.type, default: []].insert(event.subject.id)
            }
            let leads = Set(events.map(\.subject).filter { $0.type == Nouns.Lead.noun }.map(\.id))
            for one in try job.read({ try $0.quality.unjudged(with: leads.sorted()) }) {
                changed[one.type, default: []].insert(one.id)
            }
            for (type, ids) in changed.sorted(by: { $0.key < $1.key }) {
                guard let book = types[type] else { continue }
                var check = QualityCheck(book, job, dependencies)
                try await check.check(ids.sorted())
            }
            try await job.write(advancing: true) { try $0.quality.setPlace(of: Self.place, to: "\(reached)") }
            if events.count < Self.batch { break }
        }
        // A transaction that took its time has committed since the last look without enqueuing a check.
        let known = Set(types.keys)
        try await job.complete { tx in
            let isLeft = try tx.quality.unseen(limit: Self.batch).contains { known.contains($0.subject.type) }
            if isLeft { try Self.enqueue(in: tx) }
        }
    }
}

/// The records that come along with a lead: there is no event of them, only that of the lead.
private enum LeadCompany {
    /// The tables whose rules a change of a record of that type may have to do with, too.
    static func tables(with type: String) -> [String] {
        type == Nouns.Lead.noun ? [Company.resource.table, Contact.resource.table] : []
    }

    /// The type of each, with the lead's column that names it.
    static let parts = [
        (type: Company.noun, column: "company_id"), (type: Contact.noun, column: "contact_id"),
    ]
}

extension QualityStore {
    /// Returns the first events that no check has looked at.
    fileprivate func unseen(limit: Int) throws -> [Event] {
        let row = try place(of: QualityCheckJob.place).flatMap { Int64($0) } ?? 0
        return try tx.events.after(row, limit: limit)
    }

    /// Returns the companies and contacts of leads that were not judged yet.
    fileprivate func unjudged(with leads: [String]) throws -> [Subject] {
        guard !leads.isEmpty else { return [] }
        return try LeadCompany.parts.flatMap { part in
            try tx.all(
                """
                SELECT DISTINCT \(trusted: part.column) FROM leads
                WHERE tenant_id = \(tx.tenant) AND id IN \(list: leads) AND \(trusted: part.column) IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM quality_scores
                        WHERE quality_scores.tenant_id = leads.tenant_id AND subject_id = \(trusted: part.column))
                """
            ) { Subject(type: part.type, id: $0.text(0)) }
        }
    }
}
