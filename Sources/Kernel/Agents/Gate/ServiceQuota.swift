package import Database
internal import Jobs
package import Nouns
internal import Records
package import Telemetry

/// A service's word on its own limits, sent with an answer.
package struct ServiceLimit: Hashable, Sendable {
    package var limit: Int? { didSet { limit = limit.map(Self.sensible) } }
    package var left: Int? { didSet { left = left.map(Self.sensible) } }
    package var resetsAfter: Duration? { didSet { resetsAfter = resetsAfter.map(Self.sensible) } }
    /// It has refused, and wants not to be asked before.
    package var pause: Duration? { didSet { pause = pause.map(Self.sensible) } }

    package init() {}

    /// Bounds a number that a service says, which is not ours to trust: nothing is reckoned with beyond a thousand
    /// million calls, or a month.
    private static func sensible(_ count: Int) -> Int { min(max(count, 0), 1_000_000_000) }
    private static func sensible(_ time: Duration) -> Duration {
        min(max(time, .zero), .seconds(31 * 86_400))
    }

    /// Reads the headers of an answer. `now` is real time: some services name moments.
    package init(at now: Instant, header: (String) -> String?) {
        func number(_ name: String) -> Int? {
            // More may follow after a semicolon or comma.
            (header("RateLimit-\(name)") ?? header("X-RateLimit-\(name)")).flatMap { text in
                Int(text.prefix { $0.isNumber || $0 == "-" || $0 == " " }.filter { $0 != " " })
            }
        }
        (limit, left) = (number("Limit").map(Self.sensible), number("Remaining").map(Self.sensible))
        resetsAfter = number("Reset").map { Self.time(until: Int64($0), at: now) }
    }

    /// Returns how long it is until a limit is reset: a number of seconds, or a moment in seconds or milliseconds.
    package static func time(until reset: Int64, at now: Instant) -> Duration {
        let pause: Duration =
            switch reset {
            case 100_000_000_000...: .milliseconds(reset) - .microseconds(now.microseconds)
            case 1_000_000_000...: .seconds(reset) - .microseconds(now.microseconds)
            default: .seconds(max(0, reset))
            }
        return min(max(pause, .zero), .seconds(86_400))
    }

    package var isEmpty: Bool { self == ServiceLimit() }
}

/// The rest of a service's limit: a row of `service_quotas`.
package struct ServiceQuota: Hashable, StoredRow {
    package var limit: Int?, left: Int?
    package var resetsAt: Instant?
    package var pausedUntil: Instant?
    /// The least that it has said is left in this window, and when we heard that.
    var reported: Int?, reportedAt: Instant?

    package static let columns = Columns(of: Self.self)

    package init() {}

    package init(_ row: inout ColumnReader) {
        (limit, left) = (row.optionalInt("quota"), row.optionalInt("left_over"))
        (resetsAt, pausedUntil) = (row.optionalInstant("resets_at"), row.optionalInstant("paused_until"))
        (reported, reportedAt) = (row.optionalInt("told"), row.optionalInstant("updated_at"))
    }

    /// From when on the service may be asked, if not now.
    func isFull(at now: Instant) -> Instant? {
        let isSpent = left.map { $0 <= 0 } ?? false
        return [pausedUntil, isSpent ? resetsAt : nil].compactMap(\.self).filter { $0 > now }.max()
    }

    /// The time until which the service wants not to be asked, where people are told of that.
    func toldPause(at now: Instant) -> Instant? {
        pausedUntil.flatMap { $0 - now > QuotaAlert.leastLength ? $0 : nil }
    }

    /// Returns the level, the changes of which are told.
    fileprivate func level(at now: Instant) -> QuotaLevel {
        if toldPause(at: now) != nil { return .full }
        guard let left, let resetsAt, resetsAt > now else { return .ample }
        return QuotaLevel(left: left, of: limit)
    }
}

/// The limits that services tell of, and the alerts about them: `tx.serviceQuotas`.
package struct ServiceQuotaStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var serviceQuotas: ServiceQuotaStore<Self> { ServiceQuotaStore(tx: self) }
}

extension ServiceQuotaStore {
    package func find(of connector: some Key) throws -> ServiceQuota? {
        try tx.first(readServiceQuota, [tx.tenant.sqlValue, connector.keyText.sqlValue], ServiceQuota.init)
    }
}

extension ServiceQuotaStore where Base == Transaction {
    /// Takes one call from what the service says is left, as it stands. Answers false where nothing is.
    func take(_ quota: ServiceQuota, of connector: String) throws -> Bool {
        guard quota.isFull(at: tx.now) == nil else { return false }
        guard quota.left != nil, let end = quota.resetsAt, end > tx.now else { return true }
        guard try tx.run(takeOfService, [tx.tenant.sqlValue, connector.sqlValue]) == 1 else { return false }
        var rest = quota
        rest.left = quota.left.map { $0 - 1 }
        if rest.level(at: tx.now) != quota.level(at: tx.now) { try refreshAlert(of: connector) }
        return true
    }

    /// Stores what a service has said to a call that began then. Other calls may be on their way, of which it did not
    /// know when it answered: they count as made, until their own answers show that it did.
    func note(_ said: ServiceLimit, of connector: String, toCallOf began: Instant, onTheirWay: Int) throws {
        guard !said.isEmpty else { return }
        var quota = try find(of: connector) ?? ServiceQuota()
        let before = quota.level(at: tx.now)
        if let pause = said.pause { quota.pausedUntil = max(quota.pausedUntil ?? tx.now, tx.now + pause) }
        if let left = said.left {
            let end = said.resetsAfter.map { tx.now + $0 }
            let isSamePeriod = quota.resetsAt.map { known in
                known > tx.now && (end.map { $0 <= known + .seconds(2) } ?? true)
            }
            if isSamePeriod == true, let told = quota.reported, left > told, let toldAt = quota.reportedAt,
                began < toldAt
            {
                // The service took it before the call to which it has told less: it is in that already.
                quota.left = quota.left.map { max($0, min($0 + 1, told - onTheirWay)) }
            } else {
                let rest = max(0, left - onTheirWay)
                quota.left = isSamePeriod == true ? min(quota.left ?? rest, rest) : rest
                if isSamePeriod != true || quota.reported.map({ left < $0 }) ?? true {
                    (quota.reported, quota.reportedAt) = (left, tx.now)
                }
            }
            if isSamePeriod != true || quota.resetsAt == nil { quota.resetsAt = end }
            quota.limit = said.limit ?? quota.limit
        }
        try tx.run(
            storeServiceQuota,
            [
                tx.tenant.sqlValue, connector.sqlValue, quota.limit.map(Int64.init).sqlValue,
                quota.left.map(Int64.init).sqlValue, quota.resetsAt.sqlValue, quota.pausedUntil.sqlValue,
                quota.reported.map(Int64.init).sqlValue, (quota.reportedAt ?? tx.now).sqlValue,
            ])
        if quota.level(at: tx.now) != before { try refreshAlert(of: connector) }
    }

    /// Keeps what a service has said of its limits with its answer to a call that began then.
    func note(_ reach: ConnectorCall, of connector: String, toCallOf began: Instant) throws {
        guard !tx.sandboxClock.isSandbox, !reach.limit.isEmpty else { return }
        try note(
            reach.limit, of: connector, toCallOf: began,
            onTheirWay: Int(
                tx.int(
                    """
                    SELECT count(*) FROM tool_calls
                    WHERE tenant_id = \(tx.tenant) AND provider = \(connector) AND state = 'held'
                    """) ?? 0))
    }
}

private let readServiceQuota = Statement(
    """
    SELECT \(ServiceQuota.columns) FROM service_quotas WHERE tenant_id = $1 AND connector = $2
    """)

private let takeOfService = Statement(
    """
    UPDATE service_quotas SET left_over = left_over - 1
    WHERE tenant_id = $1 AND connector = $2 AND (left_over IS NULL OR left_over > 0)
    """)

private let storeServiceQuota = Statement(
    """
    INSERT INTO service_quotas (tenant_id, connector, quota, left_over, resets_at, paused_until, told, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (tenant_id, connector) DO UPDATE SET quota = excluded.quota, left_over = excluded.left_over,
        resets_at = excluded.resets_at, paused_until = excluded.paused_until, told = excluded.told,
        updated_at = excluded.updated_at
    """)
