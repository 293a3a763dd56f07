internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Social
internal import Tenancy

/// The body of `POST /v1/content-items/{id}/publish`.
struct PublishItemBody: Declared {
    var integrationID = IntegrationID.unset
    var image: BlogImage?

    static let schema = Schema<PublishItemBody>(
        "ContentPublishRequest",
        [
            .id("integration_id", \.integrationID, .required, .about("The integration of the blog.")),
            .part("image", \.image, .about("A picture at its head; the item's first one unless given.")),
        ])
}

/// The body of `POST /v1/content-items/{id}/resolve`.
struct ItemOutcomeBody: Declared {
    enum Outcome: String, Choice {
        case published
        case notPublished = "not_published"
    }

    var outcome = Outcome.published
    var url: String?

    static let schema = Schema<ItemOutcomeBody>(
        "ContentResolveRequest",
        [
            .choice("outcome", \.outcome, .required, .about("Whether it stands on the blog.")),
            .url("url", \.url, .example("https://example.com/2026/12/news/"), .about("Where it stands.")),
        ])
}

/// `/v1/content-items/{id}/publish` and `/resolve`: approved pieces go to a blog, each once.
func contentPublishingRoutes(_ routes: inout Routes, _ dependencies: ContentDependencies) {
    routes.declare(PublishItemBody.self)
    routes.declare(ItemOutcomeBody.self)
    let facts: JSONObject = [
        "integration_id": ["type": ["string", "null"], "description": "The integration of the blog."],
        "url": ["type": ["string", "null"], "description": "Where it stands."],
        "reason": ["type": ["string", "null"], "description": "Why it did not leave."],
    ]
    routes.event("content_item.blog_published", "A piece of content was published on a blog.", facts)
    routes.event("content_item.blog_failed", "A blog has refused a piece of content.", facts)
    routes.event(
        "content_item.blog_unknown", "A piece may be published on a blog, or may not be: a person looks.",
        facts)
    let resource = ContentItem.resource
    routes.post(
        "/v1/content-items/{id}/publish", .permission("content_items:write"),
        "Publish a content item on a blog: an approved one at once, a scheduled one at its time",
        named: "publish_content_item",
        body: .json(.reference("ContentPublishRequest")), .record(resource, status: 202)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.body(PublishItemBody.self))
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            if item.status.isReady { try dependencies.requireCampaign(of: item, in: tx) }
            return .record(try tx.itemPublishing.publish(item, as: body, by: call.actor), status: 202)
        }
    }
    routes.post(
        "/v1/content-items/{id}/resolve", .permission("content_items:write"),
        "Resolve whether a content item is published on its blog whose answer was lost",
        named: "resolve_content_item", body: .json(.reference("ContentResolveRequest")), .record(resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.body(ItemOutcomeBody.self))
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            return .record(try tx.itemPublishing.resolve(item, as: body, by: call.actor))
        }
    }
}

extension PublishItemBody {
    /// Adds faults for a blog or a picture that there is not.
    func check(_ item: ContentItem, _ faults: inout Faults, in reader: some Queryable) throws {
        if let integration = try Integration.resource.find(integrationID, in: reader),
            integration.clientID == nil || integration.clientID == item.clientID
        {
            if integration.capability != .blogPublishing {
                faults.add(
                    "/integration_id", "conflict", "The integration does not publish on a blog: name another."
                )
            }
        } else {
            faults.add(
                "/integration_id", "unknown_reference", "The integration does not exist: name another.")
        }
        guard let image else { return }
        guard let file = try StoredFile.resource.find(image.fileID, in: reader) else {
            return faults.add(
                "/image/file_id", "unknown_reference",
                "The file does not exist: upload it first with POST /v1/files.")
        }
        guard MediaProbe(try reader.files.content(of: file)).isImage else {
            return faults.add(
                "/image/file_id", "media_type",
                "The file is not a picture that blogs take: upload a PNG, JPEG, GIF or WebP.")
        }
    }
}
