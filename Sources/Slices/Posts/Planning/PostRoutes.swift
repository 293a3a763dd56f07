internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry
internal import Tenancy
internal import Transfer

/// When a post is to leave, as a request says it.
struct PostTiming: Declared {
    var at: Instant?
    var usesQueue = false

    static let schema = Schema<PostTiming>(
        "PostScheduleRequest",
        [
            .instant("at", \.at, .about("When it is to be published.")),
            .boolean(
                "queue", \.usesQueue, .standard(false), .about("The next free hour of the account's queue.")),
        ])
}

/// `/v1/social-posts`: what is to stand on networks, from the draft to where it stands.
func socialPostRoutes(
    _ routes: inout Routes, _ dependencies: PostsDependencies, _ preparation: MediaPreparation,
    uploads: String
) {
    let resource = SocialPost.resource
    routes.standard(
        resource, read: "social_posts:read", write: "social_posts:write", create: false, patch: false)
    let facts: JSONObject = [
        "account_id": ["type": "string", "description": "The account at which it stands."],
        "campaign_id": ["type": ["string", "null"], "description": "The campaign that it is of."],
        "reason": ["type": ["string", "null"], "description": "Why it did not leave."],
    ]
    routes.event("social_post.scheduled", "A post is to be published at its hour.", facts)
    routes.event("social_post.published", "A post was published on its network.", facts)
    routes.event("social_post.failed", "A network has refused a post.", facts)
    routes.event(
        "social_post.unknown", "A post may be published on its network, or may not be: a person looks.", facts
    )
    routes.event("social_post.missed", "A post could not leave at its hour, and waits for a person.", facts)
    routes.event("social_post.held", "A post is held back at its hour.", facts)
    routes.event("social_post.awaiting_person", "A person is to publish a post.", facts)
    routes.event("social_post.cancelled", "A post was cancelled.", facts)
    routes.event("social_post.removed", "A post that stood was taken back at its network.", facts)
    routes.schema("SocialPostCreation", SocialPost.creationSchema)
    routes.transfer(dependencies.transfer, folder: uploads)
    creation(&routes, dependencies, preparation)
    change(&routes, dependencies, preparation)
    postCheckRoutes(&routes, preparation)
    postTurnRoutes(&routes, dependencies, preparation)
}

private func creation(
    _ routes: inout Routes, _ dependencies: PostsDependencies, _ preparation: MediaPreparation
) {
    routes.post(
        "/v1/social-posts", .permission("social_posts:write"),
        "Create a post: a draft, or one that leaves at an hour or by the account's queue",
        body: .json(.reference("SocialPostCreation")), .record(SocialPost.resource, status: 201)
    ) { call in
        var body = try call.object()
        var draft = SocialPost(), timing = PostTiming(), faults = Faults()
        let given: JSONObject = [
            "at": body["scheduled_at"] ?? .null, "queue": body["queue"] ?? .bool(false),
        ]
        PostTiming.schema.create(&timing, from: given, faults: &faults)
        let told = faults.list.map { fault in
            var fault = fault
            if fault.pointer == "/at" { fault.pointer = "/scheduled_at" }
            return fault
        }
        faults = Faults()
        faults.add(contentsOf: told)
        body.remove("scheduled_at")
        body.remove("queue")
        SocialPost.schema.create(&draft, from: body, faults: &faults)
        timing.checkOne(at: "/queue", &faults)
        try faults.throwIfAny()
        let create = { @Sendable [draft, timing, faults] (tx: Transaction) throws -> Response in
            var post = draft
            post.beginLife(id: tx.nextID(), now: tx.now)
            try tx.requiring(faults.references) {
                try dependencies.requireKnown(post, replacing: nil, in: tx)
                try tx.posts.plan(&post, timing, by: call.actor, named: "/scheduled_at")
                try tx.create(&post, by: call.actor)
            }
            try tx.posts.wake(post)
            try tx.posts.tell(post)
            try tx.postMedia.prepare(post)
            return .record(post, status: 201, location: "/v1/social-posts/\(post.id)")
        }
        // A draft may be unfinished: what it shows is prepared behind it.
        guard !draft.media.list.isEmpty, timing.at != nil || timing.usesQueue else { return .write(create) }
        return .task { [draft] in
            try await preparation.waited { preparation in
                try await preparation.prepare(
                    draft.media.list, at: draft.accountID, as: draft.format, of: call.tenant)
            }
            return try await call.commit(create)
        }
    }
}

private func change(
    _ routes: inout Routes, _ dependencies: PostsDependencies, _ preparation: MediaPreparation
) {
    routes.change(of: SocialPost.resource, "social_posts:write", "Update a post that has not left") { old in
        guard old.status.isOpen else { throw old.refusal() }
    } check: { old, new, tx in
        try dependencies.requireKnown(new, replacing: old, in: tx)
        try tx.posts.requireFitting(new, replacing: old)
    } readying: { id, body, call in
        guard body["media"] != nil || body["format"] != nil,
            let old = try call.read({ try SocialPost.resource.find(id, in: $0) }), old.status.isWaiting
        else { return }
        // Faults of the body are reported by the check below, not here.
        var post = old, faults = Faults()
        _ = SocialPost.schema.patch(&post, with: body, faults: &faults)
        let (media, account, format) = (post.media.list, post.accountID, post.format)
        try await preparation.waited { preparation in
            try await preparation.prepare(media, at: account, as: format, of: call.tenant)
        }
    }
}

extension PostStore where Base == Transaction {
    /// Throws all at once that keeps a post that waits from leaving as it is now.
    func requireFitting(_ new: SocialPost, replacing old: SocialPost) throws {
        guard old.status.isWaiting else { return }
        let account = try SocialAccount.resource.get(new.accountID, in: tx)
        // Its hour stays as it is: one that has come is no fault of the new words.
        var post = new
        post.textHash = SocialPost.hash(of: new.text, new.thread)
        let moment = max(new.scheduledAt ?? tx.now, tx.now)
        let faults = try faults(of: post, on: account, at: moment)
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }
}

extension PostTiming {
    func checkOne(at place: String, _ faults: inout Faults) {
        guard at != nil, usesQueue else { return }
        faults.add(place, "conflict", "A post leaves at an hour or by the queue: leave one of them out.")
    }
}

extension PostsDependencies {
    /// Throws for a campaign that there is not, or not any more.
    func requireKnown(
        _ post: SocialPost, replacing old: SocialPost?, in reader: some Queryable
    ) throws {
        guard let id = post.campaignID, id != old?.campaignID else { return }
        var faults = Faults()
        switch try campaign(reader, id) {
        case nil:
            faults.add("/campaign_id", "unknown_reference", "The campaign does not exist: check its id.")
        case .over:
            faults.add("/campaign_id", "conflict", "The campaign is completed: leave campaign_id out.")
        case .active, .resting: break
        }
        try faults.throwIfAny()
    }
}

extension SocialPost {
    fileprivate static let creationSchema = SocialPost.schema.jsonSchema(.create).merging([
        "properties": [
            "scheduled_at": [
                "type": ["string", "null"], "format": "date-time",
                "description": "When it is to be published; a draft without this and queue.",
            ],
            "queue": [
                "type": "boolean",
                "description": "Whether it takes the next free hour of the account's queue.",
            ],
        ]
    ])
}
