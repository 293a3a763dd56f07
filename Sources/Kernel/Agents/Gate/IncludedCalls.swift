package import Database
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

// Calls that a connector's plan includes are counted by the month in one row, from which every process takes.
// Calls that are paid for are not counted there: however calls end, no more are free than the plan includes.

/// Calls that the plans of connectors include: `tx.includedCalls`.
package struct IncludedCallStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var includedCalls: IncludedCallStore<Self> { IncludedCallStore(tx: self) }
}

extension IncludedCallStore {
    /// Returns how many of this month's calls are left that a connector's plan includes.
    package func left(of connector: Connector, _ zone: TimeZoneRules) throws -> Int {
        guard connector.included > 0 else { return 0 }
        let month = TimeSpan.month.bounds(around: tx.now, zone).start
        let taken =
            try tx.int(readIncluded, [tx.tenant.sqlValue, connector.id.sqlValue, month.sqlValue]) ?? 0
        return max(0, connector.included - Int(taken))
    }

    /// The month's calls that the plan of a connector includes, where those beyond are paid for; `nil` where there are
    /// none beyond.
    func standing(of connector: Connector, _ zone: TimeZoneRules) throws -> StandingQuota? {
        let limit = connector.included
        guard limit > 0, connector.price > 0, limit < connector.limits.month ?? .max else { return nil }
        let left = try left(of: connector, zone)
        let end = TimeSpan.month.bounds(around: tx.now, zone).end
        return StandingQuota(per: .month, limit: limit, used: limit - left, left: left, end: end)
    }
}

package extension IncludedCallStore where Base == Transaction {
    /// Takes one call from what is included. Answers false where nothing is left.
    internal func take(of connector: Connector, _ zone: TimeZoneRules) throws -> Bool {
        guard connector.included > 0 else { return false }
        let month = TimeSpan.month.bounds(around: tx.now, zone).start
        let values = [tx.tenant.sqlValue, connector.id.sqlValue, month.sqlValue, connector.included.sqlValue]
        guard let taken = try tx.int(takeIncludedCall, values) else { return false }
        try tell(of: connector, left: connector.included - Int(taken), before: 1)
        return true
    }

    internal func giveBack(
        of connector: Connector, takenAt instant: Instant, _ zone: TimeZoneRules
    ) throws {
        let month = TimeSpan.month.bounds(around: instant, zone).start
        let values = [tx.tenant.sqlValue, connector.id.sqlValue, month.sqlValue]
        guard let taken = try tx.int(giveBackIncludedCall, values) else { return }
        try tell(of: connector, left: connector.included - Int(taken), before: -1)
    }

    /// Brings the alert in line where so many are left, and so many more were before.
    private func tell(of connector: Connector, left: Int, before difference: Int) throws {
        let before = QuotaLevel(left: left + difference, of: connector.included)
        guard QuotaLevel(left: left, of: connector.included) != before else { return }
        try tx.serviceQuotas.refreshAlert(of: connector.id)
    }

    /// Counts what a connector has done this month as taken, where it has got a plan, or another one, since: the
    /// service counts by the month, too.
    func count(of connector: some Key) throws {
        let connector = connector.keyText
        let zone = try tx.zone(), month = TimeSpan.month.bounds(around: tx.now, zone).start
        let uncounted = tx.runtime.tools.withoutQuota
        let done = try tx.int(
            """
            SELECT coalesce(sum(calls - failures), 0) FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND connector = \(connector)
                AND day >= \(zone.local(of: month).date.daysSinceEpoch) AND tool NOT IN \(list: uncounted)
            """)
        let taken = try (done ?? 0) + tx.toolUse.callsUnderWay(of: connector, without: uncounted)
        try tx.run(
            storeIncluded, [tx.tenant.sqlValue, connector.sqlValue, month.sqlValue, taken.sqlValue])
    }
}

private let readIncluded = Statement(
    "SELECT taken FROM included_calls WHERE tenant_id = $1 AND connector = $2 AND month = $3")

/// The condition decides, not a look before: of two that come together for the last one, one pays.
private let takeIncludedCall = Statement(
    """
    INSERT INTO included_calls (tenant_id, connector, month, taken) VALUES ($1, $2, $3, 1)
    ON CONFLICT (tenant_id, connector, month) DO UPDATE SET taken = included_calls.taken + 1
    WHERE included_calls.taken < $4
    RETURNING taken
    """)

private let giveBackIncludedCall = Statement(
    """
    UPDATE included_calls SET taken = taken - 1
    WHERE tenant_id = $1 AND connector = $2 AND month = $3 AND taken > 0
    RETURNING taken
    """)

private let storeIncluded = Statement(
    """
    INSERT INTO included_calls (tenant_id, connector, month, taken) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, connector, month) DO UPDATE SET taken = excluded.taken
    """)
