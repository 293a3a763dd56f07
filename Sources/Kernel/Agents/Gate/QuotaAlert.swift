package import Database
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// The alert about an integration, or a model, that is nearly used up, by the agency's limits, by what its service says
/// or by what its plan includes. At most one of each is open.
enum QuotaAlert {
    static let kind = "quota_near"
    /// The least time that a quota near its end has left when people are told: nobody would have read of one that is
    /// over sooner.
    static let leastLength: Duration = .seconds(60)
}

/// The rest of a quota, as far as people are told.
enum QuotaLevel: Sendable {
    case ample, near, full

    /// `limit`: `nil` where only what is left is known.
    init(left: Int, of limit: Int?) {
        self = left <= 0 ? .full : limit.map { left * 5 <= $0 } == true ? .near : .ample
    }
}

package extension ServiceQuotaStore where Base == Transaction {
    /// Brings the alert about a connector's quotas in line with how they stand. It is asked where a quota has come
    /// to another level, where its limit was changed, and when a window that was told of is over.
    func refreshAlert(of id: some Key) throws {
        let id = id.keyText
        let subject = Subject.connector(id)
        guard let connector = try tx.runtime.questions.connector(tx, id) else {
            try tx.alerts.resolve(kind: QuotaAlert.kind, subject: subject)
            return
        }
        let zone = try tx.zone()
        let near = try tx.connectors.standingQuotas(of: id, connector.limits, zone)
            .filter { $0.level != .ample && $0.end - tx.now > QuotaAlert.leastLength }
        let free = try tx.includedCalls.standing(of: connector, zone).flatMap {
            $0.level == .ample ? nil : $0
        }
        let pause = try find(of: id)?.toldPause(at: tx.now)
        let ends = near.map(\.end) + [free?.end, pause].compactMap(\.self)
        guard let soonest = ends.min() else {
            try tx.alerts.resolve(kind: QuotaAlert.kind, subject: subject)
            return
        }
        let limited =
            near.isEmpty
            ? nil
            : Saying(
                "alert.limit_near",
                [
                    "full": .flag(near.contains { $0.level == .full }), "quotas": .list(near.map(\.words)),
                ])
        let included = free.map { free in
            Saying(
                "alert.included_left",
                ["left": .number(free.left), "limit": .number(free.limit), "until": .time(free.end)])
        }
        let paused = pause.map { Saying("alert.service_paused", ["until": .time($0)]) }
        let stands = [paused, limited, included].compactMap(\.self)
        try tx.alerts.raise(
            kind: QuotaAlert.kind, severity: .warning, subject: subject,
            title: Saying("alert.quota_near", ["name": .text(connector.name), "stands": .list(stands)]),
            action: near.isEmpty && pause == nil
                ? Saying("alert.quota_pays_do")
                : Saying("alert.quota_near_do", ["is_model": .flag(subject.type == "model")]))
        try tx.jobs.enqueue(
            QuotaAlertJob.self, .init(connector: id),
            JobOptions(
                runAt: soonest, uniqueKey: "\(id) \(soonest.microseconds)", uniqueness: .untilStarted,
                subject: subject))
    }
}

/// Looks at an integration's quotas once a window is over in which little was left.
struct QuotaAlertJob: JobKind {
    struct Payload: Codable, Sendable { let connector: String }

    static let kind = "connector.quota_over"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in try tx.serviceQuotas.refreshAlert(of: payload.connector) }
    }
}

extension StandingQuota {
    fileprivate var level: QuotaLevel { QuotaLevel(left: left, of: limit) }

    fileprivate var words: Saying {
        Saying(
            "alert.calls_left",
            [
                "left": .number(left), "limit": .number(limit), "span": .text(per?.rawValue ?? "window"),
                "until": .time(end),
            ])
    }
}
