package import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
package import Telemetry
internal import Tenancy

/// Reads the numbers of a connected analytics or advertising service.
struct ReadMetricsTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_metrics"
    let title = "Read metrics from a connected service"
    let summary = "Reads the daily numbers of an analytics or advertising service."
    let effect = ToolClass.reads
    let takesQuota = true
}

/// The metrics of some days, and of single campaigns where the service has such.
package struct MetricHarvest: Sendable {
    package let metrics: [DailyMetric]
    package let ads: [RemoteAdDay]
}

/// Reads metrics through one integration. Failures are `ToolFailure`.
package struct MetricReader: Sendable {
    package let service: any MetricService
    /// Whether the service knows by which links visits have come.
    package let tellsMarks: Bool
    private let calls: IntegrationCalls

    fileprivate init(_ service: any MetricService, _ settings: JSONObject, _ calls: IntegrationCalls) {
        (self.service, self.calls) = (service, calls)
        tellsMarks = (service as? any MarkedVisitService)?.tellsMarks(settings) ?? false
    }

    /// Returns all metrics of some days, or throws: half an answer is none. A service that gives up over so many days
    /// is asked for each half of them.
    package func metrics(from first: CivilDate, through last: CivilDate) async throws -> MetricHarvest {
        do {
            return try await whole(from: first, through: last)
        } catch let failure as ToolFailure where failure.code == "timeout" && first < last {
            let middle = first.adding(days: (last.daysSinceEpoch - first.daysSinceEpoch) / 2)
            let early = try await metrics(from: first, through: middle)
            let late = try await metrics(from: middle.adding(days: 1), through: last)
            return MetricHarvest(metrics: early.metrics + late.metrics, ads: early.ads + late.ads)
        }
    }

    /// Returns the visits of some days by links with some marks, or throws; none where the service does not know them.
    package func marked(
        _ marks: [String], from first: CivilDate, through last: CivilDate
    ) async throws -> [MarkedVisits] {
        guard tellsMarks, !marks.isEmpty, let service = service as? any MarkedVisitService else {
            return []
        }
        let asked = Array(marks.prefix(MarkedVisits.marksMax))
        let found = try await calls.pass(ReadMetricsTool.name) { access, reach async throws(ToolFailure) in
            try await service.marked(asked, from: first, through: last, access, reach)
        }
        let known = Set(asked)
        for visits in found {
            guard visits.count.isFinite, visits.date >= first, visits.date <= last,
                known.contains(visits.mark)
            else { throw ToolFailure.notAsked(service.title) }
        }
        return found
    }

    private func whole(from first: CivilDate, through last: CivilDate) async throws -> MetricHarvest {
        var pages = MetricPages(service.title, first...last), cursor: String?
        repeat {
            let asked = cursor
            let page = try await calls.pass(ReadMetricsTool.name) {
                access, reach async throws(ToolFailure) in
                try await service.page(from: first, through: last, after: asked, access, reach)
            }
            cursor = try pages.take(page)
        } while cursor != nil
        return try pages.harvest()
    }
}

/// The pages of an answer about some days, put together. Several rows of one metric and day, such as those of
/// campaigns, are added up.
package struct MetricPages {
    /// An answer of more pages is none: it goes in circles, or is not about days.
    private static let pagesMax = 100

    private let title: String
    private let days: ClosedRange<CivilDate>
    private var sums: [DailyMetric: Double] = [:], order: [DailyMetric] = []
    private var ads: [RemoteAdDay] = []
    private var trail = PageTrail(), pages = 0, rows = 0, total: Int?

    package init(_ title: String, _ days: ClosedRange<CivilDate>) { (self.title, self.days) = (title, days) }

    /// Takes in the next page; returns the cursor of the one behind it, `nil` after the last.
    package mutating func take(_ page: MetricPage) throws(ToolFailure) -> String? {
        // Rows may be many: their hashes stand for them.
        let content = page.metrics.isEmpty ? [] : ["\(page.metrics.hashValue) \(page.ads.hashValue)"]
        if trail.isRepeated(content, next: page.next) { throw ToolFailure.endless(title) }
        pages += 1
        rows += page.rows
        total = page.total ?? total
        ads += page.ads.filter { days.contains($0.date) }
        for metric in page.metrics {
            guard metric.value.isFinite, days.contains(metric.date) else { throw ToolFailure.notAsked(title) }
            let key = DailyMetric(metric.metric, on: metric.date, 0, unit: metric.unit)
            if sums[key] == nil { order.append(key) }
            sums[key, default: 0] += metric.value
        }
        if page.next != nil, pages >= Self.pagesMax { throw ToolFailure.endless(title) }
        return page.next
    }

    /// Returns all of them together, or throws: half an answer is none.
    package func harvest() throws(ToolFailure) -> MetricHarvest {
        if let total, total != rows { throw ToolFailure.half(title) }
        return MetricHarvest(
            metrics: order.map { DailyMetric($0.metric, on: $0.date, sums[$0] ?? 0, unit: $0.unit) }, ads: ads
        )
    }
}

extension IntegrationServices {
    /// Returns the way to the metrics of an integration's service; `nil` where it is not such a service.
    package func metricReader(of integration: Integration, _ tenant: TenantID) -> MetricReader? {
        guard let service = providers[integration.provider] as? any MetricService else { return nil }
        let caller = ToolCaller(
            actor: .system, subject: integration.subject, clientID: integration.clientID)
        return MetricReader(
            service, integration.settings,
            IntegrationCalls(
                provider: service, integration: integration.id, tenant: tenant, caller: caller,
                services: self, deadline: .seconds(60)))
    }
}

extension ToolFailure {
    fileprivate static func half(_ title: String) -> ToolFailure {
        ToolFailure(
            "invalid_answer", "\(title) has not answered with all rows that it counts", isRetryable: true,
            blamesProvider: true)
    }

    fileprivate static func endless(_ title: String) -> ToolFailure {
        ToolFailure(
            "cursor_loop", "the pages of \(title) lead back to one that was there, or do not end",
            isRetryable: false)
    }

    fileprivate static func notAsked(_ title: String) -> ToolFailure {
        ToolFailure(
            "invalid_answer", "\(title) answers with a day or a number that cannot be", isRetryable: false)
    }
}
