internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// Tells what becomes of a post between two calls of its network.
enum PostPause: Sendable { case pause(Duration) }

extension SocialPost {
    /// Whether a step is over and the next has not begun.
    var isBetweenSteps: Bool { status == .publishing && takenAt == nil }

    /// The name of the step that is under way, or is next.
    var stepKey: String { "\(sendKey)/\(attempts)" }

    var progressSoFar: PostProgress {
        guard let progress, let known = PostProgress(stored: progress) else {
            var begun = PostProgress()
            begun.standing = standing
            return begun
        }
        return known
    }
}

extension PostProgress {
    init?(stored: String) {
        guard let json = try? JSONParser.parse(stored), let object = json.object else { return nil }
        self.init()
        standing = object["standing"]?.array?.compactMap(\.text) ?? []
        url = object["url"]?.text
        for (name, value) in object["notes"]?.object?.members ?? [] { notes[name] = value.text ?? "" }
    }

    /// The text in which it is kept, with the moment from which the next step may begin.
    func stored(next: Instant?) -> String {
        let notes = JSONObject(notes.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) })
        let json: JSON = [
            "standing": JSON(standing), "url": JSON(url), "notes": .object(notes),
            "next": .integer(next?.microseconds ?? 0),
        ]
        return json.serialized
    }
}

extension PostPublishingStore {
    /// The post as its network gets it, with pictures as they were made for it; `nil` where one is gone.
    func outgoing(_ post: SocialPost, by links: PublicLinks) throws -> OutgoingPost? {
        guard let account = try SocialAccount.resource.find(post.accountID, in: tx) else { return nil }
        let files = try tx.postMedia.files(post.media.list, on: account.network, as: post.format)
        let draft = tx.posts.draft(of: post, files)
        var media: [OutgoingPost.Medium] = []
        for (prepared, known) in zip(files, draft.media) {
            // Nothing leaves that nobody has looked at.
            guard let file = prepared.sent, !prepared.isUnknown, prepared.fault == nil else { return nil }
            media.append(
                OutgoingPost.Medium(
                    name: file.name, bytes: try tx.files.content(of: file), probe: known.probe,
                    altText: known.altText,
                    url: try links.url(.file, tx.tenant, file.id, expiresAt: tx.now + Self.mediaLife),
                    products: known.products))
        }
        var outgoing = OutgoingPost(
            key: post.sendKey, format: post.format, parts: draft.parts, media: media,
            firstComment: post.firstComment, link: post.link, options: draft.options)
        outgoing.isPaid = post.isPaid
        return outgoing
    }

    /// The time for which networks can fetch what a post shows.
    private static var mediaLife: Duration { .seconds(86_400) }

    /// Returns the rest of a post between two steps.
    func pause(after id: SocialPostID) throws -> PostPause {
        guard let post = try SocialPost.resource.find(id, in: tx), post.isBetweenSteps,
            let kept = post.progress,
            let next = (try? JSONParser.parse(kept))?["next"]?.int
        else { return .pause(.zero) }
        return .pause(.microseconds(max(0, next - tx.now.microseconds)))
    }
}

extension PostPublishingStore where Base == Transaction {
    /// Marks a post as leaving, before it leaves; `false` where somebody has changed it meanwhile.
    func take(_ known: SocialPost) throws -> Bool {
        guard let old = try SocialPost.resource.find(known.id, in: tx), old.version == known.version,
            old.scheduledAt == known.scheduledAt, old.status.isWaiting || old.isBetweenSteps
        else { return false }
        try tx.posts.move(old, to: .publishing) { $0.takenAt = tx.now }
        return true
    }

    /// A step that was cut off may be done again.
    func release(_ id: SocialPostID) throws {
        guard let old = try SocialPost.resource.find(id, in: tx), old.status == .publishing else { return }
        try tx.posts.move(old, to: .publishing) { post in
            (post.takenAt, post.attempts) = (nil, post.attempts + 1)
        }
    }

    /// Stores what a network has answered to a step.
    func settle(_ id: SocialPostID, _ outcome: Result<PostStep, ToolFailure>, rest: Duration) throws {
        guard let old = try SocialPost.resource.find(id, in: tx), old.status == .publishing else { return }
        switch outcome {
        case .success(.next(let progress, let pause)):
            try tx.posts.move(old, to: .publishing) { post in
                (post.takenAt, post.attempts) = (nil, post.attempts + 1)
                post.standing = progress.standing
                if let first = progress.standing.first {
                    (post.remote, post.url) = (first, progress.url ?? post.url)
                }
                post.progress = progress.stored(next: tx.now + pause)
            }
        case .success(.published(let progress)):
            try tx.posts.stands(old) { post in
                (post.takenAt, post.progress) = (nil, nil)
                (post.attempts, post.standing) = (post.attempts + 1, progress.standing)
                (post.remote, post.url) = (progress.standing.first, progress.url ?? post.url)
                post.publishedAt = tx.now
            }
            if progress.notes[PostProgress.untagged] != nil { try tx.posts.askToTag(old) }
        // It stays taken: the network is asked for it.
        case .failure(let failure) where failure.isAmbiguous: break
        case .failure(let failure): try refused(old, failure, rest: rest)
        }
    }

    private func refused(_ old: SocialPost, _ failure: ToolFailure, rest: Duration) throws {
        let (mayGoOn, reason) = try tx.socialAccounts.refusal(of: old.accountID, failure, rest: rest)
        try tx.posts.move(old, to: mayGoOn ? .held : .failed, because: [reason]) { post in
            (post.takenAt, post.attempts) = (nil, post.attempts + 1)
            // A refusal may reach back to earlier steps, so the post begins anew.
            if !mayGoOn { post.progress = nil }
        }
    }

    /// Leaves a post to a person of which nobody knows whether it stands.
    func leaveToPerson(_ old: SocialPost) throws {
        let lost =
            old.standing.isEmpty ? "The answer" : "The answer about its next part, or its first comment,"
        let post = try tx.posts.move(
            old, to: .unknown,
            because: [Reason("unknown", "\(lost) was lost, and the network does not tell: look there.")]
        ) { $0.takenAt = nil }
        let network = try SocialAccount.resource.find(post.accountID, in: tx)?.network.title ?? ""
        try tx.alerts.raise(
            kind: PostAlert.unknown, severity: .warning, subject: post.subject,
            title: Saying("alert.social_post_unknown", ["network": .text(network)]),
            action: Saying("alert.social_post_unknown_do"))
    }
}
