internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// Hears whether people let the posts leave that an agent has planned.
struct PlannedPostApprovals: ApprovalListener {
    static let owner = "planned_posts"

    static func owner(of decision: DecisionID) -> (kind: String, id: String) { (owner, decision.keyText) }

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        (arguments.object?.keys ?? []).map { name in
            ValueFault(
                pointer: "/\(name.pointerToken)", code: "unknown_field",
                detail: "Posts leave as they are shown, or not: change a post first.")
        }
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        guard approval.status != .withdrawn else { return }
        let actor = approval.decidedBy ?? .system
        for known in approval.context["posts"]?.array ?? [] {
            guard let id = known["id"]?.id(of: Nouns.SocialPost.self),
                let post = try SocialPost.resource.find(id, in: tx), post.status == .needsApproval
            else { continue }
            switch approval.status {
            case .approved: try tx.postPlans.letGo(post, shown: known["hash"]?.text, by: actor)
            case .rejected:
                let why = approval.decisionReason ?? "The post was rejected."
                try tx.posts.cancel(
                    post, because: [Reason("rejected", String(why.prefix(500)))], by: actor)
            default:
                try tx.posts.cancel(
                    post,
                    because: [
                        Reason(
                            "expired",
                            "The approval of the post lapsed before anybody decided: plan it again.")
                    ],
                    by: actor)
            }
        }
    }
}

extension PostPlanStore where Base == Transaction {
    /// The number of days ahead in which another hour is looked for when the one that was meant has passed.
    private static var daysAhead: Int { 14 }

    /// Plans a post that people have agreed to. Words that are not those which they were shown, and what is not whole
    /// yet, wait as a draft for whoever sees to them.
    fileprivate func letGo(_ old: SocialPost, shown: String?, by actor: Actor) throws {
        guard let account = try SocialAccount.resource.find(old.accountID, in: tx) else { return }
        guard old.textHash == shown, !old.reasons.list.contains(where: \.asksForLook) else {
            let reason = Reason(
                "changed", "The words were changed after people were asked: plan it yourself.")
            try tx.posts.move(old, to: .draft, because: [reason], by: actor)
            return
        }
        var moment = old.scheduledAt ?? tx.now
        if let next = try nextFrame(of: old) { moment = max(moment, next) }
        if moment <= tx.now {
            try tx.socialAccounts.lock()
            guard let next = try nextHour(of: account, for: old) else {
                let reason = Reason("no_free_hour", "No hour of the account is free in the next days.")
                try tx.posts.move(old, to: .draft, because: [reason], by: actor)
                return
            }
            moment = next
        }
        let lacking = try tx.posts.faults(of: old, on: account, at: moment)
        guard lacking.isEmpty else {
            let reasons = lacking.prefix(10).map { Reason($0.code, $0.detail) }
            try tx.posts.move(old, to: .draft, because: reasons, by: actor)
            return
        }
        var post = old
        tx.posts.schedule(&post, at: moment)
        post.rounds += 1
        try tx.update(old, to: &post, by: actor)
        try tx.posts.wake(post)
        try tx.posts.tell(post)
    }

    /// Returns when a picture of a story may follow on those that are planned; `nil`: none are.
    private func nextFrame(of post: SocialPost) throws -> Instant? {
        guard post.format == .story, let item = post.itemID else { return nil }
        let planned = try tx.all(
            """
            SELECT scheduled_at FROM social_posts
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND account_id = \(post.accountID)
                AND format = 'story' AND status = 'scheduled' AND scheduled_at > \(tx.now)
            ORDER BY scheduled_at DESC LIMIT 1
            """
        ) { $0.instant(0) }
        return planned.first.map { $0 + .seconds(SocialPost.framePause) }
    }

    private func nextHour(of account: SocialAccount, for post: SocialPost) throws -> Instant? {
        guard
            let hours = try tx.socialAccounts.hours(of: account.clientID).first(where: {
                $0.account == account.id
            })
        else {
            return nil
        }
        var pace = try SocialMediaCoordinator.pace(in: tx)
        pace.daysAhead = Self.daysAhead
        // Handwork beside a post need not keep away from it.
        let item = post.handWork == nil ? post.itemID : nil
        let said = try item.map { try moments(of: $0, besides: post.id) } ?? []
        return try week(hours, from: tx.now, days: Self.daysAhead)
            .moment(from: tx.now, pace, besides: said)?.at
    }
}
