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

/// How many of `trials` experiments are decided when one looks after every tenth person.
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
}
