package import Database
internal import JSON
package import Records

extension Transaction {
    /// Stores a new budget.
    @discardableResult
    package func createBudget(_ budget: Budget, by actor: Actor) throws -> Budget {
        try run(
            """
            INSERT INTO budgets (tenant_id, id, agent, client_id, kind, amount, currency, per, version, created_at,
                updated_at)
            VALUES (\(tenant), \(budget.id), \(budget.agent), \(budget.clientID), \(budget.kind.rawValue),
                \(budget.amount), \(budget.currency), \(budget.per.rawValue), 1, \(now), \(now))
            """)
        try tell("created", budget, by: actor)
        return budget
    }

    /// Changes how much a budget is. What a period has told is told again when it is reached again.
    @discardableResult
    package func changeBudget(_ old: Budget, to amount: Int64, by actor: Actor) throws -> Budget {
        var budget = old
        (budget.amount, budget.version, budget.updatedAt) = (amount, old.version + 1, now)
        let changed = try run(
            """
            UPDATE budgets SET amount = \(amount), version = \(budget.version), updated_at = \(now)
            WHERE tenant_id = \(tenant) AND id = \(budget.id) AND version = \(old.version)
            """)
        guard changed == 1 else { throw RuntimeError.versionMismatch }
        try run(reopenPeriods, [tenant.sqlValue, budget.id.sqlValue, amount.sqlValue])
        try tell("updated", budget, by: actor)
        return budget
    }

    package func deleteBudget(_ budget: Budget, by actor: Actor) throws {
        try run("DELETE FROM budgets WHERE tenant_id = \(tenant) AND id = \(budget.id)")
        try run("DELETE FROM budget_use WHERE tenant_id = \(tenant) AND budget_id = \(budget.id)")
        try run("DELETE FROM budget_holds WHERE tenant_id = \(tenant) AND budget_id = \(budget.id)")
        try tell("deleted", budget, by: actor)
    }

    private func tell(_ verb: String, _ budget: Budget, by actor: Actor) throws {
        let subject = Subject(type: "budget", id: budget.id)
        try audit(
            actor, "budget.\(verb)", subject,
            [
                "agent": JSON(budget.agent), "client_id": JSON(budget.clientID),
                "kind": .string(budget.kind.rawValue), "limit": budget.json(of: budget.amount),
                "per": .string(budget.per.rawValue),
            ])
        try publish("budget.\(verb)", subject, ["agent": JSON(budget.agent)])
    }
}

private let reopenPeriods = Statement(
    """
    UPDATE budget_use SET warned = CASE WHEN spent * 1.0 >= $3 * 0.8 THEN warned ELSE 0 END,
        exhausted = CASE WHEN spent >= $3 THEN exhausted ELSE 0 END
    WHERE tenant_id = $1 AND budget_id = $2
    """)
