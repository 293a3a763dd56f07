internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

extension MetricStore {
    /// Returns a reading of these days that has not ended.
    func liveRead(
        of integration: IntegrationID, from first: CivilDate, through last: CivilDate
    ) throws -> MetricRead? {
        try MetricRead.resource.first(
            where: """
                integration_id = \(integration) AND status IN ('queued', 'running')
                AND first_day = \(first.iso) AND last_day = \(last.iso)
                """, suffix: "ORDER BY id DESC LIMIT 1", in: tx)
    }

    /// Returns the last day that was ever read through an integration.
    func lastDay(of integration: IntegrationID) throws -> CivilDate? {
        try tx.first(
            """
            SELECT max(through) FROM metric_reads WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
                AND status = 'completed'
            """
        ) { $0.optionalText(0).flatMap { CivilDate(iso: $0) } }.flatMap(\.self)
    }

    /// Returns another integration of the same service that has brought metrics of the same client, or of the agency:
    /// one value of a day cannot be both's.
    func rival(of integration: Integration) throws -> IntegrationID? {
        try tx.first(
            """
            SELECT r.integration_id FROM metric_reads r JOIN integrations i
                ON i.tenant_id = r.tenant_id AND i.id = r.integration_id
            WHERE r.tenant_id = \(tx.tenant) AND r.\(integration.clientID.owns)
                AND r.source = \(integration.provider) AND r.integration_id <> \(integration.id)
                AND r.status = 'completed' AND i.status = 'active'
            LIMIT 1
            """
        ) { IntegrationID($0, 0) }
    }
}

extension MetricStore where Base == Transaction {
    private static var keptFor: Duration { .seconds(400 * 86_400) }

    /// Stores a reading that is about to be made, and forgets the oldest of its integration.
    func begin(
        _ integration: Integration, from first: CivilDate, through last: CivilDate
    ) throws -> JobID {
        var read = MetricRead.new(id: tx.nextID(), now: tx.now)
        (read.integrationID, read.clientID) = (integration.id, integration.clientID)
        (read.source, read.firstDay, read.lastDay) = (integration.provider, first, last)
        try tx.run(
            """
            DELETE FROM metric_reads WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration.id)
                AND created_at < \(tx.now - Self.keptFor)
            """)
        let job = try tx.jobs.enqueue(
            MetricReadJob.self, .init(read: read.id),
            JobOptions(
                uniqueKey: read.id, subject: integration.subject, limitKey: integration.id.keyText,
                // Two at once would store each other's days.
                limits: JobLimits(concurrency: 1)))
        read.jobID = job.id
        try MetricRead.resource.insert(&read, in: tx)
        return job.id
    }

    func save(_ old: MetricRead, _ new: inout MetricRead) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try MetricRead.resource.update(old, to: new, in: tx)
    }

    /// Stores all metrics of some days in place of what was known of them, and notes that in the reading: what is
    /// the same stays as it is.
    func take(
        _ found: [DailyMetric], through last: CivilDate, of id: ID<MetricRead>, missingIsZero: Bool
    ) throws {
        let old = try MetricRead.resource.get(id, in: tx)
        let first = old.through.map { $0.adding(days: 1) } ?? old.firstDay
        var read = old, left: [MetricKey: MetricValue] = [:]
        let known = try MetricValue.resource.all(
            where: """
                \(old.clientID.owns) AND source = \(read.source) AND date >= \(first.iso)
                AND date <= \(last.iso) AND campaign_id IS NULL
                """, in: tx)
        for value in known { left[MetricKey(value.metric, value.date)] = value }
        for metric in found {
            read.rows += 1
            guard let present = left.removeValue(forKey: MetricKey(metric.metric, metric.date)) else {
                var value = MetricValue()
                (value.clientID, value.source, value.metric) = (read.clientID, read.source, metric.metric)
                (value.date, value.value, value.unit) = (metric.date, metric.value, metric.unit)
                value.beginLife(id: tx.nextID(), now: tx.now)
                try tx.create(&value, by: .system)
                read.created += 1
                continue
            }
            if try change(present, to: metric.value, metric.unit) { read.updated += 1 }
        }
        if missingIsZero {
            // A metric that was counted once, and is not any more, is zero.
            for value in left.values.sorted(by: { ($0.date, $0.metric) < ($1.date, $1.metric) })
            where try change(value, to: 0, nil) {
                read.updated += 1
            }
        }
        (read.through, read.error) = (last, nil)
        try save(old, &read)
    }

    /// Stores the visits by links of campaigns as metrics of these, in place of what was known of the same days.
    func take(
        _ found: [MarkedVisits], by marks: [CampaignMark], on range: ClosedRange<CivilDate>,
        of id: ID<MetricRead>
    ) throws {
        guard !marks.isEmpty else { return }
        let old = try MetricRead.resource.get(id, in: tx)
        var read = old
        for (campaign, own) in Dictionary(grouping: marks, by: \.campaign).sorted(by: { $0.key < $1.key }) {
            var days: [CivilDate: Double] = [:]
            for visits in found
            where own.contains(where: { $0.name == visits.mark && $0.days.contains(visits.date) }) {
                days[visits.date, default: 0] += visits.count
            }
            read.rows += days.count
            // A person's value of such a day counts as the same figure, though they named no client.
            let known = try MetricValue.resource.all(
                where: """
                    campaign_id = \(campaign) AND (client_id IS NULL OR \(read.clientID.owns))
                    AND source = \(read.source) AND metric = \(MarkedVisits.metric)
                    AND date >= \(range.lowerBound.iso) AND date <= \(range.upperBound.iso)
                    """, in: tx)
            for value in known where own.contains(where: { $0.days.contains(value.date) }) {
                if try change(value, to: days.removeValue(forKey: value.date) ?? 0, nil) { read.updated += 1 }
            }
            for (date, count) in days.sorted(by: { $0.key < $1.key }) {
                var value = MetricValue()
                (value.clientID, value.campaignID, value.source) = (read.clientID, campaign, read.source)
                (value.metric, value.date, value.value) = (MarkedVisits.metric, date, count)
                value.beginLife(id: tx.nextID(), now: tx.now)
                try tx.create(&value, by: .system)
                read.created += 1
            }
        }
        try save(old, &read)
    }

    private func change(_ old: MetricValue, to value: Double, _ unit: String?) throws -> Bool {
        var new = old
        (new.value, new.unit) = (value, unit ?? old.unit)
        guard new.value != old.value || new.unit != old.unit else { return false }
        try tx.update(old, to: &new, by: .system)
        return true
    }

    /// Ends a reading; tells of one that has failed.
    func end(_ id: ID<MetricRead>, _ status: MetricRead.Status, _ failure: JobFailure? = nil) throws {
        guard let old = try MetricRead.resource.find(id, in: tx), !old.status.isOver else { return }
        var read = old
        read.status = status
        read.error = failure.map { ["code": .string($0.code), "detail": .string($0.detail)] }
        read.finishedAt = status.isOver ? tx.now : nil
        try save(old, &read)
        guard let integration = try Integration.resource.find(read.integrationID, in: tx) else { return }
        if status == .completed {
            try tx.alerts.resolve(kind: MetricAlert.unread, subject: integration.subject)
            try tx.publish(
                "metrics.read", integration.subject, read.counts.merging(["source": .string(read.source)]))
        } else if let failure, status == .failed || failure.code == "invalid_answer" {
            try tx.alerts.raise(
                kind: MetricAlert.unread, severity: .warning, subject: integration.subject,
                title: Saying(
                    "alert.metrics_unread",
                    [
                        "name": .text(integration.name ?? integration.provider),
                        "error": .saying(.cause(failure.code, failure.detail)),
                    ]),
                action: Saying("alert.metrics_unread_do"))
        }
    }
}

enum MetricAlert { static let unread = "metrics_unread" }

/// A metric on a day, as a client has one of a source.
private struct MetricKey: Hashable {
    let metric: String, date: CivilDate

    init(_ metric: String, _ date: CivilDate) { (self.metric, self.date) = (metric, date) }
}
