/// The number of mails that are read before they are stored together: more while that goes fast, for each
/// storing has its price; fewer where it takes long, for what is not stored yet is read again after a crash.
struct BatchSize {
    static let bounds = 5...100
    static let fast: Duration = .seconds(1), slow: Duration = .seconds(5)

    private(set) var mails = 20

    /// Takes in how long a batch has taken, and how many mails it had.
    mutating func note(_ took: Duration, of count: Int) {
        if took >= Self.slow {
            mails = max(Self.bounds.lowerBound, mails / 2)
        } else if took < Self.fast, count >= mails {
            mails = min(Self.bounds.upperBound, mails * 2)
        }
    }
}
