internal import Glibc
internal import Jobs

/// Shares a budget out by Thompson sampling: each channel's return is drawn many times from the distribution that its
/// results make likely, and its share is how often it came out best. A channel that has hardly been tried is drawn from
/// a wide distribution, so that it gets a chance; the more is known, the more the best one gets.
///
/// Results are counted (Poisson), so that the return of a unit of money has a gamma distribution. Before anything is
/// known of a channel, it is taken to bring what all together do. The same seed draws the same.
struct ThompsonSampling {
    struct Channel: Equatable {
        /// In units of the currency.
        let spent: Double
        let brought: Double
    }

    /// The outcome for a channel.
    struct Drawn: Equatable {
        /// The share of draws in which it was the best, from 0 to 1.
        let chance: Double
        /// Between which its return was nine times of ten.
        let low: Double, high: Double
    }

    static let draws = 2000

    /// Returns what came out for each channel, in their order.
    static func draw(_ channels: [Channel], seed: UInt64) -> [Drawn] {
        guard !channels.isEmpty else { return [] }
        let spent = channels.reduce(0) { $0 + $1.spent }, brought = channels.reduce(0) { $0 + $1.brought }
        // One result at the price of all: as little as can be known.
        let mean = spent > 0 && brought > 0 ? brought / spent : 1
        var random = SeededRandom(seed: seed)
        var returns = channels.map { _ in [Double]() }, wins = channels.map { _ in 0 }
        for _ in 0..<draws {
            var best = 0
            for (place, channel) in channels.enumerated() {
                let value =
                    random.gamma(shape: 1 + max(channel.brought, 0)) / (1 / mean + max(channel.spent, 0))
                returns[place].append(value)
                if value > returns[best][returns[best].count - 1] { best = place }
            }
            wins[best] += 1
        }
        return zip(returns, wins).map { values, wins in
            let sorted = values.sorted()
            return Drawn(
                chance: Double(wins) / Double(draws), low: sorted[draws / 20],
                high: sorted[draws - draws / 20 - 1])
        }
    }

    /// Returns a seed that follows from a text (FNV-1a); JSON carries it whole.
    static func seed(of text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } >> 11
    }
}

extension SeededRandom {
    /// From 0 up to, and without, 1.
    private mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number of the standard normal distribution (Box and Muller, 1958).
    private mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
    }

    /// A number of the gamma distribution with a shape of 1 and more (Marsaglia and Tsang, 2000).
    fileprivate mutating func gamma(shape: Double) -> Double {
        let d = shape - 1 / 3, c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal(), v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard v > 0 else { continue }
            if log(1 - unit()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }
}
