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
internal import Tenancy

/// Takes a change of a post that stands to its network. Each step is noted before it leaves; where the answer is lost,
/// the network is asked what stands there now, and the step is taken again where it was not.
struct ChangePostJob: JobKind {
    struct Payload: Codable, Sendable { let change: ID<PostChange> }

    static let kind = "social_post.change"
    static let queue = "outbox"
    static let attemptsMax = 100
    /// Changes of one post follow on each other.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    /// The time that a network gets to tell what it has taken, and the pause between two looks.
    private static let doubt: Duration = .seconds(12), pause: Duration = .seconds(2)
    /// The pause after a failure that ends by itself, unless the network says.
    private static let rest: Duration = .seconds(60)
    let services: IntegrationServices
    let dependencies: PostsDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    private struct Work: Sendable {
        let change: PostChange, post: SocialPost
        let step: ChangeStep
        let integration: Integration
        let provider: any SocialPublishing
        /// The bytes of the thumbnail, with their media type; `nil`: it was deleted.
        let picture: (bytes: [UInt8], type: String)?
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        if let work = try work(payload, job), work.change.takenAt != nil { try await resolve(work, job) }
        while true {
            try Task.checkCancellation()
            let isUnderWay = try job.read { reader in
                try PostChange.resource.find(payload.change, in: reader)?.status == .sending
            }
            if !isUnderWay {
                let dependencies = dependencies
                let leave = try await job.write { tx in try tx.postChanges.leave(payload.change, dependencies)
                }
                switch leave {
                case .over: return
                case .wait(let pause, let reason):
                    throw JobSnooze(for: max(pause, .seconds(1)), waitingFor: reason)
                case .go: break
                }
            }
            guard let work = try work(payload, job) else { return try await lacksWay(payload, job) }
            try await take(work, job)
        }
    }

    /// Returns what the next step works with; `nil` where the way to the network is gone.
    private func work(_ payload: Payload, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let change = try PostChange.resource.find(payload.change, in: reader),
                change.status.isUnderWay,
                let post = try SocialPost.resource.find(change.postID, in: reader),
                let account = try SocialAccount.resource.find(post.accountID, in: reader),
                let integration = try account.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any SocialPublishing
            else { return nil }
            let steps = ChangeStep.all(of: change, at: post)
            guard steps.indices.contains(change.steps) else { return nil }
            var picture: (bytes: [UInt8], type: String)?
            if steps[change.steps] == .thumbnail, let id = change.thumbnailID,
                let file = try StoredFile.resource.find(id, in: reader)
            {
                picture = (try reader.files.content(of: file), file.mediaType)
            }
            return Work(
                change: change, post: post, step: steps[change.steps], integration: integration,
                provider: provider, picture: picture)
        }
    }

    private func lacksWay(_ payload: Payload, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try PostChange.resource.find(payload.change, in: tx), old.status.isUnderWay else {
                return
            }
            let reason = Reason(
                "no_provider", "Nothing is connected by which the post could be changed: do it there.")
            try tx.postChanges.move(old, to: .failed, because: [reason]) { $0.takenAt = nil }
        }
    }

    // MARK: Steps

    private func take(_ work: Work, _ job: JobContext) async throws {
        let change = work.change, settings = work.integration.settings
        do {
            try await services.perform(
                ServiceEffect(change.kind.tool, key: change.stepKey, for: work.post.caller) { call in
                    guard case .remove = work.step, let provider = work.provider as? any SocialRemoving else {
                        return call
                    }
                    return provider.price(ofRemoving: settings, call: call)
                }, at: work.integration, as: work.provider, job
            ) { tx in
                try tx.postChanges.take(change)
            } _: { access, permit async throws(ToolFailure) in
                try await Self.take(work, access, permit.reach)
            } end: { tx, outcome in
                try tx.postChanges.settle(change.id, outcome, rest: Self.rest)
            }
        } catch let failure as ToolFailure {
            if failure.isAmbiguous { throw JobSnooze(for: Self.pause, waitingFor: "look_up") }
            if failure.endsAccess { throw JobSnooze(for: SocialPost.pause, waitingFor: failure.code) }
            guard failure.isRetryable else { return }
            throw JobSnooze(for: failure.retryAfter ?? Self.rest, waitingFor: failure.code)
        } catch let snooze as JobSnooze {
            try await hold(change, snooze, job)
            throw snooze.reason == ToolFailure.refusesAccount
                ? JobSnooze(for: SocialPost.pause, waitingFor: snooze.reason) : snooze
        }
    }

    /// Returns the words about a film as they were before, where they were changed.
    private static func take(
        _ work: Work, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> FilmText? {
        switch work.step {
        case .remove(let part):
            guard let provider = work.provider as? any SocialRemoving else { throw unable }
            try await provider.remove(part, access, reach)
            return nil
        case .words:
            guard let provider = work.provider as? any FilmChanging, let film = work.post.parts.first else {
                throw unable
            }
            return try await provider.set(work.change.words, of: film, access, reach)
        case .thumbnail:
            guard let provider = work.provider as? any FilmChanging, let film = work.post.parts.first else {
                throw unable
            }
            guard let picture = work.picture else {
                throw ToolFailure(
                    "media_missing", "The picture was deleted: choose another.", isRetryable: false)
            }
            try await provider.setThumbnail(picture.bytes, picture.type, of: film, access, reach)
            return nil
        }
    }

    private static let unable = ToolFailure(
        "not_supported", "The network does not let this be changed: do it there.", isRetryable: false)

    /// Shows with the change what it waits for.
    private func hold(_ change: PostChange, _ snooze: JobSnooze, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try PostChange.resource.find(change.id, in: tx), old.status.isUnderWay,
                old.takenAt == nil, old.reasons.list.first?.code != "needs_reconnect"
            else { return }
            try tx.postChanges.move(
                old, to: .held,
                because: [
                    Reason(
                        snooze.reason, "The network is not asked before then.", until: tx.now + snooze.delay)
                ])
        }
    }

    // MARK: Answers that were lost

    /// Asks the network for what a step has done that was cut off.
    private func resolve(_ work: Work, _ job: JobContext) async throws {
        let change = work.change, start = change.takenAt ?? job.now
        try await job.write { tx in try tx.connectorCalls.giveUp(key: change.stepKey) }
        var isTaken: Bool?
        do {
            isTaken = try await services.look(
                with: FindPostTool.name, into: work.integration, as: work.provider, job
            ) { access, reach async throws(ToolFailure) in
                try await Self.isTaken(work, access, reach)
            }
        } catch is ToolFailure {
            isTaken = nil
        } catch is JobSnooze {
            isTaken = nil
        }
        switch isTaken {
        case true?:
            try await job.write { tx in
                try tx.connectorCalls.resolve(key: change.stepKey, .succeeded)
                try tx.postChanges.settle(change.id, .success(nil), rest: Self.rest)
            }
        case false?:
            try await job.write { tx in
                let again = ToolFailure("not_taken", "The step is taken again.", isRetryable: true)
                try tx.connectorCalls.resolve(key: change.stepKey, .failed(again))
                try tx.postChanges.release(change.id)
            }
        case nil:
            guard job.now - start >= Self.doubt else {
                throw JobSnooze(for: Self.pause, waitingFor: "look_up")
            }
            try await job.write { tx in
                guard let old = try PostChange.resource.find(change.id, in: tx), old.status == .sending else {
                    return
                }
                try tx.postChanges.leaveToPerson(old)
            }
        }
    }

    /// A network shows no thumbnail as it was sent: it is set again, which leaves the film as it is.
    private static func isTaken(
        _ work: Work, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        switch work.step {
        case .remove(let part):
            guard let provider = work.provider as? any SocialRemoving else { return false }
            return try await !provider.stands(part, access, reach)
        case .words:
            guard let provider = work.provider as? any FilmChanging, let film = work.post.parts.first else {
                return false
            }
            return try await provider.words(of: film, access, reach).are(work.change.words)
        case .thumbnail:
            guard let provider = work.provider as? any FilmChanging, let film = work.post.parts.first else {
                return false
            }
            _ = try await provider.words(of: film, access, reach)
            return false
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead, .cancelled: break
        default: return
        }
        guard let change = try PostChange.resource.find(payload.change, in: tx) else { return }
        if change.takenAt != nil {
            try tx.connectorCalls.giveUp(key: change.stepKey)
            try tx.postChanges.leaveToPerson(change)
        } else if change.status.isUnderWay {
            try tx.postChanges.move(
                change, to: .failed,
                because: [Reason("not_changed", "The post could not be changed: try it again.")])
        }
    }
}

// The tools under which the gate keeps changes of posts that stand.

struct ChangePostTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "change_social_post"
    let title = "Change a post that stands"
    let summary = "Sets other words or another thumbnail of a film at its network."
    let effect = ToolClass.sends
}

struct RemovePostTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "remove_social_post"
    let title = "Take back a post"
    let summary = "Takes a post away at its network."
    let effect = ToolClass.sends
}
