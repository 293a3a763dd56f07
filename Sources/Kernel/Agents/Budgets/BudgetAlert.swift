internal import Database
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates

/// The alert that a budget raises on itself: a warning at 80 %, critical once it holds calls back. At most one of a
/// budget is open.
enum BudgetAlert {
    static let kind = "budget_warned"
}

extension BudgetStore where Base == Transaction {
    /// Brings the alert of a budget in line with its present period: it is over with the period, with a higher limit
    /// or with the budget. A budget of nothing is meant to stop everything, and needs nobody's attention.
    func refreshAlert(of budget: Budget) throws {
        let period = budget.per.span.bounds(around: tx.now, try tx.zone())
        let state = try tx.first(
            periodState, [tx.tenant.sqlValue, budget.id.sqlValue, period.start.sqlValue]
        ) { (spent: $0.int64(0), isWarned: $0.int(1) == 1, isExhausted: $0.int(2) == 1) }
        guard budget.amount > 0, let state, state.isWarned || state.isExhausted else {
            try tx.alerts.resolve(kind: BudgetAlert.kind, subject: budget.subject)
            return
        }
        let stand = !state.isExhausted ? "near" : state.spent >= budget.amount ? "spent" : "short"
        let (spent, limit) = (budget.text(of: state.spent), budget.text(of: budget.amount))
        try tx.alerts.raise(
            kind: BudgetAlert.kind, severity: state.isExhausted ? .critical : .warning,
            subject: budget.subject, agent: budget.agent,
            title: Saying(
                "alert.budget_warned",
                [
                    "budget": .saying(budget.name), "stand": .text(stand), "spent": .text(spent),
                    "limit": .text(limit), "until": .time(period.end),
                ]),
            action: Saying("alert.budget_warned_do"))
        // The forecast exhaustion has come.
        try tx.alerts.resolve(kind: "quota_exhaustion", subject: budget.subject)
    }
}

private let periodState = Statement(
    """
    SELECT spent, warned, exhausted FROM budget_use
    WHERE tenant_id = $1 AND budget_id = $2 AND start_at = $3
    """)
