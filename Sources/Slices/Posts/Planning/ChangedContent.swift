internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Templates

/// Keeps posts from leaving that were written when their piece of content said something else: the yes to what it says
/// now is none to them, until somebody has looked at each.
struct ChangedContentWatch: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "content_item.updated", let id = event.subject.id(of: Nouns.ContentItem.self),
            JSON(stored: event.data)["changed"]?.array?.contains("revision") == true
        else { return }
        try tx.unlimited.posts.takeBack(of: id)
    }
}

extension Reason {
    private static let contentChanged = "content_changed"

    fileprivate static let newContent = Reason(
        contentChanged,
        "The content was changed after the post was written: change its words where needed, and schedule it.")

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
        try tx.alerts.raise(
            kind: PostAlert.contentChanged, severity: .warning, subject: Subject(item),
            title: Saying("alert.social_post_changed", ["count": .number(waiting.count)]),
            action: Saying("alert.social_post_changed_do"))
    }

    /// Ends the alert about a piece once nobody has to look at any post of it.
    func settleLooks(at item: ContentItemID?) throws {
        guard let item else { return }
        let isOpen = try SocialPost.resource.all(
            where: "content_item_id = \(item) AND status = 'needs_approval'", in: tx
        ).contains { $0.reasons.list.contains(where: \.asksForLook) }
        if !isOpen { try tx.alerts.resolve(kind: PostAlert.contentChanged, subject: Subject(item)) }
    }
}
