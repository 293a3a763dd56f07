internal import Glibc
internal import Social

/// The hours of the week at which posts of an account do well: what its own posts have brought, drawn towards the usual
/// hours of the network, the more the fewer posts there are of an hour. Where it is known when readers follow links,
/// the usual hours are weighed by that first.
struct LearnedTimes: Sendable {
    /// The usual hours count as so many posts of each hour.
    static let weight = 4.0
    /// A post further from the mean than so many deviations counts as one that is so far: one that everybody has seen
    /// says little of its hour.
    private static let deviationsMax = 2.0
    /// The score of an unusual hour beside the best.
    static let otherScore = 0.6
    static let slotsMax = 12

    let slots: [BestTimes.Slot]

    /// The value of an hour is the logarithm of engagements above the account's mean:
    /// `(weight · usual + Σ (value − mean)) / (weight + n)`.
    init(_ posts: [LearnedPost], _ readers: ReaderHours = ReaderHours(), usual: [BestTimes.Slot]) {
        let values = posts.map { LearnedPost.scale(Double($0.engagements)) }
        let spread = Spread(values), farthest = Self.deviationsMax * spread.deviation
        var (sums, counts) = ([Double](repeating: 0, count: 168), [Int](repeating: 0, count: 168))
        for (post, value) in zip(posts, values) {
            let place = (post.weekday - 1) * 24 + post.hour
            sums[place] += min(max(value - spread.mean, -farthest), farthest)
            counts[place] += 1
        }
        var prior = [Double](repeating: log(Self.otherScore), count: 168)
        for slot in usual { prior[(slot.weekday - 1) * 24 + slot.hour] = log(slot.score) }
        prior = readers.weighing(prior)
        // The default is centred on the hours that the account has used, as its own mean is.
        let used = posts.isEmpty ? 0 : zip(prior, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
        let centre = posts.isEmpty ? 0 : used / Double(posts.count)
        let found = (0..<168).map { place in
            (Self.weight * (prior[place] - centre) + sums[place]) / (Self.weight + Double(counts[place]))
        }
        let best = found.max() ?? 0
        // Of hours of which nothing is known at all none is proposed by clicks alone.
        let known = Set(usual.map { ($0.weekday - 1) * 24 + $0.hour })
        let places = found.indices.filter { !posts.isEmpty || known.contains($0) || readers.clicks[$0] > 0 }
        slots = places.sorted { (-found[$0], $0) < (-found[$1], $1) }.prefix(Self.slotsMax).map {
            BestTimes.Slot(
                weekday: $0 / 24 + 1, hour: $0 % 24, score: exp(found[$0] - best).rounded4,
                posts: counts[$0], clicks: readers.clicks[$0])
        }
    }
}
