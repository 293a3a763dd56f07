internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The permission without which nobody says that content may go out.
let judging: Permission = "approvals:decide"

/// The review of content items, by colleagues and by the client: `tx.contentReview`.
struct ContentReviewStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentReview: ContentReviewStore<Self> { ContentReviewStore(tx: self) }
}

extension ContentReviewStore where Base == Transaction {
    /// Gives an item to those who review it, unless something stands against its words.
    func submit(_ old: ContentItem, by actor: Actor) throws -> ContentItem {
        try old.require("submit")
        var new = old
        (new.status, new.submittedAt) = (.inReview, tx.now)
        (new.reviewedBy, new.reviewedAt, new.reviewNotes) = (nil, nil, nil)
        var faults = Faults()
        new.checkContents(&faults)
        try faults.throwIfAny()
        let errors = try QualityGate.errors(of: old, in: tx)
        guard errors.isEmpty else {
            throw Problem(
                .qualityErrors, "The content item has \(errors.count) errors: correct them first.",
                extra: ["findings": .array(errors)])
        }
        let submitted = try step(old, &new, "submitted", by: actor)
        try tellReviewers(of: submitted, besides: actor)
        try ContentReviewJob.plan(for: submitted, round: 0, in: tx)
        return submitted
    }

    /// Records what a colleague has concluded. `asksClient`: its client has the last word.
    func review(
        _ old: ContentItem, passed: Bool, notes: String?, asksClient: Bool, by actor: Actor
    ) throws -> ContentItem {
        guard passed || notes?.trimmed.isEmpty == false else {
            throw Problem(faults: [
                Fault("/notes", "required", "notes is required: say what is to be changed.")
            ])
        }
        try old.require("review")
        try requireAnother(than: actor, for: old)
        var new = old
        (new.reviewedBy, new.reviewedAt, new.reviewNotes) = (actor.id, tx.now, notes)
        if passed { new.changeRequest = nil }
        new.status = passed ? (asksClient ? .withClient : .approved) : .draft
        try tx.contentVersions.keep(
            review: [
                "passed": .bool(passed), "notes": JSON(notes), "by": actor.json,
                "at": .string(tx.now.description),
            ], of: old)
        let reviewed = try step(old, &new, "reviewed", by: actor)
        if reviewed.status == .approved { try tx.publish("content_item.approved", new.subject, new.payload) }
        if !passed {
            try tx.publish("content_item.review_failed", new.subject, new.payload)
            try tellAuthors(
                of: reviewed, .contentSentBack,
                Saying("notification.content_not_passed", ["title": .text(reviewed.title)]), notes)
        }
        return reviewed
    }

    /// Throws where somebody judges what they alone have written, and a colleague could.
    private func requireAnother(than actor: Actor, for item: ContentItem) throws {
        guard try tx.contentVersions.authors(of: item.id) == [actor],
            try !judges(of: item, besides: actor, limit: 1).isEmpty
        else { return }
        throw Problem(.forbidden, "You wrote this alone: a colleague has to review it.")
    }

    func step(
        _ old: ContentItem, _ new: inout ContentItem, _ verb: String, by actor: Actor
    ) throws -> ContentItem {
        try tx.update(old, to: &new, by: actor, action: "content_item.\(verb)")
        try tx.publish("content_item.\(verb)", new.subject, new.payload)
        return new
    }

    // MARK: The people of it

    /// Returns those who may review an item: colleagues of another client do not see it.
    private func judges(of item: ContentItem, besides actor: Actor, limit: Int) throws -> [UserID] {
        let sees =
            item.clientID.map { "(client_id IS NULL OR client_id = \($0))" as SQL } ?? "client_id IS NULL"
        return try User.resource.all(
            where: """
                role IN \(list: try tx.roles.holding(judging)) AND status = 'active' AND id <> \(actor.id)
                AND \(sees)
                """, suffix: "ORDER BY row LIMIT \(limit)", in: tx
        ).map(\.id)
    }

    func tellReviewers(of item: ContentItem, besides actor: Actor) throws {
        let people = try judges(of: item, besides: actor, limit: 200)
        guard !people.isEmpty else { return }
        try tx.notifications.notify(
            .users(people), kind: .contentInReview,
            title: Saying("notification.content_in_review", ["title": .text(item.title)]),
            subject: item.subject)
    }

    /// Tells those who wrote an item, or else whoever may write such, what has become of it.
    func tellAuthors(
        of item: ContentItem, _ kind: NotificationKind, _ title: Saying, _ text: String? = nil
    ) throws {
        let people = try tx.contentVersions.authors(of: item.id).compactMap(\.userID).sorted {
            $0.text < $1.text
        }
        try tx.notifications.notify(
            people.isEmpty ? .permission("content_items:write") : .users(people), kind: kind,
            title: title, body: text.map { .quoted($0) }, subject: item.subject)
    }
}
