internal import Database
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Fills a report: counts what its period's records say, and says it in words. Rules alone, so that the same records
/// give the same report.
struct ReportComposition {
    let client: ClientID
    let audience: Report.Audience
    let words: ReportCopy
    let start: Instant, end: Instant
    let dependencies: DeliveryDependencies?
    private let period: ReportPeriod

    init(
        _ report: Report, _ period: ReportPeriod, _ words: ReportCopy, zone: TimeZoneRules,
        _ dependencies: DeliveryDependencies?
    ) {
        (client, audience, self.period, self.words) = (report.clientID, report.audience, period, words)
        (start, end) = period.instants(in: zone)
        self.dependencies = dependencies
    }

    func fill(_ report: inout Report, in reader: some Queryable) throws {
        let work = try work(in: reader)
        let ahead = [try goals(in: reader), try projects(in: reader)].compactMap(\.self)
        let channels = audience == .executive ? [] : try channels(in: reader)
        let sections: [ReportSection] =
            switch audience {
            case .client: [work] + (try campaigns(in: reader)) + channels + ahead
            case .manager: [work, try risks(in: reader)] + (try campaigns(in: reader)) + channels + ahead
            case .executive: [try business(in: reader)] + ahead
            }
        report.sections = Parts(sections)
        if report.title.trimmed.isEmpty {
            report.title = "\(words.title(report.kind, for: audience)) \(words.days(period))"
        }
        if report.summary == nil {
            report.summary = try standing(in: reader) + narrative(work, channels)
        }
    }

    // MARK: Work

    private func work(in reader: some Queryable) throws -> ReportSection {
        let times = "[gte]=\(start)", until = "[lt]=\(end)"
        let done = try reader.int(
            """
            SELECT count(*) FROM tasks WHERE tenant_id = \(reader.tenant) AND client_id = \(client)
                AND completed_at >= \(start) AND completed_at < \(end)
            """)
        let approved = try reader.int(
            """
            SELECT count(*) FROM deliverables WHERE tenant_id = \(reader.tenant) AND client_id = \(client)
                AND decided_at >= \(start) AND decided_at < \(end) AND status = 'approved'
            """)
        let waiting = try reader.int(
            """
            SELECT count(*) FROM deliverables
            WHERE tenant_id = \(reader.tenant) AND client_id = \(client) AND status = 'with_client'
            """)
        return ReportSection(
            words("report.done"),
            [
                figure(
                    words("report.tasks_finished"), done, "tasks",
                    "/v1/tasks?client_id=\(client)&completed_at\(times)&completed_at\(until)"),
                figure(
                    words("report.deliverables_approved"), approved, "deliverables",
                    "/v1/deliverables?client_id=\(client)&status=approved&decided_at\(times)&decided_at\(until)"
                ),
                figure(
                    audience == .client
                        ? words("report.waiting_for_approval") : words("report.waiting_for_client"),
                    waiting, "deliverables",
                    "/v1/deliverables?client_id=\(client)&status=with_client"),
            ])
    }

    func figure(_ label: String, _ value: Int64?, _ source: String, _ query: String) -> ReportMetric {
        var figure = ReportMetric()
        (figure.label, figure.value) = (label, Double(value ?? 0))
        (figure.source, figure.query) = (source, query)
        return figure
    }

    /// Where the client's goals stand, and those that were reached in the period.
    private func goals(in reader: some Queryable) throws -> ReportSection? {
        let goals = try Goal.resource.all(
            where: "client_id = \(client) AND (reached_at IS NULL OR reached_at >= \(start))",
            suffix: "ORDER BY id LIMIT 50", in: reader
        ).filter { $0.current != nil }
        if goals.isEmpty { return nil }
        var section = ReportSection(
            words("report.goals"),
            goals.map { goal in
                var figure = ReportMetric()
                (figure.label, figure.value) = (goal.called, goal.current ?? 0)
                (figure.aggregate, figure.source) = (.value, "goals")
                figure.query = "/v1/goals/\(goal.id)"
                return figure
            })
        section.text =
            goals.map { goal in
                words(
                    "report.goal",
                    [
                        "goal": .text(goal.called), "value": .text(words.locale.shown(goal.current ?? 0)),
                        "target": .text(words.locale.shown(goal.target)),
                        "day": .text(words.locale.shown(goal.by)),
                        "has_baseline": .flag(goal.baseline != nil),
                        "baseline": .text(goal.baseline.map { words.locale.shown($0) } ?? ""),
                        // A goal that is nearly reached is not called reached.
                        "progress": .number(Int((goal.progress * 100).rounded(.down))),
                    ])
            }.joined(separator: "; ") + "."
        return section
    }

    private func projects(in reader: some Queryable) throws -> ReportSection? {
        let projects = try Project.resource.all(
            where: "client_id = \(client) AND status IN ('planned', 'active', 'on_hold')",
            suffix: "ORDER BY id LIMIT 20", in: reader)
        if projects.isEmpty { return nil }
        var section = ReportSection(
            words("report.projects"),
            projects.map { project in
                var figure = ReportMetric()
                (figure.label, figure.value, figure.unit) = (project.name, Double(project.progress), "%")
                (figure.aggregate, figure.source) = (.value, "projects")
                figure.query = "/v1/projects/\(project.id)"
                return figure
            })
        let next = projects.flatMap { project in
            project.milestones.list.filter { $0.doneAt == nil }.map { (project, $0) }
        }.sorted { ($0.1.dueOn ?? .far) < ($1.1.dueOn ?? .far) }.prefix(5)
        if !next.isEmpty {
            let milestones = next.map { project, milestone in
                "\(milestone.name) (\(project.name)\(milestone.dueOn.map { ", " + words.locale.shown($0) } ?? ""))"
            }.joined(separator: "; ")
            section.text = words("report.next", ["milestones": .text(milestones)])
        }
        return section
    }

    // MARK: Campaigns

    /// The client's campaigns of the period, each with what it has brought.
    private func campaigns(in reader: some Queryable) throws -> [ReportSection] {
        guard let dependencies else { return [] }
        return try dependencies.reportedCampaigns(reader, client, period.first, period.last, words.words)
            .map { campaign in
                var section = ReportSection(
                    words("report.campaign", ["name": .text(campaign.name)]),
                    campaign.figures.map { told in
                        var figure = ReportMetric()
                        (figure.label, figure.value, figure.unit) = (told.label, told.value, told.unit)
                        figure.aggregate = told.isSum ? .sum : .value
                        (figure.source, figure.query) = (told.source, told.query)
                        return figure
                    })
                section.text = campaign.text
                return section
            }
    }

    // MARK: Figures of channels

    private func channels(in reader: some Queryable) throws -> [ReportSection] {
        var sections: [(source: String, figures: [ReportMetric], charts: [ReportChart])] = []
        for name in try reader.metrics.names(of: client) {
            let series = try reader.metrics.series(of: client, name, from: period.first, through: period.last)
            if series.points.isEmpty { continue }
            let before = period.before
            let earlier = try reader.metrics.series(
                of: client, name, from: before.first, through: before.last)
            let (figure, chart) = (drawn(series, earlier), chart(series))
            if sections.last?.source == name.source {
                sections[sections.count - 1].figures.append(figure)
                sections[sections.count - 1].charts.append(chart)
            } else {
                sections.append((name.source, [figure], [chart]))
            }
        }
        return sections.prefix(40).map {
            ReportSection(ReportCopy.readable($0.source), $0.figures, $0.charts)
        }
    }

    private func drawn(_ series: MetricSeries, _ earlier: MetricSeries) -> ReportMetric {
        var figure = ReportMetric()
        (figure.label, figure.unit) = (ReportCopy.readable(series.metric), series.unit)
        figure.aggregate = series.isShare ? .average : .sum
        figure.value = series.figure(figure.aggregate)
        if !earlier.points.isEmpty { figure.previous = earlier.figure(figure.aggregate) }
        (figure.source, figure.query) = (series.source, query(of: series))
        return figure
    }

    private func chart(_ series: MetricSeries) -> ReportChart {
        var chart = ReportChart()
        (chart.title, chart.source) = (ReportCopy.readable(series.metric), series.source)
        (chart.unit, chart.query) = (series.unit, query(of: series))
        chart.points = Parts(series.points.suffix(400).map { ReportPoint($0.date, $0.value) })
        return chart
    }

    private func query(of series: MetricSeries) -> String {
        """
        /v1/metrics?client_id=\(client)&source=\(series.source.percentEncoded)\
        &metric=\(series.metric.percentEncoded)&date[gte]=\(period.first.iso)&date[lte]=\(period.last.iso)
        """
    }

    // MARK: Words

    private func narrative(_ work: ReportSection, _ channels: [ReportSection]) -> String {
        let counts = work.figures.list.map { Int($0.value) }
        var sentences = [words.work(counts[0], counts[1], period)]
        let moved = channels.flatMap(\.figures.list).compactMap { figure in
            figure.change.map { (figure, $0) }
        }.sorted { (abs($0.1), $1.0.label) > (abs($1.1), $0.0.label) }
        for (figure, change) in moved.prefix(4) {
            var named = figure
            named.source = ReportCopy.readable(figure.source)
            sentences.append(words.moved(named, change))
        }
        if audience == .client, let waiting = words.waiting(counts[2]) { sentences.append(waiting) }
        return sentences.joined(separator: " ")
    }
}

extension MetricSeries {
    /// Whether its values do not add up: they are percentages, rates, or the price of one of many.
    fileprivate var isShare: Bool { unit == "%" || metric.contains("_per_") || metric.hasSuffix("_rate") }

    fileprivate func figure(_ aggregate: ReportMetric.Aggregate) -> Double {
        let value = aggregate == .average ? total / Double(max(points.count, 1)) : total
        return (value * 10_000).rounded() / 10_000
    }
}

extension CivilDate {
    static let far = CivilDate(year: 9999, month: 12, day: 31)
}

extension ReportStore where Base == Transaction {
    /// Completes a new report, which is not stored yet: its period, its language, its content.
    func compose(
        _ report: inout Report, today: CivilDate, zone: TimeZoneRules, _ dependencies: DeliveryDependencies?
    ) throws {
        let client = try Client.resource.get(report.clientID, in: tx)
        if report.locale.isEmpty {
            let contact = try client.contactID.flatMap { try Contact.resource.find($0, in: tx) }
            let theirs = report.audience == .client ? contact?.locale : nil
            report.locale = try theirs ?? tx.agency.tenant().locale
        } else if let tag = LocaleTag(report.locale) {
            report.locale = tag.description
        } else {
            throw Problem(faults: [
                Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
            ])
        }
        let standard = ReportPeriod(lastOf: report.kind, before: today)
        let last = report.periodEnd ?? (report.periodStart == nil ? standard.last : today.adding(days: -1))
        let first = report.periodStart ?? (report.periodEnd == nil ? standard.first : last.adding(days: -29))
        guard first <= last else {
            throw Problem(
                faults: [Fault("/period_end", "out_of_range", "period_end must not be before period_start.")])
        }
        guard last.daysSinceEpoch - first.daysSinceEpoch < 400 else {
            throw Problem(faults: [
                Fault("/period_start", "out_of_range", "The period may have at most 400 days.")
            ])
        }
        (report.periodStart, report.periodEnd) = (first, last)
        let words = ReportCopy(try tx.wordings.find(report.locale))
        try ReportComposition(report, ReportPeriod(first, last), words, zone: zone, dependencies).fill(
            &report, in: tx)
    }
}

extension Tenant {
    /// The day in the agency's time zone.
    func today(_ now: Instant) -> CivilDate { zone.local(of: now).date }
}
