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
    /// Whether a campaign lets out what is of it now.
    @ModuleNeed("whether a campaign is active", for: "content on its way")
    package var isActive: @Sendable (any Queryable, _ campaign: CampaignID) throws -> Bool

    package init() {}
}

extension ContentDependencies {
    /// Returns why an item waits whose campaign does not run.
    func reasonToWait(for item: ContentItem, in reader: some Queryable) throws -> Reason? {
        guard let id = item.campaignID, try !isActive(reader, id) else { return nil }
        return Reason("campaign_paused", "The campaign is not active: start or resume it to send this.")
    }
}

/// The services and answers that the review of content needs beside its own records.
struct ContentDesk: Sendable {
    let outbox: Outbox
    let dependencies: ContentDependencies

    /// Whether an item waits for its client once a colleague has passed it.
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
