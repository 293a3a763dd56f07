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

/// Tells what a publisher needs to take a post to its network.
struct PostWork: Sendable {
    let post: SocialPost
    let account: SocialAccount
    let integration: Integration
    let provider: any SocialPublishing
}

/// Whether a post may leave now.
enum PostLeave: Sendable {
    /// It has been dealt with.
    case over
    case wait(Duration, String)
    case go
}

extension SocialPost {
    /// The longest time after its hour at which a post may still leave by itself.
    static let lateMax: Duration = .seconds(3600)
    /// The pause until what holds it is asked again.
    static let pause: Duration = .seconds(30)

    /// The name of this publication, which the gate and the network know it by.
    var sendKey: String { "\(id)/\(rounds)" }

    /// Returns whether its hour has passed by too much. A wait that was known to end counts from its end.
    func isLate(at now: Instant) -> Bool {
        guard let scheduledAt else { return false }
        let due = reasons.list.compactMap(\.until).reduce(scheduledAt) { max($0, $1) }
        return now - due > Self.lateMax
    }
}

/// The way of a post to its network, from its hour to where it stands: `tx.postPublishing`.
struct PostPublishingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postPublishing: PostPublishingStore<Self> { PostPublishingStore(tx: self) }
}

extension PostPublishingStore where Base == Transaction {
    /// Asks all that may hold a post at its hour, in the transaction that notes the answer.
    func leave(_ id: SocialPostID, at moment: Int64, _ dependencies: PostsDependencies) throws -> PostLeave {
        guard let post = try SocialPost.resource.find(id, in: tx), post.status.isWaiting,
            post.scheduledAt?.microseconds == moment,
            let account = try SocialAccount.resource.find(post.accountID, in: tx)
        else { return .over }
        if let id = post.campaignID, !post.goesOn, try dependencies.campaign(tx, id) == .over {
            try tx.posts.cancel(post, because: [.campaignOver])
            return .over
        }
        if post.isLate(at: tx.now) {
            try tx.posts.move(
                post, to: .missed,
                because: [
                    Reason(
                        "missed", "The post was more than an hour late: schedule it again, or cancel it."
                    )
                ])
            return .over
        }
        if let until = post.reasons.list.compactMap(\.until).max(), until > tx.now, !post.isOverBudget {
            return .wait(until - tx.now, post.reasons.list.first?.code ?? "wait")
        }
        let reasons = try reasonsToWait(post, account, dependencies)
        if let first = reasons.first {
            if post.status != .held || post.reasons.list != reasons {
                try tx.posts.move(post, to: .held, because: reasons)
            }
            return .wait(SocialPost.pause, first.code)
        }
        guard account.integrationID != nil, post.handWork == nil else {
            try tx.posts.move(post, to: .awaitingPerson)
            return .over
        }
        if let reason = try markObstacle(of: post, on: account, dependencies) {
            try tx.posts.move(post, to: .awaitingPerson, because: [reason])
            return .over
        }
        if let reason = try dayObstacle(of: post, on: account)
            ?? tx.postBudgets.obstacle(of: post, on: account)
        {
            if post.status != .held || post.reasons.list != [reason] {
                try tx.posts.move(post, to: .held, because: [reason])
            }
            return .wait(reason.until.map { $0 - tx.now } ?? SocialPost.pause, reason.code)
        }
        guard tx.sandboxClock.isSandbox else { return .go }
        try capture(post, account)
        return .over
    }

    /// Returns what holds a post at its hour, or a change of one that stands. A post that is taken back need not be
    /// approved, nor its campaign be active; what stands of a campaign that is over may still be changed.
    func reasonsToWait(
        _ post: SocialPost, _ account: SocialAccount, _ dependencies: PostsDependencies,
        isRemoval: Bool = false
    ) throws -> [Reason] {
        var reasons: [Reason] = []
        if let brake = try tx.runtime.questions.brake(tx, post.clientID) {
            reasons.append(Reason("brake", "Everything that leaves is stopped: \(brake)"))
        }
        if !isRemoval, let id = post.itemID, try dependencies.isApproved(tx, id) != true {
            reasons.append(Reason("not_approved", "The content is not approved yet."))
        }
        if !isRemoval, let id = post.campaignID {
            switch try dependencies.campaign(tx, id) {
            case .active, .over: break
            case .resting, nil: reasons.append(Reason("campaign_paused", "The campaign is not active."))
            }
        }
        if account.status == .disabled {
            reasons.append(Reason("account_disabled", "The account is switched off."))
        } else if let id = account.integrationID, post.handWork == nil, !tx.sandboxClock.isSandbox {
            if try Integration.resource.find(id, in: tx)?.status == .active {
                try tx.socialAccounts.regainsConnection(account)
            } else {
                try tx.socialAccounts.losesConnection(account)
                reasons.append(
                    Reason("needs_reconnect", "The network does not know the account: reconnect it."))
            }
        }
        return reasons
    }

    /// Returns the reason why a person publishes a post that has to be marked, where only the network's pages can.
    private func markObstacle(
        of post: SocialPost, on account: SocialAccount, _ dependencies: PostsDependencies
    ) throws -> Reason? {
        guard account.network.rules.marksFilmsAlone,
            try !tx.postMedia.files(post.media.list, on: account.network, as: post.format).contains(
                where: \.probe.isVideo)
        else { return nil }
        let isModels = try post.isMadeWithAI ?? post.itemID.map { try dependencies.isMadeWithAI(tx, $0) }
        guard isModels == true || post.isPaid else { return nil }
        let what = isModels == true ? "made with AI" : "paid for"
        return Reason(
            "cannot_mark",
            "\(account.network.title) lets no program mark pictures as \(what): publish them in its app, with the mark."
        )
    }

    /// Returns the reason why a post waits whose account has published as much within a day as its network takes.
    private func dayObstacle(of post: SocialPost, on account: SocialAccount) throws -> Reason? {
        guard let most = account.network.rules.dayMax, account.integrationID != nil, post.handWork == nil
        else {
            return nil
        }
        let first = tx.now - .seconds(86_400)
        let last = try tx.all(
            """
            SELECT coalesce(published_at, scheduled_at) FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND account_id = \(account.id) AND id <> \(post.id)
                AND status IN ('publishing', 'published', 'unknown', 'removed') AND by_hand IS NULL
                AND coalesce(published_at, scheduled_at) > \(first)
            ORDER BY 1 DESC LIMIT \(most)
            """
        ) { $0.instant(0) }
        guard last.count == most, let oldest = last.last else { return nil }
        return Reason(
            "rate_limited", "\(account.network.title) takes \(most) posts of an account within a day.",
            until: oldest + .seconds(86_400))
    }

    /// Keeps what a sandbox does not publish.
    private func capture(_ post: SocialPost, _ account: SocialAccount) throws {
        let price = try tx.postBudgets.price(of: post, on: account)
        let permit = try tx.gate.permitUnasked(
            PublishPostTool.name, key: post.sendKey, attempt: 1, for: post.caller,
            by: Connector("", name: account.network.title, priority: 1, price: price), nil,
            deadline: IntegrationServices.deadline, isBudgeted: true)
        try tx.gate.settleUnasked(permit, .captured)
        try tx.posts.stands(post) { new in
            (new.publishedAt, new.isCaptured) = (new.scheduledAt, true)
        }
    }
}

extension SocialPost {
    var caller: ToolCaller {
        var caller = ToolCaller(actor: .system, subject: subject, clientID: clientID)
        caller.campaignID = campaignID?.keyText
        return caller
    }
}
