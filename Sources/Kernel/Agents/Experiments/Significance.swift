internal import Glibc

/// Returns how sure it is that two rates differ: the two-sided p-value of the test of two proportions with a
/// common variance. 1 where nothing can be said.
func significance(of a: (hits: Int, of: Int), against b: (hits: Int, of: Int)) -> Double {
    guard a.of > 0, b.of > 0 else { return 1 }
    let (countA, countB) = (Double(a.of), Double(b.of))
    let (rateA, rateB) = (Double(a.hits) / countA, Double(b.hits) / countB)
    let common = Double(a.hits + b.hits) / (countA + countB)
    let variance = common * (1 - common) * (1 / countA + 1 / countB)
    guard variance > 0 else { return 1 }
    return erfc(abs(rateA - rateB) / variance.squareRoot() / 2.0.squareRoot())
}
