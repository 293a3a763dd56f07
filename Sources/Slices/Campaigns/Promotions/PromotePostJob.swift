internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Brings a promotion on: has it made at its service, run or rest there, and asks how it does. All that it asks for may
/// be asked for twice: what was made is found by its name, and what runs is set as an absolute.
struct PromotePostJob: JobKind {
    struct Payload: Codable, Sendable { let promotion: ID<PostPromotion> }

    static let kind = "post_promotion.step"
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    private static let rest: Duration = .seconds(60), between: Duration = .seconds(6 * 3600)
    let services: IntegrationServices
    let dependencies: CampaignDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(600) }

    private struct Work: Sendable {
        let promotion: PostPromotion
        let integration: Integration
        let provider: any PostPromoting

        var caller: ToolCaller {
            ToolCaller(actor: .system, subject: promotion.subject, clientID: promotion.clientID)
        }
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.promotion
        do {
            while let work = try work(id, job) {
                try Task.checkCancellation()
                switch work.promotion.status {
                case .preparing: try await prepare(work, job)
                case .starting: try await set(true, work, job)
                case .stopping: try await set(false, work, job)
                default:
                    try await measure(work, job)
                    return try await job.complete { tx in try planNext(id, in: tx) }
                }
            }
        } catch let failure as ToolFailure {
            try await note(failure, of: id, job)
            guard !failure.isRetryable else {
                throw JobSnooze(for: failure.retryAfter ?? Self.rest, waitingFor: failure.code)
            }
        }
        try await job.complete { tx in try planNext(id, in: tx) }
    }

    /// `nil`: nothing is to be done now.
    private func work(_ id: ID<PostPromotion>, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let promotion = try PostPromotion.resource.find(id, in: reader),
                promotion.status.isOpen, promotion.status != .ready
            else { return nil }
            guard let integration = try Integration.resource.find(promotion.integrationID, in: reader),
                let provider = services.providers[integration.provider] as? any PostPromoting
            else {
                throw ToolFailure(
                    "no_provider", "the advertising service is not connected", isRetryable: false)
            }
            return Work(promotion: promotion, integration: integration, provider: provider)
        }
    }

    private func prepare(_ work: Work, _ job: JobContext) async throws {
        let promotion = work.promotion, id = promotion.id, parts = promotion.parts
        guard let step = parts.next else {
            try await job.write { tx in _ = try tx.promotions.move(id, to: .ready) { $0.reasons = Parts() } }
            return
        }
        let order = try job.read { try self.order(of: promotion, in: $0) }
        try await services.perform(
            ServiceEffect(
                PromotePostTool.name, key: "\(id)/\(step.rawValue)", for: work.caller),
            at: work.integration, as: work.provider, job
        ) { tx in
            try PostPromotion.resource.find(id, in: tx)?.status == .preparing
        } _: { access, permit async throws(ToolFailure) in
            try await work.provider.promote(order, parts, access, permit.reach)
        } end: { tx, outcome in
            guard case .success(let made) = outcome else { return }
            _ = try tx.promotions.move(id, to: .preparing) { promotion in
                (promotion.adSet, promotion.creative, promotion.ad) = (made.adSet, made.creative, made.ad)
            }
        }
    }

    private func order(of promotion: PostPromotion, in reader: Reader) throws -> PromotionOrder {
        guard let post = try dependencies.promotable(reader, promotion.postID), let remote = post.remote,
            let ad = try AdCampaign.resource.find(promotion.adCampaignID, in: reader)
        else { throw ToolFailure("not_found", "the post does not stand any more", isRetryable: false) }
        let story: PromotionOrder.Story =
            post.network == "instagram"
            ? .instagram(media: remote, account: post.account ?? "") : .page(post: remote)
        return PromotionOrder(
            key: promotion.key, story: story, in: ad.remoteID, daily: promotion.dailyBudget,
            lifetime: promotion.lifetimeBudget, from: promotion.startAt, until: promotion.endAt,
            countries: promotion.countries)
    }

    private func set(_ isOn: Bool, _ work: Work, _ job: JobContext) async throws {
        let promotion = work.promotion, id = promotion.id
        if isOn, let brake = try job.read({ try job.runtime.questions.brake($0, promotion.clientID) }) {
            throw ToolFailure("brake", "the brake \(brake) holds it back", isRetryable: true)
        }
        try await services.perform(
            ServiceEffect(
                isOn ? RunPromotionTool.name : RestPromotionTool.name,
                key: "\(id)/\(isOn ? "on" : "off")/\(promotion.version)", for: work.caller),
            at: work.integration, as: work.provider, job
        ) { tx in
            try PostPromotion.resource.find(id, in: tx)?.status == (isOn ? .starting : .stopping)
        } _: { access, permit async throws(ToolFailure) in
            try await work.provider.run(promotion.parts, isOn, access, permit.reach)
        } end: { tx, outcome in
            guard case .success(let state) = outcome,
                let now = try PostPromotion.resource.find(id, in: tx), now.status == promotion.status
            else { return }
            switch state {
            case .running:
                try tx.promotions.move(id, to: isOn ? .running : .stopping) { $0.reasons = Parts() }
            case .inReview: try tx.promotions.move(id, to: isOn ? .inReview : .stopped)
            case .resting: try tx.promotions.move(id, to: .stopped)
            case .refused(let words):
                let reason = Reason("refused", String(words.prefix(500)))
                try tx.promotions.move(id, to: isOn ? .failed : .stopped) { $0.reasons = Parts([reason]) }
            }
        }
    }

    /// Asks how it does, and whether what was looked at is shown now.
    private func measure(_ work: Work, _ job: JobContext) async throws {
        let promotion = work.promotion, id = promotion.id, now = job.now
        guard let ad = promotion.ad else { return }
        let asks = promotion.status == .inReview
        try await services.perform(
            ServiceEffect(
                ReadPromotionTool.name, key: "\(id)/figures/\(now.microseconds)", for: work.caller),
            at: work.integration, as: work.provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            let figures = try await work.provider.figures(ofAd: ad, access, permit.reach)
            guard asks else { return (figures, PromotionState.running) }
            return (figures, try await work.provider.run(promotion.parts, true, access, permit.reach))
        } end: { tx, outcome in
            guard case .success(let (figures, state)) = outcome,
                let old = try PostPromotion.resource.find(id, in: tx), old.status == promotion.status
            else { return }
            let isOver = old.endAt <= tx.now
            var next = isOver ? PostPromotion.Status.ended : old.status
            var reasons = old.reasons
            if asks, case .running = state { next = isOver ? .ended : .running }
            if asks, case .refused(let words) = state {
                (next, reasons) = (.failed, Parts([Reason("refused", String(words.prefix(500)))]))
            }
            _ = try tx.promotions.move(id, to: next) { promotion in
                promotion.reasons = reasons
                promotion.measuredAt = tx.now
                promotion.spend = figures?.spend ?? promotion.spend
                promotion.impressions = figures.map { Int($0.impressions) } ?? promotion.impressions
                promotion.people = figures?.reach.map { Int($0) } ?? promotion.people
                promotion.clicks = figures.map { Int($0.clicks) } ?? promotion.clicks
            }
        }
    }

    private func planNext(_ id: ID<PostPromotion>, in tx: Transaction) throws {
        guard let promotion = try PostPromotion.resource.find(id, in: tx),
            promotion.status == .running || promotion.status == .inReview
        else { return }
        let pause: Duration = promotion.status == .inReview ? .seconds(900) : Self.between
        try tx.promotions.wake(id, at: min(tx.now + pause, max(promotion.endAt, tx.now) + .seconds(3600)))
    }

    private func note(_ failure: ToolFailure, of id: ID<PostPromotion>, _ job: JobContext) async throws {
        let reason = Reason(failure.code, String(failure.detail.prefix(500)))
        try await job.write { tx in
            guard let old = try PostPromotion.resource.find(id, in: tx) else { return }
            // A failed reading leaves the advertisement as it is, and a failed stop is tried again: only making and
            // starting end in failure.
            let ends = !failure.isRetryable && [.preparing, .starting].contains(old.status)
            let now = try tx.promotions.move(id, to: ends ? .failed : old.status) {
                $0.reasons = Parts([reason])
            }
            guard ends || old.status == .stopping, let now else { return }
            try tx.alerts.raise(
                kind: "promotion_failed", severity: .warning, subject: now.subject,
                title: Saying(
                    "alert.promotion_failed", ["detail": .saying(.cause(failure.code, failure.detail))]),
                action: Saying("alert.promotion_failed_do"))
        }
    }
}

struct PromotePostTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "promote_post"
    let title = "Prepare the advertisement of a post"
    let summary = "Makes an advertisement of a post at an advertising service, which rests there."
    let effect = ToolClass.writes
}

struct RunPromotionTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "run_promotion"
    let title = "Run the advertisement of a post"
    let summary = "Has an advertising service show a post for money."
    let effect = ToolClass.spends
    let takesQuota = true
}

struct RestPromotionTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "rest_promotion"
    let title = "Stop the advertisement of a post"
    let summary = "Has an advertising service show a post for money no more."
    let effect = ToolClass.writes
}

struct ReadPromotionTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_promotion"
    let title = "Read the figures of an advertised post"
    let summary = "Asks an advertising service what a post has cost and brought there."
    let effect = ToolClass.reads
}

func promotionJobs(
    _ registration: inout JobRegistration, _ services: IntegrationServices,
    _ dependencies: CampaignDependencies
) {
    registration.add(PromotePostTool())
    registration.add(RunPromotionTool())
    registration.add(RestPromotionTool())
    registration.add(ReadPromotionTool())
    registration.add(StartPromotionTool())
    registration.add(PromotionWatch())
    registration.add(PromotePostJob(services: services, dependencies: dependencies))
    registration.questions.addConnectors(
        of: [PromotePostTool.name, RunPromotionTool.name, RestPromotionTool.name, ReadPromotionTool.name]
    ) { reader in
        try reader.reading.integrations.all(for: .advertising).filter {
            services.providers[$0.provider] is any PostPromoting
        }.map(\.id)
    }
}
