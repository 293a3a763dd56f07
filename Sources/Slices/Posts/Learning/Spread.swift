internal import Glibc

/// The mean of numbers, and between what it lies.
struct Spread: Hashable, Sendable {
    let count: Int
    let mean: Double
    /// The standard deviation of a sample; 0 of one number.
    let deviation: Double

    /// The fewest numbers about whose mean anything is said.
    static let intervalMin = 5

    init(_ numbers: [Double]) {
        count = numbers.count
        mean = numbers.isEmpty ? 0 : numbers.reduce(0, +) / Double(numbers.count)
        let middle = mean
        let squares = numbers.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        deviation = numbers.count > 1 ? (squares / Double(numbers.count - 1)).squareRoot() : 0
    }

    /// The interval of the mean at 95 per cent, by Student's t; `nil` for too few numbers.
    var interval: (low: Double, high: Double)? {
        guard count >= Self.intervalMin else { return nil }
        let half = Self.quantile(freedom: count - 1) * deviation / Double(count).squareRoot()
        return (mean - half, mean + half)
    }

    /// The quantile of Student's t at 97.5 per cent: Hill's expansion about the normal one, which is right to three
    /// digits from four degrees of freedom on (Abramowitz and Stegun 26.7.5).
    static func quantile(freedom: Int) -> Double {
        let z = 1.959963984540054, n = Double(freedom), z2 = z * z
        let first = z * (z2 + 1) / 4
        let second = z * (5 * z2 * z2 + 16 * z2 + 3) / 96
        let third = z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / 384
        let fourth =
            z * (79 * z2 * z2 * z2 * z2 + 776 * z2 * z2 * z2 + 1482 * z2 * z2 - 1920 * z2 - 945) / 92_160
        return z + first / n + second / (n * n) + third / (n * n * n) + fourth / (n * n * n * n)
    }
}

extension Double {
    /// The natural logarithm.
    var logarithm: Double { log(self) }
    /// The number of which this is the natural logarithm.
    var exponential: Double { exp(self) }
    /// The number as answers tell it: further digits say nothing.
    var rounded4: Double { (self * 10_000).rounded() / 10_000 }
}
