internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Social
internal import Telemetry

/// The traits of an account's posts that do well there, by what its own posts have brought, drawn towards what the
/// agency's other accounts of the network have seen, the more the fewer posts there are. As long as there are too few
/// of its own, nothing is read from them.
struct LearnedHabits: Hashable, Sendable {
    struct Habit: Hashable, Sendable {
        let trait: PostTrait
        let value: String
        /// By how much it multiplies what a post of the account gets.
        let lift: Double
        /// The number of measured posts of the account that have it.
        let posts: Int
        /// The people whom posts with a hashtag have reached, on average, as far as the network tells.
        var reach: Double?
    }

    /// A post as far as it is learned from.
    struct Sample: Sendable {
        let account: String, engagements: Int
        var reach: Int?
        let traits: PostTraits
    }

    static let sampleMin = BestTimes.sampleMin
    /// The number of posts that the usual of the network counts as.
    private static let weight = 4.0
    /// A post further from the mean than so many deviations counts as one that is so far.
    private static let deviationsMax = 2.0
    /// The fewest posts with a hashtag that say anything of it, and the hashtags that are kept.
    private static let tagPostsMin = 2, tagsMax = 50

    let sample: Int
    /// By trait, the best value first.
    let habits: [Habit]

    var isLearned: Bool { sample >= Self.sampleMin }

    init(_ own: [Sample], others: [Sample] = []) {
        sample = own.count
        guard own.count >= Self.sampleMin else {
            habits = []
            return
        }
        let (mine, usual) = (Self.sums(own), Self.sums(others)), reach = Self.reach(own)
        let found = Set(mine.keys).union(usual.keys.filter { $0.trait != .hashtag }).map { key -> Habit in
            let (ours, theirs) = (mine[key] ?? (0, 0), usual[key] ?? (0, 0))
            let prior = theirs.sum / (Self.weight + Double(theirs.count))
            let value = (Self.weight * prior + ours.sum) / (Self.weight + Double(ours.count))
            return Habit(
                trait: key.trait, value: key.value, lift: value.exponential.rounded4,
                posts: ours.count, reach: key.trait == .hashtag ? reach[key.value] : nil)
        }.filter { $0.trait != .hashtag || $0.posts >= Self.tagPostsMin }
        habits = PostTrait.allCases.flatMap { trait -> [Habit] in
            let some = found.filter { $0.trait == trait }
                .sorted { (-$0.lift, -$0.posts, $0.value) < (-$1.lift, -$1.posts, $1.value) }
            return trait == .hashtag ? Array(some.prefix(Self.tagsMax)) : some
        }
    }

    private struct Key: Hashable {
        let trait: PostTrait, value: String
    }

    /// Returns the mean reach of the posts with each hashtag.
    private static func reach(_ samples: [Sample]) -> [String: Double] {
        var found: [String: [Int]] = [:]
        for sample in samples {
            guard let reach = sample.reach else { continue }
            for (trait, tag) in sample.traits.all where trait == .hashtag {
                found[tag, default: []].append(reach)
            }
        }
        return found.mapValues { (Double($0.reduce(0, +)) / Double($0.count)).rounded4 }
    }

    /// Returns how far each figure is from the mean of those that are known, as logarithms.
    private static func distances(_ figures: [Int?]) -> [Double?] {
        let values = figures.map { $0.map { LearnedPost.scale(Double($0)) } }
        let spread = Spread(values.compactMap(\.self)), farthest = deviationsMax * spread.deviation
        return values.map { $0.map { min(max($0 - spread.mean, -farthest), farthest) } }
    }

    /// Returns the distance of posts with each trait from the mean of their accounts, together. People find a post by
    /// its hashtags, so that for these its reach counts as much as what it has brought.
    private static func sums(_ samples: [Sample]) -> [Key: (sum: Double, count: Int)] {
        var sums: [Key: (sum: Double, count: Int)] = [:]
        for own in Dictionary(grouping: samples, by: \.account).sorted(by: { $0.key < $1.key }).map(\.value) {
            let brought = distances(own.map { $0.engagements }), reached = distances(own.map { $0.reach })
            for (place, sample) in own.enumerated() {
                let distance = brought[place] ?? 0
                let both = reached[place].map { (distance + $0) / 2 } ?? distance
                for (trait, value) in sample.traits.all {
                    let key = Key(trait: trait, value: value)
                    sums[key, default: (0, 0)].sum += trait == .hashtag ? both : distance
                    sums[key, default: (0, 0)].count += 1
                }
            }
        }
        return sums
    }

    /// Returns what is known of the traits of a post, hashtags by themselves apart.
    func habits(of traits: PostTraits) -> [Habit] {
        habits.filter { $0.trait != .hashtag && traits.values[$0.trait] == $0.value }
    }

    /// Returns how well posts like this one do, as the logarithm of what multiplies the account's mean. What
    /// nothing is known of counts as the mean.
    func score(of traits: PostTraits) -> Double {
        habits(of: traits).reduce(0) { $0 + max($1.lift, 0.0001).logarithm }
    }

    func habit(ofHashtag tag: String) -> Habit? {
        let name = tag.drop { $0 == "#" || $0 == "＃" }.lowercased()
        return habits.first { $0.trait == .hashtag && $0.value == name }
    }

    // MARK: Kept with decisions

    var json: JSON {
        ["sample": JSON(sample), "habits": .array(habits.map(\.json))]
    }

    init?(json: JSON?) {
        guard let json, let sample = json["sample"]?.int else { return nil }
        self.sample = Int(sample)
        habits = (json["habits"]?.array ?? []).compactMap(Habit.init(json:))
    }
}

extension LearnedHabits.Habit {
    var json: JSON {
        let told: JSON = [
            "trait": .string(trait.rawValue), "value": .string(value), "lift": .number(lift),
            "posts": JSON(posts),
        ]
        return reach.map { told.merging(["reach": .number($0)]) } ?? told
    }

    fileprivate init?(json: JSON) {
        guard let trait = json["trait"]?.text.flatMap(PostTrait.init(rawValue:)),
            let value = json["value"]?.text, let lift = json["lift"]?.double, let posts = json["posts"]?.int
        else { return nil }
        self.init(trait: trait, value: value, lift: lift, posts: Int(posts), reach: json["reach"]?.double)
    }
}

extension PostLearningStore {
    /// The newest posts that the habits of an account, and of the network's others, are read from.
    private static var habitsMax: Int { 1000 }

    /// Returns what is learned from the results of an account's own posts.
    func habits(of account: SocialAccountID, on network: SocialNetwork) throws -> LearnedHabits {
        let own = try learned(account: account, limit: Self.habitsMax)
        guard own.count >= LearnedHabits.sampleMin else {
            return LearnedHabits(own.map { LearnedHabits.Sample($0, text: "", seconds: nil) })
        }
        let others = try learned(network: network, limit: Self.habitsMax).filter {
            $0.account != account.keyText
        }
        return LearnedHabits(try samples(own), others: try samples(others))
    }

    private func samples(_ posts: [LearnedPost]) throws -> [LearnedHabits.Sample] {
        var words: [String: String] = [:], films: [String: Double] = [:]
        for start in stride(from: 0, to: posts.count, by: 500) {
            let some = posts[start..<min(start + 500, posts.count)]
            let found = try tx.all(
                """
                SELECT id, text, media FROM social_posts
                WHERE tenant_id = \(tx.tenant) AND id IN \(list: some.map(\.post))
                """
            ) { ($0.text(0), $0.text(1), $0.optionalText(2)) }
            for (id, text, media) in found {
                words[id] = text
                guard let file = media.flatMap({ JSON(stored: $0).array?.first?["file_id"]?.text }) else {
                    continue
                }
                films[id] = try seconds(ofFilm: file)
            }
        }
        return posts.map { LearnedHabits.Sample($0, text: words[$0.post] ?? "", seconds: films[$0.post]) }
    }

    /// Returns the length of a film, as far as anybody has looked at it.
    private func seconds(ofFilm file: String) throws -> Double? {
        try tx.first(
            """
            SELECT outcome FROM file_variants
            WHERE tenant_id = \(tx.tenant) AND file_id = \(file) AND purpose = 'film'
            """
        ) { JSON(stored: $0.text(0))["film"]?["seconds"]?.double } ?? nil
    }
}

extension LearnedHabits.Sample {
    fileprivate init(_ post: LearnedPost, text: String, seconds: Double?) {
        self.init(
            account: post.account, engagements: post.engagements, reach: post.reach,
            traits: PostTraits(
                post.format, text, hashtags: post.hashtags, seconds: post.hasFilm ? seconds : nil))
    }
}
