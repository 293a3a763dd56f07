internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// A reviewer's conclusion.
private struct ContentReviewBody: Declared {
    var passed = false
    var notes: String?

    static let schema = Schema<ContentReviewBody>(
        "ContentReview",
        [
            .boolean("passed", \.passed, .required, .about("Whether it may go on.")),
            .text(
                "notes", \.notes, max: 10_000,
                .about("The notes of the reviewer; the changes to be made, where it does not pass.")),
        ])
}

private struct ContentRestoreBody: Declared {
    var version = 0

    static let schema = Schema<ContentRestoreBody>(
        "ContentRestoreRequest",
        [
            .integer(
                "version", \.version, in: 1...1_000_000, .required, .example(1),
                .about("The number of the version whose words it gets again."))
        ])
}

/// The steps of a content item from an idea to a yes, and the versions that it has had.
func contentReviewRoutes(_ routes: inout Routes, _ desk: ContentDesk) {
    let resource = ContentItem.resource
    routes.declare(ContentReviewBody.self)
    routes.events(
        "content_item",
        [
            "submitted": "A content item was submitted for review.",
            "reviewed": "A colleague has reviewed a content item.",
            "review_failed": "A content item did not pass its review.",
            "with_client": "A content item waits for its client.",
            "reminded": "A client was reminded of a content item.",
            "approved": "A content item was approved.",
            "changes_requested": "A client wants a content item changed.",
        ],
        [
            "title": .anyText, "status": .choice(ContentItem.Status.self), "client_id": .textOrNull,
            "revision": .anyInteger,
        ])
    routes.post(
        "/v1/content-items/{id}/submit", .permission("content_items:write"),
        "Submit a content item for its review", .record(resource)
    ) { call in
        let id = try call.id("id", of: ContentItem.self)
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            return try desk.answer(try tx.contentReview.submit(item, by: call.actor), to: call, in: tx)
        }
    }
    routes.post(
        "/v1/content-items/{id}/review", .permission(judging),
        "Review a content item: decide whether it may go on to its client, or out",
        body: .json(.reference("ContentReview")), .record(resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.body(ContentReviewBody.self))
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            let reviewed = try tx.contentReview.review(
                item, passed: body.passed, notes: body.notes,
                asksClient: try desk.asksClient(about: item, in: tx), by: call.actor)
            return try desk.answer(reviewed, to: call, in: tx)
        }
    }
    routes.post(
        "/v1/content-items/{id}/remind", .permission("content_items:write"),
        "Send the client a content item that waits for them again; at most once on a day", .record(resource)
    ) { call in
        let id = try call.id("id", of: ContentItem.self)
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            return try desk.answer(try tx.contentReview.remind(item, by: call.actor), to: call, in: tx)
        }
    }
    versionRoutes(&routes, desk)
}

private func versionRoutes(_ routes: inout Routes, _ desk: ContentDesk) {
    routes.declare(ContentRestoreBody.self)
    routes.schema("ContentVersion", ContentVersion.schema)
    routes.get(
        "/v1/content-items/{id}/versions", .permission("content_items:read"),
        "List the versions of a content item, newest first", query: ParameterDoc.pages(of: 50),
        .list(of: .reference("ContentVersion"))
    ) { call in
        let id = try call.id("id", of: ContentItem.self)
        return .read { reader in
            _ = try ContentItem.resource.get(id, in: reader)
            var list = try SimpleList(call.request.head.query, [], key: "number", dialect: reader.dialect)
            list.add("content_item_id = \(id)")
            return try list.page(of: "content_versions", ContentVersion.self, in: reader) {
                $1.value($0.json)
            }
        }
    }
    routes.post(
        "/v1/content-items/{id}/restore", .permission("content_items:write"),
        "Restore the words and media of an earlier version, as a new one",
        body: .json(.reference("ContentRestoreRequest")), .record(ContentItem.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.body(ContentRestoreBody.self))
        return .write { tx in
            let old = try ContentItem.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard let version = try tx.contentVersions.find(body.version, of: id) else {
                throw Problem(faults: [
                    Fault(
                        "/version", "unknown_reference",
                        "The content item has no version \(body.version): its newest is \(old.revision).")
                ])
            }
            var item = old
            (item.title, item.subject, item.body) = (version.title, version.subject, version.body)
            item.media = version.media
            try call.requireApproving(from: old, to: item)
            try tx.update(old, to: &item, by: call.actor, action: "content_item.restored")
            return try desk.answer(item, to: call, in: tx)
        }
    }
}
