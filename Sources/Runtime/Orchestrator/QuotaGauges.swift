internal import Database
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
        for budget in try all(everyBudget, [tenant.sqlValue], Budget.init)
        where spans.contains(budget.per.span) && budget.amount > 0 {
            let (start, end) = budget.per.span.bounds(around: now, zone)
            let use = try use(of: budget, zone)
            let whose = budget.agent.map { " of \($0)" } ?? ""
            gauges.append(
                Gauge(
                    Subject(type: "budget", id: budget.id),
                    title: "the budget\(whose) for \(budget.kind.rawValue) a \(budget.per.rawValue)",
                    used: Double(use.spent + use.held), limit: Double(budget.amount), from: start, to: end))
        }
        return gauges
    }
}

private let everyBudget = Statement(
    "SELECT \(Budget.columns) FROM budgets WHERE tenant_id = $1 ORDER BY id LIMIT 200")
