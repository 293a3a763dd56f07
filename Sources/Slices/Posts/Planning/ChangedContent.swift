internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Templates

/// Keeps posts from leaving that were written when their piece of content said something else: the yes to what it says
/// now is none to them, until somebody has looked at each. An event is made anew, or moved, when its day changes, and
/// called off when its piece is put away before.
struct ChangedContentWatch: EventConsumer {
    let dependencies: PostsDependencies

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "content_item.updated", let id = event.subject.id(of: Nouns.ContentItem.self),
            let changed = JSON(stored: event.data)["changed"]?.array
        else { return }
        let posts = tx.unlimited.posts
        if changed.contains("status"), try dependencies.isCalledOff(tx, id) {
            try posts.callOffEvents(of: id)
        } else if changed.contains("planned_at") {
            try posts.takeBackEvents(of: id)
        }
        if changed.contains("revision") { try posts.takeBack(of: id) }
    }
}

extension Reason {
    private static let contentChanged = "content_changed", calledOff = "called_off"

    fileprivate static let newContent = Reason(
        contentChanged,
        "The content was changed after the post was written: change its words where needed, and schedule it.")
    fileprivate static let newDay = Reason(
        contentChanged,
        "The day of the content was changed: change it in these words and where the event stands.")
    fileprivate static let noEvent = Reason(
        calledOff,
        "The content was put away before its day: call the event off where it stands, then cancel this post.")

    /// Whether somebody has to look at the post beside its content.
    var asksForLook: Bool { code == Self.contentChanged || code == Self.calledOff }
}

extension PostStore where Base == Transaction {
    /// Has the posts of a piece that have not left wait for somebody who looks at them.
    fileprivate func takeBack(of item: ContentItemID) throws {
        let waiting = try SocialPost.resource.all(
            where: "content_item_id = \(item) AND status IN ('scheduled', 'held', 'needs_approval')",
            suffix: "ORDER BY id", in: tx)
        guard !waiting.isEmpty else { return }
        for post in waiting { try move(post, to: .needsApproval, because: [.newContent]) }
        try askForLooks(at: item)
    }

    /// Has the events and Spaces of a piece wait for somebody who sees to its new day. An event that a person has made
    /// is asked for once more, since nobody else moves it.
    fileprivate func takeBackEvents(of item: ContentItemID) throws {
        let waiting = try handWork(of: item, ["event", "space"]).filter { $0.status != .published }
        for event in waiting { try move(event, to: .needsApproval, because: [.newDay]) }
        let again = try askAgain(for: handWork(of: item, ["event"]), because: .newDay)
        if again || !waiting.isEmpty { try askForLooks(at: item) }
    }

    /// Has somebody call off the events of a piece that were made, or that a person was asked to make. Those that
    /// nobody was asked for are cancelled.
    fileprivate func callOffEvents(of item: ContentItemID) throws {
        let events = try handWork(of: item, ["event"])
        for event in events {
            switch event.status {
            case .scheduled, .held: try cancel(event, because: [.noEvent])
            case .published: break
            default: try move(event, to: .needsApproval, because: [.noEvent])
            }
        }
        let again = try askAgain(for: events.filter { !$0.status.isWaiting }, because: .noEvent)
        let count = try looks(at: item)
        if again || count > 0 { try askForLooks(at: item) }
    }

    /// Returns the work that a person was asked for beside the posts of a piece, or does it soon, the oldest first.
    private func handWork(of item: ContentItemID, _ kinds: [String]) throws -> [SocialPost] {
        try SocialPost.resource.all(
            where: """
                content_item_id = \(item) AND by_hand IN \(list: kinds)
                    AND status IN ('scheduled', 'held', 'needs_approval', 'awaiting_person', 'published')
                """, suffix: "ORDER BY id", in: tx)
    }

    /// Asks for events once more that were made, unless somebody is asked already. Answers whether it has.
    private func askAgain(for events: [SocialPost], because reason: Reason) throws -> Bool {
        var hasAsked = false
        for made in events where made.status == .published {
            guard events.last(where: { $0.accountID == made.accountID })?.id == made.id else { continue }
            var again = SocialPost.new(id: tx.nextID(), now: tx.now)
            (again.accountID, again.itemID, again.text) = (made.accountID, made.itemID, made.text)
            (again.clientID, again.campaignID) = (made.clientID, made.campaignID)
            (again.handWork, again.mayRepeat, again.status) = (.event, true, .needsApproval)
            again.reasons.list = [reason]
            try tx.create(&again, by: .system)
            hasAsked = true
        }
        return hasAsked
    }

    private func askForLooks(at item: ContentItemID) throws {
        try tx.alerts.raise(
            kind: PostAlert.contentChanged, severity: .warning, subject: Subject(item),
            title: Saying("alert.social_post_changed", ["count": .number(looks(at: item))]),
            action: Saying("alert.social_post_changed_do"))
    }

    /// Ends the alert about a piece once nobody has to look at any post of it.
    func settleLooks(at item: ContentItemID?) throws {
        guard let item else { return }
        if try looks(at: item) == 0 {
            try tx.alerts.resolve(kind: PostAlert.contentChanged, subject: Subject(item))
        }
    }

    /// Returns how many posts of a piece somebody has to look at.
    private func looks(at item: ContentItemID) throws -> Int {
        try SocialPost.resource.all(
            where: "content_item_id = \(item) AND status = 'needs_approval'", in: tx
        ).count { $0.reasons.list.contains(where: \.asksForLook) }
    }
}
