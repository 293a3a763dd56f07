internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Sequences
internal import Social
internal import Telemetry
internal import Tenancy

/// The body of `POST /v1/social-posts/{id}/change`.
private struct PostChangeBody: Declared {
    var title: String?, text: String?
    var tags: [String]?
    var thumbnailID: ID<StoredFile>?

    static let schema = Schema<PostChangeBody>(
        "PostChangeRequest",
        [
            .text(
                "title", \.title, max: 1000, .about("The title of the film."), .example("Roses in an hour")),
            .text("text", \.text, max: 70_000, .about("The words below the film.")),
            .document(
                "tags", \.tagsGiven,
                schema: ["type": ["array", "null"], "items": ["type": "string", "maxLength": 500]],
                .about("The words by which it is found; none: it has no tags any more.")),
            .id("thumbnail_id", \.thumbnailID, .about("The picture, as POST /v1/files has answered it.")),
        ])

    /// The tags as the body has them: their absence is no choice.
    private var tagsGiven: JSON {
        get { tags.map { JSON($0) } ?? .null }
        set { tags = newValue.array?.compactMap(\.text) }
    }

    /// Throws all at once that the network would not take.
    func check(on network: SocialNetwork, _ rules: NetworkRules.ChangeRules, in tx: Transaction) throws {
        var faults = Faults()
        if title == nil, text == nil, tags == nil, thumbnailID == nil {
            faults.add(
                "/title", "required", "Nothing is to be changed: give a title, text, tags or thumbnail_id.")
        }
        if let title {
            if title.allSatisfy(\.isWhitespace) {
                faults.add("/title", "required", "title is blank: \(network.title) needs one.")
            }
            if title.utf16.count > rules.titleMax {
                faults.add(
                    "/title", "too_long",
                    "title has \(title.utf16.count) characters, and \(network.title) takes \(rules.titleMax)."
                )
            }
        }
        if let text {
            let length = network.rules.counting.length(of: text)
            if length > network.rules.textMax {
                faults.add(
                    "/text", "too_long",
                    "text is \(length) long, and \(network.title) takes \(network.rules.textMax).")
            }
        }
        if let tags {
            let length = tags.reduce(0) { $0 + $1.utf16.count + 1 } - (tags.isEmpty ? 0 : 1)
            if length > rules.tagsMax || tags.count > 100 {
                faults.add(
                    "/tags", "too_long",
                    "tags are \(length) characters together, and \(network.title) takes \(rules.tagsMax).")
            }
        }
        if let thumbnailID {
            ThumbnailCheck.add(to: &faults, thumbnailID, at: "/thumbnail_id", rules, in: tx)
        }
        try faults.throwIfAny()
    }
}

enum ThumbnailCheck {
    /// Adds what keeps a file from being a thumbnail.
    static func add(
        to faults: inout Faults, _ id: ID<StoredFile>, at place: String, _ rules: NetworkRules.ChangeRules,
        in reader: some Queryable
    ) {
        guard let file = try? StoredFile.resource.find(id, in: reader) else {
            return faults.add(place, "unknown_reference", "The file does not exist: upload it first.")
        }
        if !rules.thumbnailTypes.contains(file.mediaType) {
            faults.add(
                place, "media_type",
                "The file is \(file.mediaType): a thumbnail is \(rules.thumbnailTypes.joined(separator: " or "))."
            )
        } else if file.size > rules.thumbnailBytesMax {
            faults.add(
                place, "media_too_large",
                "The file has \(file.size) bytes: a thumbnail has \(rules.thumbnailBytesMax) at most.")
        }
    }
}

/// `/v1/post-changes`, and the turns of posts that stand: films get other words, and posts are taken back.
func postChangeRoutes(_ routes: inout Routes) {
    let resource = PostChange.resource
    routes.standard(
        resource, read: "social_posts:read", write: "social_posts:write", create: false, patch: false,
        delete: false)
    let facts: JSONObject = [
        "post_id": ["type": "string", "description": "The post."],
        "kind": [
            "enum": JSON(PostChange.Kind.choices), "description": "Whether it is changed or taken back.",
        ],
        "experiment_id": ["type": ["string", "null"], "description": "The experiment that tries it."],
        "reason": ["type": ["string", "null"], "description": "Why it did not leave."],
    ]
    routes.event("post_change.done", "A network has taken a change of a published post.", facts)
    routes.event("post_change.failed", "A network has refused a change of a post.", facts)
    routes.event("post_change.held", "A change of a post is held back.", facts)
    routes.event("post_change.unknown", "Nobody knows whether a network has taken a change.", facts)
    routes.event("post_change.cancelled", "A change of a post was cancelled.", facts)
    routes.declare(PostChangeBody.self)
    routes.post(
        "/v1/social-posts/{id}/change", .permission("social_posts:write"),
        "Change the title, words, tags or thumbnail of a published film",
        named: "change_social_post", body: .json(.reference(PostChangeBody.schema.name)),
        .record(resource, status: 202)
    ) { call in
        let (id, body) = try (call.id("id", of: SocialPost.self), call.body(PostChangeBody.self))
        return .write { tx in
            let post = try SocialPost.resource.get(id, in: tx)
            try call.checkVersion(post.version)
            let account = try tx.postChanges.requireChangeable(post, .update)
            guard let rules = account.network.rules.changes else {
                throw Problem(
                    .conflict,
                    "\(account.network.title) lets nothing be changed that stands: take it back, or leave it."
                )
            }
            if let trial = try tx.experiments.running(onFilm: id) {
                throw Problem(
                    .conflict, "An experiment tries something of the film: stop it first.",
                    extra: ["experiment_id": JSON(trial.id)])
            }
            try body.check(on: account.network, rules, in: tx)
            let change = try tx.postChanges.change(post, by: call.actor) { change in
                (change.title, change.text) = (body.title, body.text)
                (change.tags, change.setsTags) = (body.tags ?? [], body.tags != nil)
                change.thumbnailID = body.thumbnailID
            }
            return .record(change, status: 202, location: "/v1/post-changes/\(change.id)")
        }
    }
    routes.post(
        "/v1/social-posts/{id}/remove", .permission("social_posts:write"),
        "Remove a published post from its network",
        named: "remove_social_post", .record(resource, status: 202)
    ) { call in
        let id = try call.id("id", of: SocialPost.self)
        return .write { tx in
            let post = try SocialPost.resource.get(id, in: tx)
            try call.checkVersion(post.version)
            let account = try tx.postChanges.requireChangeable(post, .removal)
            guard account.network.rules.takesBack else {
                throw Problem(
                    .conflict, "\(account.network.title) lets only people take back posts: do it there.")
            }
            let change = try tx.postChanges.change(post, by: call.actor) { $0.kind = .removal }
            return .record(change, status: 202, location: "/v1/post-changes/\(change.id)")
        }
    }
    changeTurns(&routes)
}

private func changeTurns(_ routes: inout Routes) {
    routes.post(
        "/v1/post-changes/{id}/cancel", .permission("social_posts:write"),
        "Cancel a change of a post that has not left", .record(PostChange.resource)
    ) { call in
        let id = try call.id("id", of: PostChange.self)
        return .write { tx in
            let old = try PostChange.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard old.status.isOpen, old.steps == 0 else { throw old.refusal() }
            return .record(try tx.postChanges.move(old, to: .cancelled, by: call.actor))
        }
    }
    routes.post(
        "/v1/post-changes/{id}/retry", .permission("social_posts:write"),
        "Retry a change that its network has refused, or whose answer was lost",
        .record(PostChange.resource, status: 202)
    ) { call in
        let id = try call.id("id", of: PostChange.self)
        return .write { tx in
            let old = try PostChange.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard old.status == .failed || old.status == .unknown else { throw old.refusal() }
            let post = try SocialPost.resource.get(old.postID, in: tx)
            _ = try tx.postChanges.requireChangeable(post, old.kind)
            try tx.alerts.resolve(kind: PostAlert.changeUnknown, subject: old.subject)
            let change = try tx.postChanges.move(old, to: .waiting, by: call.actor) { $0.attempts += 1 }
            try tx.postChanges.wake(change)
            return .record(change, status: 202)
        }
    }
}

extension PostChangeStore where Base == Transaction {
    /// Throws why a post cannot be changed at its network now.
    fileprivate func requireChangeable(
        _ post: SocialPost, _ kind: PostChange.Kind
    ) throws -> SocialAccount {
        guard post.mayChange(kind) else { throw post.refusal() }
        let account = try SocialAccount.resource.get(post.accountID, in: tx)
        guard account.integrationID != nil || post.isCaptured, post.isCaptured || !post.parts.isEmpty else {
            throw Problem(
                .conflict, "A person has published the post: change it at \(account.network.title) yourself.")
        }
        if let other = try underWay(of: post.id) {
            throw Problem(
                .conflict,
                "Another change of the post is \(other.status.rawValue): wait for it, or cancel it first.",
                extra: ["change_id": JSON(other.id)])
        }
        return account
    }
}
