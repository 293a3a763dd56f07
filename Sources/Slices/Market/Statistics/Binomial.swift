internal import Glibc

/// The work of chance alone: exact probabilities of counts, and intervals for the shares behind them.
enum Binomial {
    /// Returns how likely chance brings a count at least as odd as `hits` of `count`, where each is one with the
    /// probability `share` (two-sided: all counts that are no likelier than this one).
    static func significance(_ hits: Int, of count: Int, expecting share: Double) -> Double {
        guard count > 0, (0...count).contains(hits), share > 0, share < 1 else { return 1 }
        let here = logProbability(hits, count, share)
        var sum = 0.0
        for other in 0...count {
            let there = logProbability(other, count, share)
            // The least of differences is that of rounding.
            if there <= here + 1e-7 { sum += exp(there) }
        }
        return min(1, sum)
    }

    private static func logProbability(_ hits: Int, _ count: Int, _ share: Double) -> Double {
        logChoose(count, hits) + Double(hits) * log(share) + Double(count - hits) * log1p(-share)
    }

    /// Returns the interval of Clopper and Pearson for the share behind `hits` of `count`: it holds the true one with
    /// at least the given confidence.
    static func interval(_ hits: Int, of count: Int, confidence: Double = 0.95) -> ClosedRange<Double> {
        guard count > 0, (0...count).contains(hits) else { return 0...1 }
        let tail = (1 - confidence) / 2, (k, n) = (Double(hits), Double(count))
        let low = hits == 0 ? 0 : betaQuantile(tail, k, n - k + 1)
        let high = hits == count ? 1 : betaQuantile(1 - tail, k + 1, n - k)
        return min(low, high)...max(low, high)
    }

    /// The logarithm of the number of ways to choose so many.
    static func logChoose(_ count: Int, _ hits: Int) -> Double {
        lgamma(Double(count) + 1) - lgamma(Double(hits) + 1) - lgamma(Double(count - hits) + 1)
    }

    /// Inverts the distribution by halving: it never leaves 0…1, and 60 halves are as fine as a number is.
    private static func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if betaShare(middle, a, b) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function (continued fraction; Press et al., Numerical Recipes, 6.4).
    static func betaShare(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        // The fraction is quick on this side of the mean; beyond it the function is turned round.
        if x < (a + 1) / (a + b + 2) { return front * fraction(x, a, b) / a }
        return 1 - front * fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func safe(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0, d = 1 / safe(1 - (a + b) * x / (a + 1)), h = d
        for step in 1...500 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / safe(1 + even * d)
            c = safe(1 + even / c)
            h *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / safe(1 + odd * d)
            c = safe(1 + odd / c)
            let change = d * c
            h *= change
            if abs(change - 1) < 1e-14 { break }
        }
        return h
    }
}
