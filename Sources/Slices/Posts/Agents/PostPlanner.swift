internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// Plans posts of what is approved, for the coordinator and for the agents of networks alike: each piece in a
/// transaction of its own, in which nobody else plans for the same accounts.
struct PostPlanner: Sendable {
    let dependencies: PieceDependencies
    let facts: PlanFacts

    static let permissions: Set<Permission> = [
        "content_items:read", "social_accounts:read", "social_posts:read", "social_posts:write",
    ]
    private static let writing: Permission = "social_posts:write"
    /// The pieces that one run plans, and how long ago they were last changed at most.
    private static let piecesMax = 20, piecesAge: Duration = .seconds(30 * 86_400)

    /// Returns what was planned, by piece.
    func plan(_ order: PlanOrder, _ run: AgentRun) async throws -> [JSON] {
        let due = try run.read { try self.due(order, in: $0) }
        var planned: [JSON] = []
        for id in due {
            try Task.checkCancellation()
            let told = try await run.write { tx in try plan(id, isAsked: order.item != nil, run, in: tx) }
            if let told { planned.append(told) }
        }
        return planned
    }

    /// Returns whether there is an account for which anything could be planned.
    func hasAccounts(in reader: Reader) throws -> Bool {
        for network in facts.networks ?? Set(SocialNetwork.allCases)
        where try reader.socialAccounts.hasAny(on: network)
            && facts.agents.special(of: network, in: reader) != nil
        {
            return true
        }
        return false
    }

    private func due(_ order: PlanOrder, in reader: Reader) throws -> [ContentItemID] {
        if let item = order.item {
            guard try dependencies.piece(reader, item) != nil else {
                throw JobFailure.terminal(
                    "not_approved", "the content item is not approved, or its campaign is over")
            }
            return [item]
        }
        let before = reader.now + .seconds(Int64(facts.pace.daysAhead) * 86_400)
        var found: [ContentItemID] = []
        for id in try dependencies.pieces(reader, before, reader.now - Self.piecesAge) {
            guard let piece = try dependencies.piece(reader, id),
                order.client == nil || piece.client == order.client,
                let plan = try facts.plan(of: piece, in: reader), !plan.placements.isEmpty
            else { continue }
            found.append(id)
            if found.count == Self.piecesMax { break }
        }
        return found
    }

    private func plan(
        _ id: ContentItemID, isAsked: Bool, _ run: AgentRun, in tx: Transaction
    ) throws -> JSON? {
        try tx.socialAccounts.lock()
        guard let piece = try dependencies.piece(tx, id), let plan = try facts.plan(of: piece, in: tx),
            isAsked || !plan.placements.isEmpty
        else { return nil }
        let subject = Subject(id)
        let decision = try run.decide(in: tx, subject, plan.conclusion)
        run.processed()
        var told: JSON = plan.outcome.merging([
            "content_item_id": JSON(id), "decision_id": JSON(decision.id), "post_ids": [],
        ])
        guard decision.isNew, !plan.placements.isEmpty else { return told }
        var caller = ToolCaller(
            actor: run.actor, agent: run.agent, runID: .agent(run.id), subject: subject,
            clientID: piece.client, decisionID: decision.id)
        caller.campaignID = piece.campaign?.keyText
        let request = ToolRequest(
            tool: PublishPostTool.name, arguments: ["content_item_id": JSON(id)], caller: caller,
            key: "\(run.id)/\(PublishPostTool.name)/\(id)")
        let leave = try tx.gate.leave(for: request, permission: Self.writing)
        guard leave.isGiven else { return told }
        let posts = try tx.postPlans.keep(plan, asks: !leave.isGranted, by: run.agent)
        let waiting = posts.filter { $0.status == .needsApproval }
        if !waiting.isEmpty {
            let approval = try tx.postPlans.ask(for: waiting, of: piece, decision: decision.id, by: run)
            told = told.merging(["approval_id": JSON(approval.id)])
        }
        return told.merging(["post_ids": .array(posts.map { JSON($0.id) })])
    }
}

extension PostPlanStore where Base == Transaction {
    /// Asks people once for all posts of a piece.
    fileprivate func ask(
        for posts: [SocialPost], of piece: SocialPiece, decision: DecisionID, by run: AgentRun
    ) throws -> Approval {
        let accounts = try SocialAccount.resource.all(
            where: "id IN \(list: Array(Set(posts.map(\.accountID))))", in: tx)
        let names = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0) })
        let shown = try posts.map { post -> JSON in
            let account = names[post.accountID]
            // The pictures are told by what they show, or else by the names of their files.
            let media = try post.media.list.map { medium -> JSON in
                guard medium.altText.isEmpty else { return .string(medium.altText) }
                return JSON(try StoredFile.resource.find(medium.fileID, in: tx)?.name)
            }
            return [
                "id": JSON(post.id), "account": JSON(account?.name),
                "network": JSON(account?.network.rawValue), "at": JSON(post.scheduledAt?.description),
                "format": .string(post.format.rawValue), "text": .string(post.text),
                "thread": JSON(post.thread), "by_hand": JSON(post.handWork?.rawValue),
                "media": .array(media), "cost": post.costEstimate?.json ?? .null,
                "lacking": JSON(post.reasons.list.map(\.code)),
            ]
        }
        let kept = posts.map { post -> JSON in
            ["id": JSON(post.id), "hash": JSON(post.textHash)]
        }
        var request = ApprovalRequest(
            owner: PlannedPostApprovals.owner(of: decision), key: "publish",
            title: Saying(
                "approval.plan_posts", ["title": .text(piece.title), "count": .number(posts.count)]
            ).english,
            preview: ["posts": .array(shown)], reason: Saying("approval.by_default").english,
            agent: run.agent, subject: Subject(piece.id), context: ["posts": .array(kept)],
            requestedBy: run.actor)
        request.runID = .agent(run.id)
        return try tx.approvals.request(request)
    }
}
