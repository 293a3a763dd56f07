internal import Database
internal import Jobs
internal import Records
internal import Synchronization
internal import Telemetry
internal import Templates

/// A watch over services' answers of late, in this process: how long they took and what they held. A change is told
/// before it becomes a failure.
final class DriftWatch: Sendable {
    private struct Baseline {
        var times: [Int64] = []
        var place = 0, slow = 0
        var answers = 0
        /// The members that every answer has had.
        var fields: Set<String> = []
        var lacking: [String: Int] = [:]
        /// Whether people have been told; `nil`: by this process they have not, but maybe by one before.
        var isTold: Bool?

        var median: Int64 { times.sorted()[times.count / 2] }
    }

    /// A change, or its end. Without a finding there is nothing that would have to be told.
    enum Finding { case drift(Saying), over }

    private static let timesMax = 50, knownFrom = 20, inARow = 5, leastMilliseconds: Int64 = 200
    private static let keptMax = 5000
    private let state = Mutex<[String: Baseline]>([:])

    /// Returns what an answer shows that has to be told; the same with every further answer until it is `noteTold`.
    func note(_ connector: String, of tenant: TenantID, took: Duration, fields: [String]) -> Finding? {
        state.withLock { state -> Finding? in
            let key = Self.key(connector, tenant)
            if state.count >= Self.keptMax, state[key] == nil { state = [:] }
            var baseline = state[key] ?? Baseline()
            defer { state[key] = baseline }
            let finding =
                Self.note(took.microseconds / 1000, in: &baseline) ?? Self.note(fields, in: &baseline)
            let isWell = baseline.slow == 0 && baseline.lacking.isEmpty
            switch finding {
            case let change? where baseline.isTold != true: return .drift(change)
            case nil where isWell && (baseline.isTold ?? (baseline.times.count >= Self.knownFrom)):
                return .over
            default: return nil
            }
        }
    }

    /// People have been told that a service has changed, or that this is over.
    func noteTold(_ hasChanged: Bool, of connector: String, of tenant: TenantID) {
        state.withLock { $0[Self.key(connector, tenant)]?.isTold = hasChanged }
    }

    private static func key(_ connector: String, _ tenant: TenantID) -> String { "\(tenant)/\(connector)" }

    private static func note(_ milliseconds: Int64, in baseline: inout Baseline) -> Saying? {
        if baseline.times.count >= knownFrom, milliseconds > max(leastMilliseconds, baseline.median * 10) {
            baseline.slow += 1
            guard baseline.slow >= inARow else { return nil }
            return Saying(
                "alert.response_time",
                ["before": .number(Int(baseline.median)), "now": .number(Int(milliseconds))])
        }
        baseline.slow = 0
        if baseline.times.count < timesMax {
            baseline.times.append(milliseconds)
        } else {
            baseline.times[baseline.place] = milliseconds
            baseline.place = (baseline.place + 1) % timesMax
        }
        return nil
    }

    private static func note(_ fields: [String], in baseline: inout Baseline) -> Saying? {
        guard !fields.isEmpty else { return nil }
        let usual = baseline.answers >= knownFrom ? baseline.fields.subtracting(fields) : []
        guard usual.isEmpty else {
            for field in usual { baseline.lacking[field, default: 0] += 1 }
            guard let lost = usual.sorted().first(where: { baseline.lacking[$0, default: 0] >= inARow })
            else {
                return nil
            }
            return Saying("alert.lost_field", ["field": .text(lost)])
        }
        baseline.lacking = [:]
        baseline.fields =
            baseline.answers == 0 ? Set(fields.prefix(50)) : baseline.fields.intersection(fields)
        baseline.answers += 1
        return nil
    }
}

extension ServiceBaselineStore where Base == Transaction {
    /// Tells of a service that is not as it was.
    func watchDrift(of service: Connector, _ reach: ConnectorCall, took: Duration) throws {
        guard reach.hasAnswered else { return }
        let (drift, connector, tenant) = (tx.runtime.drift, service.id, tx.tenant)
        let subject = Subject.connector(connector)
        switch drift.note(connector, of: tenant, took: took, fields: reach.fields) {
        case .drift(let change):
            try tx.alerts.raise(
                kind: DriftAlert.kind, severity: .warning, subject: subject,
                title: Saying(
                    "alert.integration_drift", ["name": .text(service.name), "change": .saying(change)]),
                action: Saying("alert.integration_drift_do"))
            tx.onCommit(needsDisk: false) { drift.noteTold(true, of: connector, of: tenant) }
        case .over:
            try tx.alerts.resolve(kind: DriftAlert.kind, subject: subject)
            tx.onCommit(needsDisk: false) { drift.noteTold(false, of: connector, of: tenant) }
        case nil: break
        }
    }
}

/// The alert about a service that has changed.
enum DriftAlert { static let kind = "integration_drift" }
