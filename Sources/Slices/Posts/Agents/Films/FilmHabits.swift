internal import JSON

/// A trait by which titles of films are compared.
enum TitleTrait: String, CaseIterable, Sendable {
    case length, hook, number

    /// The longest short title and the longest that is not long, in characters.
    private static let lengths = (short: 40, medium: 70)

    func value(of title: String) -> String? {
        switch self {
        case .length:
            title.count <= Self.lengths.short ? "short" : title.count <= Self.lengths.medium ? "medium" : "long"
        case .hook: PostHook(title)?.rawValue
        case .number: title.contains(where: \.isNumber) ? "yes" : "no"
        }
    }
}

/// A film, as far as it is compared with the others of its channel.
struct ComparedFilm: Hashable, Sendable {
    let post: String, title: String
    /// Shorts are seen by others than films are.
    let format: String
    /// Its views in its first week: older films are not ahead for their age.
    let views: Int
    /// Whether something of it is being tried, or was.
    var isTried = false
    /// Whether people did not want anything of it tried.
    var isRefused = false
}

/// The outcome of a trial of two titles.
struct TriedTitle: Hashable, Sendable {
    let winner: String, loser: String
    /// The winner's views as a multiple of the other's.
    let ratio: Double
}

/// The traits of titles that do well at a channel: how its films with each were seen beside the mean of their kind,
/// drawn towards no difference, the more the fewer films there are; and what trials have shown.
struct FilmHabits: Hashable, Sendable {
    struct Habit: Hashable, Sendable {
        let trait: TitleTrait, value: String
        /// By how much it multiplies how often a film is seen.
        let lift: Double
        let films: Int, trials: Int
    }

    /// The fewest films from which anything is read.
    static let filmsMin = 8
    /// So many films without any difference count beside those there are.
    private static let weight = 4.0
    /// A trial has compared both on days of one film: it counts as so many films with either title.
    private static let trialWeight = 4.0
    /// A film further from the mean than so many deviations counts as one that is so far.
    private static let deviationsMax = 2.0

    let sample: Int
    let habits: [Habit]

    var isLearned: Bool { sample >= Self.filmsMin }

    init(_ films: [ComparedFilm], trials: [TriedTitle]) {
        sample = films.count
        var found: [Key: Evidence] = [:]
        for (title, distance) in Self.distances(of: films) {
            for key in Self.keys(of: title) { found[key, default: Evidence()].add(film: distance) }
        }
        for trial in trials {
            let (won, lost) = (Self.keys(of: trial.winner), Self.keys(of: trial.loser))
            let half = max(trial.ratio, 0.01).logarithm / 2
            for key in won.subtracting(lost) { found[key, default: Evidence()].add(trial: half) }
            for key in lost.subtracting(won) { found[key, default: Evidence()].add(trial: -half) }
        }
        habits =
            sample < Self.filmsMin
            ? []
            : found.map { key, evidence in
                let count = Double(evidence.films) + Self.trialWeight * Double(evidence.trials)
                let sum = evidence.filmSum + Self.trialWeight * evidence.trialSum
                return Habit(
                    trait: key.trait, value: key.value,
                    lift: (sum / (Self.weight + count)).exponential.rounded4, films: evidence.films,
                    trials: evidence.trials)
            }.sorted { ($0.trait.rawValue, -$0.lift, $0.value) < ($1.trait.rawValue, -$1.lift, $1.value) }
    }

    private struct Key: Hashable { let trait: TitleTrait, value: String }

    private struct Evidence {
        var filmSum = 0.0, films = 0, trialSum = 0.0, trials = 0

        mutating func add(film distance: Double) { (filmSum, films) = (filmSum + distance, films + 1) }
        mutating func add(trial distance: Double) { (trialSum, trials) = (trialSum + distance, trials + 1) }
    }

    private static func keys(of title: String) -> Set<Key> {
        Set(TitleTrait.allCases.compactMap { trait in
            trait.value(of: title).map { Key(trait: trait, value: $0) }
        })
    }

    /// Returns the distance of each film from the mean of its kind.
    private static func distances(of films: [ComparedFilm]) -> [(title: String, distance: Double)] {
        Dictionary(grouping: films, by: \.format).sorted { $0.key < $1.key }.flatMap { _, own in
            let values = own.map { LearnedPost.scale(Double($0.views)) }, spread = Spread(values)
            let farthest = deviationsMax * spread.deviation
            return zip(own, values).map { film, value in
                (film.title, min(max(value - spread.mean, -farthest), farthest))
            }
        }
    }

    /// Returns what is known of a title.
    func habits(of title: String) -> [Habit] {
        habits.filter { $0.trait.value(of: title) == $0.value }
    }

    /// Returns how well films with such a title do, as a logarithm. What nothing is known of counts as the
    /// mean.
    func score(of title: String) -> Double {
        habits(of: title).reduce(0) { $0 + max($1.lift, 0.0001).logarithm }
    }

    /// Another title is taken where films with such a one are seen so much more often.
    static let gainMin = 1.1

    /// Returns the best of some titles that does better than one there is; `nil`: none does.
    func better(than title: String, among others: [String]) -> String? {
        guard isLearned else { return nil }
        let least = score(of: title) + Self.gainMin.logarithm
        return others.filter { $0.lowercased() != title.lowercased() && score(of: $0) >= least }
            .max { (score(of: $0), $1) < (score(of: $1), $0) }
    }

    // MARK: Kept with decisions

    var json: JSON {
        [
            "sample": JSON(sample),
            "habits": .array(
                habits.map {
                    [
                        "trait": .string($0.trait.rawValue), "value": .string($0.value),
                        "lift": .number($0.lift), "films": JSON($0.films), "trials": JSON($0.trials),
                    ]
                }),
        ]
    }

    init?(json: JSON?) {
        guard let json, let sample = json["sample"]?.int else { return nil }
        self.sample = Int(sample)
        habits = (json["habits"]?.array ?? []).compactMap { json in
            guard let trait = json["trait"]?.text.flatMap(TitleTrait.init(rawValue:)),
                let value = json["value"]?.text, let lift = json["lift"]?.double
            else { return nil }
            return Habit(
                trait: trait, value: value, lift: lift, films: Int(json["films"]?.int ?? 0),
                trials: Int(json["trials"]?.int ?? 0))
        }
    }
}
