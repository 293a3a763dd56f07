internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Plans whom a distribution goes to, and when, a chunk at a time.
struct DistributionPlanJob: JobKind {
    struct Payload: Codable, Sendable {
        let distribution: ID<Distribution>
        let after: String
    }

    static let kind = "distribution.plan"
    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        // The chunk that the attempt before this one has stored goes on in a job of its own.
        try await job.complete { tx in
            guard let next = try plan(payload, in: tx) else { return }
            try tx.jobs.enqueue(
                Self.self, .init(distribution: payload.distribution, after: next),
                JobOptions(
                    uniqueKey: "\(payload.distribution)/\(next)", subject: Subject(payload.distribution)))
        }
    }

    /// Plans the people behind a place; answers the next place, where more may follow.
    private func plan(_ payload: Payload, in tx: Transaction) throws -> String? {
        guard let old = try Distribution.resource.find(payload.distribution, in: tx), !old.status.isOver,
            let item = try ContentItem.resource.find(old.itemID, in: tx)
        else { return nil }
        let recipients = try Recipients(old, item, outbox, in: tx)
        let start = max(tx.now, old.startsAt ?? tx.now)
        let (people, next) = try recipients.people(after: payload.after, limit: Recipients.chunk, in: tx)
        var new = old
        new.matched += people.count
        for code in people.compactMap(\.code) { new.skipped.add(code) }
        let reached = people.filter { $0.code == nil }.compactMap(\.contact)
        try outbox.dependencies.draw(
            tx,
            people.filter { $0.code == nil || $0.code == Recipients.heldOut }.compactMap { $0.contact?.id })
        let liked = try outbox.channels.likedTimes(of: reached, atOrAfter: start, onTheirDay: true, in: tx)
        // Several records may be of one person, who gets it once.
        let kin = try outbox.dependencies.kin(tx, reached.map(\.id))
        let days = try tx.contentCalendar.days(of: old)
        var times: [ContactID: Instant] = [:]
        for contact in reached where (kin[contact.id] ?? []).allSatisfy({ times[$0] == nil }) {
            let time = liked[contact.id] ?? start
            times[contact.id] = days?.fit(time) ?? time
        }
        let planned = try tx.contentDeliveries.plan(item, for: times, by: old.id)
        new.planned += planned
        for _ in planned..<reached.count { new.skipped.add(Recipients.received) }
        new.isWholePlanned = next == nil
        try tx.distributions.change(old, to: &new)
        if next == nil {
            try tx.distributions.completeIfOver(old.id)
            try tx.distributions.wake(old.id, at: start > tx.now ? start : nil)
        }
        return next
    }
}

/// Writes the messages whose time has come, through the outbox and its gate, a chunk at a time.
struct DistributionSendJob: JobKind {
    struct Payload: Codable, Sendable { let distribution: ID<Distribution> }

    static let kind = "distribution.send"
    /// One goes on where another has ended.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    private static let chunk = 50
    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var goesOn = true
        while goesOn {
            try Task.checkCancellation()
            goesOn = try await job.write(advancing: true) { try send(payload.distribution, in: $0) }
        }
        try await job.complete { _ in }
    }

    /// Writes to those whose time has come; answers whether more may follow at once.
    private func send(_ id: ID<Distribution>, in tx: Transaction) throws -> Bool {
        guard let old = try Distribution.resource.find(id, in: tx), !old.status.isOver, old.isWholePlanned,
            let item = try ContentItem.resource.find(old.itemID, in: tx)
        else { return false }
        let due = try tx.contentDeliveries.due(of: id, limit: Self.chunk)
        guard !due.isEmpty else {
            try wakeLater(id, in: tx)
            return false
        }
        guard let leave = try leave(for: old, item, in: tx) else { return false }
        if old.status == .planned {
            var new = old
            new.status = .sending
            try tx.distributions.change(old, to: &new)
        }
        for contact in due { try write(item, to: contact, of: old, leave, in: tx) }
        try tx.distributions.completeIfOver(id)
        if due.count < Self.chunk { try wakeLater(id, in: tx) }
        return due.count == Self.chunk
    }

    /// Comes back when the next of those who are planned is due.
    private func wakeLater(_ id: ID<Distribution>, in tx: Transaction) throws {
        if let next = try tx.contentDeliveries.nextDue(of: id) { try tx.distributions.wake(id, at: next) }
    }

    /// Asks the gate once for all; where it wants a person's yes, one approval is for all of them. `nil`: not now.
    private func leave(
        for distribution: Distribution, _ item: ContentItem, in tx: Transaction
    ) throws -> GateDecision? {
        if let approval = try distribution.approvalID.flatMap({ try tx.approvals.find($0) }) {
            return approval.status == .approved ? .granted : nil
        }
        let agent = ContentDistributionAgent.agent
        let caller = ToolCaller(actor: .agent(agent), agent: agent, subject: distribution.subject)
        let request = ToolRequest(
            tool: SendMessage.tool, arguments: ["content_item_id": JSON(item.id)], caller: caller,
            key: "distribution/\(distribution.id)")
        let leave = try tx.gate.leave(for: request, permission: SendMessage.permission)
        switch leave {
        case .granted: return leave
        case .asks:
            try ask(distribution, item, in: tx)
            return nil
        case .observed, .refused:
            // An agent that only looks on today may write tomorrow.
            try tx.distributions.wake(distribution.id, at: tx.now + .seconds(86_400))
            return nil
        }
    }

    private func ask(_ old: Distribution, _ item: ContentItem, in tx: Transaction) throws {
        let due = try tx.contentDeliveries.due(of: old.id, limit: DistributionPreview.examplesMax)
        let examples = try due.compactMap { try Contact.resource.find($0, in: tx) }.map { contact -> JSON in
            let written = try item.written(to: contact, outbox.dependencies, in: tx)
            return [
                "contact_id": JSON(contact.id), "subject": .string(written.subject),
                "text": .string(MessageText.plain(written.body)),
            ]
        }
        let skipped = JSONObject(old.skipped.list.map { ($0.code, JSON($0.count)) })
        let approval = try tx.approvals.request(
            ApprovalRequest(
                owner: DistributionApprovals.owner(of: old.id), key: "send",
                title: Saying(
                    "approval.send_content", ["title": .text(item.title), "count": .number(old.planned)]
                ).english,
                preview: [
                    "count": JSON(old.planned), "examples": .array(examples), "skipped": .object(skipped),
                ],
                reason: Saying("approval.by_default").english,
                agent: ContentDistributionAgent.agent, subject: old.subject,
                requestedBy: .agent(ContentDistributionAgent.agent)))
        var new = old
        new.approvalID = approval.id
        try tx.distributions.change(old, to: &new)
    }

    private func write(
        _ item: ContentItem, to id: ContactID, of distribution: Distribution, _ leave: GateDecision,
        in tx: Transaction
    ) throws {
        guard let contact = try Contact.resource.find(id, in: tx), item.status.isGiven else {
            return try tx.contentDeliveries.leaveOut(id, of: distribution)
        }
        let kin = try outbox.dependencies.kin(tx, [id])
        // They may have been merged or drawn since they were planned.
        let isWritten = try tx.contentDeliveries.isWritten(to: kin[id] ?? [], of: item.id)
        guard try !isWritten && outbox.dependencies.heldOut(tx, [contact], kin).isEmpty else {
            try tx.distributions.countLeftOut(
                isWritten ? Recipients.received : Recipients.heldOut, of: distribution.id)
            return try tx.contentDeliveries.leaveOut(id, of: distribution)
        }
        let best = try distribution.channel.channel ?? outbox.channels.best(for: contact, .marketing, in: tx)
        let written = try item.written(to: contact, outbox.dependencies, in: tx)
        // An item may have been changed since people were planned: what is too long is not cut.
        guard
            let channel = try outbox.channel(
                for: written, to: contact, over: distribution.channel, best: best, in: tx)
        else { return try tx.contentDeliveries.leaveOut(id, of: distribution) }
        var draft = MessageDraft(
            channel, to: contact, .marketing, subject: channel == .email ? written.subject : nil,
            body: written.body, by: .agent(ContentDistributionAgent.agent),
            cause: .init(DistributionListener.cause, distribution.id),
            key: "\(item.id)/\(contact.id)/\(distribution.id)")
        (draft.leave, draft.topic) = (leave, item.type?.rawValue)
        (draft.decision, draft.campaign) = (distribution.decisionID, item.campaignID?.keyText)
        draft.isMadeWithAI = item.isMadeWithAI
        if let approval = distribution.approvalID { (draft.isApproved, draft.approval) = (true, approval) }
        draft.why =
            written.length.map { length in
                Saying(
                    "message.why_content_version",
                    ["title": .text(item.title), "length": .text(length.rawValue)])
            } ?? Saying("message.why_content", ["title": .text(item.title)])
        guard let message = try outbox.offer(draft, in: tx) else {
            return try tx.contentDeliveries.leaveOut(id, of: distribution)
        }
        try tx.contentDeliveries.wait(
            for: message.id, saying: written.variant, to: contact.id, of: distribution)
    }
}

/// Takes back what a distribution that was cancelled has not sent.
struct DistributionStopJob: JobKind {
    struct Payload: Codable, Sendable { let distribution: ID<Distribution> }

    static let kind = "distribution.stop"
    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await outbox.cancelAll(because: .distributionCancelled, job) { tx, limit in
            try tx.contentDeliveries.waiting(of: payload.distribution, limit: limit)
        } end: { tx, id in
            try tx.contentDeliveries.end(id)
        }
    }
}

extension Recipients {
    /// Those whom a distribution is for.
    init(
        _ distribution: Distribution, _ item: ContentItem, _ outbox: Outbox, in reader: some Queryable
    ) throws {
        self.init(
            item: item,
            segment: try distribution.segmentID.flatMap { try Segment.resource.find($0, in: reader) },
            audience: distribution.audience, way: distribution.channel, outbox: outbox)
    }
}
