internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// The facts that a plan rests on: the accounts of a client with their hours, and what stands there already.
struct PlanFacts: Sendable {
    let agents: NetworkAgents
    let pace: PostingPace
    /// `nil`: all of them.
    let networks: Set<SocialNetwork>?

    /// Returns the plan of a piece; `nil` where no account is left that has no post of it.
    func plan(of piece: SocialPiece, in reader: some Queryable) throws -> SocialPlan? {
        let known = try reader.postPlans.accounts(saying: piece.id)
        // Most pieces are told everywhere already, and nothing is asked about them.
        guard try reader.socialAccounts.hasAny(of: piece.client, besides: known) else { return nil }
        var places: [SocialPlan.Place] = []
        for hours in try reader.socialAccounts.hours(of: piece.client) where !known.contains(hours.account) {
            guard networks?.contains(hours.network) ?? true,
                let special = try agents.special(of: hours.network, in: reader)
            else { continue }
            let week = try reader.postPlans.week(
                hours, from: max(piece.plannedAt ?? reader.now, reader.now), days: pace.daysAhead)
            let usual = try reader.postPlans.usualHashtags(of: hours.account)
            let habits = try reader.postLearning.habits(of: hours.account, on: hours.network)
            let films = hours.network == .youtube ? try reader.films.all(of: hours.account).habits : nil
            let prepared = piece.prepared(
                for: hours.network, special, usual: usual, following: habits, films: films)
            places.append(
                SocialPlan.Place(
                    week: week, special: special, usual: usual, habits: habits, films: films,
                    isSaid: try reader.postPlans.isSaid(prepared, on: hours.account)))
        }
        guard !places.isEmpty else { return nil }
        return SocialPlan(
            piece, at: places, pace, now: reader.now, said: try reader.postPlans.moments(of: piece.id))
    }
}

/// Plans of posts, and the facts that they rest on: `tx.postPlans`.
struct PostPlanStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postPlans: PostPlanStore<Self> { PostPlanStore(tx: self) }
}

extension PostPlanStore {
    /// The posts of an account that tell which hashtags it uses, and how old they are at most.
    private static var hashtagPosts: Int { 200 }
    private static var hashtagPostsMin: Int { 3 }
    private static var hashtagAge: Duration { .seconds(180 * 86_400) }

    /// Returns the accounts that have a post of a piece, also one that people did not want.
    func accounts(saying item: ContentItemID) throws -> Set<SocialAccountID> {
        Set(
            try tx.all(
                """
                SELECT account_id FROM social_posts
                WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item)
                """
            ) { SocialAccountID($0, 0) })
    }

    /// Returns when a piece is told, on all accounts, by other posts than one.
    func moments(of item: ContentItemID, besides post: SocialPostID? = nil) throws -> [Instant] {
        try tx.all(
            """
            SELECT coalesce(published_at, scheduled_at) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND scheduled_at IS NOT NULL
                AND id <> coalesce(\(post), '') AND by_hand IS NULL
                AND status NOT IN ('draft', 'cancelled', 'failed')
            ORDER BY 1
            """
        ) { $0.instant(0) }
    }

    /// The hours of an account, with those that are taken: also those around a day that is far away.
    func week(_ hours: SocialAccountHours, from start: Instant, days: Int) throws -> PostingWeek {
        let zone = try hours.zone ?? tx.agency.zone().name
        let (first, last) = (tx.now - .seconds(86_400), start + .seconds(Int64(days + 60) * 86_400))
        let taken = try tx.all(
            """
            SELECT scheduled_at FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND account_id = \(hours.account) AND scheduled_at > \(first)
                AND scheduled_at < \(last) AND by_hand IS NULL
                AND status NOT IN ('draft', 'cancelled', 'failed')
            ORDER BY scheduled_at
            """
        ) { $0.instant(0) }
        return PostingWeek(
            hours.account, hours.network, zone: zone,
            hours.hours.map {
                PostingWeek.Hour(weekday: $0.weekday, minuteOfDay: $0.minuteOfDay, score: $0.score)
            }, isQueue: hours.isQueue, taken: taken)
    }

    /// Tells of a hundred posts of an account how many have each hashtag; empty where there are too few.
    func usualHashtags(of account: SocialAccountID) throws -> [String: Int] {
        let texts = try tx.all(
            """
            SELECT text FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND account_id = \(account) AND status = 'published'
                AND published_at > \(tx.now - Self.hashtagAge)
            ORDER BY published_at DESC LIMIT \(Self.hashtagPosts)
            """
        ) { $0.text(0) }
        guard texts.count >= Self.hashtagPostsMin else { return [:] }
        var counts: [String: (tag: String, count: Int)] = [:]
        for text in texts {
            for (key, tag) in Dictionary(
                Hashtags.all(in: text).map { ($0.lowercased(), $0) }, uniquingKeysWith: { one, _ in one })
            {
                counts[key, default: (tag, 0)].count += 1
            }
        }
        let often = counts.values.filter { $0.count > 1 }
        return Dictionary(uniqueKeysWithValues: often.map { ($0.tag, $0.count * 100 / texts.count) })
    }

    /// Returns whether an account says the words of a post these days.
    func isSaid(_ prepared: PreparedPost, on account: SocialAccountID) throws -> Bool {
        var post = SocialPost()
        (post.accountID, post.textHash) = (account, SocialPost.hash(of: prepared.text, prepared.thread))
        return try tx.posts.isSaid(post, around: tx.now)
    }
}
