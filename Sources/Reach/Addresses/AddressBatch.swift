internal import Database
internal import Integrations
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy
internal import Agents

/// The number of addresses that the services are asked about at a time, and when, by how the first of them
/// has answered of late.
struct AddressBatch: Sendable {
    let size: Int
    /// The hour of the agency's day.
    let hour: Int
    let zone: TimeZoneRules

    /// `nil`: there is no service to ask.
    init?(_ checks: EmailChecks, in reader: some Queryable) throws {
        let question = ServiceQuestion(
            tool: CheckEmailTool.name, kind: EmailChecks.kind, key: "", for: ToolCaller(actor: .system))
        guard try !reader.sandboxClock.livesByVirtualTime,
            let first = try checks.integrations.connections(
                for: .emailVerification, question, in: reader
            ).first
        else { return nil }
        let tempo = try reader.serviceTempo.tempo(of: first.connector.id)
        size = tempo.batchSize(first.pace)
        hour = tempo.bestHour(among: OffPeak().hours)
        zone = try reader.agency.tenant().zone
    }

    /// Plans the next batch for the hour in which the service answers best.
    func enqueue(in tx: Transaction, notBefore: Instant? = nil) throws {
        let quiet = OffPeak(from: hour)
        let runAt = quiet.next(from: max(tx.now, notBefore ?? tx.now), in: zone)
        try tx.jobs.enqueue(
            AddressBatchJob.self, AddressBatchJob.Payload(),
            JobOptions(
                runAt: runAt, uniqueKey: "batch", uniqueness: .untilStarted, priority: 90,
                waitingFor: "the hour in which the service answers best"))
    }
}

extension OffPeak {
    /// The four hours that begin with one.
    fileprivate init(from hour: Int) {
        self.init()
        hours = hour..<min(hour + 4, 24)
    }
}

/// Asks the services about a batch of the addresses that wait, and plans the next one while any do.
struct AddressBatchJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "addresses.batch"
    /// Between two batches of one night.
    private static let pause: Duration = .seconds(60)

    let checking: AddressChecking

    func timeout(_ payload: Payload) -> Duration { .seconds(1800) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let batch = try job.read({ try AddressBatch(checking.checks, in: $0) }) else {
            // Nobody can be asked any more; what is known by itself has been kept.
            return try await job.complete { tx in
                _ = try tx.addresses.awaitNoMore(try tx.addresses.awaited(limit: 100_000))
            }
        }
        let emails = try job.read { try $0.addresses.awaited(limit: batch.size) }
        let used = try job.read { try $0.addresses.inUse(emails, checking.records) }
        var done = emails.filter { !used.contains($0) }, until: Instant?
        for email in used {
            until = try await checking.ask(email, job)
            // Nobody may be asked any more for a while: the rest waits.
            if until != nil { break }
            done.append(email)
        }
        let (ready, wait) = (done, until)
        try await job.complete { tx in
            _ = try tx.addresses.awaitNoMore(ready)
            guard try !tx.addresses.awaited(limit: 1).isEmpty else { return }
            try batch.enqueue(in: tx, notBefore: wait ?? tx.now + Self.pause)
        }
    }
}
