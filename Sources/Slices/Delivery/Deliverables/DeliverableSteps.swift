internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The person who decides for a client, and how that is known.
package struct ClientDecider: Sendable {
    /// The person's name, as people read it.
    package var name: String?
    /// A user of the client, or a colleague on its behalf.
    package var userID: UserID?
    package var address: String?
    package var userAgent: String?
    /// Somebody of the agency says what the client has said elsewhere.
    package var isOnBehalf: Bool
    /// The place where the client has said so: a mail, a call.
    package var evidence: String?

    package init(
        name: String? = nil, userID: UserID? = nil, address: String? = nil, userAgent: String? = nil,
        isOnBehalf: Bool = false, evidence: String? = nil
    ) {
        (self.name, self.userID, self.address, self.userAgent) = (name, userID, address, userAgent)
        (self.isOnBehalf, self.evidence) = (isOnBehalf, evidence)
    }

    fileprivate func json(_ decision: String, revision: Int, at now: String) -> JSON {
        [
            "decision": .string(decision), "revision": JSON(revision), "at": .string(now),
            "name": JSON(name), "user_id": JSON(userID), "address": JSON(address),
            "user_agent": JSON(userAgent), "on_behalf": .bool(isOnBehalf), "evidence": JSON(evidence),
        ]
    }
}

package extension DeliverableStore where Base == Transaction {
    /// Gives a deliverable to those who look at its quality; each time is a version of its own.
    func submit(_ old: Deliverable, notes: String?, by actor: Actor) throws -> Deliverable {
        try old.require("submit")
        var new = old
        let review = try QualityReview(old, in: tx)
        new.quality = review.json
        new.revision += 1
        try keep(review, of: new)
        var version = DeliverableVersion()
        (version.number, version.text, version.files) = (new.revision, new.text, new.files)
        (version.notes, version.submittedAt, version.submittedBy) = (notes, tx.now, actor.id)
        new.versions.list.append(version)
        (new.reviewedBy, new.reviewedAt, new.reviewNotes) = (nil, nil, nil)
        return try step(old, &new, to: .inReview, "submitted", by: actor)
    }

    /// Records a person's conclusion from the rules' factors and from looking at it.
    func review(
        _ old: Deliverable, passed: Bool, notes: String?, by actor: Actor
    ) throws -> Deliverable {
        try old.require("review")
        var new = old
        (new.reviewedBy, new.reviewedAt, new.reviewNotes) = (actor.id, tx.now, notes)
        if var version = new.versions.list.popLast() {
            (version.passed, version.reviewNotes) = (passed, notes)
            (version.reviewedAt, version.reviewedBy) = (tx.now, actor.id)
            new.versions.list.append(version)
        }
        let reviewed = try step(old, &new, to: passed ? .withClient : .draft, "reviewed", by: actor)
        // A deliverable for the client has another event than one that goes back to its makers.
        try tx.publish(
            passed ? "deliverable.with_client" : "deliverable.review_failed", reviewed.subject,
            reviewed.payload)
        if passed { try tell(reviewed, "with_client", by: actor) }
        return reviewed
    }

    /// The client says yes.
    func approve(_ old: Deliverable, _ word: ClientDecider, by actor: Actor) throws -> Deliverable {
        try old.require("approve")
        var new = old
        new.changeRequest = nil
        return try decide(old, &new, .approved, word, by: actor)
    }

    /// The client wants something otherwise, and says what.
    func requestChanges(
        _ old: Deliverable, _ text: String, _ word: ClientDecider, by actor: Actor
    ) throws -> Deliverable {
        guard !text.trimmed.isEmpty else {
            throw Problem(
                faults: [Fault("/text", "required", "text is required: say what is to be changed.")])
        }
        try old.require("request-changes")
        var new = old
        new.changeRequest = text
        return try decide(old, &new, .changesRequested, word, by: actor)
    }

    private func decide(
        _ old: Deliverable, _ new: inout Deliverable, _ status: Deliverable.Status, _ word: ClientDecider,
        by actor: Actor
    ) throws -> Deliverable {
        new.decidedAt = tx.now
        new.evidence = word.json(status.rawValue, revision: new.revision, at: tx.now.description)
        if var version = new.versions.list.popLast() {
            (version.decision, version.changeRequest) = (status.rawValue, new.changeRequest)
            new.versions.list.append(version)
        }
        let decided = try step(old, &new, to: status, status.rawValue, by: actor)
        try tell(decided, status.rawValue, why: new.changeRequest, by: actor)
        if !word.isOnBehalf { try tellTeam(of: decided) }
        return decided
    }

    /// Those who work on it hear what the client has said.
    private func tellTeam(of deliverable: Deliverable) throws {
        let team = try Project.resource.find(deliverable.projectID, in: tx)?.team ?? []
        let client = try Client.resource.find(deliverable.clientID, in: tx)?.name ?? ""
        let isYes = deliverable.status == .approved
        try tx.notifications.notify(
            team.isEmpty ? .permission("deliverables:write") : .users(team),
            kind: isYes ? .deliverableApproved : .deliverableChanges,
            title: Saying(
                "notification.deliverable",
                ["approved": .flag(isYes), "client": .text(client), "name": .text(deliverable.name)]),
            body: deliverable.changeRequest.map { .quoted($0) }, subject: deliverable.subject)
    }

    /// The client reads what has become of it.
    private func tell(
        _ deliverable: Deliverable, _ done: String, why: String? = nil, by actor: Actor
    ) throws {
        try tx.portal.noteActivity(
            ofClient: deliverable.clientID, by: actor, "deliverable.\(done)", deliverable.subject,
            .quoted(deliverable.name), why: why.map { .quoted($0) })
    }

    private func step(
        _ old: Deliverable, _ new: inout Deliverable, to status: Deliverable.Status, _ verb: String,
        by actor: Actor
    ) throws -> Deliverable {
        new.status = status
        try tx.update(old, to: &new, by: actor, action: "deliverable.\(verb)")
        try tx.publish("deliverable.\(verb)", new.subject, new.payload)
        return new
    }
}
