internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Social
internal import Tenancy

extension PostLearningStore {
    private static var soundsAtOnce: Int { 500 }

    /// Returns how posts with each sound or effect do beside the others of their accounts, the best first: hashtags are
    /// compared in the same way.
    func soundFigures(_ posts: [LearnedPost], limit: Int) throws -> [HashtagFigures] {
        let sounds = try sounds(of: posts.map(\.post))
        let marked = posts.map { post in
            var marked = post
            marked.hashtags = sounds[post.post] ?? []
            return marked
        }
        return HashtagFigures.all(marked, limit: limit)
    }

    /// Returns the sound and the effect of each post that has any.
    private func sounds(of posts: [String]) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for begin in stride(from: 0, to: posts.count, by: Self.soundsAtOnce) {
            let some = Array(posts[begin..<min(begin + Self.soundsAtOnce, posts.count)])
            let rows = try tx.all(
                """
                SELECT id, sound_id, effect_id FROM social_posts
                WHERE tenant_id = \(tx.tenant) AND id IN \(list: some)
                    AND (sound_id IS NOT NULL OR effect_id IS NOT NULL)
                """
            ) { (post: $0.text(0), sounds: [$0.optionalText(1), $0.optionalText(2)].compactMap(\.self)) }
            for row in rows { found[row.post] = row.sounds }
        }
        return found
    }
}

/// `/v1/sound-figures`: how films have done with the sounds and effects that people have put into them.
func soundFigureRoutes(_ routes: inout Routes) {
    routes.schema("SoundFigures", schema)
    routes.get(
        "/v1/sound-figures", .permission("social_posts:read"),
        "Get how posts with each sound or effect have done beside the others of their accounts",
        query: [
            .query("from", "The first day of publication; 90 days before the last unless said.", isoDay),
            .query("to", "The last day of publication; today unless said.", isoDay),
            .query("client_id", "Only posts of this client."),
            .query(
                "network", "Only posts on this network.",
                ["type": "string", "enum": JSON(SocialNetwork.choices)]),
            .query("account_id", "Only posts of this account."),
        ], .json(.reference("SoundFigures"))
    ) { call in
        try call.allowQuery("from", "to", "client_id", "network", "account_id")
        let range = try ResultRange(call)
        let network = try call.choice("network", Optional<SocialNetwork>.none)
        let account: SocialAccountID? = try call.reference("account_id")
        return .read { reader in
            let (begin, end) = try range.bounds(in: reader)
            let posts = try reader.postLearning.learned(
                account: account, network: network, client: range.client, from: begin, before: end)
            let figures = try reader.postLearning.soundFigures(posts, limit: 50)
            return .json([
                "sample": JSON(posts.count),
                "sounds": .array(try figures.compactMap { try sound($0, in: reader) }),
            ])
        }
    }
}

/// A sound with its figures; `nil`: nobody keeps it any more.
private func sound(_ figures: HashtagFigures, in reader: some Queryable) throws -> JSON? {
    guard let id = ID<Sound>(figures.hashtag), let sound = try Sound.resource.find(id, in: reader) else {
        return nil
    }
    return [
        "sound_id": JSON(id), "name": .string(sound.name), "kind": .string(sound.kind.rawValue),
        "posts": JSON(figures.posts),
        "engagements": .number(figures.engagements.rounded4),
        "lift": .number(figures.lift.rounded4), "records": JSON(figures.records),
    ]
}

private let isoDay: JSON = ["type": "string", "format": "date"]

private let schema: JSON = .schema(
    [
        "sample": ["type": "integer", "description": "How many measured posts were looked at."],
        "sounds": [
            "type": "array", "description": "Those of two posts at least, the best first.",
            "items": .schema(
                [
                    "sound_id": [
                        "type": "string", "description": "The sound or effect, as it is kept here.",
                    ],
                    "name": ["type": "string"],
                    "kind": [
                        "type": "string", "enum": JSON(Sound.Kind.choices),
                        "description": "Whether it is a sound, or an effect of the app's camera.",
                    ],
                    "posts": ["type": "integer", "description": "How many measured posts have it."],
                    "engagements": ["type": "number", "description": "The mean of theirs."],
                    "lift": [
                        "type": "number",
                        "description":
                            "By how much it multiplies what the account's posts get; few posts say little.",
                    ],
                    "records": [
                        "type": "array", "items": ["type": "string"],
                        "description": "The newest measures that it is made of.",
                    ],
                ], required: ["sound_id", "name", "kind", "posts", "engagements", "lift", "records"]),
        ],
    ], required: ["sample", "sounds"])
