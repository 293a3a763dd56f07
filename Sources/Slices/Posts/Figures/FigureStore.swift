internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// The figures of posts, and when they are read: `tx.postFigures`.
struct PostFigureStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postFigures: PostFigureStore<Self> { PostFigureStore(tx: self) }
}

extension PostFigureStore {
    /// Returns the posts of an account whose figures are due to be read, the longest due first.
    func due(of account: SocialAccountID, limit: Int) throws -> [SocialPost] {
        try SocialPost.resource.all(
            where: "account_id = \(account) AND next_reading_at IS NOT NULL AND next_reading_at <= \(tx.now)",
            suffix: "ORDER BY next_reading_at, id LIMIT \(limit)", in: tx)
    }
}

extension PostFigureStore where Base == Transaction {
    /// Says when the figures of a post are read that has just come to stand.
    func planReading(of post: inout SocialPost) throws {
        guard !post.isCaptured, post.remote != nil, let published = post.publishedAt,
            let account = try SocialAccount.resource.find(post.accountID, in: tx),
            account.integrationID != nil
        else { return }
        post.nextReadingAt = account.nextReading(of: published, after: tx.now)
    }

    /// Wakes the reader of the post's account when the post's figures are due.
    func wakeReader(of post: SocialPost) throws {
        guard let moment = post.nextReadingAt else { return }
        try tx.jobs.enqueue(
            ReadFiguresJob.self, .init(account: post.accountID, at: moment.microseconds),
            JobOptions(
                runAt: max(moment, tx.now), uniqueKey: "\(post.accountID)/\(moment.microseconds)",
                uniqueness: .untilStarted, subject: Subject(post.accountID),
                limitKey: "\(post.accountID)"))
    }

    /// Keeps what a network has told of posts, and says when each is read next. What somebody else has read meanwhile
    /// is not read twice.
    func keep(_ readings: [String: PostReading], of posts: [SocialPost]) throws {
        var hasFigures = false
        for known in posts {
            guard let old = try stillDue(known) else { continue }
            var post = old
            switch old.remote.flatMap({ readings[$0] }) {
            case .figures(let figures)? where !figures.isEmpty:
                let measure = try measured(old, figures, at: tx.now, from: .network, by: .system)
                (post.results, post.readingFault) = (PostResults(measure), nil)
                try goOn(&post)
                hasFigures = true
            case .gone?: (post.nextReadingAt, post.readingFault) = (nil, Self.gone)
            default:
                post.readingFault = "not_told"
                try goOn(&post)
            }
            try tx.update(old, to: &post, by: .system)
            try wakeReader(of: post)
        }
        if hasFigures, let account = posts.first?.accountID {
            try tx.alerts.resolve(kind: PostAlert.figures, subject: Subject(account))
        }
    }

    /// The post's network does not have it any more.
    static var gone: String { "gone" }

    /// Notes why posts could not be read. Those that may be read later stay due; others are asked for again at their
    /// next age, and of what the network never tells, nobody asks.
    func fail(_ failure: ToolFailure, reading posts: [SocialPost]) throws {
        for known in posts {
            guard let old = try stillDue(known) else { continue }
            var post = old
            post.readingFault = String(failure.code.prefix(80))
            switch failure.code {
            case "not_supported": post.nextReadingAt = nil
            case _ where failure.isRetryable || failure.endsAccess: break
            default: try goOn(&post)
            }
            guard post.readingFault != old.readingFault || post.nextReadingAt != old.nextReadingAt else {
                continue
            }
            try tx.update(old, to: &post, by: .system)
            // The failed job comes back after its pause: a new one would not wait.
            if post.nextReadingAt != old.nextReadingAt { try wakeReader(of: post) }
        }
        if failure.code == IntegrationCheck.permissionCode { try lacksPermission(posts.first?.accountID) }
    }

    private func lacksPermission(_ id: SocialAccountID?) throws {
        guard let account = try id.flatMap({ try SocialAccount.resource.find($0, in: tx) }) else { return }
        try tx.alerts.raise(
            kind: PostAlert.figures, severity: .warning, subject: account.subject,
            title: Saying(
                "alert.social_figures",
                ["name": .text(account.name), "network": .text(account.network.title)]),
            action: Saying("alert.social_figures_do", ["network": .text(account.network.title)]))
    }

    private func stillDue(_ known: SocialPost) throws -> SocialPost? {
        guard let old = try SocialPost.resource.find(known.id, in: tx), old.status == .published,
            old.nextReadingAt == known.nextReadingAt
        else { return nil }
        return old
    }

    private func goOn(_ post: inout SocialPost) throws {
        let account = try SocialAccount.resource.find(post.accountID, in: tx)
        post.nextReadingAt = post.publishedAt.flatMap { account?.nextReading(of: $0, after: tx.now) }
    }

    /// Ends the readings of an account by which nothing can be read any more.
    func endReadings(of posts: [SocialPost]) throws {
        for known in posts {
            guard let old = try stillDue(known) else { continue }
            var post = old
            (post.nextReadingAt, post.readingFault) = (nil, "no_provider")
            try tx.update(old, to: &post, by: .system)
        }
    }

    /// Stores how a post had done at a moment.
    func measured(
        _ post: SocialPost, _ figures: PostFigures, at moment: Instant, from source: PostMeasure.Source,
        by actor: Actor
    ) throws -> PostMeasure {
        let account = try SocialAccount.resource.get(post.accountID, in: tx)
        var measure = PostMeasure.new(id: tx.nextID(), now: tx.now)
        measure.describe(post, on: account, zone: try account.zone(in: tx))
        (measure.figures, measure.engagements) = (figures, figures.engagements)
        (measure.measuredAt, measure.source) = (moment, source)
        measure.counts =
            figures.engagements != nil && moment - measure.publishedAt >= PostMeasure.countsFrom
        if let before = try newest(of: post.id, before: moment) {
            measure.fallen = figures.fallen(since: before.figures)
        }
        let isNewest = try !isMeasured(post.id, after: moment)
        measure.counts = measure.counts && isNewest
        if measure.counts {
            try tx.run(
                """
                UPDATE post_measures SET counts = 0
                WHERE tenant_id = \(tx.tenant) AND post_id = \(post.id) AND counts = 1
                """)
        }
        try tx.create(&measure, by: actor)
        return measure
    }

    private func newest(of post: SocialPostID, before moment: Instant) throws -> PostMeasure? {
        try PostMeasure.resource.all(
            where: "post_id = \(post) AND measured_at <= \(moment)",
            suffix: "ORDER BY measured_at DESC, id DESC LIMIT 1", in: tx
        ).first
    }

    private func isMeasured(_ post: SocialPostID, after moment: Instant) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM post_measures
            WHERE tenant_id = \(tx.tenant) AND post_id = \(post) AND measured_at > \(moment) LIMIT 1
            """)
    }
}

extension PostMeasure {
    /// From which age on figures say how a post does: by then most of those who will see it have.
    static let countsFrom: Duration = .seconds(86_400)

    /// Takes over what a post is like.
    mutating func describe(_ post: SocialPost, on account: SocialAccount, zone: TimeZoneRules) {
        let words = ([post.text] + post.thread).joined(separator: "\n")
        (postID, accountID, clientID, campaignID) = (post.id, account.id, post.clientID, post.campaignID)
        (itemID, network, format) = (post.itemID, account.network, post.format)
        publishedAt = post.publishedAt ?? post.scheduledAt ?? post.createdAt
        let local = zone.local(of: publishedAt)
        (weekday, hour) = (local.date.weekday, local.secondsOfDay / 3600)
        hashtags = PostWords.hashtags(in: words)
        (length, media) = (words.count, post.media.list.count)
        hasFilm = account.network.rules.isFilm(post.format)
        hasLink = post.link != nil || TextLinks.first(in: words[...]) != nil
        asks = words.contains { $0 == "?" || $0 == "？" || $0 == "؟" }
    }
}

/// The readings of a post's words.
enum PostWords {
    /// Returns hashtags in small letters, each once, in their order.
    static func hashtags(in text: String) -> [String] {
        var found: [String] = [], seen: Set<String> = []
        var before: Character = " "
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            guard character == "#" || character == "＃", !before.isLetter, !before.isNumber, before != "&"
            else {
                (before, index) = (character, text.index(after: index))
                continue
            }
            let begin = text.index(after: index)
            let word = text[begin...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let isWord = word.count <= 100 && word.contains { $0.isLetter || $0 == "_" }
            if isWord, seen.insert(word.lowercased()).inserted { found.append(word.lowercased()) }
            (before, index) = (word.last ?? character, word.endIndex)
        }
        return Array(found.prefix(60))
    }
}
