internal import Glibc

/// Whether two rates differ, by a test that holds however often and whenever one looks: the mixture sequential
/// probability ratio test with its always-valid p-value (Johari, Koomen, Pekelis, Walsh: Peeking at A/B Tests, KDD
/// 2017), in its normal approximation. The difference is mixed over a normal distribution around 0 with the standard
/// deviation `spread`; the interval is the set of differences that the same test does not reject, and so holds at
/// every look, too.
package struct SequentialTest: Hashable, Sendable {
    /// The p-value above which a difference counts as chance, divided among the variants that are compared.
    package static let chanceMax = 0.05
    /// Differences of which size the test is best at: some points of a per cent.
    static let spread = 0.05

    package let difference: Double
    package let low: Double, high: Double
    package let chance: Double

    /// `hits` of `count` people of a variant, against those of the first. `nil` while nobody was reached.
    package init?(
        _ variant: (hits: Int, count: Int), against control: (hits: Int, count: Int),
        chanceMax: Double = chanceMax
    ) {
        guard variant.count > 0, control.count > 0 else { return nil }
        // Two successes and two failures more (Agresti and Coull), so that a rate of 0 is not taken for certain.
        func variance(_ one: (hits: Int, count: Int)) -> Double {
            let count = Double(one.count) + 4
            let rate = (Double(one.hits) + 2) / count
            return rate * (1 - rate) / Double(one.count)
        }
        difference =
            Double(variant.hits) / Double(variant.count) - Double(control.hits) / Double(control.count)
        let spread2 = Self.spread * Self.spread
        let variance = variance(variant) + variance(control)
        let both = variance + spread2
        let evidence = 0.5 * log(variance / both) + difference * difference * spread2 / (2 * variance * both)
        chance = min(1, exp(-evidence))
        let width = (2 * variance * both / spread2 * (log(1 / chanceMax) + 0.5 * log(both / variance)))
            .squareRoot()
        (low, high) = (max(-1, difference - width), min(1, difference + width))
    }

    /// The size of effects beside what differs by chance from block to block: about as large.
    private static let effect = 1.0

    /// Differences between a variant and the first, one of each block of days that both have once. Days of one block
    /// have the same audience, however that grows or shrinks from block to block, and which of them has which variant
    /// is by chance. A sequential t-test: the effect, beside a deviation that nobody knows, is mixed over a normal
    /// distribution, which holds at every look (Hendriksen, de Heide, Grünwald: Optional stopping with Bayes factors,
    /// 2021). `nil` before there are two blocks.
    package init?(blocks differences: [Double], chanceMax: Double = chanceMax) {
        let count = Double(differences.count)
        guard count >= 2 else { return nil }
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let spread = 1 + count * Self.effect * Self.effect
        difference = mean
        guard variance > 0 else {
            // All alike: as sure as so few blocks can be, or nothing at all.
            chance = mean == 0 ? 1 : min(1, exp(0.5 * log(spread) * (1 - count)))
            (low, high) = chance < chanceMax ? (mean, mean) : (-.infinity, .infinity)
            return
        }
        let square = count * mean * mean / variance / (count - 1)
        let evidence = 0.5 * count * log((1 + square) / (1 + square / spread)) - 0.5 * log(spread)
        chance = min(1, exp(-evidence))
        let bound = exp((0.5 * log(spread) - log(chanceMax)) * 2 / count)
        guard bound < spread else {
            (low, high) = (-.infinity, .infinity)
            return
        }
        let width = ((bound - 1) / (1 - bound / spread) * (count - 1) * variance / count).squareRoot()
        (low, high) = (mean - width, mean + width)
    }
}
