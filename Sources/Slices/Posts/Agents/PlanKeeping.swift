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
internal import Wording

extension PostPlanStore where Base == Transaction {
    /// Makes the posts of a plan; `asks`: they wait for a person. Returns them in their order.
    func keep(
        _ plan: SocialPlan, asks: Bool, by agent: String
    ) throws -> [SocialPost] {
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(tenant.locale)
        var kept: [SocialPost] = []
        for placement in plan.placements {
            let post = try keep(placement, of: plan.piece, asks: asks, by: .agent(agent), words)
            kept.append(post)
            kept += try keepFrames(after: post, placement, of: plan.piece, by: .agent(agent))
            for (place, task) in placement.post.tasks.enumerated() {
                let at = task.moment(after: placement.moment.at, plan.piece, place, now: tx.now)
                var new = SocialPost(plan.piece, on: placement.account, id: tx.nextID(), now: tx.now)
                (new.text, new.handWork, new.mayRepeat) = (
                    task.told(about: plan.piece, placement.post, in: words, tenant.zone), task.kind, true
                )
                kept.append(try keep(&new, at: at, asks: asks, by: .agent(agent)))
            }
        }
        return kept
    }

    private func keep(
        _ placement: SocialPlan.Placement, of piece: SocialPiece, asks: Bool, by actor: Actor,
        _ words: Wording
    ) throws -> SocialPost {
        let prepared = placement.post
        var post = SocialPost(piece, on: placement.account, id: tx.nextID(), now: tx.now)
        (post.text, post.thread, post.format) = (prepared.text, prepared.thread, prepared.format)
        post.handWork = prepared.handWork
        if post.handWork == .stickers { post.text = piece.toldWithStickers(prepared, in: words) }
        post.media.list = prepared.media.map { piece.media[$0].shown }
        if !prepared.options.isEmpty {
            post.options = .object(
                JSONObject(prepared.options.sorted { $0.key < $1.key }.map { ($0, .string($1)) }))
        }
        // A post that lacks a person's choice needs approval, even where the agent may act by itself.
        let isWhole = prepared.lacking.isEmpty
        return try keep(&post, at: placement.moment.at, asks: asks || !isWhole, by: actor)
    }

    /// Makes the posts that follow on the first of a story: one for each further picture and film, in their order.
    private func keepFrames(
        after first: SocialPost, _ placement: SocialPlan.Placement, of piece: SocialPiece, by actor: Actor
    ) throws -> [SocialPost] {
        let frames = placement.post.frames
        var kept: [SocialPost] = []
        for (index, place) in frames.enumerated() {
            var next = SocialPost(piece, on: placement.account, id: tx.nextID(), now: tx.now)
            // A story shows no words: these tell people which of its pictures it is, and are no repetition.
            let words = first.handWork == nil ? piece.title : first.text
            next.text = "\(words) (\(index + 2)/\(frames.count + 1))"
            (next.format, next.handWork, next.mayRepeat) = (first.format, first.handWork, true)
            next.media.list = [piece.media[place].shown]
            let at = placement.moment.at + .seconds(Int64(index + 1) * SocialPost.framePause)
            kept.append(try keep(&next, at: at, asks: first.status == .needsApproval, by: actor))
        }
        return kept
    }

    func keep(
        _ post: inout SocialPost, at moment: Instant, asks: Bool, by actor: Actor
    ) throws -> SocialPost {
        post.textHash = SocialPost.hash(of: post.text, post.thread)
        tx.posts.schedule(&post, at: moment)
        if let account = try SocialAccount.resource.find(post.accountID, in: tx) {
            post.costEstimate = try tx.postBudgets.costEstimate(of: post, on: account)
            if asks {
                post.status = .needsApproval
                post.reasons.list = try lacks(post, on: account)
            }
        }
        try tx.create(&post, by: actor)
        try tx.posts.wake(post)
        try tx.posts.tell(post)
        return post
    }

    /// Returns what a person has to see to before a post can leave.
    func lacks(_ post: SocialPost, on account: SocialAccount) throws -> [Reason] {
        Array(
            try tx.posts.faults(of: post, on: account, at: nil).map { Reason($0.code, $0.detail) }.prefix(10))
    }
}

extension SocialPiece.Medium {
    fileprivate var shown: PostMedium {
        var medium = PostMedium()
        (medium.fileID, medium.altText) = (file, altText)
        return medium
    }
}

extension SocialPost {
    /// The seconds between two pictures of a story: short enough for whoever watches it to its end, and long enough
    /// for a network to have read the one before.
    static let framePause: Int64 = 120

    fileprivate init(_ piece: SocialPiece, on account: SocialAccountID, id: UniqueID, now: Instant) {
        self = .new(id: id, now: now)
        accountID = account
        (itemID, clientID, campaignID) = (piece.id, piece.client, piece.campaign)
    }
}

extension SocialPiece {
    /// Returns the words for whoever publishes a story in the app, with what its stickers may ask and lead to.
    fileprivate func toldWithStickers(_ post: PreparedPost, in words: Wording) -> String {
        let question = long().paragraphs.flatMap(\.self).first { PostHook($0) == .question }
        return words(
            "social.task_stickers",
            [
                "text": .text(post.text), "has_question": .flag(question != nil),
                "question": .text(question ?? ""), "has_link": .flag(link != nil),
                "link": .text(link ?? ""),
            ])
    }
}

extension HandTask {
    /// The pause between two tasks beside one post, and from the post to the first, in seconds.
    private static let pause: Int64 = 1800
    /// The most days by which an event stands before the post about it, so that people can say that they come.
    private static let eventDays: Int64 = 14

    /// When a person is asked: what stands already first, and nothing at once. An event is made beforehand.
    func moment(after post: Instant, _ piece: SocialPiece, _ place: Int, now: Instant) -> Instant {
        let next = post + .seconds(Int64(place + 1) * Self.pause)
        switch kind {
        case .event:
            let days = min(max((post - now).components.seconds / 86_400, 0), Self.eventDays)
            return next - .seconds(days * 86_400)
        case .space: return max(next, piece.plannedAt ?? next)
        default: return next
        }
    }

    /// Returns the words for whoever does it, with what they need.
    func told(
        about piece: SocialPiece, _ post: PreparedPost, in words: Wording, _ zone: TimeZoneRules
    ) -> String {
        let day = piece.plannedAt.map { zone.local(of: $0).date.iso } ?? ""
        let (title, text) = (Wording.Value.text(piece.title), Wording.Value.text(post.text))
        return switch kind {
        case .group: words("social.task_group", ["place": .text(place), "text": text])
        case .event: words("social.task_event", ["title": title, "day": .text(day), "text": text])
        case .space: words("social.task_space", ["title": title, "text": text])
        case .challenge: words("social.task_challenge", ["place": .text(place), "text": text])
        case .productTags: words("social.task_product_tags", ["text": text])
        // A post with a sound or stickers is told by its text, and a person knows whom to ask to connect.
        case .sound, .stickers, .connections: post.text
        }
    }
}
