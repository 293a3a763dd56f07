internal import Agents
internal import Database
internal import Jobs
internal import Messages
internal import Nouns
internal import Records

/// Takes back what a campaign that was completed has not published: nothing of it leaves any more. A post that a person
/// is asked to publish stays with them, as they may have done so. A thread of which parts stand is told to its end: one
/// whose hour was missed, when a person says so.
struct CompletedCampaigns: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "campaign.completed", let id = event.subject.id(of: Nouns.Campaign.self) else {
            return
        }
        let tx = tx.unlimited
        let waiting = try SocialPost.resource.all(
            where: "campaign_id = \(id) AND status IN ('needs_approval', 'scheduled', 'held', 'missed')",
            suffix: "ORDER BY id", in: tx)
        for post in waiting where !post.goesOn {
            try tx.posts.cancel(post, because: [.campaignOver])
        }
    }
}

extension SocialPost {
    /// Whether parts of it stand, which the others may follow though its campaign is over.
    var goesOn: Bool { !standing.isEmpty }
}

extension Reason {
    static let campaignOver = Reason(
        "campaign_completed", "The campaign is completed: nothing of it leaves any more.")
    static let restCancelled = Reason(
        "rest_cancelled", "The rest of it was cancelled: what stands already stays.")
}

extension PostsDependencies {
    /// Throws where a post is to leave of a campaign that is completed, and nothing of it stands.
    func requireCampaign(of post: SocialPost, in reader: some Queryable) throws {
        guard let id = post.campaignID, !post.goesOn, try campaign(reader, id) == .over else { return }
        throw Problem(.conflict, "The campaign is completed: take the post out of it to publish it.")
    }
}
