internal import Agents
internal import JSON
internal import Nouns
internal import Records
internal import Templates

/// A channel's films beside each other: which of them is seen less than the others, and what could be tried with it.
/// Only the agency's own words and pictures are tried.
struct FilmComparison: Sendable {
    /// The titles and pictures that a film may have.
    struct Known: Hashable, Sendable {
        var titles: [String] = []
        /// Files that may be its thumbnail, the one in use first.
        var pictures: [String] = []
    }

    struct Proposal: Sendable {
        enum Kind: String { case title = "film_title", thumbnail = "film_thumbnail" }

        let film: ComparedFilm
        let kind: Kind
        /// The value that is there, and the one that is tried against it.
        let values: [String]
        /// Its views beside the mean of its kind.
        let lift: Double
    }

    static let version = "1"
    /// The films that are looked at more closely.
    static let behindMax = 5
    /// A film that is seen so much less than the mean of its kind is behind.
    private static let liftMax = 0.7
    /// The uncertainty of views beside their count: a day may be good or bad.
    private static let noise = 0.1

    let account: SocialAccountID
    let films: [ComparedFilm]
    let trials: [TriedTitle]
    let known: [String: Known]
    let habits: FilmHabits

    init(
        of account: SocialAccountID, _ films: [ComparedFilm], trials: [TriedTitle], known: [String: Known]
    ) {
        (self.account, self.films, self.trials, self.known) = (account, films, trials, known)
        habits = FilmHabits(films, trials: trials)
    }

    /// The films that are behind, the farthest first. What a few views say of a film is drawn towards the mean of its
    /// kind: with the spread `s²` of films and `σ² = 1 / views + 0.1` of one, by `s² / (s² + σ²)`.
    static func behind(_ films: [ComparedFilm]) -> [(film: ComparedFilm, lift: Double)] {
        Dictionary(grouping: films, by: \.format).values.flatMap { own -> [(film: ComparedFilm, lift: Double)] in
            guard own.count >= FilmHabits.filmsMin else { return [] }
            return own.filter { !$0.isTried && !$0.isRefused }.compactMap { film in
                let others = own.filter { $0.post != film.post }.map { LearnedPost.scale(Double($0.views)) }
                let spread = Spread(others), variance = spread.deviation * spread.deviation
                let own = 1 / Double(max(film.views, 1)) + noise
                let distance = LearnedPost.scale(Double(film.views)) - spread.mean
                // Where all others are alike, how far one is off is seen by its own spread alone.
                let share = (variance + noise) / (variance + noise + own)
                let lift = (distance * share).exponential.rounded4
                return lift <= liftMax ? (film, lift) : nil
            }
        }.sorted { ($0.lift, $0.film.post) < ($1.lift, $1.film.post) }
    }

    /// The film that is farthest behind and for which there is something to try: a title that does better, or else
    /// another picture.
    var proposal: Proposal? {
        for (film, lift) in Self.behind(films).prefix(Self.behindMax) {
            let known = known[film.post] ?? Known()
            if let title = habits.better(than: film.title, among: known.titles) {
                return Proposal(film: film, kind: .title, values: [film.title, title], lift: lift)
            }
            if known.pictures.count > 1 {
                return Proposal(
                    film: film, kind: .thumbnail, values: Array(known.pictures.prefix(2)), lift: lift)
            }
        }
        return nil
    }

    // MARK: The decision

    var inputs: JSON {
        [
            "films_of": JSON(account),
            "films": .array(
                films.map {
                    [
                        "post_id": .string($0.post), "title": .string($0.title), "format": .string($0.format),
                        "views": JSON($0.views), "tried": .bool($0.isTried), "refused": .bool($0.isRefused),
                    ]
                }),
            "trials": .array(
                trials.map {
                    [
                        "winner": .string($0.winner), "loser": .string($0.loser), "ratio": .number($0.ratio),
                    ]
                }),
            "known": .object(
                JSONObject(
                    known.sorted { $0.key < $1.key }.map {
                        ($0, ["titles": JSON($1.titles), "pictures": JSON($1.pictures)])
                    })),
        ]
    }

    init?(inputs: JSON) {
        guard let account = inputs["films_of"]?.id(of: Nouns.SocialAccount.self) else { return nil }
        func texts(_ json: JSON?) -> [String] { json?.array?.compactMap(\.text) ?? [] }
        self.init(
            of: account,
            (inputs["films"]?.array ?? []).map { json in
                ComparedFilm(
                    post: json["post_id"]?.text ?? "", title: json["title"]?.text ?? "",
                    format: json["format"]?.text ?? "", views: Int(json["views"]?.int ?? 0),
                    isTried: json["tried"] == true, isRefused: json["refused"] == true)
            },
            trials: (inputs["trials"]?.array ?? []).map { json in
                TriedTitle(
                    winner: json["winner"]?.text ?? "", loser: json["loser"]?.text ?? "",
                    ratio: json["ratio"]?.double ?? 1)
            },
            known: Dictionary(
                (inputs["known"]?.object?.members ?? []).map {
                    ($0, Known(titles: texts($1["titles"]), pictures: texts($1["pictures"])))
                }, uniquingKeysWith: { one, _ in one }))
    }

    var outcome: JSON {
        let proposal = proposal
        var outcome: JSONObject = ["account_id": JSON(account), "films": JSON(films.count)]
        outcome["behind"] = .array(
            Self.behind(films).prefix(Self.behindMax).map {
                ["post_id": .string($0.film.post), "lift": .number($0.lift)]
            })
        outcome["habits"] = habits.json["habits"] ?? []
        outcome["try"] =
            proposal.map {
                [
                    "post_id": .string($0.film.post), "kind": .string($0.kind.rawValue),
                    "values": JSON($0.values),
                ]
            } ?? .null
        return .object(outcome)
    }

    /// The factors of the habits that speak for a title.
    static func factors(of title: String, by habits: FilmHabits) -> [JSON] {
        habits.habits(of: title).map { habit in
            let factor: JSON = [
                "name": .string("title.\(habit.trait.rawValue)"), "value": .string(habit.value), "weight": 1,
                "contribution": .number(max(habit.lift, 0.0001).logarithm.rounded4),
            ]
            return factor.saying("evidence", habit.saying)
        }
    }

    private func behindFactor(of proposal: Proposal) -> JSON {
        let film = proposal.film
        let factor: JSON = [
            "name": "views", "value": JSON(film.views), "weight": 1,
            "contribution": .number(max(proposal.lift, 0.0001).logarithm.rounded4),
        ]
        let others = films.count { $0.format == film.format } - 1
        return factor.saying(
            "evidence",
            Saying(
                "social_film.behind",
                [
                    "title": .text(film.title), "percent": .number(Int((proposal.lift * 100).rounded())),
                    "films": .number(others),
                ]))
    }

    var conclusion: Conclusion {
        var factors: [JSON] = []
        let proposal = proposal
        if let proposal {
            factors.append(behindFactor(of: proposal))
            if proposal.kind == .title { factors += Self.factors(of: proposal.values[1], by: habits) }
        }
        let sure = proposal.map { min(max(1 - $0.lift, 0), 1) } ?? 0
        return Conclusion(
            outcome: outcome, confidence: sure.rounded4, factors: .array(factors),
            model: ["name": "film_comparison", "version": .string(Self.version)], inputs: inputs)
    }
}

extension FilmHabits.Habit {
    fileprivate var saying: Saying {
        Saying(
            "social_film.title",
            [
                "trait": .text(trait.rawValue), "value": .text(value),
                "percent": .number(Int((lift * 100).rounded())), "films": .number(films),
                "trials": .number(trials),
            ])
    }
}
