internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy
internal import Templates

/// Takes a post to its network at its hour, once. What is about to be said is noted before it is said; where the answer
/// is lost, the network is asked, and what nobody knows is left to a person.
struct PublishPostJob: JobKind {
    struct Payload: Codable, Sendable {
        let post: SocialPostID
        /// The hour for which it was made, in microseconds: one that was moved has another job.
        let at: Int64
    }

    static let kind = "social_post.publish"
    static let queue = "outbox"
    static let attemptsMax = 100
    /// The time that a network gets to show what it has taken, and the pause between two looks.
    private static let doubt: Duration = .seconds(12), pause: Duration = .seconds(2)
    /// The pause after a failure that ends by itself, unless the network says.
    private static let rest: Duration = .seconds(60)
    let services: IntegrationServices
    let preparation: MediaPreparation
    let dependencies: PostsDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let post = try job.read({ try SocialPost.resource.find(payload.post, in: $0) }),
            post.scheduledAt?.microseconds == payload.at
        else { return }
        if post.status == .publishing {
            try await prepare(post, job)
            guard let work = try work(payload, job) else { return try await leaveToPerson(post, job) }
            if work.post.takenAt != nil { try await resolve(work, job) }
        } else {
            let dependencies = dependencies
            let leave = try await job.write { tx in
                try tx.postPublishing.leave(payload.post, at: payload.at, dependencies)
            }
            switch leave {
            case .over: return
            case .wait(let pause, let reason):
                throw JobSnooze(for: max(pause, .seconds(1)), waitingFor: reason)
            case .go: break
            }
            try await prepare(post, job)
            guard try await fits(post, job) else { return }
            if try work(payload, job) == nil { try await waitForService(post, job) }
        }
        while let work = try work(payload, job), work.post.status.isWaiting || work.post.isBetweenSteps {
            try Task.checkCancellation()
            try await step(work, job)
        }
    }

    /// Returns what the next step works with; `nil` where the post, or its way, is gone.
    private func work(_ payload: Payload, _ job: JobContext) throws -> PostWork? {
        try job.read { reader in
            guard let post = try SocialPost.resource.find(payload.post, in: reader),
                post.scheduledAt?.microseconds == payload.at,
                let account = try SocialAccount.resource.find(post.accountID, in: reader),
                let integration = try account.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any SocialPublishing
            else { return nil }
            return PostWork(post: post, account: account, integration: integration, provider: provider)
        }
    }

    /// The pause until a film that is being made is looked at again.
    private static let making: Duration = .seconds(5)

    /// Has what the post shows prepared, where that was not done when it was planned. A film is made by a job of its
    /// own.
    private func prepare(_ post: SocialPost, _ job: JobContext) async throws {
        guard !post.media.list.isEmpty else { return }
        do {
            try await preparation.prepare(post.id, of: job.tenant)
        } catch is MediaWorkerError {
            throw JobSnooze(for: SocialPost.pause, waitingFor: "media_unavailable")
        }
        let isBeingMade = try job.read { reader in
            guard let account = try SocialAccount.resource.find(post.accountID, in: reader) else {
                return false
            }
            return try reader.postMedia.hasUnknown(post, on: account)
        }
        guard isBeingMade else { return }
        try await job.write { try $0.postMedia.prepare(post) }
        throw JobSnooze(for: Self.making, waitingFor: "media_being_made")
    }

    /// Returns whether what the post shows can leave; a post whose pictures do not fit fails.
    private func fits(_ post: SocialPost, _ job: JobContext) async throws -> Bool {
        guard !post.media.list.isEmpty else { return true }
        return try await job.write { tx in
            guard let old = try SocialPost.resource.find(post.id, in: tx), old.status.isWaiting,
                let account = try SocialAccount.resource.find(old.accountID, in: tx),
                let reason = try tx.postMedia.obstacle(old, on: account)
            else { return true }
            try tx.posts.move(old, to: .failed, because: [reason])
            return false
        }
    }

    // MARK: Steps

    private func step(_ work: PostWork, _ job: JobContext) async throws {
        let post = work.post, progress = post.progressSoFar
        guard let outgoing = try outgoing(post, job) else { return try await lacksMedia(post, job) }
        var effect = ServiceEffect(PublishPostTool.name, key: post.stepKey, for: post.caller) { call in
            work.provider.price(outgoing, progress, work.integration.settings, call: call)
        }
        effect.isBudgeted = true
        do {
            try await services.perform(effect, at: work.integration, as: work.provider, job) { tx in
                guard try tx.postPublishing.take(post) else { return false }
                try tx.postBudgets.setRestAside(for: post, on: work.account)
                return true
            } _: { access, permit async throws(ToolFailure) in
                try await work.provider.step(outgoing, progress, access, permit.reach)
            } end: { tx, outcome in
                try tx.postPublishing.settle(post.id, outcome, rest: Self.rest)
            }
        } catch let failure as ToolFailure {
            if failure.isAmbiguous { throw JobSnooze(for: Self.pause, waitingFor: "look_up") }
            if failure.endsAccess { throw JobSnooze(for: SocialPost.pause, waitingFor: failure.code) }
            guard failure.isRetryable else { return }
            throw JobSnooze(for: failure.retryAfter ?? Self.rest, waitingFor: failure.code)
        } catch let snooze as JobSnooze {
            try await hold(post, snooze, job)
            // A thread that a budget holds in its middle goes on soon after there is more money.
            let isBrief =
                snooze.reason == SocialPost.overBudget && post.status == .publishing
                || snooze.reason == ToolFailure.refusesAccount
            throw isBrief ? JobSnooze(for: SocialPost.pause, waitingFor: snooze.reason) : snooze
        }
        if case .pause(let pause) = try job.read({ try $0.postPublishing.pause(after: post.id) }),
            pause > .zero
        {
            throw JobSnooze(for: pause, waitingFor: work.account.network.title)
        }
    }

    private func outgoing(_ post: SocialPost, _ job: JobContext) throws -> OutgoingPost? {
        try job.read { reader in
            var outgoing = try reader.postPublishing.outgoing(post, by: services.platform.links)
            outgoing?.isMadeWithAI =
                try post.isMadeWithAI ?? post.itemID.map { try dependencies.isMadeWithAI(reader, $0) }
                ?? false
            return outgoing
        }
    }

    private func lacksMedia(_ post: SocialPost, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try SocialPost.resource.find(post.id, in: tx), old.version == post.version else {
                return
            }
            try tx.posts.move(
                old, to: .failed,
                because: [Reason("media_missing", "A picture or film of it was deleted: choose another.")])
        }
    }

    /// Holds a post whose integration nothing here knows to talk with.
    private func waitForService(_ post: SocialPost, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try SocialPost.resource.find(post.id, in: tx), old.status.isWaiting else {
                return
            }
            let reason = Reason(
                "no_provider", "Nothing is connected by which posts leave: connect the account.")
            guard old.status != .held || old.reasons.list != [reason] else { return }
            try tx.posts.move(old, to: .held, because: [reason])
        }
        throw JobSnooze(for: SocialPost.pause, waitingFor: "no_provider")
    }

    /// Shows with the post what its publisher waits for.
    private func hold(_ post: SocialPost, _ snooze: JobSnooze, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try SocialPost.resource.find(post.id, in: tx), old.status.isWaiting,
                old.reasons.list.first?.code != "needs_reconnect"
            else { return }
            try tx.posts.move(
                old, to: .held,
                because: [
                    Reason(
                        snooze.reason, "The network is not asked before then.", until: tx.now + snooze.delay)
                ])
        }
    }

    // MARK: Answers that were lost

    /// Asks the network for what a step has done that was cut off. Returns where the post can go on; what nobody knows
    /// is never said again.
    private func resolve(_ work: PostWork, _ job: JobContext) async throws {
        let post = work.post, progress = post.progressSoFar, start = post.takenAt ?? job.now
        try await job.write { tx in try tx.connectorCalls.giveUp(key: post.stepKey) }
        guard let outgoing = try outgoing(post, job) else { return try await leaveToPerson(post, job) }
        guard !work.provider.isRepeatable(outgoing, progress) else {
            return try await job.write { tx in
                let again = ToolFailure("not_taken", "The step is done again.", isRetryable: true)
                try tx.connectorCalls.resolve(key: post.stepKey, .failed(again))
                try tx.postPublishing.release(post.id)
            }
        }
        var found: PostStep?
        do {
            found = try await services.look(
                with: FindPostTool.name, into: work.integration, as: work.provider, job
            ) { access, reach async throws(ToolFailure) in
                try await work.provider.find(outgoing, progress, since: start, access, reach)
            }
        } catch is ToolFailure {
            found = nil
        } catch is JobSnooze {
            found = nil
        }
        if let found {
            return try await job.write { tx in
                try tx.connectorCalls.resolve(key: post.stepKey, .succeeded)
                try tx.postPublishing.settle(post.id, .success(found), rest: Self.rest)
            }
        }
        guard job.now - start >= Self.doubt else { throw JobSnooze(for: Self.pause, waitingFor: "look_up") }
        try await leaveToPerson(post, job)
    }

    private func leaveToPerson(_ post: SocialPost, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let old = try SocialPost.resource.find(post.id, in: tx), old.status == .publishing else {
                return
            }
            try tx.postPublishing.leaveToPerson(old)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead, .cancelled: break
        default: return
        }
        guard let post = try SocialPost.resource.find(payload.post, in: tx),
            post.scheduledAt?.microseconds == payload.at
        else { return }
        if post.status == .publishing {
            try tx.connectorCalls.giveUp(key: post.stepKey)
            try tx.postPublishing.leaveToPerson(post)
        } else if post.status.isWaiting {
            try tx.posts.move(
                post, to: .failed,
                because: [Reason("not_published", "The post could not be published: try it again.")])
        }
    }
}
