package import Database
internal import Jobs
internal import Messages
package import Nouns
internal import Records
package import Social
package import Telemetry
internal import Tenancy

/// A post of a campaign, with the network on which it stands.
package struct PlannedPost: Sendable {
    package let post: SocialPost
    package let network: SocialNetwork

    /// Whether it should be there, and is not, or nobody knows.
    package var isAmiss: Bool { [.missed, .failed, .unknown].contains(post.status) }
}

/// A post as a calendar shows it: of its row only what is shown, since a month has thousands.
package struct CalendarPost: Sendable, StoredRow {
    package let id: SocialPostID, account: SocialAccountID
    package let text: String
    package let status: SocialPost.Status
    package let client: ClientID?, campaign: CampaignID?
    package let mayRepeat: Bool
    package let version: Int
    private let scheduledAt: Instant?, publishedAt: Instant?
    package fileprivate(set) var network = SocialNetwork.facebook

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, account, text) = (row.id("id"), row.id("account_id"), row.text("text"))
        status = SocialPost.Status(rawValue: row.text("status")) ?? .draft
        (client, campaign) = (row.optionalID("client_id"), row.optionalID("campaign_id"))
        (mayRepeat, version) = (row.bool("allow_repeat"), row.int("version"))
        (scheduledAt, publishedAt) = (
            row.optionalInstant("scheduled_at"), row.optionalInstant("published_at")
        )
    }

    /// The time at which it is to leave, or has left.
    package var at: Instant? { publishedAt ?? scheduledAt }
    /// Whether it is still to come about, or has.
    package var stands: Bool { ![.draft, .failed, .cancelled, .missed, .removed].contains(status) }
    /// Whether it may be planned for another moment.
    package var moves: Bool { status.isOpen }
}

extension PostStore {
    /// Returns the posts that leave at some time, or have left, the first first.
    package func planned(from begin: Instant, before end: Instant, limit: Int) throws -> [CalendarPost] {
        // What stands may have come late, or a person may have said when it did.
        let open = try tx.all(
            """
            SELECT \(CalendarPost.columns) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND published_at IS NULL
                AND scheduled_at >= \(begin) AND scheduled_at < \(end)
            ORDER BY scheduled_at, id LIMIT \(limit)
            """, CalendarPost.init)
        let standing = try tx.all(
            """
            SELECT \(CalendarPost.columns) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND published_at >= \(begin) AND published_at < \(end)
            ORDER BY published_at, id LIMIT \(limit)
            """, CalendarPost.init)
        var posts = open.isEmpty ? standing : open
        // Both are in the order of their moments.
        if !open.isEmpty, !standing.isEmpty {
            posts = (open + standing).sorted { one, other in
                let (left, right) = (one.at?.microseconds ?? 0, other.at?.microseconds ?? 0)
                return (left, one.id) < (right, other.id)
            }
            posts.removeSubrange(min(limit, posts.count)...)
        }
        let accounts = Set(posts.map(\.account)), networks = try networks(of: accounts)
        if networks.count < accounts.count { posts.removeAll { networks[$0.account] == nil } }
        for place in posts.indices {
            if let network = networks[posts[place].account] { posts[place].network = network }
        }
        return posts
    }

    /// Returns the posts of a campaign that are more than drafts, the oldest first.
    package func posts(of campaign: CampaignID, limit: Int) throws -> [PlannedPost] {
        let posts = try SocialPost.resource.all(
            where: "campaign_id = \(campaign) AND status NOT IN ('draft', 'cancelled')",
            suffix: "ORDER BY id LIMIT \(limit)", in: tx)
        let networks = try networks(of: Set(posts.map(\.accountID)))
        return posts.compactMap { post in
            networks[post.accountID].map { PlannedPost(post: post, network: $0) }
        }
    }

    private func networks(of accounts: Set<SocialAccountID>) throws -> [SocialAccountID: SocialNetwork] {
        guard !accounts.isEmpty else { return [:] }
        let found = try SocialAccount.resource.all(where: "id IN \(list: Array(accounts))", in: tx)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.network) })
    }

    /// Returns the accounts that have a queue; at most 1,000.
    package func queues() throws -> [SocialAccount] {
        try SocialAccount.resource.all(
            where: "enabled = 1", suffix: "ORDER BY id LIMIT 1000", in: tx
        ).filter { !$0.queue.list.isEmpty }
    }
}
