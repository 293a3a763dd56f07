internal import Agents
internal import Database
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// The notifications about posts that people have to see to.
extension NotificationKind {
    static let socialPostWaits = NotificationKind(
        "social_post_waits", Saying("notification.kind_social_post_waits"))
    static let socialPostStopped = NotificationKind(
        "social_post_stopped", Saying("notification.kind_social_post_stopped"))

    static let ofPosts: [NotificationKind] = [.socialPostWaits, .socialPostStopped]
}

extension PostStore where Base == Transaction {
    /// When many posts of an account stop at once, the first ones say enough.
    private static var noticesMax: Int { 5 }
    private static var noticePause: Duration { .seconds(3600) }
    /// The words by which people know a post.
    private static var wordsMax: Int { 80 }

    /// Tells those who write posts that one waits for a person at its hour, or has not left.
    func tellPeople(of post: SocialPost) throws {
        guard [.awaitingPerson, .failed, .missed].contains(post.status) else { return }
        guard let account = try SocialAccount.resource.find(post.accountID, in: tx) else { return }
        let others = try tx.first(
            """
            SELECT count(*) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND account_id = \(post.accountID)
                AND status = \(post.status.rawValue) AND updated_at > \(tx.now - Self.noticePause)
                AND id <> \(post.id)
            """
        ) { $0.int(0) }
        guard (others ?? 0) < Self.noticesMax else { return }
        let line = post.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let words = line.count > Self.wordsMax ? String(line.prefix(Self.wordsMax)) + "…" : line
        let network = Saying.Value.text(account.network.title), text = Saying.Value.text(words)
        guard post.status != .awaitingPerson else {
            try tx.notifications.notify(
                .permission("social_posts:write"), kind: .socialPostWaits,
                title: Saying("notification.social_post_waits", ["network": network, "text": text]),
                subject: post.subject)
            return
        }
        let reason = post.status == .failed ? post.reasons.list.first?.detail : nil
        try tx.notifications.notify(
            .permission("social_posts:write"), kind: .socialPostStopped,
            title: Saying(
                "notification.social_post_stopped",
                ["network": network, "text": text, "missed": .flag(post.status == .missed)]),
            body: reason.map { .quoted($0) }, subject: post.subject)
    }
}
