internal import Database
internal import Jobs
internal import Records
internal import Templates

extension OrchestrationStore where Base == Transaction {
    /// Returns the rest of what tools and budgets may take this day and this month: the orchestrator
    /// foretells what will not last.
    func quotaGauges() throws -> [Gauge] {
        let zone = try tx.runtime.questions.zone(tx)
        let spans: [TimeSpan] = [.day, .month]
        var gauges: [Gauge] = []
        let tools = tx.runtime.tools.all, settings = try tx.tools.settings(of: tools)
        for tool in tools {
            for span in spans {
                guard let limit = settings[tool.name]?.limits[span], limit > 0 else { continue }
                let (start, end) = span.bounds(around: tx.now, zone)
                let calls = try tx.toolUse.find(tool.name, span, since: start).calls
                gauges.append(
                    Gauge(
                        Subject(type: "tool", id: tool.name),
                        title: Saying(
                            "alert.calls_of", ["tool": .text(tool.name), "span": .text(span.rawValue)]),
                        used: Double(calls),
                        limit: Double(limit), from: start, to: end))
            }
        }
        // A budget that is nearly used up says so itself.
        let told = Set(try tx.alerts.open(kind: BudgetAlert.kind).map(\.subject))
        for budget in try tx.all(everyBudget, [tx.tenant.sqlValue], Budget.init)
        where spans.contains(budget.per.span) && budget.amount > 0 && !told.contains(budget.subject) {
            let (start, end) = budget.per.span.bounds(around: tx.now, zone)
            let use = try tx.budgets.use(of: budget, zone)
            gauges.append(
                Gauge(
                    budget.subject, title: budget.name,
                    used: Double(use.spent + use.held), limit: Double(budget.amount), from: start, to: end))
        }
        return gauges
    }
}

private let everyBudget = Statement(
    "SELECT \(Budget.columns) FROM budgets WHERE tenant_id = $1 ORDER BY id LIMIT 200")
