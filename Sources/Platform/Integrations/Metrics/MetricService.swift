package import Agents
package import JSON
package import Telemetry

/// A service from which metrics are read by the day. One instance serves every agency.
package protocol MetricService: IntegrationProvider {
    /// The days for which the service still changes its numbers: older days are read once.
    var settlingDays: Int { get }
    /// The most days that one question may ask for.
    var daysMax: Int { get }
    /// Whether a day or a metric that is missing from a whole answer is 0, and not unknown.
    var missingIsZero: Bool { get }

    /// Reads a page of the metrics of some days, both included. `cursor`: `next` of the page before.
    func page(
        from first: CivilDate, through last: CivilDate, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MetricPage
}

/// The value of a metric on one day.
package struct DailyMetric: Hashable, Sendable {
    package let date: CivilDate
    package let metric: String
    package let value: Double
    package let unit: String?

    package init(_ metric: String, on date: CivilDate, _ value: Double, unit: String? = nil) {
        (self.metric, self.date, self.value, self.unit) = (metric, date, value, unit)
    }
}

/// A page of a service's answer.
package struct MetricPage: Sendable {
    package let metrics: [DailyMetric]
    /// The number of rows on this page, and in all where the service gives it: an answer that lacks some is half.
    package let rows: Int, total: Int?
    /// The cursor of the next page; `nil` after the last.
    package let next: String?
    /// The costs and results of single campaigns of an advertising service, as far as the rows name them.
    package var ads: [RemoteAdDay] = []

    package init(_ metrics: [DailyMetric], rows: Int, total: Int? = nil, next: String? = nil) {
        (self.metrics, self.rows, self.total, self.next) = (metrics, rows, total, next)
    }
}

/// A service of analytics that knows by which campaign's links a visit has come (`utm_campaign`).
package protocol MarkedVisitService: MetricService {
    /// Returns whether it knows that with the settings of an integration.
    func tellsMarks(_ settings: JSONObject) -> Bool

    /// Reads the visits of some days, both included, that came by links with one of these marks: at most `marksMax`.
    func marked(
        _ marks: [String], from first: CivilDate, through last: CivilDate, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [MarkedVisits]
}

/// The number of visits on one day by links with one mark.
package struct MarkedVisits: Hashable, Sendable {
    /// The metric of a campaign that they are.
    package static let metric = "sessions"
    /// The marks that one question may name: of 93 days they have fewer rows than an answer may.
    package static let marksMax = 100

    package let mark: String
    package let date: CivilDate
    package let count: Double

    package init(_ mark: String, on date: CivilDate, _ count: Double) {
        (self.mark, self.date, self.count) = (mark, date, count)
    }
}

extension MarkedVisitService {
    package func tellsMarks(_ settings: JSONObject) -> Bool { true }
}

extension MetricService {
    package var missingIsZero: Bool { true }
}
