internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Templates

/// Keeps posts from leaving that were written when their piece of content said something else: the yes to what it says
/// now is none to them, until somebody has looked at each. An event is made anew, or moved, when its day changes.
struct ChangedContentWatch: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "content_item.updated", let id = event.subject.id(of: Nouns.ContentItem.self),
            let changed = JSON(stored: event.data)["changed"]?.array
        else { return }
        let posts = tx.unlimited.posts
        if changed.contains("planned_at") { try posts.takeBackEvents(of: id) }
        if changed.contains("revision") { try posts.takeBack(of: id) }
    }
}

extension Reason {
    private static let contentChanged = "content_changed"

    fileprivate static let newContent = Reason(
        contentChanged,
        "The content was changed after the post was written: change its words where needed, and schedule it.")
    fileprivate static let newDay = Reason(
        contentChanged,
        "The day of the content was changed: change it in these words and where the event stands.")

    /// Whether somebody has to look at the post beside its content.
    var asksForLook: Bool { code == Self.contentChanged }
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

    /// Has the events of a piece wait for somebody who sees to its new day. An event that a person has made is asked
    /// for once more, since nobody else moves it.
    fileprivate func takeBackEvents(of item: ContentItemID) throws {
        let events = try SocialPost.resource.all(
            where: """
                content_item_id = \(item) AND by_hand = 'event'
                    AND status IN ('scheduled', 'held', 'needs_approval', 'awaiting_person', 'published')
                """, suffix: "ORDER BY id", in: tx)
        guard !events.isEmpty else { return }
        for event in events where event.status != .published {
            try move(event, to: .needsApproval, because: [.newDay])
        }
        for made in events where made.status == .published {
            guard events.last(where: { $0.accountID == made.accountID })?.id == made.id else { continue }
            var again = SocialPost.new(id: tx.nextID(), now: tx.now)
            (again.accountID, again.itemID, again.text) = (made.accountID, item, made.text)
            (again.clientID, again.campaignID) = (made.clientID, made.campaignID)
            (again.handWork, again.mayRepeat, again.status) = (.event, true, .needsApproval)
            again.reasons.list = [.newDay]
            try tx.create(&again, by: .system)
        }
        try askForLooks(at: item)
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
