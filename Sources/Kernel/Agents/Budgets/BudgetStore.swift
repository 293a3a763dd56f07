package import Database
internal import JSON
internal import Jobs
package import Records

/// Budgets, and the amounts that are held of them: `tx.budgets`.
package struct BudgetStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var budgets: BudgetStore<Self> { BudgetStore(tx: self) }
}

let budgetMigration = Migration(number: 805, name: "budgets of campaigns") { _ in
    ["ALTER TABLE budgets ADD COLUMN campaign_id TEXT"]
}

extension BudgetStore where Base == Transaction {
    /// Stores a new budget.
    @discardableResult
    package func create(_ budget: Budget, by actor: Actor) throws -> Budget {
        try tx.run(
            """
            INSERT INTO budgets (tenant_id, id, agent, client_id, campaign_id, kind, amount, currency, per, version,
                created_at, updated_at)
            VALUES (\(tx.tenant), \(budget.id), \(budget.agent), \(budget.clientID), \(budget.campaignID),
                \(budget.kind.rawValue), \(budget.amount), \(budget.currency), \(budget.per.rawValue), 1, \(tx.now),
                \(tx.now))
            """)
        try tell("created", budget, by: actor)
        return budget
    }

    /// Changes how much a budget is. What a period has told is told again when it is reached again. Of money it is
    /// counted in `currency` from then on.
    @discardableResult
    package func change(
        _ old: Budget, to amount: Int64, currency: String? = nil, by actor: Actor
    ) throws -> Budget {
        var budget = old
        (budget.amount, budget.version, budget.updatedAt) = (amount, old.version + 1, tx.now)
        if budget.kind == .money { budget.currency = currency ?? old.currency }
        let changed = try tx.run(
            """
            UPDATE budgets SET amount = \(amount), currency = \(budget.currency),
                version = \(budget.version), updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(budget.id) AND version = \(old.version)
            """)
        guard changed == 1 else { throw RuntimeError.versionMismatch }
        try tx.run(reopenPeriods, [tx.tenant.sqlValue, budget.id.sqlValue, amount.sqlValue])
        try refreshAlert(of: budget)
        try tell("updated", budget, by: actor)
        return budget
    }

    package func delete(_ budget: Budget, by actor: Actor) throws {
        try tx.run("DELETE FROM budgets WHERE tenant_id = \(tx.tenant) AND id = \(budget.id)")
        try tx.run("DELETE FROM budget_use WHERE tenant_id = \(tx.tenant) AND budget_id = \(budget.id)")
        try tx.run("DELETE FROM budget_holds WHERE tenant_id = \(tx.tenant) AND budget_id = \(budget.id)")
        try refreshAlert(of: budget)
        try tell("deleted", budget, by: actor)
    }

    private func tell(_ verb: String, _ budget: Budget, by actor: Actor) throws {
        try tx.auditLog.add(
            actor, "budget.\(verb)", budget.subject,
            [
                "agent": JSON(budget.agent), "client_id": JSON(budget.clientID),
                "campaign_id": JSON(budget.campaignID),
                "kind": .string(budget.kind.rawValue), "limit": budget.json(of: budget.amount),
                "per": .string(budget.per.rawValue),
            ])
        try tx.publish(
            "budget.\(verb)", budget.subject,
            [
                "agent": JSON(budget.agent), "client_id": JSON(budget.clientID),
                "campaign_id": JSON(budget.campaignID),
            ])
    }
}

private let reopenPeriods = Statement(
    """
    UPDATE budget_use SET warned = CASE WHEN spent * 1.0 >= $3 * 0.8 THEN warned ELSE 0 END,
        exhausted = CASE WHEN spent >= $3 THEN exhausted ELSE 0 END
    WHERE tenant_id = $1 AND budget_id = $2
    """)
