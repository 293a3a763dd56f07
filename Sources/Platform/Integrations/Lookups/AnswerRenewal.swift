internal import Agents
package import Database
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Answers of a kind that are renewed before they are too old, while anybody needs them. Modules offer theirs.
package protocol RenewedAnswers: Sendable {
    var kind: String { get }
    /// Returns those of the keys that somebody still needs.
    func wanted(_ keys: [String], in reader: Reader) throws -> [String]
    /// Asks again; answers whether anybody could be asked.
    func renew(_ key: String, _ job: JobContext) async throws -> Bool
}

/// Renews, in the quiet hours, answers that end within a day and were of use within the last month: who needs one by
/// day does not wait for it. It ends for the night where the services may not be asked any more, so that most of what
/// they allow is left for the day.
struct AnswerRenewalJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "answers.renew"
    private static let ahead: Duration = .seconds(86_400), used: Duration = .seconds(30 * 86_400)
    private static let most = 200

    let renewals: [any RenewedAnswers]

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        for renewal in renewals {
            let due = try job.read { reader in
                let keys = try reader.keptAnswers.ending(
                    renewal.kind, by: reader.now + Self.ahead, usedSince: reader.now - Self.used,
                    limit: Self.most)
                return try renewal.wanted(keys, in: reader)
            }
            for key in due where try await !renewal.renew(key, job) { break }
        }
        try await job.complete { tx in
            if try tx.keptAnswers.isAny() { try tx.keptAnswers.planRenewal(tomorrow: true) }
        }
    }
}

extension KeptAnswerStore {
    /// Returns the keys of answers that are too old at a time, the most needed first.
    func ending(_ kind: String, by end: Instant, usedSince start: Instant, limit: Int) throws -> [String] {
        var seen: Set<String> = []
        return try tx.all(
            """
            SELECT key FROM kept_answers WHERE tenant_id = \(tx.tenant) AND kind = \(kind) AND is_firm = 1
                AND used_at >= \(start) AND asked_at + lifetime <= \(end)
            ORDER BY used_at DESC, key LIMIT \(limit)
            """
        ) { $0.text(0) }.filter { seen.insert($0).inserted }
    }

    func isAny() throws -> Bool {
        try tx.exists("SELECT 1 FROM kept_answers WHERE tenant_id = \(tx.tenant) LIMIT 1")
    }
}

extension KeptAnswerStore where Base == Transaction {
    /// Plans the renewal of the next quiet hours, where none is planned.
    func planRenewal(tomorrow: Bool = false) throws {
        guard !tx.sandboxClock.isSandbox,
            try tomorrow || tx.jobs.live(AnswerRenewalJob.self, uniqueKey: "renew") == nil
        else { return }
        let quiet = OffPeak(), zone = try tx.agency.zone()
        let from = tomorrow ? tx.now + .seconds(Int64(quiet.hours.count) * 3600) : tx.now
        try tx.jobs.enqueue(
            AnswerRenewalJob.self, AnswerRenewalJob.Payload(),
            JobOptions(
                runAt: quiet.next(from: from, in: zone), uniqueKey: "renew", uniqueness: .untilStarted,
                priority: 90, waitingFor: "the quiet hours"))
    }
}
