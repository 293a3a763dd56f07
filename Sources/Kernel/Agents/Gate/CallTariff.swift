/// The cost of a service's calls by the month: a fee, calls that come with it, and a price for those beyond. Money is
/// in millionths of a minor unit.
package struct CallTariff: Hashable, Sendable {
    /// Another price, from a day since 1970 on.
    package struct Change: Hashable, Sendable {
        package let day: Int
        package let price: Int64

        package init(from day: Int, price: Int64) { (self.day, self.price) = (day, price) }
    }

    package var fee: Int64 = 0
    package var included = 0
    /// The price of one call beyond the included ones.
    package var price: Int64 = 0
    package var change: Change?
    /// Calls of a month at most.
    package var limit: Int?

    package init() {}

    package func price(on day: Int) -> Int64 {
        if let change, day >= change.day { return change.price }
        return price
    }

    /// Returns what calls, by day, cost beside the fee, where so many of the month were free before them.
    package func cost(of calls: [Int: Double], after taken: Int = 0) -> Double {
        var free = Double(max(0, included - taken)), cost = 0.0
        for (day, count) in calls.sorted(by: { $0.key < $1.key }) {
            cost += max(0, count - free) * Double(price(on: day))
            free = max(0, free - count)
        }
        return cost
    }

    /// Returns what a whole month of calls comes to, as far as the limit lets them through.
    package func total(of calls: [Int: Double]) -> Double {
        guard let limit else { return Double(fee) + cost(of: calls) }
        var room = Double(limit), kept: [Int: Double] = [:]
        for (day, count) in calls.sorted(by: { $0.key < $1.key }) {
            kept[day] = min(count, room)
            room -= min(count, room)
        }
        return Double(fee) + cost(of: kept)
    }
}

/// The case for another of a service's plans.
package struct PlanMove: Hashable, Sendable {
    /// The place among those that were looked at.
    package let index: Int
    /// The cost of the month as it is, and with the other.
    package let present: Double, cost: Double
    /// The day on which the present limit is used up, if that is before the month's end.
    package let endsOn: Int?

    package var saves: Double { max(0, present - cost) }
}

extension CallTariff {
    /// Returns the cheapest of other tariffs that lets a month's calls through, where it saves something or where the
    /// present limit is used up before the month ends. One with a lower fee has to be cheaper even where as many calls
    /// come as the forecast's error allows.
    package func bestMove(to others: [CallTariff], in month: MonthForecast) -> PlanMove? {
        let end = limit.flatMap { month.day(reaching: $0) }
        let present = total(of: month.days)
        var best: PlanMove?
        for (index, other) in others.enumerated() {
            let most = other.fee < fee ? month.most : month.days
            if let limit = other.limit, most.values.reduce(0, +) > Double(limit) { continue }
            let move = PlanMove(
                index: index, present: present, cost: other.total(of: month.days), endsOn: end)
            let isCheaper =
                move.saves >= Double(Budget.microsPerMinorUnit) && other.total(of: most) < total(of: most)
            if end != nil || isCheaper, move.cost < best?.cost ?? .infinity { best = move }
        }
        return best
    }
}
