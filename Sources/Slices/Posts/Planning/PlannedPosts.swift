internal import Database
internal import Jobs
internal import Messages
package import Nouns
internal import Records
package import Social
package import Telemetry
internal import Tenancy

/// A post as a calendar shows it, with the account at which it stands.
package struct PlannedPost: Sendable {
    package let post: SocialPost
    package let network: SocialNetwork

    /// The time at which it is to leave, or has left.
    package var at: Instant? { post.publishedAt ?? post.scheduledAt }
    /// Whether it is still to come about, or has.
    package var stands: Bool { ![.draft, .failed, .cancelled, .missed, .removed].contains(post.status) }
    /// Whether it should be there, and is not, or nobody knows.
    package var isAmiss: Bool { [.missed, .failed, .unknown].contains(post.status) }
    /// Whether it may be planned for another moment.
    package var moves: Bool { post.status.isOpen }
}

extension PostStore {
    /// Returns the posts that leave at some time, or have left, the first first.
    package func planned(from begin: Instant, before end: Instant, limit: Int) throws -> [PlannedPost] {
        // What stands may have come late, or a person may have said when it did.
        let open = try SocialPost.resource.all(
            where: "published_at IS NULL AND scheduled_at >= \(begin) AND scheduled_at < \(end)",
            suffix: "ORDER BY scheduled_at, id LIMIT \(limit)", in: tx)
        let standing = try SocialPost.resource.all(
            where: "published_at >= \(begin) AND published_at < \(end)",
            suffix: "ORDER BY published_at, id LIMIT \(limit)", in: tx)
        let posts = open + standing
        let networks = try networks(of: Set(posts.map(\.accountID)))
        let planned = posts.compactMap { post in
            networks[post.accountID].map { PlannedPost(post: post, network: $0) }
        }
        return Array(
            planned.sorted { one, other in
                let (left, right) = (one.at?.microseconds ?? 0, other.at?.microseconds ?? 0)
                return (left, one.post.id) < (right, other.post.id)
            }.prefix(limit))
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
