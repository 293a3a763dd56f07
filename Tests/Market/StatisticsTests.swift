import Testing

@testable import Market

/// Numbers that are published elsewhere: R's binom.test, fisher.test and Newcombe (1998).
@Suite struct StatisticsTests {
    private func isNear(_ one: Double, _ other: Double, _ most: Double = 5e-5) -> Bool {
        abs(one - other) <= most
    }

    @Test func `counts are as odd as exact tests say`() {
        #expect(isNear(Binomial.significance(60, of: 100, expecting: 0.5), 0.05688793, 1e-7))
        #expect(isNear(Binomial.significance(9, of: 10, expecting: 0.5), 0.02148438, 1e-7))
        #expect(isNear(Binomial.significance(682, of: 925, expecting: 0.75), 0.3825, 5e-4))
        #expect(Binomial.significance(5, of: 10, expecting: 0.5) == 1)
        #expect(Binomial.significance(0, of: 0, expecting: 0.5) == 1)
        #expect(Binomial.significance(3, of: 2, expecting: 0.5) == 1)
        #expect(Binomial.significance(40_000, of: 80_000, expecting: 0.45) < 1e-12)
    }

    @Test func `intervals hold what they promise`() {
        let exact = Binomial.interval(5, of: 20)
        #expect(isNear(exact.lowerBound, 0.0866) && isNear(exact.upperBound, 0.4910))
        #expect(Binomial.interval(0, of: 10).lowerBound == 0)
        #expect(isNear(Binomial.interval(0, of: 10).upperBound, 0.3085))
        #expect(Binomial.interval(10, of: 10).upperBound == 1)
        #expect(Binomial.interval(0, of: 0) == 0...1)
        let wilson = Share(5, of: 20).interval
        #expect(isNear(wilson.lowerBound, 0.1119) && isNear(wilson.upperBound, 0.4687))
        let difference = Share.difference(Share(56, of: 70), Share(48, of: 80))
        #expect(isNear(difference.lowerBound, 0.0524) && isNear(difference.upperBound, 0.3339))
    }

    @Test func `two shares differ as Fisher's exact test says`() {
        #expect(isNear(Share.significance(Share(8, of: 10), Share(1, of: 6)), 0.03497, 1e-5))
        #expect(isNear(Share.significance(Share(3, of: 4), Share(1, of: 4)), 0.4857, 1e-4))
        #expect(Share.significance(Share(10, of: 10), Share(10, of: 10)) == 1)
        #expect(Share.significance(Share(0, of: 0), Share(1, of: 6)) == 1)
        #expect(Share.significance(Share(9_000, of: 20_000), Share(11_000, of: 20_000)) < 1e-12)
    }

    @Test func `the middle has an interval, and too few numbers have none`() throws {
        #expect(Median([1, 2, 3]) == nil)
        let middle = try #require(Median((1...10).map { Double($0) }.shuffled()))
        #expect(middle.value == 5.5 && middle.low == 2 && middle.high == 9)
        let many = try #require(Median((1...101).map { Double($0) }))
        #expect(many.value == 51 && many.low == 41 && many.high == 61)
    }

    /// By Fisher's lemma no more than the promised share of samples without a difference may be found.
    @Test func `chance is not taken for a finding more often than allowed`() {
        var seed: UInt64 = 42, found = 0
        func next() -> Double {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(seed >> 11) / Double(1 << 53)
        }
        for _ in 0..<2000 {
            let (one, other) = ((0..<50).count { _ in next() < 0.4 }, (0..<60).count { _ in next() < 0.4 })
            if Share.significance(Share(one, of: 50), Share(other, of: 60)) <= 0.05 { found += 1 }
        }
        #expect(found <= 100 + 30, "5 per cent of 2,000, with room for chance: \(found)")
    }
}
