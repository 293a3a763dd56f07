internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Reads the metrics of some days out of a service. Days are stored once the whole answer about them has come; after a
/// crash it goes on behind those that are stored.
struct MetricReadJob: JobKind {
    struct Payload: Codable, Sendable { let read: ID<MetricRead> }

    static let kind = "metrics.read"
    static let attemptsMax = 3
    /// Failures of a service count against those who ask it, too.
    static let retry = RetryPolicy(base: .seconds(60), cap: .seconds(3600))

    let integrations: IntegrationServices
    let dependencies: DeliveryDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(1800) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.read
        let begun = try await job.write { tx -> (MetricRead, Integration)? in
            let old = try MetricRead.resource.get(id, in: tx)
            guard !old.status.isOver else { return nil }
            guard let integration = try Integration.resource.find(old.integrationID, in: tx) else {
                throw JobFailure.terminal("not_found", "the integration is gone")
            }
            var read = old
            read.status = .running
            try tx.metrics.save(old, &read)
            return (read, integration)
        }
        guard let (read, integration) = begun else { return }
        guard let reader = integrations.metricReader(of: integration, job.tenant) else {
            throw JobFailure.terminal("not_supported", "\(integration.provider) has no metrics by the day")
        }
        let zero = reader.service.missingIsZero
        var first = read.through.map { $0.adding(days: 1) } ?? read.firstDay
        while first <= read.lastDay {
            let last = min(read.lastDay, first.adding(days: reader.service.daysMax - 1))
            let found = try await reader.metrics(from: first, through: last)
            let days = first...last
            let marks = try reader.tellsMarks ? self.marks(of: integration, days, job) : []
            let visits = try await reader.marked(marks.map(\.name), from: first, through: last)
            try await job.write { tx in
                try tx.metrics.take(visits, by: marks, on: days, of: id)
                try tx.metrics.take(found.metrics, through: last, of: id, missingIsZero: zero)
                if !found.ads.isEmpty { try dependencies.keepAds(tx, integration, found.ads) }
            }
            first = last.adding(days: 1)
        }
        try await job.complete { try $0.metrics.end(id, .completed) }
    }

    /// The marks of links whose visits are a campaign's on some of these days.
    private func marks(
        of integration: Integration, _ days: ClosedRange<CivilDate>, _ job: JobContext
    ) throws -> [CampaignMark] {
        let all = try job.read { try dependencies.campaignMarks($0, integration.clientID) }
        return Array(all.filter { $0.days.overlaps(days) }.prefix(MarkedVisits.marksMax))
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .retried(let failure): try tx.metrics.end(payload.read, .queued, failure)
        case .dead(let failure): try tx.metrics.end(payload.read, .failed, failure)
        case .cancelled: try tx.metrics.end(payload.read, .failed, .cancelled("a person cancelled it"))
        case .snoozed, .revived: break
        }
    }
}
