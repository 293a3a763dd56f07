internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// The way of one item to one person: planned, then with a message that waits, then ended.
enum DeliveryState: String { case planned, waiting, ended }

extension ContentStore {
    /// Returns those of some people who have got an item, or are about to.
    func reached(of contacts: [ContactID], with item: ContentItemID) throws -> Set<ContactID> {
        Set(
            try tx.all(
                """
                SELECT contact_id FROM content_deliveries
                WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND contact_id IN \(list: contacts)
                    AND (sent_at IS NOT NULL OR state <> 'ended')
                """
            ) { ContactID($0, 0) })
    }

    func sent(by distribution: ID<Distribution>) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(sent_at) FROM content_deliveries
                WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution)
                """) ?? 0)
    }

    /// Returns those whose time has come, at most so many.
    func due(of distribution: ID<Distribution>, limit: Int) throws -> [ContactID] {
        try tx.all(
            """
            SELECT contact_id FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'planned'
                AND due_at <= \(tx.now) ORDER BY due_at LIMIT \(limit)
            """
        ) { ContactID($0, 0) }
    }

    /// When the next of those who are planned is due.
    func nextDue(of distribution: ID<Distribution>) throws -> Instant? {
        try tx.first(
            """
            SELECT min(due_at) FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'planned'
            """
        ) { $0.optionalInstant(0) } ?? nil
    }

    func isUnderWay(_ distribution: ID<Distribution>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state IN ('planned', 'waiting')
            """)
    }

    /// Returns the messages of a distribution that have not left, at most so many; with a moment, those that were due
    /// before it.
    func waiting(
        of distribution: ID<Distribution>, limit: Int, dueBefore moment: Instant? = nil
    ) throws -> [MessageID] {
        let late: SQL = moment.map { "AND due_at < \($0) " } ?? ""
        return try tx.all(
            """
            SELECT message_id FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'waiting'
                AND message_id IS NOT NULL \(late)ORDER BY due_at LIMIT \(limit)
            """
        ) { MessageID($0, 0) }
    }

    /// Returns the distributions that are not over.
    func distributionsUnderWay() throws -> [ID<Distribution>] {
        try tx.all(
            """
            SELECT id FROM distributions
            WHERE tenant_id = \(tx.tenant) AND status IN ('planned', 'sending') ORDER BY id LIMIT 1000
            """
        ) { ID<Distribution>($0, 0) }
    }
}

extension ContentStore where Base == Transaction {
    /// Plans an item for people, for each once ever; answers how many of them are planned now.
    func plan(
        _ item: ContentItem, for people: [ContactID: Instant], by distribution: ID<Distribution>
    ) throws -> Int {
        guard !people.isEmpty else { return 0 }
        var rows = SQL()
        for (contact, due) in people.sorted(by: { $0.key < $1.key }) {
            let variant = item.variant(for: contact)?.name ?? ContentItem.plain
            if !rows.isEmpty { rows += ", " }
            rows += "(\(tx.tenant), \(item.id), \(contact), \(distribution), \(variant), 'planned', \(due))"
        }
        return try tx.run(
            """
            INSERT INTO content_deliveries (tenant_id, content_item_id, contact_id, distribution_id, variant, state,
                due_at)
            VALUES \(rows)
            ON CONFLICT (tenant_id, content_item_id, contact_id) DO UPDATE
            SET distribution_id = excluded.distribution_id, variant = excluded.variant, state = 'planned',
                due_at = excluded.due_at, message_id = NULL
            WHERE content_deliveries.state = 'ended' AND content_deliveries.sent_at IS NULL
            """)
    }

    /// Notes that the message to somebody waits to leave, in the words of a variant: it may be another one than when
    /// they were planned.
    func wait(
        for message: MessageID, saying variant: String?, to contact: ContactID, of distribution: Distribution
    ) throws {
        try tx.run(
            """
            UPDATE content_deliveries
            SET state = 'waiting', message_id = \(message), stage = \(try stage(of: contact)),
                variant = \(variant ?? ContentItem.plain)
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(distribution.itemID)
                AND contact_id = \(contact) AND distribution_id = \(distribution.id)
            """)
    }

    /// Ends the way to somebody without a message.
    func leaveOut(_ contact: ContactID, of distribution: Distribution) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(distribution.itemID)
                AND contact_id = \(contact) AND distribution_id = \(distribution.id)
            """)
    }

    /// Ends the way to all who are planned and have no message yet.
    func leaveOutAll(of distribution: ID<Distribution>) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'planned'
            """)
    }

    /// Stores a change of a distribution under its next version.
    func change(_ old: Distribution, to new: inout Distribution) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Distribution.resource.update(old, to: new, in: tx)
    }

    /// Ends a distribution of which nothing is under way.
    func completeIfOver(_ id: ID<Distribution>) throws {
        guard let old = try Distribution.resource.find(id, in: tx), old.isWholePlanned, !old.status.isOver,
            try !isUnderWay(id)
        else { return }
        var new = old
        (new.status, new.completedAt) = (.completed, tx.now)
        try change(old, to: &new)
        try tx.publish(
            "distribution.completed", new.subject,
            ["content_item_id": JSON(new.itemID), "sent": JSON(try sent(by: id))])
    }

    /// Begins to send an item to those whom it is for. What was approved is published from then on.
    func distribute(
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
        if item.status.isReady {
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
                limitKey: distribution.text))
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
        try leaveOutAll(of: new.id)
        try tx.approvals.withdraw(
            of: DistributionApprovals.owner(of: new.id), because: "The distribution was cancelled.")
        try tx.jobs.enqueue(
            DistributionStopJob.self, .init(distribution: new.id), JobOptions(uniqueKey: new.id))
        return new
    }
}

extension ContentItem {
    /// The name that results have for the item's own words, where it has no variants.
    static let plain = "plain"
}
