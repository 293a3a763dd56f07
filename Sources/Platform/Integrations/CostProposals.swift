internal import Agents
internal import JSON
internal import Records
internal import Telemetry

/// Proposals that cost less, or that go on where the present way would end: other plans of the services in use, and
/// integrations that do the same for less.
struct CostProposals {
    private let accounts: [MonthAccount]
    private let currency: String

    init(_ accounts: [MonthAccount], _ currency: String) {
        (self.accounts, self.currency) = (accounts.filter { $0.integration.status == .active }, currency)
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
        let calls = Int(account.calls.expected.rounded())
        let present = integration.plan?.name ?? "the present price"
        let sentence: String
        if let day = move.endsOn, let limit = account.tariff.limit {
            let whose =
                limit == integration.limits.month
                ? " It is the agency's own limit (limits.month), which is to be raised, too." : ""
            sentence = """
                The \(limit) calls of a month are used up on \(CivilDate(daysSinceEpoch: day).iso), and \(calls) are \
                expected; the rest waits.\(whose)
                """
        } else {
            let (included, unused) = (account.tariff.included, account.tariff.included - calls)
            let rest = unused > 0 ? ", and \(unused) of its \(included) calls stay unused" : ""
            sentence = """
                \(calls) calls are expected this month, which come to \(text(move.present)) by \(present)\(rest).
                """
        }
        let title = "Move \(integration.title) to the plan \(plan.name)"
        return proposal(
            title, move.saves, "\(sentence) \(cost(of: plan, tariff, move))\(reason)", integration)
    }

    /// Returns the reason to pay more, so that calls go on that would wait: what such calls bring in. Empty where no
    /// more is paid; `nil` where they cost more than they bring in, as all do through which nothing was won.
    private func reason(toTake move: PlanMove, _ account: MonthAccount) -> String? {
        guard move.cost > move.present, let limit = account.tariff.limit else { return "" }
        let worth = account.worth
        let value = worth.ofCall * max(0, account.calls.expected - Double(limit))
        guard value >= move.cost - move.present else { return nil }
        return """
             The people reached with \(worth.calls) calls in \(CallWorth.days) days have bought for \
            \(text(worth.won)), so the calls that would wait are worth \(text(value)).
            """
    }

    private func cost(of plan: IntegrationPlan, _ tariff: CallTariff, _ move: PlanMove) -> String {
        let limit = tariff.limit.map { ", at most \($0)" } ?? ""
        return """
            \(plan.name) costs \(text(Double(tariff.fee))) per month with \(tariff.included) calls included\(limit), \
            \(text(Double(tariff.price) * 1000)) per thousand beyond, and comes to \(text(move.cost)).
            """
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
        let experience =
            known.calls == 0
            ? "It has not been used this month, so its reliability here is unknown."
            : "This month \(known.calls - known.failures) of its \(known.calls) calls worked, "
                + "in \(known.averageMilliseconds) ms on average; "
                + "\(name) took \(dear.use.averageMilliseconds) ms."
        return proposal(
            "Prefer \(other) to \(name)", best.saves,
            "Calls to \(name) will go to \(other). \(experience)",
            best.account.integration)
    }

    private func proposal(
        _ title: String, _ saves: Double, _ consequence: String, _ integration: Integration
    ) -> JSON {
        [
            "title": .string(title), "saves": Money(micros: saves.wholeMicros, currency: currency).json,
            "consequence": .string(consequence),
            "subject": ["type": .string(Integration.noun), "id": JSON(integration.id)],
        ]
    }

    private func text(_ micros: Double) -> String {
        let money = Money(micros: micros.wholeMicros, currency: currency)
        return Currency(currency).map { AmountText.format(money.amount, $0) } ?? "\(money.amount) \(currency)"
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
