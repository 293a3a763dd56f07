package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry

package extension BudgetStore where Base == Transaction {
    /// Sets aside what a call will take, from every budget that applies to its caller. An attempt that holds
    /// already keeps what it holds; another attempt of the same key holds anew, and what an earlier one still held
    /// counts as spent: it may have gone out. Throws `budget_exhausted` when a budget has not enough left, and then
    /// nothing is held; the events that this is worth are published, so the caller should commit all the same.
    /// Answers whether there is a budget that applies.
    @discardableResult
    func hold(
        key: String, attempt: Int, agent: String? = nil, clientID: ClientID? = nil, campaignID: String? = nil,
        _ usage: ToolUsage
    ) throws -> Bool {
        let budgets = try all(agent: agent, clientID: clientID, campaignID: campaignID)
        guard !budgets.isEmpty else { return false }
        try abandonHolds(key: key, except: attempt)
        guard budgets.contains(where: { $0.amount(of: usage) > 0 }),
            try !tx.exists(hasHold, [tx.tenant.sqlValue, key.sqlValue, attempt.sqlValue])
        else { return true }
        let zone = try tx.zone()
        do {
            try tx.attempt {
                for budget in budgets where budget.amount(of: usage) > 0 {
                    try place(key, attempt, budget, budget.per.span.bounds(around: tx.now, zone), usage)
                }
            }
        } catch let spent as BudgetSpent {
            try tellIfExhausted(spent)
            throw spent.refusal
        }
        return true
    }

    /// Gives back what an attempt holds, and books what it has really taken: into the period in which it began. What
    /// is settled holds nothing, so that a second time changes nothing.
    func settle(key: String, attempt: Int, _ usage: ToolUsage) throws {
        let holds = try tx.all(
            takeHolds, [tx.tenant.sqlValue, key.sqlValue, attempt.sqlValue], Hold.init)
        for hold in holds.sorted(by: { $0.budget < $1.budget }) {
            guard let budget = try find(hold.budget) else { continue }
            try book(hold, budget, budget.amount(of: usage))
        }
    }

    /// Books as spent what other attempts of the key hold.
    func abandonHolds(key: some Key, except attempt: Int = 0) throws {
        let holds = try tx.all(
            takeOtherHolds, [tx.tenant.sqlValue, key.keyText.sqlValue, attempt.sqlValue], Hold.init)
        for hold in holds.sorted(by: { $0.budget < $1.budget }) {
            if let budget = try find(hold.budget) { try book(hold, budget, hold.amount) }
        }
    }

    private func place(
        _ key: String, _ attempt: Int, _ budget: Budget, _ period: (start: Instant, end: Instant),
        _ usage: ToolUsage
    ) throws {
        let amount = budget.amount(of: usage)
        let place = [tx.tenant.sqlValue, budget.id.sqlValue, period.start.sqlValue]
        try begin(place, of: budget)
        guard try tx.run(placeHold, place + [amount.sqlValue, budget.amount.sqlValue]) == 1 else {
            throw BudgetSpent(
                budget: budget, start: period.start, end: period.end, wanted: amount, now: tx.now)
        }
        try tx.run(
            recordHold,
            [
                tx.tenant.sqlValue, key.sqlValue, attempt.sqlValue, budget.id.sqlValue, period.start.sqlValue,
                amount.sqlValue, tx.now.sqlValue,
            ])
    }

    private func book(_ hold: Hold, _ budget: Budget, _ amount: Int64) throws {
        let place = [tx.tenant.sqlValue, budget.id.sqlValue, hold.start.sqlValue]
        try tx.run(bookHold, place + [hold.amount.sqlValue, amount.sqlValue])
        guard amount > 0 else { return }
        let isWarned = try tx.run(markWarned, place + [budget.amount.sqlValue]) == 1
        if isWarned { try tell("warned", budget, hold.start) }
        let isExhausted = try tx.run(markExhausted, place + [budget.amount.sqlValue, 0.sqlValue]) == 1
        if isExhausted { try tell("exhausted", budget, hold.start) }
        if isWarned || isExhausted { try refreshAlert(of: budget) }
    }

    /// Begins a period at the first call that takes from it: what was told of the one before is over.
    private func begin(_ place: [SQLValue], of budget: Budget) throws {
        if try tx.run(openPeriod, place) == 1 { try refreshAlert(of: budget) }
    }

    /// A budget that others' calls on their way have filled may have room again when they are settled; one that has
    /// not enough left even so is at its end.
    private func tellIfExhausted(_ spent: BudgetSpent) throws {
        let place = [tx.tenant.sqlValue, spent.budget.id.sqlValue, spent.start.sqlValue]
        try begin(place, of: spent.budget)
        let values = place + [spent.budget.amount.sqlValue, (spent.wanted - 1).sqlValue]
        guard try tx.run(markExhausted, values) == 1 else { return }
        try tell("exhausted", spent.budget, spent.start)
        try refreshAlert(of: spent.budget)
    }

    private func tell(_ verb: String, _ budget: Budget, _ start: Instant) throws {
        let use = try tx.first(
            readPeriod, [tx.tenant.sqlValue, budget.id.sqlValue, start.sqlValue]
        ) { $0.int64(0) }
        try tx.publish(
            "budget.\(verb)", budget.subject,
            [
                "agent": JSON(budget.agent), "client_id": JSON(budget.clientID),
                "campaign_id": JSON(budget.campaignID),
                "kind": .string(budget.kind.rawValue), "limit": budget.json(of: budget.amount),
                "spent": budget.json(of: use ?? 0), "per": .string(budget.per.rawValue),
                "period": .string(start.description),
            ])
    }
}

/// The amount that an attempt holds of one budget.
private struct Hold: StoredRow {
    let budget: ID<Budget>
    let start: Instant
    let amount: Int64

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (budget, start, amount) = (row.id("budget_id"), row.instant("start_at"), row.int64("amount"))
    }
}

/// A budget has not enough left for a call.
private struct BudgetSpent: Error {
    let budget: Budget
    let start: Instant, end: Instant
    let wanted: Int64
    let now: Instant

    var refusal: ToolRefusal {
        ToolRefusal(
            "budget_exhausted",
            "the \(budget.title) (\(budget.id)) is spent until \(end)",
            retryAfter: end - now)
    }
}

private let hasHold = Statement(
    "SELECT 1 FROM budget_holds WHERE tenant_id = $1 AND key = $2 AND attempt = $3")

private let openPeriod = Statement(
    """
    INSERT INTO budget_use (tenant_id, budget_id, start_at, spent, held, warned, exhausted)
    VALUES ($1, $2, $3, 0, 0, 0, 0) ON CONFLICT (tenant_id, budget_id, start_at) DO NOTHING
    """)

/// The condition decides, not a look before: however many come at once, no more is held than there is.
private let placeHold = Statement(
    """
    UPDATE budget_use SET held = held + $4
    WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3 AND spent + held + $4 <= $5
    """)

private let recordHold = Statement(
    """
    INSERT INTO budget_holds (tenant_id, key, attempt, budget_id, start_at, amount, held_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    """)

private let takeHolds = Statement(
    """
    DELETE FROM budget_holds WHERE tenant_id = $1 AND key = $2 AND attempt = $3
    RETURNING \(Hold.columns)
    """)

private let takeOtherHolds = Statement(
    """
    DELETE FROM budget_holds WHERE tenant_id = $1 AND key = $2 AND attempt <> $3
    RETURNING \(Hold.columns)
    """)

private let bookHold = Statement(
    """
    UPDATE budget_use SET held = held - $4, spent = spent + $5
    WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3
    """)

private let readPeriod = Statement(
    "SELECT spent FROM budget_use WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3")

/// At 80 %. Once in a period: the row that is changed is the leave to tell it.
private let markWarned = Statement(
    """
    UPDATE budget_use SET warned = 1
    WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3 AND warned = 0
        AND spent * 1.0 >= $4 * 0.8
    """)

private let markExhausted = Statement(
    """
    UPDATE budget_use SET exhausted = 1
    WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3 AND exhausted = 0 AND spent + $5 >= $4
    """)
