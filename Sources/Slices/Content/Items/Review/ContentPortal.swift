internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

extension ContentItem {
    /// The client's view: what waits for their word, and what has had it.
    static let portal = PortalView(
        resource,
        hiding: [
            "segment_id", "variants", "technical", "guide", "adopted_variant", "settled_at", "campaign_id",
            "claims", "sources", "submitted_at", "reviewed_by", "reviewed_at", "review_notes",
            "change_request", "evidence", "quality", "remote_id", "publishing", "publishing_reasons",
            "blog_integration_id", "blog_image",
        ],
        where: """
            (status = 'with_client' OR (decided_at IS NOT NULL AND status IN ('approved', 'scheduled', 'published')))
            """, at: "/v1/portal/content", listed: "list_portal_content")
}

/// A client's request for changes, in their own words.
private struct PortalContentChange: Declared {
    var text = ""
    static let schema = Schema<PortalContentChange>(
        "PortalContentChange",
        [.text("text", \.text, max: 10_000, .required, .about("The changes that are requested."))])
}

/// `/v1/portal/content`: what speaks for a client, and waits for their word.
func contentPortalRoutes(_ routes: inout Routes, _ desk: ContentDesk) {
    let view = ContentItem.portal
    desk.outbox.services.portal.add(
        PortalPart { portal, reader in try reader.contentReview.waiting(for: portal) })
    routes.declare(PortalContentChange.self)
    routes.portal(view)
    routes.portal("approve", view, "portal:approve", "Approve a content item") { item, call, portal, tx in
        try tx.contentReview.approve(item, tx.contentReview.decider(of: portal, call), by: call.actor)
    }
    routes.portal(
        "request-changes", view, "portal:approve", "Request changes of a content item",
        body: .json(.reference("PortalContentChange"))
    ) { item, call, portal, tx in
        let body = try call.body(PortalContentChange.self)
        return try tx.contentReview.requestChanges(
            item, body.text, tx.contentReview.decider(of: portal, call), by: call.actor)
    }
    routes.portalFiles(of: view, "Download a file of a content item") { item, file, _ in
        item.media.list.contains { $0.fileID == file }
    }
}

extension ContentReviewStore {
    /// Returns the person of the client who decides, signed in.
    fileprivate func decider(of portal: PortalCall, _ call: Call) throws -> ContentDecider {
        ContentDecider(
            name: try User.resource.find(portal.userID, in: tx)?.name, userID: portal.userID,
            address: call.request.head.remoteAddress.description,
            userAgent: call.request.head.header("User-Agent").map { String($0.prefix(300)) })
    }
}

extension ContentReviewStore where Base == Reader {
    /// Returns what of it waits for a client's people, for the portal's first page.
    fileprivate func waiting(
        for portal: PortalCall
    ) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        let items = try ContentItem.portal.all(portal, where: "status = 'with_client'", in: tx)
        return (
            ["content_to_approve": JSON(items.count)],
            items.map { item in
                PortalWaiting(
                    item.subject, item.title, action: "approve", needs: "portal:approve",
                    since: item.askedAt ?? item.updatedAt,
                    link: .sealed(.content, ApprovalLink.subject("\(item.id)", item.revision)))
            }
        )
    }
}
