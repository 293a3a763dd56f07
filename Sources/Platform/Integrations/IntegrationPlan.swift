internal import Agents
internal import JSON
package import Records
package import Telemetry
internal import Tenancy

/// A service's monthly plan, as the agency has it or could have it.
package struct IntegrationPlan: Part {
    package var name = ""
    package var fee: Money?
    package var included = 0
    package var price: Money?
    package var limit: Int?

    package init() {}

    private static let callsMax: Int64 = 1_000_000_000

    package static let schema = Schema<IntegrationPlan>(
        "IntegrationPlan",
        [
            .text(
                "name", \.name, max: 100, .required, .about("The name of the plan at the service."),
                .example("Pro")),
            .money("fee", \.fee, .about("The monthly fee, in the agency's currency; null: none.")),
            .integer(
                "included", \.included, in: 0...callsMax, .standard(0),
                .about("How many calls a month are included in the fee.")),
            .money(
                "price", \.price,
                .about(
                    "The price of a thousand further calls, in the agency's currency; null: the integration's price."
                )
            ),
            .integer(
                "limit", \.limit, in: 1...callsMax,
                .about("The most calls a month; null: as many as are paid for.")),
        ])

    package var faults: [Fault] {
        guard let limit, limit < included else { return [] }
        return [
            Fault(
                "/limit", "out_of_range",
                "limit must be at least \(included), the number of calls that the plan includes.")
        ]
    }
}

/// A price that a service will take for a thousand calls from a day on.
package struct PriceChange: Part {
    package var price = Money(amount: 0, currency: "USD")
    package var from = CivilDate(year: 1970, month: 1, day: 1)

    package init() {}

    package static let schema = Schema<PriceChange>(
        "PriceChange",
        [
            .money(
                "price", \.price, .required,
                .about("The price of a thousand calls, in the agency's currency.")),
            .date(
                "from", \.from, .required,
                .about(
                    "The first day of the new price, in the agency's time zone."),
                .example("2030-01-01")),
        ])
}

extension Integration {
    /// Returns the cost of calls by the month; nothing where a price is in another currency than the agency's.
    func tariff(in currency: String) -> CallTariff {
        var tariff = tariff(of: plan, in: currency)
        tariff.change = change(in: currency)
        tariff.limit = toolLimits.month
        return tariff
    }

    private func change(in currency: String) -> CallTariff.Change? {
        priceChange.map {
            CallTariff.Change(from: $0.from.daysSinceEpoch, price: $0.price.perCall(in: currency))
        }
    }

    /// Returns the tariff with one of the service's plans. A price of its own stays what it is.
    func tariff(of plan: IntegrationPlan?, in currency: String) -> CallTariff {
        var tariff = CallTariff()
        tariff.fee = (plan?.fee?.amount(in: currency) ?? 0) * Budget.microsPerMinorUnit
        tariff.included = plan?.included ?? 0
        tariff.price = (plan?.price ?? price)?.perCall(in: currency) ?? 0
        tariff.change = plan?.price == nil ? change(in: currency) : nil
        tariff.limit = plan?.limit
        return tariff
    }

    // MARK: Checks

    /// Checks the amounts that have changed.
    mutating func checkPlans(replacing old: Integration?, of tenant: Tenant, at now: Instant) throws {
        guard
            price != old?.price || plan != old?.plan || plans != old?.plans
                || priceChange != old?.priceChange
        else { return }
        // A price that is set once a change of it is in force takes its place.
        if let change = priceChange, let old, change == old.priceChange, change.from <= tenant.day(of: now),
            price != old.price || plan?.price != old.plan?.price
        {
            priceChange = nil
        }
        var faults = Faults()
        for (pointer, money) in amounts(changedFrom: old) {
            if money.currency != tenant.currency {
                faults.add(
                    "\(pointer)/currency", "invalid_currency",
                    "The price must be in \(tenant.currency), the agency's currency.")
            }
            if !(0...Budget.callCostMax).contains(money.amount) {
                faults.add(
                    "\(pointer)/amount", "out_of_range",
                    "The amount must be from 0 to \(Budget.callCostMax).")
            }
        }
        var names: Set<String> = []
        for (index, plan) in plans.list.enumerated() where !names.insert(plan.name.lowercased()).inserted {
            faults.add(
                "/plans/\(index)/name", "already_exists",
                "The plan's name is taken: give each plan a name of its own.")
        }
        try faults.throwIfAny()
    }

    private func amounts(changedFrom old: Integration?) -> [(String, Money)] {
        var amounts: [(String, Money?)] = []
        if price != old?.price { amounts.append(("/price", price)) }
        if priceChange != old?.priceChange { amounts.append(("/price_change/price", priceChange?.price)) }
        var changed: [(String, IntegrationPlan)] = []
        if plans != old?.plans { changed = plans.list.enumerated().map { ("/plans/\($0)", $1) } }
        if let plan, plan != old?.plan { changed.append(("/plan", plan)) }
        for (pointer, plan) in changed {
            amounts += [("\(pointer)/fee", plan.fee), ("\(pointer)/price", plan.price)]
        }
        return amounts.compactMap { pointer, money in money.map { (pointer, $0) } }
    }
}

extension Tenant {
    /// The day by the agency's clock.
    func day(of instant: Instant) -> CivilDate { zone.local(of: instant).date }
}

extension Money {
    fileprivate func amount(in currency: String) -> Int64 { self.currency == currency ? amount : 0 }

    /// Returns the price of one call, in millionths of a minor unit, from that of a thousand.
    fileprivate func perCall(in currency: String) -> Int64 {
        amount(in: currency) * (Budget.microsPerMinorUnit / 1000)
    }
}
