internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

/// The keys by which figures of content are told apart.
enum FigureKey: String, CaseIterable, Sendable { case type, item, distribution, hour, segment, stage }

/// `/v1/content-figures`: how content does, by its type, by the item, by the distribution, by the hour at which it
/// left, by the segment that it was for, and by the stage of its readers. `/v1/content-items/{id}/figures`: how one
/// item does.
func contentFigureRoutes(_ routes: inout Routes) {
    let day: JSON = ["type": "string", "format": "date"]
    let words = FigureKey.allCases.map(\.rawValue)
    itemFigureRoutes(&routes)
    routes.schema(
        "ContentFigure",
        ContentFigures.schema(
            [
                "key": [
                    "type": "string", "description": "The type, item, distribution, hour, segment or stage.",
                ],
                "name": ["type": ["string", "null"], "description": "The name, for people."],
            ], required: ["key", "name"]))
    routes.schema(
        "ContentFigures",
        .schema(
            [
                "by": ["enum": JSON(words), "description": "The dimension of the breakdown."],
                "figures": [
                    "type": "array", "items": .reference("ContentFigure"),
                    "description": "The figures, those that most was sent of first.",
                ],
            ], required: ["by", "figures"]))
    routes.get(
        "/v1/content-figures", .permission("content_items:read"),
        "Get the metrics of content, by type, item, distribution, hour, segment or stage",
        named: "get_content_figures",
        query: [
            .query("by", "The dimension of the breakdown; type without it.", ["enum": JSON(words)]),
            .query("from", "The first day of sending; three months ago without it.", day),
            .query("to", "The last day of sending, at most a year later; today without it.", day),
        ], .json(.reference("ContentFigures"), "The figures.")
    ) { call in
        try call.allowQuery("by", "from", "to")
        guard let key = FigureKey(rawValue: call.query("by") ?? FigureKey.type.rawValue) else {
            throw Problem(.invalidParameter, "by must be one of \(words.joined(separator: ", ")).")
        }
        let (from, to) = (try call.day("from"), try call.day("to"))
        return .read { reader in
            let last = try to ?? reader.contentCalendar.today()
            let first = from ?? last.adding(days: -91)
            guard first <= last, last.daysSinceEpoch - first.daysSinceEpoch <= 366 else {
                throw Problem(.invalidParameter, "from must be at most a year before to.")
            }
            let figures = try reader.content.figures(by: key, from: first, through: last)
            return .json(["by": .string(key.rawValue), "figures": .array(figures)])
        }
    }
}

private func itemFigureRoutes(_ routes: inout Routes) {
    let variants: JSON = [
        "type": "array", "items": ContentFigures.schema(["name": .anyText], required: ["name"]),
        "description": "The same of each of its variants.",
    ]
    routes.schema(
        "ContentItemFigures", ContentFigures.schema(["variants": variants], required: ["variants"]))
    routes.get(
        "/v1/content-items/{id}/figures", .permission("content_items:read"),
        "Get the metrics of a content item, as a whole and by variant", named: "get_content_item_figures",
        .json(.reference("ContentItemFigures"), "The figures.")
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: ContentItem.self)
        return .read { reader in
            let item = try ContentItem.resource.get(id, in: reader)
            let found = try reader.content.results(of: id)
            // Variants that the item has no more are told, too: people have got them.
            let current = item.variants.list.map(\.name)
            let names = current + found.keys.filter { !current.contains($0) }.sorted()
            let rows = names.map { name in
                (found[name] ?? ContentFigures()).json.merging(["name": .string(name)])
            }
            return .json(ContentFigures(found.values).json.merging(["variants": .array(rows)]))
        }
    }
}

extension Call {
    fileprivate func day(_ name: String) throws(Problem) -> CivilDate? {
        guard let text = query(name) else { return nil }
        guard let day = CivilDate(iso: text) else {
            throw Problem(.invalidParameter, "\(name) must be a day, such as 2027-01-01.")
        }
        return day
    }
}

extension ContentStore {
    /// Returns the figures of what was sent on some days.
    fileprivate func figures(
        by key: FigureKey, from first: CivilDate, through last: CivilDate
    ) throws -> [JSON] {
        let zone = try tx.agency.tenant().zone
        let begin = zone.firstInstant(atOrAfter: LocalTime(first, hour: 0))
        let end = zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0))
        var found: [String: ContentFigures] = [:]
        try tx.each(
            """
            SELECT \(key.column), \(ContentFigures.columns) FROM content_deliveries AS d
            JOIN content_items AS i ON i.tenant_id = d.tenant_id AND i.id = d.content_item_id
            JOIN distributions AS x ON x.tenant_id = d.tenant_id AND x.id = d.distribution_id
            WHERE d.tenant_id = \(tx.tenant) AND d.sent_at >= \(begin) AND d.sent_at < \(end)
            GROUP BY 1
            """
        ) { row in
            // Hours come as those since the epoch, and are the agency's.
            let name =
                key == .hour
                ? "\(zone.local(of: Instant(microseconds: row.int64(0) * 3_600_000_000)).hour)" : row.text(0)
            found[name, default: ContentFigures()].add(row, from: 1)
        }
        let names = try names(of: key, found.keys.sorted())
        let order = found.sorted { ($1.value.sent, $0.key) < ($0.value.sent, $1.key) }
        return order.map { name, figures in
            var row = figures.json.object ?? [:]
            (row["key"], row["name"]) = (.string(name), names[name] ?? .null)
            return .object(row)
        }
    }

    private func names(of key: FigureKey, _ keys: [String]) throws -> [String: JSON] {
        switch key {
        case .type, .distribution, .hour, .stage: return [:]
        case .item: return try ContentItem.resource.values(of: keys, in: tx) { .string($0.title) }
        case .segment: return try Segment.resource.values(of: keys, in: tx) { .string($0.name) }
        }
    }
}

extension FigureKey {
    /// The column, of what is sent to all leads and to people without a lead the empty text.
    fileprivate var column: SQL {
        switch self {
        case .type: "i.type"
        case .item: "d.content_item_id"
        case .distribution: "d.distribution_id"
        case .hour: "d.sent_at / 3600000000"
        case .segment: "coalesce(x.segment_id, '')"
        case .stage: "coalesce(d.stage, '')"
        }
    }
}
