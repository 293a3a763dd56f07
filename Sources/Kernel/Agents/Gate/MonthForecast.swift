internal import Glibc

/// A forecast of a month's daily counts at its end: by the weekdays, by whether it grows, and with how far off the same
/// reckoning was of late.
package struct MonthForecast: Hashable, Sendable {
    package let expected: Double
    /// The error as a share of what is expected.
    package let error: Double
    /// The counts to come, by day; of today the rest.
    package let ahead: [Int: Double]
    /// The month's days, with what is to come.
    package let days: [Int: Double]
    private let month: Range<Int>

    /// `days` are counts by day since 1970, up to today, of which `gone` is the share that is over; days that lack are
    /// empty ones. Weekday factors are shrunk towards 1, the level is an exponential mean, and the growth is that of
    /// the last two weeks over the two before, a week at most a quarter more or less. `season` is what the month is to
    /// the one before it.
    package init(
        _ days: [Int: Double], today: Int, gone: Double, month: Range<Int>, season: Double = 1
    ) {
        let counted = days.filter { month.contains($0.key) }
        let soFar = counted.values.reduce(0, +)
        // As if the month were like the one before: a season that is there already does not count twice.
        var level = days
        for (day, count) in counted { level[day] = count / season }
        let restOfToday = max(0, 1 - gone), later = (today + 1)..<max(today + 1, month.upperBound)
        let left = restOfToday + Double(later.count)
        let first = max(days.keys.min() ?? today, today - 56)
        let history = (first..<max(first, today)).map { (day: $0, count: level[$0] ?? 0) }
        let model = history.count >= 7 ? Model(history) : nil
        let length = max(1, Double(history.count) + gone)
        let mean = (history.reduce(0) { $0 + $1.count } + (level[today] ?? 0)) / length
        var ahead = [today: (model?.count(on: today) ?? mean) * season * restOfToday]
        for day in later { ahead[day] = (model?.count(on: day) ?? mean) * season }
        let rest = later.reduce(ahead[today] ?? 0) { $0 + (ahead[$1] ?? 0) }
        (self.month, self.ahead) = (month, ahead)
        self.days = counted.merging(ahead, uniquingKeysWith: +)
        expected = soFar + rest
        guard expected > 0 else {
            error = 0
            return
        }
        guard model != nil else {
            error = min(1, (1 / length).squareRoot()) * rest / expected
            return
        }
        var missed = 0.0, actual = 0.0
        for day in history.indices.suffix(14) where day >= 7 {
            missed += abs(Model(Array(history[..<day])).count(on: history[day].day) - history[day].count)
            actual += history[day].count
        }
        let ofADay = actual == 0 ? 1 : missed / actual
        error = min(1, ofADay / max(1, left).squareRoot()) * rest / expected
    }

    /// The month's days where as many come as may.
    package var most: [Int: Double] {
        let rest = ahead.values.reduce(0, +)
        guard rest > 0 else { return days }
        return days.merging(ahead.mapValues { $0 * error * expected / rest }, uniquingKeysWith: +)
    }

    /// Returns the day on which so many are there; `nil` where that is not before the month's end.
    package func day(reaching count: Int) -> Int? {
        var sum = 0.0
        for day in month {
            sum += days[day] ?? 0
            if sum >= Double(count) { return day < month.upperBound - 1 || sum > Double(count) ? day : nil }
        }
        return nil
    }

    /// Returns what a month was to the one `before` it, each by its days' mean, from a half to twice; 1 where one of
    /// the two was not counted. Who began within the month before is measured from the first day on.
    package static func season(
        _ days: [Int: Double], before: Range<Int>, then month: Range<Int>
    ) -> Double {
        let isOlder = days.keys.contains { $0 < before.lowerBound }
        guard let first = isOlder ? before.lowerBound : days.keys.filter(before.contains).min() else {
            return 1
        }
        func mean(_ range: Range<Int>) -> Double {
            range.reduce(0) { $0 + (days[$1] ?? 0) } / Double(max(1, range.count))
        }
        let (old, new) = (mean(first..<before.upperBound), mean(month))
        return old > 0 && new > 0 ? min(2, max(0.5, new / old)) : 1
    }

    private struct Model {
        private var factors = [Double](repeating: 1, count: 7)
        private var level = 0.0, growth = 1.0
        private let last: Int

        init(_ history: [(day: Int, count: Double)]) {
            last = history.last?.day ?? 0
            let mean = history.reduce(0) { $0 + $1.count } / Double(max(1, history.count))
            guard mean > 0 else { return }
            for weekday in 0..<7 {
                let same = history.filter { $0.day % 7 == weekday }
                let share = same.reduce(0) { $0 + $1.count } / mean
                factors[weekday] = (share + 2) / (Double(same.count) + 2)
            }
            level = mean
            for (day, count) in history {
                // A quiet weekday says little about the level.
                let factor = max(0.1, factors[day % 7])
                level += 0.15 * min(1, factor * factor) * (count / factor - level)
            }
            guard history.count >= 28 else { return }
            let (old, new) = (
                history.suffix(28).prefix(14).reduce(0) { $0 + $1.count },
                history.suffix(14).reduce(0) { $0 + $1.count }
            )
            if old > 0 { growth = min(1.25, max(0.8, (new / old).squareRoot())) }
        }

        func count(on day: Int) -> Double {
            level * factors[day % 7] * pow(growth, Double(day - last) / 7)
        }
    }
}
