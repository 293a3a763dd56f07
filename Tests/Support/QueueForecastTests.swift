import Telemetry
import Templates
import Testing

@testable import Support

struct `The forecast of the queue` {
    /// Tuesday.
    private static let today = CivilDate(year: 2027, month: 1, day: 5)

    /// Days before it, yesterday first, by their weekday (Monday is 1).
    private func history(days: Int, _ count: (_ weekday: Int, _ weeksAgo: Int) -> Int) -> [Int] {
        (1...days).map { ago in
            count(
                CivilDate(daysSinceEpoch: Self.today.daysSinceEpoch - ago).weekday, (ago - 1) / 7)
        }
    }

    private func part(_ open: Int, capacity: Int? = nil, came: Int, went: Int) -> QueuePart {
        QueuePart(
            place: QueuePlace(.category, "billing"), name: "billing", open: open,
            capacity: capacity, came: DailyRate(history(days: 21) { _, _ in came }),
            went: DailyRate(history(days: 21) { _, _ in went }))
    }

    @Test func `knows each day by its weekday`() throws {
        let rate = try #require(DailyRate(history(days: 56) { weekday, _ in weekday > 5 ? 0 : 10 * weekday }))
        // From Wednesday on.
        #expect(rate.days.map { $0.expected.rounded() } == [30, 40, 50, 0, 0, 10, 20])
        #expect(rate.days[3] == DailyRate.Day(expected: 0, low: 0, high: 0))
        let wednesday = rate.days[0]
        #expect(wednesday.low == 22 && wednesday.high == 38, "\(wednesday)")
    }

    @Test func `goes by the last weeks more than by those before`() throws {
        let rate = try #require(DailyRate(history(days: 14) { _, weeksAgo in weeksAgo == 0 ? 20 : 2 }))
        #expect(rate.days.allSatisfy { abs($0.expected - 12) < 0.001 && $0.low < 2 && $0.high > 20 })
    }

    @Test func `says nothing before two weeks are known, and forgets after eight`() throws {
        #expect(DailyRate([]) == nil && DailyRate(history(days: 13) { _, _ in 9 }) == nil)
        #expect(DailyRate(history(days: 14) { _, _ in 9 })?.mean == 9)
        let old = try #require(DailyRate(history(days: 63) { _, weeksAgo in weeksAgo < 8 ? 1 : 1000 }))
        #expect(abs(old.mean - 1) < 0.001)
    }

    @Test func `tells what outpaces those who solve it, and by when a day's work has piled up`() throws {
        let found = try #require(part(10, came: 6, went: 4).bottleneck)
        #expect(found.reason == .outpaced && found.daysAhead == 2 && abs(found.open - 14) < 0.001)
        #expect(part(10, came: 4, went: 4).bottleneck == nil)
        #expect(part(0, came: 4, went: 6).openByDay.allSatisfy { $0 == 0 })
        #expect(try #require(part(0, came: 1, went: 0).bottleneck).daysAhead == 3, "three are a pile")
    }

    @Test func `tells where people have more than they can have, or will`() throws {
        let over = try #require(part(10, capacity: 9, came: 0, went: 4).bottleneck)
        #expect(over.reason == .overCapacity && over.daysAhead == 0 && over.open == 10)
        let soon = try #require(part(9, capacity: 10, came: 5, went: 4).bottleneck)
        #expect(soon.reason == .willExceedCapacity && soon.daysAhead == 2)
        #expect(part(10, capacity: 10, came: 4, went: 4).bottleneck == nil, "full is not too much")
    }

    @Test func `names the soonest first, and what to do`() {
        let forecast = QueueForecast(
            today: Self.today, weeksKnown: 3, whole: part(0, came: 1, went: 0),
            parts: [part(2, capacity: 1, came: 0, went: 0)])
        #expect(forecast.bottlenecks.map(\.daysAhead) == [0, 3])
        #expect(forecast.bottlenecks.allSatisfy { !$0.action.english.isEmpty && !$0.title.english.isEmpty })
        #expect(forecast.date(3) == CivilDate(year: 2027, month: 1, day: 8))
    }
}
