internal import Glibc

/// Whether groups have the sizes that their shares make likely (Pearson's chi-squared test).
package struct GroupSizes: Sendable {
    /// The chance that groups drawn by their shares differ from these at least as much as they do.
    package let chance: Double

    package init(_ counts: [Int], shares: [Double]) {
        let groups = zip(counts, shares).filter { $1 > 0 }
        let total = Double(groups.reduce(0) { $0 + $1.0 })
        guard groups.count > 1, total > 0 else {
            chance = 1
            return
        }
        let distance = groups.reduce(0) { sum, group in
            let expected = total * group.1
            return sum + (Double(group.0) - expected) * (Double(group.0) - expected) / expected
        }
        chance = Self.tail(distance, degrees: groups.count - 1)
    }

    /// The share of a chi-squared distribution beyond a value, by the recurrence of the incomplete gamma function.
    static func tail(_ value: Double, degrees: Int) -> Double {
        let half = value / 2
        var order = degrees % 2 == 0 ? 1.0 : 0.5
        var tail = degrees % 2 == 0 ? exp(-half) : erfc(half.squareRoot())
        while order < Double(degrees) / 2 {
            tail += pow(half, order) * exp(-half) / tgamma(order + 1)
            order += 1
        }
        return min(1, tail)
    }
}
