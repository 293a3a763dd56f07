import Testing

@testable import Agents

struct `A month's forecast` {
    /// Four weeks of the same count a day.
    private func level(_ count: (Int) -> Double) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: (0..<28).map { ($0, count($0)) })
    }

    @Test func `goes on as it has been`() {
        let forecast = MonthForecast(level { _ in 20 }, today: 28, gone: 0, month: 28..<58)
        #expect(abs(forecast.expected - 600) < 1 && forecast.error < 0.01)
    }

    @Test func `knows which weekdays are quiet`() {
        let days = level { $0 % 7 < 5 ? 20 : 0 }
        let week = MonthForecast(days, today: 28, gone: 0, month: 28..<33).expected
        let weekend = MonthForecast(days, today: 28, gone: 0, month: 28..<35).expected - week
        #expect(week / 5 > 3 * weekend / 2)
        #expect(abs(week - 100) < 10, "empty weekends do not make the week emptier")
    }

    @Test func `goes on growing`() {
        let forecast = MonthForecast(level { $0 < 14 ? 10 : 20 }, today: 28, gone: 0, month: 28..<58)
        #expect(forecast.expected > 700)
    }

    @Test func `grows by the last two weeks over the two before, within a quarter a week`() {
        func growth(_ old: Double, _ new: Double, days: Int = 28) -> Double {
            let counts = Dictionary(uniqueKeysWithValues: (28 - days..<28).map { ($0, $0 < 14 ? old : new) })
            let ahead = MonthForecast(counts, today: 28, gone: 0, month: 28..<58).ahead
            return ((ahead[42] ?? 0) / (ahead[35] ?? 1) * 1000).rounded() / 1000
        }
        #expect(growth(100, 121) == 1.1 && growth(121, 100) == 0.909)
        #expect(growth(10, 40) == 1.25 && growth(40, 10) == 0.8)
        #expect(growth(20, 20) == 1 && growth(100, 121, days: 27) == 1, "four weeks are compared")
    }

    @Test func `of few days is their mean, and says that it is rough`() {
        let forecast = MonthForecast([8: 10, 9: 10, 10: 5], today: 10, gone: 0.5, month: 0..<30)
        #expect(abs(forecast.expected - 220) < 0.01)
        #expect(forecast.error > 0.5 && forecast.error <= 1)
    }

    @Test func `of no days is nothing`() {
        let forecast = MonthForecast([:], today: 10, gone: 0.5, month: 0..<30)
        #expect(forecast.expected == 0 && forecast.error == 0)
    }

    @Test func `takes what the month was to the one before it, a year ago`() {
        let forecast = MonthForecast(level { _ in 20 }, today: 28, gone: 0, month: 28..<58, season: 2)
        #expect(abs(forecast.expected - 1200) < 1 && forecast.error < 0.01)
    }

    @Test func `counts a season that is there already once`() {
        let days = Dictionary(uniqueKeysWithValues: (0..<43).map { ($0, $0 < 28 ? 20.0 : 40.0) })
        let forecast = MonthForecast(days, today: 43, gone: 0, month: 28..<58, season: 2)
        #expect(abs(forecast.expected - 1200) < 1)
    }

    @Test func `of a season goes by days' means, from a half to twice`() {
        func season(_ now: Double, since first: Int = 90) -> Double {
            let days = Dictionary(
                uniqueKeysWithValues: (first..<159).map { ($0, $0 < 131 ? 10 : now) })
            return MonthForecast.season(days, before: 100..<131, then: 131..<159)
        }
        #expect(season(15) == 1.5 && season(40) == 2 && season(1) == 0.5)
        #expect(season(15, since: 116) == 1.5, "who began in the middle is not taken to have doubled")
        #expect(season(15, since: 131) == 1 && season(0) == 1, "there is nothing to compare")
        #expect(MonthForecast.season([:], before: 100..<131, then: 131..<159) == 1)
    }

    @Test func `tells on which day so many are reached, if that is before its end`() {
        let forecast = MonthForecast(level { _ in 10 }, today: 28, gone: 0, month: 28..<58)
        #expect(forecast.day(reaching: 95) == 37 && forecast.day(reaching: 301) == nil)
        #expect(abs(forecast.days.values.reduce(0, +) - forecast.expected) < 0.01)
    }

    @Test func `is certain once nothing of the month is left`() {
        let days = level { $0 % 2 == 0 ? 30 : 5 }
        let forecast = MonthForecast(days, today: 27, gone: 1, month: 0..<28)
        #expect(forecast.expected == days.values.reduce(0, +) && forecast.error == 0)
    }
}
