internal import Glibc

/// So many of so many.
struct Share: Hashable, Sendable {
    let hits: Int, count: Int

    init(_ hits: Int, of count: Int) { (self.hits, self.count) = (hits, count) }

    var value: Double { count > 0 ? Double(hits) / Double(count) : 0 }

    /// The interval of Wilson at 95 per cent.
    var interval: ClosedRange<Double> {
        guard count > 0 else { return 0...1 }
        let n = Double(count), p = value, z2 = Self.z * Self.z
        let middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        let half = Self.z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
        return max(0, middle - half)...min(1, middle + half)
    }

    private static let z = 1.959963984540054

    /// Returns the interval of the difference between two shares at 95 per cent (Newcombe's, out of Wilson's two).
    static func difference(_ one: Share, _ other: Share) -> ClosedRange<Double> {
        let (a, b) = (one.interval, other.interval), d = one.value - other.value
        func root(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        return
            (d - root(one.value - a.lowerBound, b.upperBound - other.value))...(d
            + root(a.upperBound - one.value, other.value - b.lowerBound))
    }

    /// Returns how likely chance alone parts two shares at least so far (Fisher's exact test, two-sided).
    static func significance(_ one: Share, _ other: Share) -> Double {
        let hits = one.hits + other.hits, count = one.count + other.count
        guard one.count > 0, other.count > 0, hits > 0, hits < count else { return 1 }
        let all = Binomial.logChoose(count, hits)
        func log(_ here: Int) -> Double {
            Binomial.logChoose(one.count, here) + Binomial.logChoose(other.count, hits - here) - all
        }
        let limit = log(one.hits) + 1e-7
        var sum = 0.0
        for here in max(0, hits - other.count)...min(hits, one.count) {
            let there = log(here)
            if there <= limit { sum += exp(there) }
        }
        return min(1, sum)
    }
}

/// The middle of numbers, with an interval that asks nothing of how they are spread.
struct Median: Hashable, Sendable {
    let value: Double
    /// At 95 per cent at least.
    let low: Double, high: Double

    /// `nil` for fewer than 10 numbers.
    init?(_ numbers: [Double]) {
        guard numbers.count >= 10 else { return nil }
        let sorted = numbers.sorted(), n = sorted.count
        value = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
        // As many as chance, by the toss of a coin, leaves below in one of forty cases.
        var below = 0, sum = 0.0
        while below < n / 2 {
            let next = exp(Binomial.logChoose(n, below) - Double(n) * 0.6931471805599453)
            guard sum + next <= 0.025 else { break }
            sum += next
            below += 1
        }
        let place = max(0, below - 1)
        (low, high) = (sorted[place], sorted[n - 1 - place])
    }
}
