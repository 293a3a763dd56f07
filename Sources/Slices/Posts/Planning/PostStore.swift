internal import Agents
package import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// The agency's posts on social networks: `tx.posts`.
package struct PostStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var posts: PostStore<Self> { PostStore(tx: self) }
}

extension PostStore {
    /// The time for which an account does not say the same again.
    private static var repeatPause: Duration { .seconds(30 * 86_400) }

    func areThere(of account: SocialAccountID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND account_id = \(account)
                AND status NOT IN ('draft', 'cancelled') LIMIT 1
            """)
    }

    /// Returns whether the account says the same around a moment, by another post.
    func isSaid(_ post: SocialPost, around moment: Instant) throws -> Bool {
        guard let hash = post.textHash else { return false }
        let (first, last) = (moment - Self.repeatPause, moment + Self.repeatPause)
        return try tx.exists(
            """
            SELECT 1 FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND account_id = \(post.accountID) AND text_hash = \(hash)
                AND id <> \(post.id) AND status NOT IN ('draft', 'failed', 'cancelled', 'missed', 'removed')
                AND by_hand IS NULL
                AND coalesce(published_at, scheduled_at) > \(first)
                AND coalesce(published_at, scheduled_at) < \(last) LIMIT 1
            """)
    }

    /// Returns all at once that keeps a post from leaving at a moment.
    func faults(
        of post: SocialPost, on account: SocialAccount, at moment: Instant?,
        named place: String = "/scheduled_at"
    ) throws -> [Fault] {
        // Handwork follows the rules of the network's pages, not those of its API.
        var faults =
            post.handWork == nil
            ? PostCheck(try draft(of: post, on: account), on: account.network).faults : []
        if let moment, moment < tx.now {
            faults.append(Fault(place, "in_the_past", "The time has passed: choose one that is to come."))
        }
        if post.handWork == nil, !post.mayRepeat, try isSaid(post, around: moment ?? tx.now) {
            faults.append(
                Fault(
                    "/text", "duplicate_text",
                    "The account says the same within thirty days: change the words, or send allow_repeat."))
        }
        return faults
    }

    /// The post with what its files are at its network.
    func draft(of post: SocialPost, on account: SocialAccount) throws -> PostDraft {
        draft(of: post, try tx.postMedia.files(post.media.list, on: account.network, as: post.format))
    }

    func draft(of post: SocialPost, _ files: [PostFile]) -> PostDraft {
        var draft = PostDraft()
        (draft.text, draft.format, draft.thread) = (post.text, post.format, post.thread)
        (draft.firstComment, draft.link) = (post.firstComment, post.link)
        for (name, value) in post.options.object?.members ?? [] {
            if let text = value.text ?? value.flag.map(String.init) { draft.options[name] = text }
        }
        draft.media = zip(post.media.list, files).map { medium, file in
            var shown = PostDraft.Medium(altText: medium.altText, probe: file.probe)
            (shown.fault, shown.part) = (file.fault, medium.part)
            shown.products = medium.products.list.map { ProductPlace($0.productID, x: $0.x, y: $0.y) }
            return shown
        }
        return draft
    }
}

extension PostStore where Base == Transaction {
    /// Has a post leave at a moment.
    func schedule(_ post: inout SocialPost, at moment: Instant, slot: Instant? = nil) {
        post.scheduledAt = moment
        post.slot = slot
        post.status = .scheduled
        post.reasons = Parts()
    }

    /// Wakes the publisher at the post's hour.
    func wake(_ post: SocialPost) throws {
        guard post.status == .scheduled, let moment = post.scheduledAt else { return }
        try tx.jobs.enqueue(
            PublishPostJob.self, .init(post: post.id, at: moment.microseconds),
            JobOptions(
                runAt: moment > tx.now ? moment : nil, uniqueKey: "\(post.id)/\(moment.microseconds)",
                subject: post.subject))
    }

    /// Stores what has become of a post, and tells it.
    @discardableResult
    func move(
        _ old: SocialPost, to status: SocialPost.Status, because reasons: [Reason] = [],
        by actor: Actor = .system, changing change: (inout SocialPost) -> Void = { _ in }
    ) throws -> SocialPost {
        var post = old
        (post.status, post.reasons) = (status, Parts(reasons))
        change(&post)
        let stands = status == .published && old.status != .published
        if old.status == .publishing, status != .publishing { try tx.postBudgets.letGoOfRest(of: post) }
        if stands { try tx.postFigures.planReading(of: &post) }
        try tx.update(old, to: &post, by: actor)
        if old.status != status {
            try tell(post)
            try tellPeople(of: post)
        }
        if stands { try tx.postFigures.wakeReader(of: post) }
        return post
    }

    /// Takes a post back that is not to leave. What stands already of a thread that broke, or whose first comment was
    /// refused, is published; only its rest does not leave.
    @discardableResult
    func cancel(
        _ old: SocialPost, because reasons: [Reason] = [], by actor: Actor = .system
    ) throws -> SocialPost {
        guard old.goesOn else {
            return try move(old, to: .cancelled, because: reasons, by: actor) { $0.slot = nil }
        }
        return try move(old, to: .published, because: reasons + [.restCancelled], by: actor) { post in
            (post.slot, post.progress) = (nil, nil)
            (post.remote, post.url) = (old.standing.first, old.url ?? old.progressSoFar.url)
            // It may be planned for a later hour since it broke.
            post.publishedAt = min(old.scheduledAt ?? tx.now, tx.now)
        }
    }

    func tell(_ post: SocialPost) throws {
        let told: [SocialPost.Status] = [
            .scheduled, .published, .failed, .unknown, .missed, .held, .awaitingPerson, .cancelled, .removed,
        ]
        guard told.contains(post.status) else { return }
        try tx.publish(
            "social_post.\(post.status.rawValue)", post.subject,
            [
                "account_id": JSON(post.accountID), "campaign_id": JSON(post.campaignID),
                "reason": JSON(post.reasons.list.first?.code),
            ])
    }
}
