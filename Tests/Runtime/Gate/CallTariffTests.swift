import Telemetry
import Testing

@testable import Agents

struct `A tariff of calls` {
    private static let cent = Budget.microsPerMinorUnit

    /// A month's fee in cents, the calls that it includes, and the price of a call beyond in cents.
    private func tariff(
        fee: Int64 = 0, _ included: Int = 0, price: Int64, limit: Int? = nil
    ) -> CallTariff {
        var tariff = CallTariff()
        (tariff.fee, tariff.included, tariff.price) = (fee * Self.cent, included, price * Self.cent)
        tariff.limit = limit
        return tariff
    }

    private func cents(_ micros: Double?) -> Double? { micros.map { ($0 / Double(Self.cent)).rounded() } }

    /// Ten calls a day, three hundred a month.
    private let level = MonthForecast(
        Dictionary(uniqueKeysWithValues: (0..<28).map { ($0, 10.0) }), today: 28, gone: 0, month: 28..<58)
    /// 220 of which little is known.
    private let rough = MonthForecast([8: 10, 9: 10, 10: 5], today: 10, gone: 0.5, month: 0..<30)

    @Test func `lets what is included go first, whichever day it ends on`() {
        let plan = tariff(10, price: 5), calls: [Int: Double] = [1: 6, 2: 6, 3: 1]
        #expect(cents(plan.cost(of: calls)) == 15)
        #expect(cents(plan.cost(of: calls, after: 8)) == 55 && cents(plan.cost(of: calls, after: 12)) == 65)
        #expect(cents(tariff(fee: 200, 10, price: 5).total(of: calls)) == 215)
    }

    @Test func `changes its price in the middle of a month`() {
        var plan = tariff(price: 10)
        plan.change = CallTariff.Change(from: 15, price: 20 * Self.cent)
        let calls = Dictionary(uniqueKeysWithValues: (10..<20).map { ($0, 10.0) })
        #expect(cents(plan.cost(of: calls)) == 1500)
        plan.included = 25
        #expect(cents(plan.cost(of: calls)) == 1250)
        #expect(plan.price(on: 14) == 10 * Self.cent && plan.price(on: 15) == 20 * Self.cent)
    }

    @Test func `has nothing go beyond its limit`() {
        #expect(cents(tariff(price: 5, limit: 8).total(of: [1: 6, 2: 6])) == 40)
    }

    @Test func `gives way to a higher one that is cheaper than paying beyond`() throws {
        let (pro, scale) = (tariff(fee: 2000, 250, price: 5), tariff(fee: 5000, 10_000, price: 1))
        let move = try #require(tariff(price: 10).bestMove(to: [scale, pro], in: level))
        #expect(move.index == 1 && move.endsOn == nil)
        #expect(cents(move.present) == 3000 && cents(move.cost) == 2250 && cents(move.saves) == 750)
        #expect(tariff(price: 7).bestMove(to: [scale, pro], in: level) == nil, "2100 is less than 2250")
    }

    @Test func `gives way to one that goes on where its own limit ends`() throws {
        let (small, pro) = (tariff(fee: 500, 200, price: 0, limit: 200), tariff(fee: 2000, 250, price: 5))
        let free = tariff(95, price: 0, limit: 95)
        let move = try #require(free.bestMove(to: [small, pro], in: level))
        #expect(move.index == 1 && move.endsOn == 37)
        #expect(cents(move.cost) == 2250 && move.saves == 0)
        #expect(tariff(price: 0, limit: 301).bestMove(to: [pro], in: level) == nil)
    }

    @Test func `gives way to a lower one where much is unused, if that holds for as many as may come`() throws
    {
        let (scale, pro) = (tariff(fee: 5000, 10_000, price: 1), tariff(fee: 2000, 250, price: 5))
        let move = try #require(scale.bestMove(to: [pro], in: level))
        #expect(cents(move.saves) == 2750)
        // Free for what is expected, and ruinous for what may come.
        let steep = tariff(230, price: 100)
        #expect(scale.bestMove(to: [steep], in: rough) == nil)
        #expect(scale.bestMove(to: [steep, tariff(fee: 2000, 1000, price: 5)], in: rough)?.index == 1)
        #expect(scale.bestMove(to: [tariff(price: 0, limit: 230)], in: rough) == nil, "it might not do")
    }
}

struct `The trend of use` {
    private func day(_ number: Int, _ calls: Int, failures: Int = 0, ms: Int) -> (day: Int, use: EffectUse) {
        var use = EffectUse()
        (use.calls, use.failures, use.cost) = (calls, failures, Int64(calls) * 5)
        use.duration = .milliseconds(calls * ms)
        return (number, use)
    }

    @Test func `is a week beside the one before, without today`() {
        let old = (16..<23).map { day($0, 10, ms: 100) }
        let new = (23..<30).map { day($0, 15, failures: 1, ms: 50) }
        let trend = UseTrend([day(30, 999, ms: 999)] + new + old + [day(15, 999, ms: 999)], today: 30)
        #expect(trend.calls == 0.5 && trend.cost == 0.5 && trend.latency == -0.5)
        #expect(trend.failures == nil, "there were none")
    }

    @Test func `is nothing where there is nothing to compare`() {
        let trend = UseTrend([day(29, 3, ms: 10)], today: 30)
        #expect(trend.calls == nil && trend.cost == nil && trend.latency == nil)
        let quiet = UseTrend([day(20, 3, ms: 10)], today: 30)
        #expect(quiet.calls == -1 && quiet.latency == nil)
    }
}
