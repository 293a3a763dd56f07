internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

// All that a post costs at its network has to be in the budgets before anything of it leaves. Each part is booked as it
// leaves; what follows in a thread is set aside meanwhile, so that none stops in the middle.

extension SocialPost {
    /// The code for which budgets hold what they have not enough left for.
    static let overBudget = "budget_exhausted"

    /// Whether budgets have not enough left for it.
    var isOverBudget: Bool { reasons.list.first?.code == Self.overBudget }
}

/// The costs of posts at their networks: `tx.postBudgets`.
struct PostBudgetStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postBudgets: PostBudgetStore<Self> { PostBudgetStore(tx: self) }
}

extension PostBudgetStore where Base == Transaction {
    /// Tells what a post is expected to cost at its network.
    func costEstimate(of post: SocialPost, on account: SocialAccount) throws -> Money? {
        let price = try price(of: post, on: account)
        guard price > 0 else { return nil }
        return Money(amount: (price + 999_999) / 1_000_000, currency: try tx.agency.tenant().currency)
    }

    /// Returns what the parts of a post from one on cost, in millionths of a minor unit. `isIncluding`: those that the
    /// integration's plan includes, too.
    func price(
        of post: SocialPost, on account: SocialAccount, from first: Int = 0, isIncluding: Bool = true
    ) throws -> Int64 {
        guard let id = account.integrationID, let integration = try Integration.resource.find(id, in: tx)
        else { return 0 }
        let tenant = try tx.agency.tenant(), connector = integration.connector(for: tenant, at: tx.now)
        guard connector.price > 0 else { return 0 }
        var draft = PostDraft()
        (draft.text, draft.format, draft.thread, draft.link) = (
            post.text, post.format, post.thread, post.link
        )
        let free = isIncluding ? 0 : try tx.includedCalls.left(of: connector, tenant.zone)
        return draft.parts.dropFirst(first + free).reduce(0) { sum, part in
            sum + account.network.price(of: part, integration.settings, call: connector.price)
        }
    }

    /// Returns the reason for which budgets hold a post back that is about to leave, or to go on.
    func obstacle(of post: SocialPost, on account: SocialAccount) throws -> Reason? {
        let price = try price(of: post, on: account, from: post.standing.count, isIncluding: false)
        guard price > 0 else { return nil }
        do {
            try setAside(price, for: post)
            try letGo(of: post)
            return nil
        } catch let refusal as ToolRefusal {
            return Reason(
                refusal.code, String(refusal.detail.prefix(500)),
                until: refusal.retryAfter.map { tx.now + $0 })
        }
    }

    /// Sets aside what the parts of a thread cost that follow on the one that is about to leave. Throws `ToolRefusal`
    /// where budgets have not enough left.
    func setRestAside(for post: SocialPost, on account: SocialAccount) throws {
        guard post.format == .thread else { return }
        try letGo(of: post)
        let price = try price(of: post, on: account, from: post.standing.count + 1, isIncluding: false)
        if price > 0 { try setAside(price, for: post) }
    }

    /// Lets go what was set aside for a thread that is not on its way any more.
    func letGoOfRest(of post: SocialPost) throws {
        if post.format == .thread { try letGo(of: post) }
    }

    private func setAside(_ price: Int64, for post: SocialPost) throws {
        try tx.budgets.hold(
            key: post.sendKey, attempt: 1, clientID: post.clientID, campaignID: post.campaignID?.keyText,
            ToolUsage(cost: price))
    }

    private func letGo(of post: SocialPost) throws {
        try tx.budgets.settle(key: post.sendKey, attempt: 1, ToolUsage())
    }
}

/// Has posts looked at again that a budget holds, once there is more of it.
struct HeldPosts: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        guard ["budget.updated", "budget.deleted"].contains(event().type),
            try !tx.unlimited.postBudgets.held().isEmpty
        else { return }
        try tx.jobs.enqueue(HeldPostsJob.self, .init(), JobOptions(uniqueKey: "", uniqueness: .untilStarted))
    }
}

struct HeldPostsJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "social_post.release"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let isBusy = try await job.write { tx in
            var isBusy = false
            for post in try tx.postBudgets.held() {
                let key = "\(post.id)/\(post.scheduledAt?.microseconds ?? 0)"
                guard let id = try tx.jobs.live(PublishPostJob.self, uniqueKey: key) else { continue }
                if try tx.jobs.find(id)?.state == .running { isBusy = true } else { try tx.jobs.hasten(id) }
            }
            return isBusy
        }
        // A post that is being looked at may just have been held for what is no more.
        if isBusy { throw JobSnooze(for: .seconds(1), waitingFor: "posts that are being looked at") }
    }
}

extension PostBudgetStore {
    fileprivate func held() throws -> [SocialPost] {
        try SocialPost.resource.all(where: "status = 'held'", suffix: "ORDER BY id", in: tx)
            .filter(\.isOverBudget)
    }
}
