internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Sequences
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// Changes of posts that stand: `tx.postChanges`.
struct PostChangeStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postChanges: PostChangeStore<Self> { PostChangeStore(tx: self) }
}

extension PostChangeStore {
    /// Returns the change of a post of which nothing has become yet.
    func underWay(of post: SocialPostID) throws -> PostChange? {
        try PostChange.resource.first(
            where: "post_id = \(post) AND status IN ('waiting', 'held', 'sending')",
            suffix: "ORDER BY id LIMIT 1", in: tx)
    }
}

extension PostChangeStore where Base == Transaction {
    /// Has a post that stands changed; it leaves by a job of its own.
    @discardableResult
    func change(
        _ post: SocialPost, by actor: Actor, _ describe: (inout PostChange) -> Void
    ) throws -> PostChange {
        var change = PostChange.new(id: tx.nextID(), now: tx.now)
        (change.postID, change.accountID, change.clientID) = (post.id, post.accountID, post.clientID)
        describe(&change)
        try tx.create(&change, by: actor)
        try wake(change)
        return change
    }

    func wake(_ change: PostChange) throws {
        try tx.jobs.enqueue(
            ChangePostJob.self, .init(change: change.id),
            JobOptions(
                uniqueKey: "\(change.id)/\(change.attempts)", subject: change.subject,
                limitKey: change.postID))
    }

    /// Stores what has become of a change, and tells it.
    @discardableResult
    func move(
        _ old: PostChange, to status: PostChange.Status, because reasons: [Reason] = [],
        by actor: Actor = .system, changing alter: (inout PostChange) -> Void = { _ in }
    ) throws -> PostChange {
        var change = old
        (change.status, change.reasons) = (status, Parts(reasons))
        alter(&change)
        try tx.update(old, to: &change, by: actor)
        let told: [PostChange.Status] = [.held, .done, .failed, .unknown, .cancelled]
        if old.status != status, told.contains(status) {
            try tx.publish(
                "post_change.\(status.rawValue)", change.subject,
                [
                    "post_id": JSON(change.postID), "kind": .string(change.kind.rawValue),
                    "experiment_id": JSON(change.experimentID), "reason": JSON(reasons.first?.code),
                ])
        }
        return change
    }

    /// Asks all that may hold a change, in the transaction that notes the answer.
    func leave(_ id: ID<PostChange>, _ dependencies: PostsDependencies) throws -> PostLeave {
        guard let change = try PostChange.resource.find(id, in: tx), change.status.isOpen,
            let post = try SocialPost.resource.find(change.postID, in: tx),
            let account = try SocialAccount.resource.find(post.accountID, in: tx)
        else { return .over }
        if let until = change.reasons.list.compactMap(\.until).max(), until > tx.now {
            return .wait(until - tx.now, change.reasons.list.first?.code ?? "wait")
        }
        guard post.mayChange(change.kind) else {
            let reason = Reason("gone", "The post does not stand there any more: nothing was changed.")
            try move(change, to: .failed, because: [reason])
            return .over
        }
        let reasons = try tx.postPublishing.reasonsToWait(
            post, account, dependencies, isRemoval: change.kind == .removal)
        if let first = reasons.first {
            if change.status != .held || change.reasons.list != reasons {
                try move(change, to: .held, because: reasons)
            }
            return .wait(SocialPost.pause, first.code)
        }
        guard tx.sandboxClock.isSandbox || post.isCaptured else { return .go }
        let permit = try tx.gate.permitUnasked(
            change.kind.tool, key: change.stepKey, attempt: 1, for: post.caller,
            by: Connector("", name: account.network.title, priority: 1), nil,
            deadline: IntegrationServices.deadline)
        try tx.gate.settleUnasked(permit, .captured)
        try finish(change, at: post) { $0.isCaptured = true }
        return .over
    }

    /// Marks a step as leaving, before it leaves; `false` where somebody has changed the change meanwhile.
    func take(_ known: PostChange) throws -> Bool {
        guard let old = try PostChange.resource.find(known.id, in: tx), old.version == known.version,
            old.status.isUnderWay, old.takenAt == nil
        else { return false }
        try move(old, to: .sending) { $0.takenAt = tx.now }
        return true
    }

    /// A step whose answer was lost is taken once more.
    func release(_ id: ID<PostChange>) throws {
        guard let old = try PostChange.resource.find(id, in: tx), old.status == .sending else { return }
        try move(old, to: .sending) { change in
            (change.takenAt, change.attempts) = (nil, change.attempts + 1)
        }
    }

    /// Stores what a network has answered to a step; with words about a film as they were before.
    func settle(
        _ id: ID<PostChange>, _ outcome: Result<FilmText?, ToolFailure>, rest: Duration
    ) throws {
        guard let old = try PostChange.resource.find(id, in: tx), old.status == .sending,
            let post = try SocialPost.resource.find(old.postID, in: tx)
        else { return }
        switch outcome {
        case .success(let before):
            let taken = try move(old, to: .sending) { change in
                (change.takenAt, change.steps) = (nil, change.steps + 1)
                change.attempts += 1
                if let before { change.before = before.json }
            }
            if taken.steps >= ChangeStep.all(of: taken, at: post).count { try finish(taken, at: post) }
        // It stays taken: the network is asked for it.
        case .failure(let failure) where failure.isAmbiguous: break
        case .failure(let failure): try refused(old, failure, rest: rest)
        }
    }

    private func refused(_ old: PostChange, _ failure: ToolFailure, rest: Duration) throws {
        let (mayGoOn, reason) = try tx.socialAccounts.refusal(of: old.accountID, failure, rest: rest)
        try move(old, to: mayGoOn ? .held : .failed, because: [reason]) { change in
            (change.takenAt, change.attempts) = (nil, change.attempts + 1)
        }
    }

    /// The network has taken all of a change: the post says what it says there now, or is there no more.
    private func finish(
        _ old: PostChange, at post: SocialPost, changing alter: (inout PostChange) -> Void = { _ in }
    ) throws {
        let change = try move(old, to: .done) { change in
            change.appliedAt = tx.now
            alter(&change)
        }
        try tx.alerts.resolve(kind: PostAlert.changeUnknown, subject: change.subject)
        switch change.kind {
        case .removal:
            try tx.posts.move(post, to: .removed) { $0.nextReadingAt = nil }
        case .update:
            var changed = post, options = post.options.object ?? [:]
            if let text = change.text { changed.text = text }
            if let title = change.title { options["title"] = .string(title) }
            if change.setsTags { options["tags"] = .string(change.tags.joined(separator: ", ")) }
            if !options.isEmpty { changed.options = .object(options) }
            if changed.text != post.text || changed.options != post.options {
                try tx.update(post, to: &changed, by: .system)
            }
        }
    }

    /// Leaves a change to a person of which the network does not tell whether it has taken it.
    func leaveToPerson(_ old: PostChange) throws {
        let change = try move(
            old, to: .unknown,
            because: [Reason("unknown", "The answer was lost, and the network does not tell: look there.")]
        ) { $0.takenAt = nil }
        let network = try SocialAccount.resource.find(change.accountID, in: tx)?.network.title ?? ""
        try tx.alerts.raise(
            kind: PostAlert.changeUnknown, severity: .warning, subject: change.subject,
            title: Saying("alert.post_change_unknown", ["network": .text(network)]),
            action: Saying("alert.post_change_unknown_do"))
    }
}

extension PostChange.Kind {
    /// The tool under which the gate keeps its calls.
    var tool: String { self == .removal ? RemovePostTool.name : ChangePostTool.name }
}

extension SocialPost {
    /// Returns whether something of it stands that a change can be of; a thread that broke stands in part.
    func mayChange(_ kind: PostChange.Kind) -> Bool {
        switch kind {
        case .update: status == .published
        case .removal: status == .published || (status == .failed && !standing.isEmpty)
        }
    }
}

extension FilmText {
    var json: JSON { ["title": .string(title), "text": .string(text), "tags": JSON(tags)] }
}
