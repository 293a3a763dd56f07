internal import Agents
internal import JSON
internal import Records
internal import Telemetry
internal import Templates
internal import Wording

/// Proposals that cost less, or that go on where the present way would end: other plans of the services in use, and
/// integrations that do the same for less.
struct CostProposals {
    private let accounts: [MonthAccount]
    private let currency: String
    private let words: Wording

    /// Proposes in the words of whoever reads them.
    init(_ accounts: [MonthAccount], _ currency: String, in words: Wording) {
        (self.accounts, self.currency) = (accounts.filter { $0.integration.status == .active }, currency)
        self.words = words
    }

    var all: [JSON] { accounts.compactMap(otherPlan) + accounts.compactMap(otherIntegration) }

    // MARK: Plans

    private func otherPlan(of account: MonthAccount) -> JSON? {
        let integration = account.integration
        let plans = integration.plans.list.filter { $0.name != integration.plan?.name }
        let tariffs = plans.map { integration.tariff(of: $0, in: currency) }
        guard let move = account.tariff.bestMove(to: tariffs, in: account.calls),
            let reason = self.reason(toTake: move, account)
        else { return nil }
        let (plan, tariff) = (plans[move.index], tariffs[move.index])
        let title = Saying(
            "cost.move", ["service": .text(integration.title), "plan": .text(plan.name)])
        let sentences = [present(account, move), cost(of: plan, tariff, move)] + reason
        return proposal(title, move.saves, sentences, integration)
    }

    /// Returns what the present plan comes to, or when it ends.
    private func present(_ account: MonthAccount, _ move: PlanMove) -> Saying {
        let (integration, calls) = (account.integration, Int(account.calls.expected.rounded()))
        if let day = move.endsOn, let limit = account.tariff.limit {
            return Saying(
                "cost.ends",
                [
                    "limit": .number(limit), "day": .day(CivilDate(daysSinceEpoch: day)),
                    "calls": .number(calls), "own": .flag(limit == integration.limits.month),
                ])
        }
        let (included, unused) = (account.tariff.included, account.tariff.included - calls)
        return Saying(
            "cost.costs",
            [
                "calls": .number(calls), "amount": money(move.present),
                "has_plan": .flag(integration.plan != nil), "plan": .text(integration.plan?.name ?? ""),
                "has_unused": .flag(unused > 0), "unused": .number(unused), "included": .number(included),
            ])
    }

    /// Returns the reason to pay more, so that calls go on that would wait: what such calls bring in. Empty where no
    /// more is paid; `nil` where they cost more than they bring in, as all do through which nothing was won.
    private func reason(toTake move: PlanMove, _ account: MonthAccount) -> [Saying]? {
        guard move.cost > move.present, let limit = account.tariff.limit else { return [] }
        let worth = account.worth
        let value = worth.ofCall * max(0, account.calls.expected - Double(limit))
        guard value >= move.cost - move.present else { return nil }
        return [
            Saying(
                "cost.worth",
                [
                    "calls": .number(worth.calls), "days": .number(CallWorth.days), "won": money(worth.won),
                    "value": money(value),
                ])
        ]
    }

    private func cost(of plan: IntegrationPlan, _ tariff: CallTariff, _ move: PlanMove) -> Saying {
        Saying(
            "cost.plan",
            [
                "plan": .text(plan.name), "fee": money(Double(tariff.fee)),
                "included": .number(tariff.included), "has_limit": .flag(tariff.limit != nil),
                "limit": .number(tariff.limit ?? 0), "price": money(Double(tariff.price) * 1000),
                "amount": money(move.cost),
            ])
    }

    // MARK: Integrations

    /// An integration that can do the same for less, whatever is paid for both anyway.
    private func otherIntegration(than dear: MonthAccount) -> JSON? {
        guard dear.use.calls > 0 else { return nil }
        let calls = dear.calls.days
        var best: (account: MonthAccount, saves: Double)?
        for cheap in accounts where cheap.canDo(what: dear) {
            let both = calls.merging(cheap.calls.days, uniquingKeysWith: +)
            if let limit = cheap.tariff.limit, both.values.reduce(0, +) > Double(limit) { continue }
            let more = cheap.tariff.cost(of: both) - cheap.tariff.cost(of: cheap.calls.days)
            let saves = dear.tariff.cost(of: calls) - more
            if saves > best?.saves ?? 0 { best = (cheap, saves) }
        }
        guard let best, best.saves >= Double(Budget.microsPerMinorUnit) else { return nil }
        let (name, other) = (dear.integration.title, best.account.integration.title)
        let known = best.account.use
        let title = Saying("cost.prefer", ["other": .text(other), "service": .text(name)])
        let effect = Saying(
            "cost.prefer_effect",
            [
                "service": .text(name), "other": .text(other), "known": .flag(known.calls > 0),
                "worked": .number(known.calls - known.failures), "calls": .number(known.calls),
                "time": .number(Int(known.averageMilliseconds)),
                "present_time": .number(Int(dear.use.averageMilliseconds)),
            ])
        return proposal(title, best.saves, [effect], best.account.integration)
    }

    private func proposal(
        _ title: Saying, _ saves: Double, _ consequence: [Saying], _ integration: Integration
    ) -> JSON {
        [
            "title": .string(title.said(in: words)),
            "saves": Money(micros: saves.wholeMicros, currency: currency).json,
            "consequence": .string(consequence.map { $0.said(in: words) }.joined(separator: " ")),
            "subject": ["type": .string(Integration.noun), "id": JSON(integration.id)],
        ]
    }

    private func money(_ micros: Double) -> Saying.Value {
        .money(Money(micros: micros.wholeMicros, currency: currency))
    }
}

/// The value that calls of a service have recently brought in.
struct CallWorth {
    static let days = 30

    var calls = 0
    /// From people whom it had reached before, in millionths of a minor unit.
    var won = 0.0

    var ofCall: Double { won / Double(max(1, calls)) }
}

extension MonthAccount {
    fileprivate func canDo(what other: MonthAccount) -> Bool {
        integration.id != other.integration.id && integration.capability == other.integration.capability
            && integration.clientID == other.integration.clientID
            && integration.environment == other.integration.environment
    }
}
