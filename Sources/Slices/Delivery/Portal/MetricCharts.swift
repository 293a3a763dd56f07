internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

/// The days that a chart shows where nobody says, and at most.
private let (daysUsual, daysMax) = (90, 400)

/// A client's own figures, ready to be drawn, each with where it comes from.
func metricPortal(_ routes: inout Routes) {
    routes.schema(
        "PortalMetrics",
        .schema(
            [
                "from": .anyText, "to": .anyText,
                "data": [
                    "type": "array",
                    "items": .record([
                        "source": .anyText, "metric": .anyText, "unit": .textOrNull,
                        "points": [
                            "type": "array",
                            "items": .record(["date": .anyText, "value": ["type": "number"]]),
                        ],
                    ]),
                ],
            ], required: ["from", "to", "data"]))
    routes.get(
        "/v1/portal/metrics", .portal("portal:read"), "List your metrics by day, with their sources",
        query: [
            .query("from", "The first day; \(daysUsual) days ago by default.", .anyText),
            .query("to", "The last day; today by default.", .anyText),
            .query("source", "Only the figures of this source.", .anyText),
        ], .json(.reference("PortalMetrics"), "A series for each figure.")
    ) { call in
        try call.allowQuery("from", "to", "source", "total")
        let (portal, source) = (try call.portal, call.query("source"))
        let (from, to) = (try call.day("from"), try call.day("to"))
        return .read { reader in
            let last = try to ?? reader.agency.tenant().today(reader.now)
            let first = from ?? last.adding(days: 1 - daysUsual)
            guard first <= last, last.daysSinceEpoch - first.daysSinceEpoch < daysMax else {
                throw Problem(.invalidParameter, "from must be before to, by at most \(daysMax) days.")
            }
            let client = portal.clientID
            let series = try reader.metrics.names(of: client).filter { source == nil || $0.source == source }
                .map { try reader.metrics.series(of: client, $0, from: first, through: last) }
                .filter { !$0.points.isEmpty }
            return .json([
                "from": .string(first.iso), "to": .string(last.iso), "data": .array(series.map(\.json)),
            ])
        }
    }
}

extension Call {
    fileprivate func day(_ name: String) throws(Problem) -> CivilDate? {
        guard let text = query(name) else { return nil }
        guard let day = CivilDate(iso: text) else {
            throw Problem(.invalidParameter, "\(name) must be a date, such as 2030-01-31.")
        }
        return day
    }
}

extension MetricSeries {
    fileprivate var json: JSON {
        [
            "source": .string(source), "metric": .string(metric), "unit": JSON(unit),
            "points": .array(
                points.map { ["date": .string($0.date.iso), "value": .number($0.value)] }),
        ]
    }
}
