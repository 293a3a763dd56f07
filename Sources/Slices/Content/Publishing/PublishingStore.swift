internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Markdown
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// Whether a piece may leave now.
enum ItemLeave: Sendable {
    /// It has been dealt with.
    case over
    case wait(Duration, String)
    case go
}

extension ContentItem {
    /// The longest wait for what holds a piece.
    static let patience: Duration = .seconds(86_400)
    /// The pause until what holds it is asked again.
    static let pause: Duration = .seconds(30)
    /// Nobody knows whether a piece stands on a blog.
    static let unknownAlert = "content_item_unknown"

    fileprivate static let absent = ToolFailure(
        "not_published", "A person has seen that it does not stand there.", isRetryable: false)

    func caller(at integration: Integration?) -> ToolCaller {
        ToolCaller(actor: .system, subject: subject, clientID: integration?.clientID)
    }

    /// Its name on blogs: words of its title, and the end of its id, which no other piece has.
    fileprivate var newSlug: String {
        var words: [String] = [], length = 0
        for word in TextFolding.searchTokens(title) {
            let plain = word.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.lowercased()
            guard !plain.isEmpty else { continue }
            length += plain.utf8.count + 1
            guard length <= 60 else { break }
            words.append(plain)
        }
        return (words + [String("\(id)".suffix(8))]).joined(separator: "-")
    }
}

/// The way of a content item to the site or feed where it is published: `tx.itemPublishing`.
struct ItemPublishingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var itemPublishing: ItemPublishingStore<Self> { ItemPublishingStore(tx: self) }
}

extension ItemPublishingStore {
    /// The piece as its blog gets it.
    func outgoing(_ item: ContentItem) throws -> OutgoingPiece {
        let image = try headImage(of: item).flatMap { image -> OutgoingPiece.Image? in
            guard let original = try StoredFile.resource.find(image.fileID, in: tx) else { return nil }
            let file = try tx.files.found(of: original.id, for: .blog).made ?? original
            let bytes = try tx.files.content(of: file)
            return OutgoingPiece.Image(
                bytes: bytes, type: MediaProbe(bytes).type ?? file.mediaType, altText: image.altText)
        }
        return OutgoingPiece(
            slug: item.publishing.slug ?? item.newSlug, title: item.title,
            html: Markdown.html(try words(of: item)), image: image, mayStand: item.publishing.mayStand)
    }

    /// The file of the picture at the head of a piece, with what is known of it; `nil` where there is none.
    func headFile(of item: ContentItem) throws -> (file: StoredFile, verdict: MediaVerdict?)? {
        guard let image = try headImage(of: item),
            let file = try StoredFile.resource.find(image.fileID, in: tx)
        else { return nil }
        return (file, try tx.files.found(of: file.id, for: .blog).verdict)
    }

    /// The picture at the head of a piece: the one that was named for the blog, or the first that the item has.
    private func headImage(of item: ContentItem) throws -> BlogImage? {
        if let named = item.publishing.image { return named }
        for medium in item.media.list {
            guard let file = try StoredFile.resource.find(medium.fileID, in: tx),
                MediaProbe(try tx.files.head(of: file)).isImage
            else { continue }
            var image = BlogImage()
            (image.fileID, image.altText) = (medium.fileID, medium.altText)
            return image
        }
        return nil
    }

    /// The Markdown that a blog shows, which has no reader whose values it could name.
    private func words(of item: ContentItem) throws -> String {
        var template = MessageTemplate()
        template.body = item.body
        let named = try template.compiled().body.named
        guard named.isEmpty else {
            throw Problem(
                .conflict,
                "The text names \(named.sorted().joined(separator: ", ")), and a blog has no single reader: "
                    + "write it without places for values.")
        }
        let tenant = try tx.agency.tenant()
        return try template.written(
            values: .object([:]), locale: TextLocale(item.locale ?? tenant.locale), zone: tenant.zone
        ).body
    }
}

extension ItemPublishingStore where Base == Transaction {
    // MARK: Turns of people

    /// Sends to a blog a piece that was approved, or sent to people. Of many who press at once, one is enough.
    func publish(_ old: ContentItem, as body: PublishItemBody, by actor: Actor) throws -> ContentItem {
        guard old.publishing.state != .unknown else {
            throw Problem(
                .invalidTransition,
                "Whether the blog has the content item is not known: look there, and resolve it.",
                extra: ["allowed": ["resolve"]])
        }
        guard try mayLeave(old) else {
            guard old.status == .published else {
                throw Problem(
                    .notApproved, "The content item is \(old.status.rawValue): have it approved first.")
            }
            throw Problem(
                .invalidTransition, "The content item is already published: create another one to publish.",
                extra: ["allowed": []])
        }
        // A copy in a sandbox has the state of what is under way outside, and no job for it.
        if old.publishing.state?.isUnderWay == true, !tx.sandboxClock.isSandbox {
            guard old.publishing.integrationID == body.integrationID else {
                throw Problem(
                    .invalidTransition,
                    "The content item is on its way to another blog: wait until it is published there.",
                    extra: ["allowed": []])
            }
            return old
        }
        var faults = Faults()
        try body.check(old, &faults, in: tx)
        try faults.throwIfAny()
        var item = old, new = old.publishing
        (new.state, new.reasons, new.takenAt) = (.waiting, Parts(), nil)
        var kept = new.kept
        if new.image != body.image || new.integrationID != body.integrationID { kept = [:] }
        // Where the site is may have changed, and what stands there is looked for.
        for name in ["root", "post"] { kept[name] = nil }
        (new.integrationID, new.image) = (body.integrationID, body.image)
        (new.slug, new.askedAt) = (new.slug ?? old.newSlug, tx.now)
        (new.round, new.steps) = (new.round + 1, 0)
        new.keep(kept)
        item.publishing = new
        // A text that cannot be written is refused now rather than in the job.
        _ = try words(of: item)
        try tx.update(old, to: &item, by: actor, action: "content_item.publish")
        try tx.jobs.enqueue(
            PublishItemJob.self, .init(item: item.id, round: new.round),
            JobOptions(uniqueKey: item.sendKey, subject: item.subject))
        return item
    }

    /// Records what a person has seen at the blog.
    func resolve(_ old: ContentItem, as body: ItemOutcomeBody, by actor: Actor) throws -> ContentItem {
        guard old.publishing.state == .unknown else {
            throw Problem(
                .invalidTransition,
                "The content item is \(old.status.rawValue): only an unknown outcome is resolved.",
                extra: ["allowed": []])
        }
        let isThere = body.outcome == .published
        try tx.alerts.resolve(kind: ContentItem.unknownAlert, subject: old.subject)
        try tx.connectorCalls.resolve(key: old.stepKey, isThere ? .succeeded : .failed(ContentItem.absent))
        guard isThere else {
            let reason = Reason("not_published", ContentItem.absent.detail)
            return try move(old, to: .failed, because: [reason], by: actor) { item in
                if item.status == .unknown { item.status = .approved }
            }
        }
        return try move(old, to: .published, by: actor) { item in
            if item.status == .unknown { item.status = .published }
            item.publishing.url = body.url ?? item.publishing.url
        }
    }

    /// Has a piece looked at now that waits to leave for its blog: its moment, or its approval, is another one.
    func lookAgain(at item: ContentItem) throws {
        guard item.publishing.state?.isWaiting == true,
            let job = try tx.jobs.live(PublishItemJob.self, uniqueKey: item.sendKey)
        else { return }
        // A publisher that is at work may have seen what it was before: it would rest until then, or go on. Nothing has
        // left yet, as the piece waits.
        guard try tx.jobs.find(job)?.state == .running else { return try tx.jobs.hasten(job) }
        try tx.jobs.interrupt(job)
    }

    /// Returns whether a piece may go to a blog: once it is approved, and also after people have got it.
    private func mayLeave(_ item: ContentItem) throws -> Bool {
        try item.status.isReady || tx.distributions.haveTold(item)
    }

    // MARK: Turns of the job

    /// Stores how far a piece has come, and tells it.
    @discardableResult
    func move(
        _ old: ContentItem, to state: ItemPublishing.State, because reasons: [Reason] = [],
        by actor: Actor = .system, changing change: (inout ContentItem) -> Void = { _ in }
    ) throws -> ContentItem {
        var item = old
        (item.publishing.state, item.publishing.reasons) = (state, Parts(reasons))
        change(&item)
        try tx.update(old, to: &item, by: actor)
        let told: [ItemPublishing.State] = [.published, .captured, .failed, .unknown]
        if old.publishing.state != state, told.contains(state) {
            let name = state == .captured ? "published" : state.rawValue
            try tx.publish(
                "content_item.blog_\(name)", item.subject,
                [
                    "integration_id": JSON(item.publishing.integrationID), "url": JSON(item.publishing.url),
                    "reason": JSON(reasons.first?.code),
                ])
        }
        return item
    }

    /// Asks all that may hold a piece, in the transaction that notes the answer.
    func leave(
        _ id: ContentItemID, round: Int, _ dependencies: ContentDependencies
    ) throws -> ItemLeave {
        guard let item = try ContentItem.resource.find(id, in: tx), item.publishing.round == round,
            item.publishing.state?.isWaiting == true
        else { return .over }
        guard try mayLeave(item) else {
            try withdraw(item)
            return .over
        }
        if let id = item.campaignID, try dependencies.campaign(tx, id) == .over {
            try move(item, to: .failed, because: [.campaignOver])
            return .over
        }
        if let planned = item.plannedMoment, planned > tx.now {
            return .wait(min(planned - tx.now, ContentItem.patience), "planned_at")
        }
        guard let since = item.waitsSince, tx.now - since < ContentItem.patience else {
            let reasons = item.publishing.reasons.list
            try move(
                item, to: .failed,
                because: reasons.isEmpty
                    ? [Reason("not_published", "The piece could not be published for a day: try again.")]
                    : reasons)
            return .over
        }
        if let until = item.publishing.reasons.list.compactMap(\.until).max(), until > tx.now {
            return .wait(until - tx.now, item.publishing.reasons.list.first?.code ?? "wait")
        }
        let integration = try item.publishing.integrationID.flatMap {
            try Integration.resource.find($0, in: tx)
        }
        var reasons: [Reason] = []
        if let brake = try tx.runtime.questions.brake(tx, integration?.clientID) {
            reasons.append(Reason("brake", "Everything that leaves is stopped: \(brake)"))
        }
        if let reason = try dependencies.reasonToWait(for: item, in: tx) { reasons.append(reason) }
        if integration?.status != .active, !tx.sandboxClock.isSandbox {
            reasons.append(
                Reason("needs_reconnect", "The blog does not know us, or is switched off: connect it again."))
        }
        guard let first = reasons.first else { return try goes(item, to: integration) }
        try hold(item, because: reasons)
        return .wait(ContentItem.pause, first.code)
    }

    private func goes(_ item: ContentItem, to integration: Integration?) throws -> ItemLeave {
        do {
            _ = try words(of: item)
            guard tx.sandboxClock.isSandbox else { return .go }
            try capture(item, at: integration)
            return .over
        } catch let problem as Problem {
            try move(
                item, to: .failed,
                because: [Reason("cannot_be_written", String(problem.detail.prefix(500)))])
            return .over
        }
    }

    /// Shows with a piece what it waits for.
    func hold(_ item: ContentItem, because reasons: [Reason]) throws {
        guard item.publishing.state != .held || item.publishing.reasons.list != reasons else { return }
        try move(item, to: .held, because: reasons)
    }

    private func withdraw(_ item: ContentItem) throws {
        try move(
            item, to: .failed,
            because: [
                Reason(
                    "not_approved", "The piece is not approved any more: have it approved, and publish it.")
            ]
        )
    }

    /// Keeps what a sandbox does not publish.
    private func capture(_ item: ContentItem, at integration: Integration?) throws {
        let permit = try tx.gate.permitUnasked(
            PublishItemTool.name, key: item.sendKey, attempt: 1, for: item.caller(at: integration),
            by: Connector("", name: "Blog", priority: 1), nil, deadline: IntegrationServices.deadline)
        try tx.gate.settleUnasked(permit, .captured)
        try move(item, to: .captured) { $0.status = .published }
    }

    /// Marks a piece as leaving, before it leaves; `false` where somebody has changed it meanwhile.
    func take(_ known: ContentItem) throws -> Bool {
        guard let old = try ContentItem.resource.find(known.id, in: tx), old.version == known.version,
            old.publishing.round == known.publishing.round,
            old.publishing.state?.isWaiting == true || old.publishing.isBetweenSteps
        else { return false }
        guard try mayLeave(old) else {
            try withdraw(old)
            return false
        }
        try move(old, to: .publishing) { $0.publishing.takenAt = tx.now }
        return true
    }

    /// A step that was cut off, and has left nothing, may be done again.
    func release(_ id: ContentItemID) throws {
        guard let old = try ContentItem.resource.find(id, in: tx), old.publishing.state == .publishing else {
            return
        }
        try move(old, to: .publishing) { item in
            (item.publishing.takenAt, item.publishing.steps) = (nil, item.publishing.steps + 1)
            item.publishing.keep(item.publishing.kept, again: true)
        }
    }

    /// Stores what a blog has answered to a step.
    func settle(_ id: ContentItemID, _ outcome: Result<BlogStep, ToolFailure>, rest: Duration) throws {
        guard let old = try ContentItem.resource.find(id, in: tx), old.publishing.state == .publishing else {
            return
        }
        switch outcome {
        case .success(.next(let notes)):
            try move(old, to: .publishing) { item in
                (item.publishing.takenAt, item.publishing.steps) = (nil, item.publishing.steps + 1)
                item.publishing.keep(notes)
            }
        case .success(.published(let place)):
            let changed = Reason(
                "changed_there", "The blog has changed the words as it took them: look at it there.")
            try move(old, to: .published, because: place.isChanged ? [changed] : []) { item in
                item.status = .published
                (item.publishing.takenAt, item.publishing.notes) = (nil, nil)
                item.publishing.steps += 1
                (item.publishing.remote, item.publishing.url) = (place.id, place.url)
            }
        // It stays taken: the blog is asked for it.
        case .failure(let failure) where failure.isAmbiguous: break
        case .failure(let failure):
            let detail = String(failure.detail.prefix(500)), code = failure.code
            let isHeld = failure.isOfAccount || failure.isRetryable
            let until = failure.isOfAccount ? nil : tx.now + (failure.retryAfter ?? rest)
            let reason =
                isHeld
                ? Reason(failure.isOfAccount ? "needs_reconnect" : code, detail, until: until)
                : Reason(code, detail)
            try move(old, to: isHeld ? .held : .failed, because: [reason]) { item in
                (item.publishing.takenAt, item.publishing.steps) = (nil, item.publishing.steps + 1)
            }
        }
    }

    /// Leaves a piece to a person of which nobody knows whether it stands.
    func leaveToPerson(_ old: ContentItem) throws {
        let reason = Reason("unknown", "The answer was lost, and the blog does not tell: look there.")
        // Those who have not got it yet get it all the same, though it has kept its day on the blog until now.
        let isTold = try tx.distributions.areThere(of: old)
        let item = try move(old, to: .unknown, because: [reason]) { item in
            item.status = isTold ? .published : .unknown
            item.publishing.takenAt = nil
        }
        try tx.alerts.raise(
            kind: ContentItem.unknownAlert, severity: .warning, subject: item.subject,
            title: Saying("alert.content_item_unknown", ["title": .text(item.title)]),
            action: Saying("alert.content_item_unknown_do"))
    }
}
