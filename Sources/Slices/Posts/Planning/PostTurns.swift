internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry

/// The body of `POST /v1/social-posts/{id}/done`.
private struct PostDoneBody: Declared {
    var url = ""
    var publishedAt: Instant?
    var soundID: ID<Sound>?, effectID: ID<Sound>?

    static let schema = Schema<PostDoneBody>(
        "PostDoneRequest",
        [
            .url(
                "url", \.url, .required, .example("https://x.com/acme/status/1"), .about("Where it stands.")),
            .instant(
                "published_at", \.publishedAt, .about("When it was published, where that is not just now.")),
            .id("sound_id", \.soundID, .about("The sound of /v1/sounds with which it stands.")),
            .id(
                "effect_id", \.effectID,
                .about("The effect of the app's camera with which it stands, as /v1/sounds has it.")),
        ])

    /// Throws unless sound and effect are the network's own.
    func checkSounds(of post: SocialPost, in reader: some Queryable) throws {
        let network = try SocialAccount.resource.get(post.accountID, in: reader).network
        var faults = Faults()
        for (place, id, kind) in [
            ("/sound_id", soundID, Sound.Kind.sound), ("/effect_id", effectID, .cameraEffect),
        ] {
            guard let id else { continue }
            let sound = try Sound.resource.find(id, in: reader)
            if sound?.kind != kind {
                faults.add(place, "unknown_reference", "The sound or effect does not exist: name another.")
            } else if sound?.network != network {
                faults.add(place, "conflict", "The sound or effect is not of \(network.title): name another.")
            }
        }
        try faults.throwIfAny()
    }
}

/// The body of `POST /v1/social-posts/{id}/resolve`.
private struct PostOutcomeBody: Declared {
    enum Outcome: String, Choice {
        case published
        case notPublished = "not_published"
    }

    var outcome = Outcome.published
    var remote: String?

    static let schema = Schema<PostOutcomeBody>(
        "PostResolveRequest",
        [
            .choice(
                "outcome", \.outcome, .required,
                .about(
                    "Whether it stands on the network; its next part, where the answer about that was lost.")),
            .text("remote_id", \.remote, max: 500, .about("The identifier that the network has given it.")),
        ])
}

/// Tells what people do with a post: each turn is from the states that allow it.
func postTurnRoutes(
    _ routes: inout Routes, _ dependencies: PostsDependencies, _ preparation: MediaPreparation
) {
    routes.declare(PostTiming.self)
    routes.declare(PostDoneBody.self)
    routes.declare(PostOutcomeBody.self)
    routes.turn(
        "schedule", "Set when a post is published: at an hour, or by the account's queue", PostTiming.self,
        preparation
    ) {
        old, body, call, tx in
        guard old.status.isOpen else { throw old.refusal() }
        var faults = Faults()
        if body.at == nil, !body.usesQueue {
            faults.add("/at", "required", "at is required, or queue: say when it is to be published.")
        }
        body.checkOne(at: "/queue", &faults)
        try faults.throwIfAny()
        try dependencies.requireCampaign(of: old, in: tx)
        return try tx.posts.replan(old, body, by: call.actor)
    }
    routes.turn("publish", "Publish a post now", status: 202, preparation) { old, call, tx in
        guard old.status.isOpen else { throw old.refusal() }
        // Of many who press at once, one is enough.
        if old.status == .scheduled, let moment = old.scheduledAt, moment <= tx.now { return old }
        try dependencies.requireCampaign(of: old, in: tx)
        return try tx.posts.replan(old, PostTiming(at: tx.now), by: call.actor)
    }
    routes.turn("cancel", "Cancel a post that has not left") { old, call, tx in
        let allowed = old.status.isOpen || old.status == .awaitingPerson || old.status == .failed
        guard allowed else { throw old.refusal() }
        return try tx.posts.cancel(old, by: call.actor)
    }
    routes.turn("retry", "Publish a post again that a network has refused", status: 202, preparation) {
        old, call, tx in
        guard old.status == .failed else { throw old.refusal() }
        try dependencies.requireCampaign(of: old, in: tx)
        return try tx.posts.replan(old, PostTiming(at: tx.now), by: call.actor)
    }
    routes.turn("done", "Record the address of a post that a person has published", PostDoneBody.self) {
        old, body, call, tx in
        guard old.status == .awaitingPerson else { throw old.refusal() }
        if let moment = body.publishedAt, moment > tx.now {
            throw Problem(faults: [
                Fault("/published_at", "out_of_range", "published_at has not come yet: say when it was.")
            ])
        }
        try body.checkSounds(of: old, in: tx)
        return try tx.posts.stands(old, by: call.actor) { post in
            (post.url, post.publishedAt) = (body.url, body.publishedAt ?? tx.now)
            (post.soundID, post.effectID) = (body.soundID, body.effectID)
        }
    }
    routes.turn(
        "resolve", "Resolve whether a post is published that was lost on its way", PostOutcomeBody.self
    ) {
        old, body, call, tx in
        guard old.status == .unknown else { throw old.refusal() }
        let isThere = body.outcome == .published
        try tx.alerts.resolve(kind: PostAlert.unknown, subject: old.subject)
        try tx.connectorCalls.resolve(
            key: old.stepKey, isThere ? .succeeded : .failed(PostAlert.absent))
        guard isThere else {
            let reason = Reason("not_published", "A person has seen that it does not stand there.")
            // Parts that are known to stand are not said again.
            return try tx.posts.move(old, to: .failed, because: [reason], by: call.actor) {
                $0.progress = nil
            }
        }
        return try tx.posts.stands(old, by: call.actor) { post in
            (post.remote, post.publishedAt) = (body.remote ?? post.remote, tx.now)
        }
    }
}

extension PostStore where Base == Transaction {
    /// Sets when a new or open post leaves; what does not fit is refused then, all at once. A post that an agent
    /// plans waits for a person.
    func plan(_ post: inout SocialPost, _ timing: PostTiming, by actor: Actor, named place: String) throws {
        guard timing.at != nil || timing.usesQueue,
            let account = try SocialAccount.resource.find(post.accountID, in: tx)
        else { return }
        post.textHash = SocialPost.hash(of: post.text, post.thread)
        // An hour of the account's queue is taken last, and only by a post that fits.
        let slot = try timing.usesQueue ? tx.postSlots.take(of: account) : nil
        guard let moment = timing.at ?? slot else { return }
        let faults = try faults(of: post, on: account, at: moment, named: place)
        guard faults.isEmpty else { throw Problem(faults: faults) }
        schedule(&post, at: moment, slot: slot)
        post.costEstimate = try tx.postBudgets.costEstimate(of: post, on: account)
        if actor.kind == .agent { post.status = .needsApproval }
    }

    func replan(_ old: SocialPost, _ timing: PostTiming, by actor: Actor) throws -> SocialPost {
        var post = old
        try plan(&post, timing, by: actor, named: "/at")
        post.rounds += 1
        try tx.update(old, to: &post, by: actor)
        try wake(post)
        try tell(post)
        return post
    }
}

extension Routes {
    /// Adds a turn of posts whose body is declared.
    fileprivate mutating func turn<Body: Declared>(
        _ verb: String, _ summary: String, _ body: Body.Type, _ preparation: MediaPreparation? = nil,
        _ turn: @escaping @Sendable (SocialPost, Body, Call, Transaction) throws -> SocialPost
    ) {
        post(
            "/v1/social-posts/{id}/\(verb)", .permission("social_posts:write"), summary,
            named: "\(verb)_social_post", body: .json(.reference(Body.schema.name)),
            .record(SocialPost.resource)
        ) { call in
            let (id, body) = try (call.id("id", of: SocialPost.self), call.body(Body.self))
            return call.commit(preparation, id) { tx in
                let old = try SocialPost.resource.get(id, in: tx)
                try call.checkVersion(old.version)
                return .record(try turn(old, body, call, tx))
            }
        }
    }

    fileprivate mutating func turn(
        _ verb: String, _ summary: String, status: Int = 200, _ preparation: MediaPreparation? = nil,
        _ turn: @escaping @Sendable (SocialPost, Call, Transaction) throws -> SocialPost
    ) {
        post(
            "/v1/social-posts/{id}/\(verb)", .permission("social_posts:write"), summary,
            named: "\(verb)_social_post", .record(SocialPost.resource, status: status)
        ) { call in
            let id = try call.id("id", of: SocialPost.self)
            return call.commit(preparation, id) { tx in
                let old = try SocialPost.resource.get(id, in: tx)
                try call.checkVersion(old.version)
                return .record(try turn(old, call, tx), status: status)
            }
        }
    }
}

extension Call {
    /// Changes a post once what it shows is prepared: what does not fit is refused then.
    fileprivate func commit(
        _ preparation: MediaPreparation?, _ post: SocialPostID,
        _ change: @escaping @Sendable (Transaction) throws -> Response
    ) -> Outcome {
        guard let preparation else { return .write(change) }
        return .task {
            try await preparation.waited { try await $0.prepare(post, of: tenant) }
            return try await commit(change)
        }
    }
}
