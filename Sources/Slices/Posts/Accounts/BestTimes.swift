internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Social

/// The hours of the week at which posts do best. As long as there are too few results of an account's own, they are
/// those at which people of the network's kind are usually there, and say so. Both are drawn to the hours at which its
/// readers follow links, where enough of them have.
struct BestTimes: Sendable {
    struct Slot: Hashable, Sendable {
        let weekday: Int, hour: Int, score: Double
        /// The number of the account's own posts that were published then.
        var posts = 0
        /// The number of times that people have followed its links then.
        var clicks = 0
    }

    /// The fewest measured posts from which anything is read.
    static let sampleMin = 30

    let sample: Int
    /// The number of times that people have followed links of the account's network, each at its hour.
    let clicks: Int
    let slots: [Slot]
    /// The minute at which the account's posts are proposed: each account of a client has its own.
    let minute: Int

    init(
        of network: SocialNetwork, from posts: [LearnedPost] = [], _ readers: ReaderHours = ReaderHours(),
        minute: Int = 0
    ) {
        (sample, clicks, self.minute) = (posts.count, readers.sum, minute)
        let usual = Self.usual(of: network), isLearned = posts.count >= Self.sampleMin
        slots =
            isLearned || readers.isEnough
            ? LearnedTimes(isLearned ? posts : [], readers, usual: usual).slots : usual
    }

    /// Whether they are read from the account's own results.
    var isLearned: Bool { sample >= Self.sampleMin }

    private var source: String {
        isLearned ? "own_results" : clicks >= ReaderHours.sumMin ? "clicks" : "default"
    }

    private static func usual(of network: SocialNetwork) -> [Slot] {
        let (days, hours) = Self.habits(of: network)
        return days.flatMap { day in
            hours.enumerated().map { place, hour in
                Slot(weekday: day, hour: hour, score: place == 0 ? 1 : 0.8)
            }
        }
    }

    /// Working people read at work, others when they are free.
    private static func habits(of network: SocialNetwork) -> (days: [Int], hours: [Int]) {
        switch network {
        case .linkedin: ([2, 3, 4], [9, 12])
        case .x: ([2, 3, 4], [9, 13])
        case .facebook: ([1, 2, 3, 4, 5], [10, 13])
        case .instagram: ([1, 2, 3, 4, 5], [11, 18])
        case .tiktok: ([2, 4, 5, 6], [18, 20])
        case .youtube: ([5, 6, 7], [15, 18])
        }
    }

    var json: JSON {
        [
            "source": .string(source), "sample": JSON(sample), "clicks": JSON(clicks),
            "minute": JSON(minute),
            "slots": .array(
                slots.map {
                    [
                        "weekday": JSON($0.weekday), "hour": JSON($0.hour), "score": .number($0.score),
                        "posts": JSON($0.posts), "clicks": JSON($0.clicks),
                    ]
                }),
        ]
    }

    static let schema: JSON = .schema(
        [
            "source": [
                "enum": ["own_results", "clicks", "default"],
                "description":
                    "Whether it is read from the account's own results, or from when people follow its links.",
            ],
            "sample": [
                "type": "integer",
                "description": "How many measured posts there are; under 30 they say nothing yet.",
            ],
            "clicks": [
                "type": "integer",
                "description":
                    "How often people have followed its links of late; under 30 they say nothing of hours.",
            ],
            "minute": [
                "type": "integer",
                "description":
                    "The minute at which posts are proposed: accounts of one client do not pile up on it.",
            ],
            "slots": [
                "type": "array", "description": "The hours, the best first.",
                "items": .schema(
                    [
                        "weekday": ["type": "integer", "description": "1 is Monday."],
                        "hour": [
                            "type": "integer", "description": "The hour of the day, by the account's clock.",
                        ],
                        "score": [
                            "type": "number", "description": "How it does beside the best hour, which has 1.",
                        ],
                        "posts": [
                            "type": "integer",
                            "description": "How many measured posts of the account were published then.",
                        ],
                        "clicks": [
                            "type": "integer", "description": "How often people have followed its links then.",
                        ],
                    ], required: ["weekday", "hour", "score", "posts", "clicks"]),
            ],
        ], required: ["source", "sample", "clicks", "minute", "slots"])
}

extension SocialAccountStore {
    /// The most posts that an account's hours are read from: habits change.
    private static var timesMax: Int { 2000 }

    func bestTimes(of account: SocialAccount) throws -> BestTimes {
        BestTimes(
            of: account.network, from: try tx.postLearning.learned(account: account.id, limit: Self.timesMax),
            try readerHours(of: account), minute: try minute(of: account))
    }

    /// Accounts of one client have their posts proposed some minutes apart, in the order in which they were made.
    private func minute(of account: SocialAccount) throws -> Int {
        let before = try tx.first(
            """
            SELECT count(*) FROM social_accounts
            WHERE tenant_id = \(tx.tenant) AND coalesce(client_id, '') = coalesce(\(account.clientID), '')
                AND id < \(account.id)
            """
        ) { $0.int(0) }
        return (before ?? 0) % 12 * 5
    }
}
