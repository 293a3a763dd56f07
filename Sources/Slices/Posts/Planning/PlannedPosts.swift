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
    /// Hands over the posts that leave at some time, or have left: those that are to come, then those that stand, the
    /// first first, and of each at most so many. Nothing is kept of them, since a month has thousands.
    package func eachPlanned(
        from begin: Instant, before end: Instant, limit: Int, _ body: (CalendarPost) throws -> Void
    ) throws {
        let networks = try networks()
        guard !networks.isEmpty else { return }
        // Many posts in a row are of one account.
        var last: (account: SocialAccountID, network: SocialNetwork?)?
        func hand(_ row: Row) throws {
            var post = try CalendarPost(row)
            if last?.account != post.account { last = (post.account, networks[post.account]) }
            guard let network = last?.network else { return }
            post.network = network
            try body(post)
        }
        // A published post may have come late, or a person may have said when it did.
        try tx.each(
            """
            SELECT \(CalendarPost.columns) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND published_at IS NULL
                AND scheduled_at >= \(begin) AND scheduled_at < \(end)
            ORDER BY scheduled_at, id LIMIT \(limit)
            """, hand)
        try tx.each(
            """
            SELECT \(CalendarPost.columns) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND published_at >= \(begin) AND published_at < \(end)
            ORDER BY published_at, id LIMIT \(limit)
            """, hand)
    }

    /// Returns the network of each account.
    private func networks() throws -> [SocialAccountID: SocialNetwork] {
        let found = try tx.all(
            "SELECT id, network FROM social_accounts WHERE tenant_id = \(tx.tenant)"
        ) { row in (SocialAccountID(row, 0), SocialNetwork(rawValue: row.text(1))) }
        return Dictionary(found) { first, _ in first }.compactMapValues(\.self)
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

    /// Returns when posts of a client, or of the agency itself, leave between two moments.
    package func times(
        of client: ClientID?, from begin: Instant, before end: Instant
    ) throws -> [Instant] {
        try tx.all(
            """
            SELECT scheduled_at FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND scheduled_at IS NOT NULL AND scheduled_at >= \(begin)
                AND scheduled_at < \(end) AND coalesce(client_id, '') = coalesce(\(client), '')
                AND status NOT IN ('draft', 'cancelled', 'failed')
            ORDER BY scheduled_at LIMIT 2000
            """
        ) { $0.instant(0) }
    }
}
