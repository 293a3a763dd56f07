package import Database
package import Telemetry

/// Spares a provider that fails, and us the waiting: after several failures in a row calls are refused for a
/// while, then one is let through to see. A state machine that is told the time; its row is kept per tenant, tool
/// and provider while it is anything but closed and sound.
package struct CircuitBreaker: Hashable, StoredRow {
    package enum State: String, Sendable { case closed, open, halfOpen = "half_open" }

    static let failuresMax = 5
    static let pause: Duration = .seconds(30), pauseMax: Duration = .seconds(600)

    /// The number of failures in a row.
    package var failures = 0
    /// The number of times in a row that it has opened: each time twice as long.
    var openings = 0
    /// Refuses until then; `nil` while closed.
    var openUntil: Instant?
    /// One call is on its way to see; until then no other is let through.
    var probeUntil: Instant?

    package func state(at now: Instant) -> State {
        guard let openUntil else { return .closed }
        return now < openUntil ? .open : .halfOpen
    }

    enum Admission: Equatable {
        case admitted
        /// Admitted to see whether the provider is well again; what is then held is to be stored.
        case probe
        case refused(until: Instant)
    }

    /// Returns whether a call may go; `deadline` is how long one that is to see may take.
    mutating func admit(at now: Instant, deadline: Duration) -> Admission {
        guard let openUntil else { return .admitted }
        if now < openUntil { return .refused(until: openUntil) }
        if let probeUntil, now < probeUntil { return .refused(until: probeUntil) }
        probeUntil = now + deadline
        return .probe
    }

    /// A success closes it.
    mutating func succeeded() { self = CircuitBreaker() }

    /// A failure that the provider is to blame for. Answers whether it has opened now.
    mutating func failed(at now: Instant) -> Bool {
        failures += 1
        let wasHalfOpen = openUntil.map { now >= $0 } ?? false
        guard wasHalfOpen || openUntil == nil && failures >= Self.failuresMax else { return false }
        openings += 1
        openUntil = now + pauseBefore(openings)
        probeUntil = nil
        return true
    }

    var isSound: Bool { failures == 0 && openUntil == nil }

    package static let columns = Columns(of: Self.self)

    package init() {}

    package init(_ row: inout ColumnReader) {
        (failures, openings) = (row.int("failures"), row.int("openings"))
        (openUntil, probeUntil) = (row.optionalInstant("open_until"), row.optionalInstant("probe_until"))
    }
}

/// Circuit breakers of providers that have failed, by tool: `tx.circuitBreakers`.
package struct CircuitBreakerStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var circuitBreakers: CircuitBreakerStore<Self> { CircuitBreakerStore(tx: self) }
}

extension CircuitBreakerStore {
    func find(_ tool: String, _ provider: String) throws -> CircuitBreaker {
        try tx.first(
            readBreaker, [tx.tenant.sqlValue, tool.sqlValue, provider.sqlValue], CircuitBreaker.init)
            ?? CircuitBreaker()
    }

    /// Returns the breakers of a tool that are not sound, by provider.
    package func all(_ tool: String) throws -> [(provider: String, breaker: CircuitBreaker)] {
        try tx.all(readBreakers, [tx.tenant.sqlValue, tool.sqlValue]) { row in
            (row.text(CircuitBreaker.columns.names.count), try CircuitBreaker(row))
        }
    }

    /// Those of a provider that are not sound, over all tools.
    func all(ofProvider provider: String) throws -> [CircuitBreaker] {
        try tx.all(
            """
            SELECT \(CircuitBreaker.columns) FROM tool_breakers
            WHERE tenant_id = \(tx.tenant) AND provider = \(provider)
            """, CircuitBreaker.init)
    }
}

extension CircuitBreaker {
    /// When it opened last.
    var openedAt: Instant? { openUntil.map { $0 - pauseBefore(openings) } }

    private func pauseBefore(_ openings: Int) -> Duration {
        min(Self.pauseMax, Self.pause * (1 << min(max(0, openings - 1), 10)))
    }
}

extension CircuitBreakerStore where Base == Transaction {
    func store(_ breaker: CircuitBreaker, _ tool: String, _ provider: String) throws {
        guard !breaker.isSound else {
            try tx.run(forgetBreaker, [tx.tenant.sqlValue, tool.sqlValue, provider.sqlValue])
            return
        }
        try tx.run(
            storeBreaker,
            [
                tx.tenant.sqlValue, tool.sqlValue, provider.sqlValue, breaker.failures.sqlValue,
                breaker.openings.sqlValue, breaker.openUntil.sqlValue, breaker.probeUntil.sqlValue,
                tx.now.sqlValue,
            ])
    }
}

private let readBreaker = Statement(
    """
    SELECT \(CircuitBreaker.columns) FROM tool_breakers
    WHERE tenant_id = $1 AND tool = $2 AND provider = $3
    """)

private let readBreakers = Statement(
    """
    SELECT \(CircuitBreaker.columns), provider FROM tool_breakers
    WHERE tenant_id = $1 AND tool = $2 ORDER BY provider
    """)

private let storeBreaker = Statement(
    """
    INSERT INTO tool_breakers (tenant_id, tool, provider, failures, openings, open_until, probe_until, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (tenant_id, tool, provider) DO UPDATE SET failures = excluded.failures,
        openings = excluded.openings, open_until = excluded.open_until, probe_until = excluded.probe_until,
        updated_at = excluded.updated_at
    """)

private let forgetBreaker = Statement(
    "DELETE FROM tool_breakers WHERE tenant_id = $1 AND tool = $2 AND provider = $3")
