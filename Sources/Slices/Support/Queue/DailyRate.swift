/// The number that is expected on each of the next seven days: the mean of the same weekday in up to eight
/// weeks before, of which each counts four fifths of the one after it.
struct DailyRate: Hashable, Sendable {
    /// A day, and the range that four such days in five lie in.
    struct Day: Hashable, Sendable {
        let expected: Double
        let low: Int, high: Int
    }

    static let weeksMin = 2, weeksMax = 8

    /// Tomorrow first.
    let days: [Day]

    /// `nil` where less than two weeks are known. `history` are whole days, yesterday first.
    init?(_ history: [Int]) {
        let weeks = min(history.count / 7, Self.weeksMax)
        guard weeks >= Self.weeksMin else { return nil }
        days = (1...7).map { ahead in
            // The last day of that weekday that is over.
            let last = (13 - ahead) % 7
            return Day((0..<weeks).map { history[last + 7 * $0] })
        }
    }

    /// A day, as of a week.
    var mean: Double { days.reduce(0) { $0 + $1.expected } / 7 }
}

extension DailyRate.Day {
    private static let weekFactor = 0.8
    /// Standard deviations that four fifths of a bell lie in.
    private static let deviations = 1.28

    /// `counts` are those of the same weekday, the last one first.
    fileprivate init(_ counts: [Int]) {
        var weight = 1.0, weights = 0.0, sum = 0.0, squares = 0.0
        for count in counts.map(Double.init) {
            (weights, sum, squares) = (
                weights + weight, sum + weight * count, squares + weight * count * count
            )
            weight *= Self.weekFactor
        }
        let mean = sum / weights
        // Counts by chance differ by the root of their number, however alike a few weeks were.
        let spread = Self.deviations * max(squares / weights - mean * mean, mean).squareRoot()
        expected = mean
        (low, high) = (max(0, Int((mean - spread).rounded(.down))), Int((mean + spread).rounded(.up)))
    }
}
