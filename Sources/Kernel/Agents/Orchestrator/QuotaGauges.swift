internal import Database
internal import Jobs
internal import Records

extension Transaction {
    /// How much is left of what tools and budgets may take this day and this month: the orchestrator foretells what
    /// will not last.
    func quotaGauges() throws -> [Gauge] {
        let zone = try runtime.questions.zone(self)
        let spans: [TimeSpan] = [.day, .month]
        var gauges: [Gauge] = []
        for tool in runtime.tools.all {
            let limits = try toolSettings(tool).limits
            for span in spans {
                guard let limit = limits[span], limit > 0 else { continue }
                let (start, end) = span.bounds(around: now, zone)
                let calls = try toolUse(tool.name, span, since: start).calls
                gauges.append(
                    Gauge(
                        Subject(type: "tool", id: tool.name),
                        title: "calls of \(tool.name) a \(span.rawValue)", used: Double(calls),
                        limit: Double(limit), from: start, to: end))
            }
        }
        // A budget that is nearly used up says so itself.
        let told = Set(try openAlerts(kind: BudgetAlert.kind).map(\.subject))
        for budget in try all(everyBudget, [tenant.sqlValue], Budget.init)
        where spans.contains(budget.per.span) && budget.amount > 0 && !told.contains(budget.subject) {
            let (start, end) = budget.per.span.bounds(around: now, zone)
            let use = try use(of: budget, zone)
            gauges.append(
                Gauge(
                    budget.subject, title: "the \(budget.title)",
                    used: Double(use.spent + use.held), limit: Double(budget.amount), from: start, to: end))
        }
        return gauges
    }
}

private let everyBudget = Statement(
    "SELECT \(Budget.columns) FROM budgets WHERE tenant_id = $1 ORDER BY id LIMIT 200")
