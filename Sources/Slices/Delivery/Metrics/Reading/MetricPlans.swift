internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Sees to it that the metrics of a connected service are read each day.
struct MetricPlans: EventConsumer {
    let providers: IntegrationProviders

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        if event.type == "integration.deleted", !tx.sandboxClock.isSandbox {
            try tx.alerts.resolve(kind: MetricAlert.unread, subject: event.subject)
        }
        guard let integration = try Integration.connected(by: event, in: tx),
            integration.isRead(by: providers)
        else { return }
        try tx.metrics.planRead(of: integration.id)
    }
}

/// Begins the daily reading of a service's metrics, and plans the next.
struct MetricPlanJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "metrics.plan"

    let providers: IntegrationProviders

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            // Nobody plans the next for what is gone or switched off: what switches it on does.
            guard let integration = try Integration.resource.find(payload.integration, in: tx),
                integration.isRead(by: providers),
                let service = providers[integration.provider] as? any MetricService
            else { return }
            try tx.metrics.planRead(of: integration.id)
            let days = try tx.metrics.unsettledDays(of: integration, service)
            let live = try tx.metrics.liveRead(
                of: integration.id, from: days.lowerBound, through: days.upperBound)
            guard live == nil, try tx.metrics.rival(of: integration) == nil else { return }
            _ = try tx.metrics.begin(integration, from: days.lowerBound, through: days.upperBound)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead, .cancelled:
            if try Integration.resource.find(payload.integration, in: tx) != nil {
                try tx.metrics.planRead(of: payload.integration)
            }
        case .retried, .snoozed, .revived: break
        }
    }
}

extension Integration {
    /// Returns whether its metrics are read each day.
    func isRead(by providers: IntegrationProviders) -> Bool {
        status == .active && environment == .live
            && providers[provider] is any MetricService
            && (capability == .analytics || capability == .advertising)
    }
}

extension MetricStore {
    /// The number of days that the first reading goes back.
    private static var firstDays: Int { 30 }

    /// Returns the days that are not known yet, or may still change: through yesterday, by the agency's time.
    func unsettledDays(
        of integration: Integration, _ service: any MetricService, through last: CivilDate? = nil
    ) throws -> ClosedRange<CivilDate> {
        let yesterday = try tx.reading.agency.tenant().today(tx.now).adding(days: -1)
        let last = last ?? yesterday
        guard let known = try lastDay(of: integration.id) else {
            return last.adding(days: 1 - Self.firstDays)...last
        }
        let first = min(known.adding(days: 1), yesterday.adding(days: 1 - service.settlingDays))
        return min(first, last)...last
    }
}

extension MetricStore where Base == Transaction {
    /// Plans the next daily reading: at a minute of the agency's early morning that is the integration's own.
    func planRead(of id: IntegrationID) throws {
        let tenant = try tx.agency.tenant()
        let minute = Int("\(id)".utf8.reduce(UInt64(0)) { ($0 &* 31) &+ UInt64($1) } % 120)
        let tomorrow = tenant.today(tx.now).adding(days: 1)
        let start = tenant.zone.firstInstant(atOrAfter: LocalTime(tomorrow, hour: 4))
        try tx.jobs.enqueue(
            MetricPlanJob.self, .init(integration: id),
            JobOptions(
                runAt: start + .seconds(Int64(minute * 60)), uniqueKey: id, uniqueness: .untilStarted,
                subject: Subject(id)))
    }
}
