import Testing

@testable import Sequences

/// A stream of numbers that is the same in every run (SplitMix64).
private struct Chance {
    var state: UInt64

    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53)
    }
}

/// Returns the number of `trials` experiments that are decided when one looks after every tenth person.
private func decided(_ rates: (Double, Double), trials: Int, people: Int) -> (any: Int, second: Int) {
    var any = 0, second = 0
    for trial in 0..<trials {
        var chance = Chance(state: UInt64(trial) &* 7919), hits = [0, 0]
        for person in 1...people {
            if chance.next() < rates.0 { hits[0] += 1 }
            if chance.next() < rates.1 { hits[1] += 1 }
            guard person >= 50, person % 10 == 0 else { continue }
            let test = SequentialTest((hits[1], person), against: (hits[0], person))!
            guard test.chance < SequentialTest.chanceMax else { continue }
            any += 1
            if test.difference > 0 { second += 1 }
            break
        }
    }
    return (any, second)
}

struct SequentialTests {
    @Test func `looked at all the time, two that are equal differ by mistake in less than one of twenty`() {
        for rate in [0.02, 0.1, 0.4] {
            let found = decided((rate, rate), trials: 400, people: 2000).any
            #expect(found <= 20, "\(found) of 400 at \(rate)")
        }
    }

    @Test func `a true difference is found, the right way round`() {
        let found = decided((0.05, 0.12), trials: 200, people: 2000)
        #expect(found.second >= 180 && found.any - found.second <= 2, "\(found)")
    }

    @Test func `the interval holds the difference, narrows, and says what the test says`() throws {
        #expect(SequentialTest((0, 0), against: (1, 10)) == nil)
        let (few, many) = (
            try #require(SequentialTest((12, 100), against: (5, 100))),
            try #require(SequentialTest((1200, 10_000), against: (500, 10_000)))
        )
        for test in [few, many] {
            #expect(test.low < test.difference && test.difference < test.high)
            #expect((test.low > 0 || test.high < 0) == (test.chance < SequentialTest.chanceMax))
        }
        #expect(many.high - many.low < few.high - few.low && many.low > 0 && few.low < 0)
        #expect(abs(many.difference - 0.07) < 1e-9)
    }

    @Test func `whoever falls to a place falls to it again, and places fill by their weights`() {
        var counts = [0, 0, 0]
        for number in 0..<6000 {
            let place = StableChoice.place(of: "contact_\(number)", seed: "s", weights: [1, 2, 3])
            #expect(place == StableChoice.place(of: "contact_\(number)", seed: "s", weights: [1, 2, 3]))
            counts[place] += 1
        }
        #expect(abs(counts[0] - 1000) < 120 && abs(counts[1] - 2000) < 150 && abs(counts[2] - 3000) < 160)
        let other = (0..<1000).count {
            StableChoice.place(of: "contact_\($0)", seed: "t", weights: [1, 1])
                == StableChoice.place(of: "contact_\($0)", seed: "s", weights: [1, 1])
        }
        #expect(abs(other - 500) < 80, "another experiment shuffles anew")
    }

    // Computed with SciPy 1.17.1: `norm.pdf(d, 0, √V)` over `quad` of `norm.pdf(d, t, √V) * norm.pdf(t, 0, 0.05)` for
    // t from -1 to 1; V is the sum of both variances, each p(1 − p)/n of p = (hits + 2)/(n + 4).
    @Test(arguments: [
        ((12, 100), (5, 100), 0.698155100454639), ((60, 400), (30, 410), 0.017658168794254355),
        ((1200, 10_000), (1100, 10_000), 0.9749719032124503), ((45, 60), (20, 60), 0.04495609947205355),
    ])
    func `p-values of rates are SciPy's`(one: (Int, Int), other: (Int, Int), chance: Double) throws {
        let test = try #require(SequentialTest(one, against: other))
        #expect(abs(test.chance / chance - 1) < 1e-9, "\(test.chance)")
    }

    // Computed with SciPy 1.17.1: `t.pdf(t, n - 1)` over `quad` of `nct.pdf(t, n - 1, e * √n) * norm.pdf(e)`; t is that
    // of the differences.
    @Test(arguments: [
        ([0.02, 0.03, 0.01, 0.04, 0.025], 0.10308434234184534),
        ([0.1, 0.12, 0.09, 0.11, 0.13, 0.1], 0.010014299657460958), ([-0.02, 0.03, 0.01, -0.01], 1.0),
    ])
    func `p-values of blocks are SciPy's`(differences: [Double], chance: Double) throws {
        let test = try #require(SequentialTest(blocks: differences))
        #expect(abs(test.chance / chance - 1) < 1e-6, "\(test.chance)")
    }

    // Computed with SciPy 1.17.1: `chi2.sf(value, degrees)`.
    @Test(arguments: [
        (3.841458820694124, 1, 0.05), (0.5, 1, 0.47950012218695337), (25, 1, 5.733031437583875e-07),
        (5.991464547107979, 2, 0.05), (10, 3, 0.01856613546304325), (30, 3, 1.3800570312932553e-06),
        (2, 4, 0.7357588823428847), (18.3, 10, 0.050109061411462506), (60, 7, 1.5095553022989154e-10),
    ])
    func `the tail of chi-squared is SciPy's`(value: Double, degrees: Int, chance: Double) {
        let tail = GroupSizes.tail(value, degrees: degrees)
        #expect(abs(tail / chance - 1) < 1e-9, "\(tail)")
    }

    // Computed with SciPy 1.17.1: `chisquare(counts, shares * sum(counts)).pvalue`.
    @Test(arguments: [
        ([60, 40], [0.5, 0.5], 0.04550026389635857),
        ([250, 370, 380], [0.25, 0.375, 0.375], 0.9355069850316178),
        ([100, 130, 90, 80], [0.25, 0.25, 0.25, 0.25], 0.002905152774267437),
    ])
    func `the chance of group sizes is SciPy's`(counts: [Int], shares: [Double], chance: Double) {
        #expect(abs(GroupSizes(counts, shares: shares).chance / chance - 1) < 1e-9)
    }
}
