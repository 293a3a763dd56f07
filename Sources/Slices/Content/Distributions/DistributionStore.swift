internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// The distributions of content items to many people: `tx.distributions`.
struct DistributionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var distributions: DistributionStore<Self> { DistributionStore(tx: self) }
}

extension DistributionStore {
    /// Returns the distributions that are not over.
    func underWay() throws -> [ID<Distribution>] {
        try tx.all(
            """
            SELECT id FROM distributions
            WHERE tenant_id = \(tx.tenant) AND status IN ('planned', 'sending') ORDER BY id LIMIT 1000
            """
        ) { ID<Distribution>($0, 0) }
    }

    /// Returns whether an item counts as published because it is sent to people, and stands on no blog yet.
    func haveTold(_ item: ContentItem) throws -> Bool {
        guard item.status == .published, item.publishing.state != .published,
            item.publishing.state != .captured
        else { return false }
        return try areThere(of: item)
    }

    /// Returns whether an item was ever begun to be sent to people.
    func areThere(of item: ContentItem) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM distributions WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item.id)")
    }
}

extension DistributionStore where Base == Transaction {
    /// Stores a change of a distribution under its next version.
    func change(_ old: Distribution, to new: inout Distribution) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Distribution.resource.update(old, to: new, in: tx)
    }

    /// Counts somebody who was planned, and is left out after all.
    func countLeftOut(_ code: String, of id: ID<Distribution>) throws {
        guard let old = try Distribution.resource.find(id, in: tx) else { return }
        var new = old
        new.skipped.add(code)
        try change(old, to: &new)
    }

    /// Ends a distribution of which nothing is under way.
    func completeIfOver(_ id: ID<Distribution>) throws {
        guard let old = try Distribution.resource.find(id, in: tx), old.isWholePlanned, !old.status.isOver,
            try !tx.contentDeliveries.isUnderWay(id)
        else { return }
        var new = old
        (new.status, new.completedAt) = (.completed, tx.now)
        try change(old, to: &new)
        try tx.publish(
            "distribution.completed", new.subject,
            ["content_item_id": JSON(new.itemID), "sent": JSON(try tx.contentDeliveries.sent(by: id))])
    }

    /// Begins to send an item to those whom it is for. What was approved is published from then on, but what waits
    /// for its day on a blog keeps the day.
    func begin(
        _ item: ContentItem, to segment: SegmentID?, _ audience: Distribution.Audience,
        over channel: Distribution.Way, at moment: Instant?, by actor: Actor, decision: DecisionID? = nil
    ) throws -> Distribution {
        var distribution = Distribution.new(id: tx.nextID(), now: tx.now)
        (distribution.itemID, distribution.segmentID) = (item.id, segment)
        (distribution.audience, distribution.channel, distribution.startsAt) = (audience, channel, moment)
        distribution.decisionID = decision
        try Distribution.resource.insert(&distribution, in: tx)
        try tx.auditLog.add(
            actor, "distribution.created", distribution.subject, ["content_item_id": JSON(item.id)])
        try tx.publish(
            "distribution.created", distribution.subject, ["content_item_id": JSON(item.id)])
        let keepsDay = item.plannedMoment != nil && item.publishing.state?.isWaiting == true
        if item.status.isReady, !keepsDay {
            var published = item
            published.status = .published
            try tx.update(item, to: &published, by: .system, action: "content_item.published")
        }
        try tx.jobs.enqueue(
            DistributionPlanJob.self, .init(distribution: distribution.id, after: ""),
            JobOptions(uniqueKey: distribution.id, subject: distribution.subject))
        return distribution
    }

    /// Lets a distribution look at whom it may send to now, or at a later moment.
    func wake(_ distribution: ID<Distribution>, at moment: Instant? = nil) throws {
        try tx.jobs.enqueue(
            DistributionSendJob.self, .init(distribution: distribution),
            JobOptions(
                runAt: moment, uniqueKey: "\(distribution)/\(moment?.microseconds ?? 0)",
                uniqueness: .untilStarted, subject: Subject(distribution),
                limitKey: distribution))
    }

    /// Stops a distribution: what has not left stays here.
    func cancel(_ old: Distribution, by actor: Actor) throws -> Distribution {
        guard !old.status.isOver else {
            throw Problem(
                .invalidTransition,
                "The distribution is \(old.status.rawValue): only one that is under way can be cancelled.",
                extra: ["allowed": []])
        }
        var new = old
        (new.status, new.completedAt) = (.cancelled, tx.now)
        try change(old, to: &new)
        try tx.auditLog.add(actor, "distribution.cancelled", new.subject, [:])
        try tx.publish(
            "distribution.cancelled", new.subject, ["content_item_id": JSON(new.itemID)])
        try tx.contentDeliveries.leaveOutAll(of: new.id)
        try tx.approvals.withdraw(
            of: DistributionApprovals.owner(of: new.id), because: "The distribution was cancelled.")
        try tx.jobs.enqueue(
            DistributionStopJob.self, .init(distribution: new.id), JobOptions(uniqueKey: new.id))
        return new
    }
}
