internal import Cryptography
package import Nouns

/// A choice that is by chance, and for one subject always the same.
package enum StableChoice {
    /// The place in `weights` that a subject falls to; each place as often as its weight says.
    package static func place(of subject: some Key, seed: some Key, weights: [Int]) -> Int {
        let total = weights.reduce(0, +)
        guard total > 0 else { return 0 }
        let digest = SHA256.hash("\(seed.keyText)\n\(subject.keyText)")
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var place = Int(number % UInt64(total))
        for (index, weight) in weights.enumerated() {
            if place < weight { return index }
            place -= weight
        }
        return 0
    }
}
