internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// Takes an approved piece to its blog, once. What is about to be said is noted before it is said; where the answer is
/// lost the blog is asked, and what it does not tell is left to a person.
struct PublishItemJob: JobKind {
    struct Payload: Codable, Sendable {
        let item: ContentItemID
        /// The number of times that it had been sent there: a later one has another job.
        let round: Int
    }

    static let kind = "content_item.publish"
    static let queue = "outbox"
    static let attemptsMax = 100
    /// A site may still be at work when its line has broken. So long an empty answer says nothing yet.
    private static let doubt: Duration = .seconds(30)
    private static let pause: Duration = .seconds(2)
    /// The pause after a failure that ends by itself, unless the blog says.
    private static let rest: Duration = .seconds(60)
    let services: IntegrationServices
    let preparation: MediaPreparation
    let dependencies: ContentDependencies

    /// A piece with the way to its blog.
    private struct Work: Sendable {
        let item: ContentItem
        let integration: Integration
        let provider: any BlogPublishing
    }

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let item = try job.read({ try ContentItem.resource.find(payload.item, in: $0) }),
            item.publishing.round == payload.round
        else { return }
        if item.publishing.state == .publishing {
            guard let work = try work(payload, job) else { return try await leaveToPerson(item, job) }
            if item.publishing.takenAt != nil { try await resolve(work, job) }
        } else {
            let leave = try await job.write { tx in
                try tx.itemPublishing.leave(payload.item, round: payload.round, dependencies)
            }
            switch leave {
            case .over: return
            case .wait(let pause, let reason):
                throw JobSnooze(for: max(pause, .seconds(1)), waitingFor: reason)
            case .go: break
            }
            if try work(payload, job) == nil { try await waitForService(item, job) }
        }
        while let work = try work(payload, job), work.item.mayGoOn {
            try Task.checkCancellation()
            try await step(work, job)
        }
    }

    /// Returns what the next step works with; `nil` where the piece, or its way, is gone.
    private func work(_ payload: Payload, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let item = try ContentItem.resource.find(payload.item, in: reader),
                item.publishing.round == payload.round,
                let integration = try item.publishing.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any BlogPublishing
            else { return nil }
            return Work(item: item, integration: integration, provider: provider)
        }
    }

    // MARK: Steps

    private func step(_ work: Work, _ job: JobContext) async throws {
        let item = work.item, notes = item.publishing.kept
        guard try await prepare(item, job) else { return }
        let piece = try job.read { try $0.itemPublishing.outgoing(item) }
        do {
            try await services.perform(
                ServiceEffect(
                    PublishItemTool.name, key: item.stepKey, for: item.caller(at: work.integration)),
                at: work.integration, as: work.provider, job
            ) { tx in
                try tx.itemPublishing.take(item)
            } _: { access, permit async throws(ToolFailure) in
                try await work.provider.step(piece, notes, access, permit.reach)
            } end: { tx, outcome in
                try tx.itemPublishing.settle(item.id, outcome, rest: Self.rest)
            }
        } catch let failure as ToolFailure {
            if failure.isAmbiguous { throw JobSnooze(for: Self.pause, waitingFor: "look_up") }
            guard failure.isRetryable else { return }
            throw JobSnooze(for: failure.retryAfter ?? Self.rest, waitingFor: failure.code)
        } catch let snooze as JobSnooze {
            try await hold(item, snooze, job)
            throw snooze.reason == ToolFailure.refusesAccount
                ? JobSnooze(for: ContentItem.pause, waitingFor: snooze.reason) : snooze
        }
    }

    /// Has the picture at the head of a piece written anew where it tells more than it shows, such as a place. Returns
    /// whether the piece can leave: with a picture that cannot be read it fails.
    private func prepare(_ item: ContentItem, _ job: JobContext) async throws -> Bool {
        guard var head = try job.read({ try $0.itemPublishing.headFile(of: item) }) else { return true }
        if head.verdict == nil {
            do {
                try await preparation.prepare(head.file, for: .blog, of: job.tenant)
            } catch is MediaWorkerError {
                throw JobSnooze(for: ContentItem.pause, waitingFor: "media_unavailable")
            }
            head.verdict = try job.read { try $0.files.found(of: head.file.id, for: .blog).verdict }
        }
        guard case .refused(let fault) = head.verdict else { return true }
        let (code, detail) = fault.said(at: "the blog")
        try await job.write { tx in
            guard let old = try ContentItem.resource.find(item.id, in: tx), old.mayGoOn else { return }
            try tx.itemPublishing.move(old, to: .failed, because: [Reason(code, detail)])
        }
        return false
    }

    /// Holds a piece whose integration nothing here knows to talk with.
    private func waitForService(_ item: ContentItem, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try ContentItem.resource.find(item.id, in: tx),
                old.publishing.state?.isWaiting == true
            else { return }
            try tx.itemPublishing.hold(
                old, because: [Reason("no_provider", "Nothing is connected by which pieces leave.")])
        }
        throw JobSnooze(for: ContentItem.pause, waitingFor: "no_provider")
    }

    /// Shows with the piece what its publisher waits for.
    private func hold(_ item: ContentItem, _ snooze: JobSnooze, _ job: JobContext) async throws {
        try await job.write { tx in
            guard let old = try ContentItem.resource.find(item.id, in: tx),
                old.publishing.state?.isWaiting == true,
                old.publishing.reasons.list.first?.code != "needs_reconnect"
            else { return }
            let reason = Reason(
                snooze.reason, "The blog is not asked before then.", until: tx.now + snooze.delay)
            try tx.itemPublishing.hold(old, because: [reason])
        }
    }

    // MARK: Answers that were lost

    private enum Finding: Sendable {
        case found(BlogStep)
        case absent
        /// The blog does not tell.
        case silent
    }

    /// Asks the blog for what a step has done that was cut off. Returns where the piece can go on; what nobody knows
    /// is never said again.
    private func resolve(_ work: Work, _ job: JobContext) async throws {
        let item = work.item, start = item.publishing.takenAt ?? job.now
        try await job.write { tx in try tx.connectorCalls.giveUp(key: item.stepKey) }
        let piece = try job.read { try $0.itemPublishing.outgoing(item) }
        guard !work.provider.isRepeatable(piece, item.publishing.kept) else {
            return try await release(item, job)
        }
        switch try await look(for: piece, work, job) {
        case .found(let step):
            try await job.write { tx in
                try tx.connectorCalls.resolve(key: item.stepKey, .succeeded)
                try tx.itemPublishing.settle(item.id, .success(step), rest: Self.rest)
            }
        case .absent where job.now - start >= Self.doubt: try await release(item, job)
        case .silent where job.now - start >= Self.doubt: try await leaveToPerson(item, job)
        case .absent, .silent: throw JobSnooze(for: Self.pause, waitingFor: "look_up")
        }
    }

    private func look(for piece: OutgoingPiece, _ work: Work, _ job: JobContext) async throws -> Finding {
        do {
            let found = try await services.look(
                with: FindItemTool.name, into: work.integration, as: work.provider, job
            ) { access, reach async throws(ToolFailure) in
                try await work.provider.find(piece, work.item.publishing.kept, access, reach)
            }
            return found.map { .found($0) } ?? .absent
        } catch is ToolFailure {
            return .silent
        } catch is JobSnooze {
            return .silent
        }
    }

    /// Has a step done again that has left nothing.
    private func release(_ item: ContentItem, _ job: JobContext) async throws {
        try await job.write { tx in
            let again = ToolFailure("not_taken", "The step is done again.", isRetryable: true)
            try tx.connectorCalls.resolve(key: item.stepKey, .failed(again))
            try tx.itemPublishing.release(item.id)
        }
    }

    private func leaveToPerson(_ item: ContentItem, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let old = try ContentItem.resource.find(item.id, in: tx),
                old.publishing.state == .publishing
            else { return }
            try tx.itemPublishing.leaveToPerson(old)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead, .cancelled: break
        default: return
        }
        guard let item = try ContentItem.resource.find(payload.item, in: tx),
            item.publishing.round == payload.round
        else { return }
        if item.publishing.state == .publishing {
            try tx.connectorCalls.giveUp(key: item.stepKey)
            try tx.itemPublishing.leaveToPerson(item)
        } else if item.publishing.state?.isWaiting == true {
            try tx.itemPublishing.move(
                item, to: .failed,
                because: [Reason("not_published", "The piece could not be published: try it again.")])
        }
    }
}

extension ContentItem {
    /// Whether its publisher has something to do with it.
    fileprivate var mayGoOn: Bool { publishing.state?.isWaiting == true || publishing.isBetweenSteps }
}
