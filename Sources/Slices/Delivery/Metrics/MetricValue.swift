internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry

/// One figure of a client's, or of the agency's own, on one day, and where it comes from: one row of `metrics`.
package struct MetricValue: ManagedRecord {
    package var head = Head<Nouns.Metric>()
    package var clientID: ClientID?
    package var campaignID: CampaignID?
    package var source = ""
    package var metric = ""
    package var date = CivilDate(year: 1970, month: 1, day: 1)
    package var value = 0.0
    package var unit: String?

    package init() {}

    package static let resource = Resource<MetricValue>(
        "metrics", named: "Metric",
        [
            .id(
                "client_id", \.clientID, .writeOnce, .filterable,
                .about("The client whose metric it is; null: the agency's own.")),
            .text(
                "source", \.source, max: 80, .required, .writeOnce, .filterable,
                .about("Where it comes from."),
                .example("google_ads")),
            .text(
                "metric", \.metric, max: 80, .required, .writeOnce, .filterable, .example("clicks")),
            .date("date", \.date, .required, .writeOnce, .filterable, .sortable, .example("2030-01-31")),
            .number(
                "value", \.value, in: -1e15...1e15, .required, .example(412),
                .about("The value of the metric on that day.")),
            .text(
                "unit", \.unit, max: 40, .about("The unit that is counted, or a currency."), .example("EUR")),
            .id(
                "campaign_id", \.campaignID, .writeOnce, .filterable, .added(in: 1151),
                .about("The campaign whose own metric it is; null: it is of all that is done.")),
        ])

    package mutating func prepare(
        replacing old: MetricValue?, by actor: Actor, in tx: Transaction
    ) throws {
        guard old == nil else { return }
        (source, metric) = (source.trimmed, metric.trimmed)
    }

    package func saved(replacing old: MetricValue?, by actor: Actor, in tx: Transaction) throws {
        if old == nil || old?.unit != unit { try tx.metrics.name(self) }
        if old?.value != value { try tx.goals.heard(self) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.goals.heard(self) }
}

/// All figures of one kind that a client has, over some days.
package struct MetricSeries: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package let date: CivilDate
        package let value: Double
    }

    package let source: String, metric: String
    package let unit: String?
    package let points: [Point]

    package var total: Double { points.reduce(0) { $0 + $1.value } }
}

/// The name of a kind of figure that a client has.
package struct MetricName: Hashable, Sendable {
    package let source: String, metric: String
    package let unit: String?
}

extension MetricStore {
    /// Returns the names of a client's metrics, by source, then by name; at most 200.
    package func names(of client: ClientID) throws -> [MetricName] {
        try tx.all(
            """
            SELECT source, metric, unit FROM metric_names WHERE tenant_id = \(tx.tenant) AND client_id = \(client)
            ORDER BY source, metric LIMIT 200
            """
        ) { MetricName(source: $0.text(0), metric: $0.text(1), unit: $0.optionalText(2)) }
    }

    /// A client's figures of one name from the first day to the last, for a chart.
    package func series(
        of client: ClientID, _ name: MetricName, from first: CivilDate, through last: CivilDate
    ) throws -> MetricSeries {
        let points = try tx.all(
            """
            SELECT date, value FROM metrics
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND source = \(name.source)
                AND metric = \(name.metric) AND date >= \(first.iso) AND date <= \(last.iso)
                AND campaign_id IS NULL
            ORDER BY date LIMIT 2000
            """
        ) { MetricSeries.Point(date: CivilDate(row: $0, column: 0), value: $0.double(1)) }
        return MetricSeries(source: name.source, metric: name.metric, unit: name.unit, points: points)
    }

    /// The figure of the same day.
    func known(_ figure: MetricValue) throws -> MetricValue? {
        try MetricValue.resource.first(
            where: """
                \(figure.clientID.owns) AND source = \(figure.source.trimmed)
                AND metric = \(figure.metric.trimmed) AND date = \(figure.date.iso)
                AND coalesce(campaign_id, '') = \(figure.campaignID.map { "\($0)" } ?? "")
                """, in: tx)
    }
}

extension MetricStore where Base == Transaction {
    /// Remembers what figures a client has, so that nobody goes through all of them to know.
    fileprivate func name(_ figure: MetricValue) throws {
        guard let client = figure.clientID, figure.campaignID == nil else { return }
        try tx.run(
            """
            INSERT INTO metric_names (tenant_id, client_id, source, metric, unit)
            VALUES (\(tx.tenant), \(client), \(figure.source), \(figure.metric), \(figure.unit))
            ON CONFLICT (tenant_id, client_id, source, metric) DO UPDATE SET unit = excluded.unit
            """)
    }

    /// Stores a figure, in the place of the one of the same day. Answers whether there was none.
    package func put(_ figure: inout MetricValue, by actor: Actor) throws -> Bool {
        guard let old = try known(figure) else {
            try tx.create(&figure, by: actor)
            return true
        }
        var new = old
        (new.value, new.unit) = (figure.value, figure.unit ?? old.unit)
        try tx.update(old, to: &new, by: actor)
        figure = new
        return false
    }
}

extension ClientID? {
    /// The condition on `client_id` that finds what is a client's; `nil`: what is the agency's own.
    var owns: SQL { map { "client_id = \($0)" } ?? "client_id IS NULL" }
}
