import JSON
import Records
import Telemetry
import Testing

@testable import Quality

struct `The forecast of a score` {
    private static let first = CivilDate(year: 2027, month: 1, day: 1)

    private func forecast(_ scores: [Double]) -> [JSON] {
        let days = scores.enumerated().map { number, score in
            QualityDay(day: Self.first.adding(days: number).iso, score: score)
        }
        return QualityForecast(days).json
    }

    private func scores(_ scores: [Double]) -> [Double] { forecast(scores).map { $0["score"]?.double ?? -1 } }

    @Test func `goes on as the last days went, for a week, and no further than a score can`() {
        let rising = forecast([50, 52, 54, 56, 58])
        #expect(rising.map { $0["score"]?.double } == [60, 62, 64, 66, 68, 70, 72])
        #expect(rising.map { $0["date"]?.text } == (5...11).map { Self.first.adding(days: $0).iso })
        #expect(scores([90, 80, 70, 60, 50]) == [40, 30, 20, 10, 0, 0, 0])
    }

    @Test func `is the less sure the further it looks, and the more the days differed`() {
        func widths(_ scores: [Double]) -> [Double] {
            forecast(scores).map { ($0["high"]?.double ?? 0) - ($0["low"]?.double ?? 0) }
        }
        let (even, uneven) = (widths([50, 50, 50, 50, 50]), widths([50, 58, 46, 52, 44]))
        #expect(even == even.sorted() && even[0] > 0 && even[6] > even[0])
        #expect(zip(even, uneven).allSatisfy { $0 < $1 })
    }

    @Test func `is told from five days on, by the last thirty`() {
        #expect(forecast([50, 52, 54, 56]).isEmpty)
        let ago = [Double](repeating: 0, count: 10), lately = [Double](repeating: 80, count: 30)
        #expect(scores(ago + lately) == scores(lately) && scores(lately) == [Double](repeating: 80, count: 7))
    }
}
