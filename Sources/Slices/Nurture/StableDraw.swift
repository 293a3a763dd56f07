internal import Cryptography

/// A draw that comes out the same for one subject whenever it is asked.
enum StableDraw {
    /// Returns whether a subject is among so many of a hundred.
    static func isDrawn(_ subject: String, seed: String, percent: Int) -> Bool {
        let digest = SHA256.hash("\(seed)\n\(subject)")
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return number % 10_000 < UInt64(max(0, percent)) * 100
    }
}
