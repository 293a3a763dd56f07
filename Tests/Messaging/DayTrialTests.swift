import Agents
import Database
import Foundation
import Nouns
import Records
import Telemetry
import Testing

@testable import Sequences

/// Trials of which each variant has days: how blocks of days are compared, and who has which.
@Suite struct DayTrialTests {
    @Test func `differences of blocks are judged as SciPy has it`() throws {
        // p = t(18½ at 4) over the mean of noncentral t whose effect is normal: scipy.stats.nct, integrate.quad.
        let test = try #require(SequentialTest(blocks: [1, 2, 3, 4, 5]))
        #expect(abs(test.chance - 0.1398827053953724) < 1e-12 && test.difference == 3)
        #expect(abs(test.high - 3 - 5.9773059829463495) < 1e-9 && abs(3 - test.low - (test.high - 3)) < 1e-9)
        #expect(SequentialTest(blocks: [0.5]) == nil && SequentialTest(blocks: []) == nil)
        let even = try #require(SequentialTest(blocks: [0, 0, 0]))
        #expect(even.chance == 1 && even.low == -.infinity)
        let sure = try #require(SequentialTest(blocks: Array(repeating: 0.4, count: 6)))
        #expect(sure.chance < 0.01 && abs(sure.high - sure.low) < 1e-9)
    }

    @Test func `however often one looks, chance alone names a winner in a twentieth of all trials at most`() {
        var random = Random(state: 20_270_302), named = 0
        let trials = 4000
        for _ in 0..<trials {
            var blocks: [Double] = []
            // One looks after each block, for as long as a trial of two titles lasts.
            for _ in 0..<42 {
                blocks.append(random.normal() * 0.3)
                guard let test = SequentialTest(blocks: blocks), test.chance < SequentialTest.chanceMax else {
                    continue
                }
                named += 1
                break
            }
        }
        #expect(Double(named) / Double(trials) <= 0.05, "\(named) of \(trials)")
        // A real difference is found.
        var found = 0
        for _ in 0..<200 {
            let blocks = (0..<42).map { _ in 0.25 + random.normal() * 0.3 }
            let test = SequentialTest(blocks: blocks)
            if let test, test.chance < SequentialTest.chanceMax, test.difference > 0 { found += 1 }
        }
        #expect(found >= 190, "\(found) of 200")
    }

    @Test func `each variant has one day of a block, in an order that differs and stays`() throws {
        var experiment = Experiment.new(id: UniqueID(high: 7, low: 11), now: .init(seconds: 0))
        experiment.kind = .filmTitle
        experiment.variants = Parts(
            ["a", "b", "c"].map { name in
                var variant = ExperimentVariant()
                variant.name = name
                return variant
            })
        let days = (0..<60).map { experiment.variant(ofDay: $0).name }
        #expect(days == (0..<60).map { experiment.variant(ofDay: $0).name })
        var orders: Set<[String]> = []
        for block in stride(from: 0, to: 60, by: 3) {
            #expect(Set(days[block..<block + 3]).count == 3)
            orders.insert(Array(days[block..<block + 3]))
        }
        #expect(orders.count >= 4, "no order is always the same")
    }
}

/// Random numbers that are equal in every run.
private struct Random {
    var state: UInt64

    private mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / 9_007_199_254_740_992
    }

    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
}
