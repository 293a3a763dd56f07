internal import Agents
internal import JSON
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates

/// Where a piece is told, when, and in which words: one post for each network, each at its hour, not all at once.
struct SocialPlan: Sendable {
    /// An account with what is known of it.
    struct Place: Sendable {
        let week: PostingWeek
        let special: NetworkSpecial
        /// The hashtags of its own posts: of a hundred, so many have each.
        let usual: [String: Int]
        /// The habits that its own posts have shown to work; `nil` in plans of earlier releases, which looked at none.
        let habits: LearnedHabits?
        /// The titles that do well at its films; `nil` where it has none, and in plans of earlier releases.
        var films: FilmHabits?
        /// Whether it says these words already, or has within thirty days.
        let isSaid: Bool
    }

    struct Placement: Sendable {
        let account: SocialAccountID
        let post: PreparedPost
        let moment: PostingWeek.Moment
        let habits: LearnedHabits?
        let films: FilmHabits?
    }

    struct LeftOut: Sendable {
        let account: SocialAccountID
        let network: SocialNetwork
        /// Why nothing is said there.
        let code: String
    }

    static let version = "1"

    let piece: SocialPiece
    let places: [Place]
    let pace: PostingPace
    let now: Instant
    /// When the piece is told on accounts that have a post of it.
    let said: [Instant]
    let placements: [Placement]
    let leftOut: [LeftOut]

    init(_ piece: SocialPiece, at places: [Place], _ pace: PostingPace, now: Instant, said: [Instant]) {
        (self.piece, self.places, self.pace, self.now, self.said) = (piece, places, pace, now, said)
        var (placed, left, moments) = ([Placement](), [LeftOut](), said)
        let earliest = max(now + .seconds(Int64(pace.noticeHours) * 3600), piece.plannedAt ?? now)
        for place in Self.inOrder(places, for: piece) {
            let week = place.week
            let post = piece.prepared(
                for: week.network, place.special, usual: place.usual,
                following: place.habits ?? LearnedHabits([]), films: place.films)
            func leave(_ code: String) {
                left.append(LeftOut(account: week.account, network: week.network, code: code))
            }
            if let refusal = post.refusal {
                leave(refusal)
            } else if place.isSaid {
                leave("duplicate_text")
            } else if placed.contains(where: { $0.post.network == week.network }) {
                // Two accounts of one network would say the same words to much the same people.
                leave("same_network")
            } else if let moment = week.moment(from: earliest, pace, besides: moments) {
                placed.append(
                    Placement(
                        account: week.account, post: post, moment: moment, habits: place.habits,
                        films: place.films))
                moments.append(moment.at)
            } else {
                leave("no_free_hour")
            }
        }
        (placements, leftOut) = (placed, left)
    }

    /// The networks that fit the piece best come first; of several accounts, the one that says least.
    private static func inOrder(_ places: [Place], for piece: SocialPiece) -> [Place] {
        let order = piece.long().networks
        return places.sorted { one, other in
            let keys = [one, other].map { place in
                (
                    order.firstIndex(of: place.week.network) ?? order.count, place.week.network.rawValue,
                    place.week.taken.count, place.week.account.keyText
                )
            }
            return keys[0] < keys[1]
        }
    }

    // MARK: The decision

    var inputs: JSON {
        [
            "piece": piece.json, "pace": pace.json, "now": .string(now.description),
            "said": JSON(said.map(\.description)),
            "places": .array(
                places.map { place in
                    [
                        "week": place.week.json, "special": place.special.json, "said": .bool(place.isSaid),
                        "usual": .object(
                            JSONObject(place.usual.sorted { $0.key < $1.key }.map { ($0, JSON($1)) })),
                        "habits": place.habits?.json ?? .null, "films": place.films?.json ?? .null,
                    ]
                }),
        ]
    }

    init?(inputs: JSON) {
        guard let piece = inputs["piece"].flatMap(SocialPiece.init(json:)),
            let now = inputs["now"]?.text.flatMap({ Instant($0) })
        else { return nil }
        let places = (inputs["places"]?.array ?? []).compactMap { json -> Place? in
            guard let week = json["week"].flatMap(PostingWeek.init(json:)) else { return nil }
            let usual = (json["usual"]?.object?.members ?? []).map { ($0, Int($1.int ?? 0)) }
            return Place(
                week: week, special: NetworkSpecial(json: json["special"] ?? [:]),
                usual: Dictionary(usual) { one, _ in one }, habits: LearnedHabits(json: json["habits"]),
                films: FilmHabits(json: json["films"]), isSaid: json["said"] == true)
        }
        self.init(
            piece, at: places, PostingPace(json: inputs["pace"] ?? [:]), now: now,
            said: (inputs["said"]?.array ?? []).compactMap { $0.text.flatMap { Instant($0) } })
    }

    var outcome: JSON {
        [
            "posts": .array(
                placements.map { placement in
                    let post = placement.post
                    let told: JSON = [
                        "account_id": JSON(placement.account), "network": .string(post.network.rawValue),
                        "at": .string(placement.moment.at.description),
                        "format": .string(post.format.rawValue), "text": .string(post.text),
                        "thread": JSON(post.thread), "hashtags": JSON(post.hashtags),
                        "media": .array(post.media.map { JSON(piece.media[$0].file) }),
                        "options": .object(
                            JSONObject(post.options.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
                        "by_hand": JSON(post.handWork?.rawValue), "lacking": JSON(post.lacking),
                        "tasks": .array(
                            post.tasks.map {
                                ["kind": .string($0.kind.rawValue), "place": .string($0.place)]
                            }),
                    ]
                    let frames: JSON =
                        post.frames.isEmpty
                        ? [:] : ["following": .array(post.frames.map { JSON(piece.media[$0].file) })]
                    let all = told.merging(frames)
                    return placement.habits.map { all.merging(["habits": followed(by: post, $0)]) } ?? all
                }),
            "left_out": .array(
                leftOut.map {
                    [
                        "account_id": JSON($0.account), "network": .string($0.network.rawValue),
                        "code": .string($0.code),
                    ]
                }),
        ]
    }

    /// Returns what is known of posts like this one, and from how many.
    private func followed(by post: PreparedPost, _ habits: LearnedHabits) -> JSON {
        [
            "source": habits.isLearned ? "own_results" : "default", "sample": JSON(habits.sample),
            "traits": .array(habits.habits(of: piece.traits(of: post)).map(\.json)),
        ]
    }

    /// The figures that speak for the way in which a post is made.
    private func factors(of placement: Placement) -> [JSON] {
        guard let habits = placement.habits else { return [] }
        let network = placement.post.network.rawValue
        guard habits.isLearned else {
            let few: JSON = [
                "name": .string("habits.\(network)"), "value": JSON(habits.sample), "weight": 1,
                "contribution": 0,
            ]
            return [
                few.saying(
                    "evidence",
                    Saying(
                        "social_habit.few",
                        ["sample": .number(habits.sample), "least": .number(LearnedHabits.sampleMin)]))
            ]
        }
        let tags = placement.post.hashtags.compactMap { habits.habit(ofHashtag: $0) }
        return (habits.habits(of: piece.traits(of: placement.post)) + tags).map { habit in
            let factor: JSON = [
                "name": .string("\(habit.trait.rawValue).\(network)"), "value": .string(habit.value),
                "weight": 1,
                "contribution": .number(max(habit.lift, 0.0001).logarithm.rounded4),
            ]
            return factor.saying("evidence", evidence(for: habit, of: habits.sample))
        }
    }

    /// Says how posts with a trait have done.
    private func evidence(for habit: LearnedHabits.Habit, of sample: Int) -> Saying {
        let percent = Int((habit.lift * 100).rounded())
        guard habit.trait == .hashtag else {
            return Saying(
                "social_habit.told",
                [
                    "trait": .text(habit.trait.rawValue), "value": .text(habit.value),
                    "percent": .number(percent), "posts": .number(habit.posts), "sample": .number(sample),
                ])
        }
        return Saying(
            "social_habit.hashtag",
            [
                "value": .text(habit.value), "known": .text(habit.reach == nil ? "no" : "yes"),
                "reach": .number(Int((habit.reach ?? 0).rounded())), "percent": .number(percent),
                "posts": .number(habit.posts), "sample": .number(sample),
            ])
    }

    /// The knowledge of titles like that of a film.
    private func titleFactors(of placement: Placement) -> [JSON] {
        guard let films = placement.films, let title = placement.post.options["title"] else { return [] }
        return FilmComparison.factors(of: title, by: films)
    }

    /// The conclusion to say so: what speaks for each post is how good its hour is, and how the piece fits the network.
    var conclusion: Conclusion {
        var factors: [JSON] = placements.flatMap { placement in
            [
                [
                    "name": .string("hour.\(placement.post.network.rawValue)"),
                    "value": .number(placement.moment.score), "weight": 1,
                    "contribution": .number(placement.moment.score),
                    "evidence": [["type": "social_account", "id": JSON(placement.account)]],
                ]
            ] + self.factors(of: placement) + titleFactors(of: placement)
        }
        let all = placements.count + leftOut.count
        let share = all == 0 ? 0 : Double(placements.count) / Double(all)
        factors.append([
            "name": "fits", "value": .number((share * 1e6).rounded() / 1e6), "weight": 1,
            "contribution": .number((share * 1e6).rounded() / 1e6),
            "evidence": [["type": "content_item", "id": JSON(piece.id)]],
        ])
        let scores = placements.map(\.moment.score)
        let mean = scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
        return Conclusion(
            outcome: outcome, confidence: (min(max(mean, 0), 1) * 1e6).rounded() / 1e6,
            factors: .array(factors), model: ["name": "posting_hours", "version": .string(Self.version)],
            inputs: inputs)
    }
}
