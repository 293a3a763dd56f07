package import Agents
package import Database
internal import JSON
internal import Messages
package import Nouns
internal import Records
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// The questions that content asks the slices beside it.
package struct ContentDependencies: Asking {
    /// Whether a client has the last word about content that speaks for it.
    @ModuleNeed("whether a client approves content", for: "the review of content")
    package var clientApproves: @Sendable (any Queryable, ClientID) throws -> Bool
    /// Returns whether a campaign lets out what is of it; `nil`: there is none.
    @ModuleNeed("whether a campaign is active", for: "content on its way")
    package var campaign: @Sendable (any Queryable, CampaignID) throws -> PieceCampaign?

    package init() {}
}

/// Whether a campaign lets out its content.
package enum PieceCampaign: Sendable { case active, resting, over }

extension Reason {
    static let campaignOver = Reason(
        Reason.campaignCompleted, "The campaign is completed: nothing of it leaves any more.")
}

extension ContentDependencies {
    /// Returns why an item waits whose campaign does not run, or is not wanted any more.
    func reasonToWait(for item: ContentItem, in reader: some Queryable) throws -> Reason? {
        switch try item.campaignID.flatMap({ try campaign(reader, $0) }) {
        case .active, nil: nil
        case .resting:
            Reason("campaign_paused", "The campaign is not active: start or resume it to send this.")
        case .over: .campaignOver
        }
    }

    /// Throws where an item is to leave of a campaign that is completed.
    func requireCampaign(of item: ContentItem, in reader: some Queryable) throws {
        guard let id = item.campaignID, try campaign(reader, id) == .over else { return }
        throw Problem(.conflict, "The campaign is completed: take the content item out of it to send it.")
    }
}

/// The services and answers that the review of content needs beside its own records.
struct ContentDesk: Sendable {
    let outbox: Outbox
    let dependencies: ContentDependencies

    /// Returns whether an item waits for its client once a colleague has passed it.
    func asksClient(about item: ContentItem, in reader: some Queryable) throws -> Bool {
        try item.clientID.map { try dependencies.clientApproves(reader, $0) } ?? false
    }

    /// Throws where an item would go out by hand, though its client has the last word.
    func requireClientWord(
        on item: ContentItem, replacing old: ContentItem?, in reader: some Queryable
    ) throws {
        let isNew = old?.status.isGiven != true || old?.clientID != item.clientID
        guard item.status.isGiven, isNew, try asksClient(about: item, in: reader) else { return }
        throw (old ?? item).refusal(
            "The client has the last word: submit the item, so that they are asked after its review.")
    }

    /// The link by which its client decides, of an item that waits for that.
    var approvalLinks: ComputedMembers<ContentItem> {
        let links = outbox.services.links
        return ComputedMembers([
            "approval_url": [
                "type": ["string", "null"], "format": "uri",
                "description": "Where its client decides without signing in, while it waits for that.",
            ]
        ]) { ids, reader in
            let asked = try reader.reading.contentReview.withClient(ids)
            return Dictionary(
                uniqueKeysWithValues: try ids.map { id in
                    let url = try asked[id].map {
                        try links.url(.content, reader.tenant, ApprovalLink.subject(id, $0))
                    }
                    return (id, ["approval_url": JSON(url)])
                })
        }
    }
}

extension ContentReviewStore {
    /// Returns the newest versions of those of some items that wait for their client.
    fileprivate func withClient(_ ids: [String]) throws -> [String: Int] {
        Dictionary(
            try tx.all(
                """
                SELECT id, revision FROM content_items
                WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids) AND status = 'with_client'
                """
            ) { ($0.text(0), Int($0.int64(1))) }
        ) { first, _ in first }
    }
}
