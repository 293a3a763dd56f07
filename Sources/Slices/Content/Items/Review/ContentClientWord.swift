internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The person who decides about content for a client, and how that is known.
struct ContentDecider: Sendable {
    var name: String?
    var userID: UserID?
    var address: String?
    var userAgent: String?
    /// The way in which they came to it, where they had not signed in.
    var evidence: String?

    static let yes = "approved", changes = "changes_requested"

    fileprivate func json(_ decision: String, of revision: Int, _ text: String?, at now: Instant) -> JSON {
        [
            "decision": .string(decision), "revision": JSON(revision), "text": JSON(text),
            "at": .string(now.description), "name": JSON(name), "user_id": JSON(userID),
            "address": JSON(address), "user_agent": JSON(userAgent), "evidence": JSON(evidence),
        ]
    }
}

extension ContentReviewStore where Base == Transaction {
    /// Asks a client for a yes to an item as it is now, and has them reminded of it.
    func askClient(about item: ContentItem, by actor: Actor) throws {
        try tx.publish("content_item.with_client", item.subject, item.payload)
        try noteActivity(item, "with_client", by: actor)
        try ContentReminderJob.plan(for: item, round: 0, in: tx)
    }

    /// Asks the client again, at most once on a day: links open anew, and reminders follow from now on.
    func remind(_ old: ContentItem, by actor: Actor) throws -> ContentItem {
        try old.require("remind")
        let zone = try tx.agency.tenant().zone
        if let last = old.askedAt, zone.local(of: last).date == zone.local(of: tx.now).date {
            throw Problem(.alreadyReminded, "The client was asked about the content today already.")
        }
        var new = old
        new.askedAt = tx.now
        let reminded = try step(old, &new, "reminded", by: actor)
        try ContentReminderJob.plan(for: reminded, round: 0, in: tx)
        return reminded
    }

    /// The client says yes.
    func approve(_ old: ContentItem, _ word: ContentDecider, by actor: Actor) throws -> ContentItem {
        try old.require("approve")
        var new = old
        (new.status, new.changeRequest, new.decidedAt) = (.approved, nil, tx.now)
        return try decide(old, &new, ContentDecider.yes, nil, word, by: actor)
    }

    /// The client wants something otherwise, and says what: it goes back to those who wrote it.
    func requestChanges(
        _ old: ContentItem, _ text: String, _ word: ContentDecider, by actor: Actor
    ) throws -> ContentItem {
        guard !text.trimmed.isEmpty else {
            throw Problem(faults: [
                Fault("/text", "required", "text is required: say what is to be changed.")
            ])
        }
        try old.require("request-changes")
        var new = old
        (new.status, new.changeRequest, new.askedAt) = (.draft, text, nil)
        return try decide(old, &new, ContentDecider.changes, text, word, by: actor)
    }

    private func decide(
        _ old: ContentItem, _ new: inout ContentItem, _ decision: String, _ text: String?,
        _ word: ContentDecider, by actor: Actor
    ) throws -> ContentItem {
        new.evidence = word.json(decision, of: old.revision, text, at: tx.now)
        try tx.contentVersions.keep(decision: new.evidence, of: old)
        let decided = try step(old, &new, decision, by: actor)
        try noteActivity(decided, decision, why: text, by: actor)
        let isYes = decision == ContentDecider.yes
        try tellAuthors(
            of: decided, isYes ? .contentApproved : .contentSentBack,
            Saying(
                "notification.content_decided",
                ["approved": .flag(isYes), "title": .text(decided.title)]), text)
        return decided
    }

    /// The client reads in the portal what has become of it.
    private func noteActivity(
        _ item: ContentItem, _ done: String, why: String? = nil, by actor: Actor
    ) throws {
        guard let client = item.clientID else { return }
        try tx.portal.noteActivity(
            ofClient: client, by: actor, "content_item.\(done)", item.subject, .quoted(item.title),
            why: why.map { .quoted($0) })
    }
}
