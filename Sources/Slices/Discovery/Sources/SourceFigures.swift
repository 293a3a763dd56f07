internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

/// Adds the route for how finding leads goes: how many a day, how right they are, how many sources they come from.
func sourceFigureRoute(_ routes: inout Routes) {
    routes.schema("LeadSourceFigures", SourceFigures.schema)
    routes.get(
        "/v1/lead-source-figures", .permission("lead_sources:read"),
        "Get the metrics of finding leads: leads a day, accuracy, verification and diversity of sources",
        named: "get_lead_source_figures",
        query: [
            .query(
                "days", "The number of days back from today, from 1 to 365; 30 unless it is given.",
                .anyInteger)
        ],
        .json(.reference("LeadSourceFigures"), "The figures.")
    ) { call in
        try call.allowQuery("days")
        let days = call.query("days").map { Int($0) ?? 0 } ?? 30
        guard (1...365).contains(days) else {
            throw Problem(.invalidParameter, "days must be a number from 1 to 365.")
        }
        return .read { .json(try SourceFigures(days: days, in: $0).json) }
    }
}

/// The results of sources, over some days.
struct SourceFigures {
    struct Source {
        var leads = 0, found = 0, duplicates = 0, rejected = 0
        /// Values that the source has told, and those of them that turned out wrong.
        var values = 0, wrong = 0
        /// Addresses that were checked, and those that take mail.
        var checked = 0, verified = 0

        var yield: Double? { found == 0 ? nil : Double(found - duplicates - rejected) / Double(found) }
        var accuracy: Double? { values == 0 ? nil : Double(values - wrong) / Double(values) }
        var verification: Double? { checked == 0 ? nil : Double(verified) / Double(checked) }

        mutating func add(_ other: Source) {
            leads += other.leads
            found += other.found
            duplicates += other.duplicates
            rejected += other.rejected
            values += other.values
            wrong += other.wrong
            checked += other.checked
            verified += other.verified
        }
    }

    let days: Int
    private var sources: [String: Source] = [:]
    private var byDay: [String: Int] = [:]
    private var activeSources = 0
    private let targets: SourceTargets

    init(days: Int, in reader: Reader) throws {
        self.days = days
        targets = try SourceTargets(in: reader)
        let tenant = try reader.agency.tenant()
        let since = reader.now - .seconds(Int64(days) * 86_400)
        let known = try reader.leadSources.all(), names = Set(known.map(\.name))
        activeSources = known.count { $0.state == .active }
        try countLeads(since, of: names, tenant.zone, reader)
        try countImports(since, without: names, tenant.zone, reader)
        try countFinds(since, reader)
        try countValues(since, reader)
        try countAddresses(since, reader)
    }

    private mutating func countLeads(
        _ since: Instant, of names: Set<String>, _ zone: TimeZoneRules, _ reader: Reader
    ) throws {
        try reader.each(
            """
            SELECT source, created_at FROM leads
            WHERE tenant_id = \(reader.tenant) AND source IS NOT NULL AND created_at >= \(since)
            """
        ) { row in
            let source = row.text(0)
            if names.contains(source) { count(source, zone.local(of: row.instant(1)).date) }
        }
    }

    /// Leads that a file has brought are the file's, unless it says itself from which source each has come.
    private mutating func countImports(
        _ since: Instant, without names: Set<String>, _ zone: TimeZoneRules, _ reader: Reader
    ) throws {
        try reader.each(
            """
            SELECT leads.source, leads.created_at FROM lead_imports
            JOIN leads ON leads.tenant_id = lead_imports.tenant_id AND leads.id = lead_imports.lead_id
            WHERE lead_imports.tenant_id = \(reader.tenant) AND lead_imports.action = 'created'
                AND lead_imports.at >= \(since)
            """
        ) { row in
            if let source = row.optionalText(0), names.contains(source) { return }
            count("file", zone.local(of: row.instant(1)).date)
        }
    }

    private mutating func count(_ source: String, _ day: CivilDate) {
        sources[source, default: Source()].leads += 1
        byDay[day.iso, default: 0] += 1
    }

    private mutating func countFinds(_ since: Instant, _ reader: Reader) throws {
        var found: [String: Source] = [:]
        try reader.each(
            """
            SELECT source, outcome, count(*) FROM source_finds
            WHERE tenant_id = \(reader.tenant) AND found_at >= \(since) GROUP BY source, outcome
            """
        ) { row in
            let (name, outcome, count) = (row.text(0), row.text(1), row.int(2))
            found[name, default: Source()].found += count
            if outcome == SourceFind.Outcome.duplicate.rawValue {
                found[name, default: Source()].duplicates += count
            }
            if outcome == SourceFind.Outcome.rejected.rawValue {
                found[name, default: Source()].rejected += count
            }
        }
        for (name, counts) in found { sources[name, default: Source()].add(counts) }
    }

    /// A value that a person has rejected, or that another source contradicts, counts as wrong.
    private mutating func countValues(_ since: Instant, _ reader: Reader) throws {
        try reader.each(
            """
            SELECT leads.source, facts.status, count(*) FROM leads
            JOIN facts ON facts.tenant_id = leads.tenant_id AND facts.subject_id = leads.id
            WHERE leads.tenant_id = \(reader.tenant) AND leads.source IS NOT NULL AND leads.created_at >= \(since)
                AND facts.source LIKE '%"name":"' || leads.source || '"%'
            GROUP BY leads.source, facts.status
            """
        ) { row in
            guard sources[row.text(0)] != nil else { return }
            sources[row.text(0)]?.values += row.int(2)
            if ["rejected", "disputed"].contains(row.text(1)) { sources[row.text(0)]?.wrong += row.int(2) }
        }
    }

    private mutating func countAddresses(_ since: Instant, _ reader: Reader) throws {
        try reader.each(
            """
            SELECT source, email_status, count(*) FROM leads
            WHERE tenant_id = \(reader.tenant) AND source IS NOT NULL AND created_at >= \(since)
                AND email_status IS NOT NULL AND email_status <> 'unknown'
            GROUP BY source, email_status
            """
        ) { row in
            guard sources[row.text(0)] != nil else { return }
            sources[row.text(0)]?.checked += row.int(2)
            if row.text(1) == "deliverable" { sources[row.text(0)]?.verified += row.int(2) }
        }
    }

    /// The evenness with which leads come from different sources: 0 where all come from one, near 1 where
    /// each comes from another (Simpson's index of diversity).
    private var diversity: Double? {
        let counts = sources.values.map { Double($0.leads) }.filter { $0 > 0 }
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        return 1 - counts.reduce(0) { $0 + ($1 / total) * ($1 / total) }
    }

    var json: JSON {
        let all = sources.values.reduce(into: Source()) { $0.add($1) }
        let bySource = sources.sorted { ($1.value.leads, $0.key) < ($0.value.leads, $1.key) }.map {
            name, source in
            source.json.merging([
                "source": .string(name), "missed": targets.missed(accuracy: source.accuracy),
            ])
        }
        let perDay = Double(all.leads) / Double(days)
        return all.json.adding([
            "days": JSON(days), "leads_per_day": .share(perDay), "targets": targets.json,
            "missed": targets.missed(
                leadsPerDay: perDay, accuracy: all.accuracy, activeSources: activeSources),
            "diversity": .share(diversity), "active_sources": JSON(activeSources),
            "by_day": .array(
                byDay.sorted { $0.key < $1.key }.map { ["date": .string($0.key), "leads": JSON($0.value)] }),
            "by_source": .array(bySource),
        ])
    }

    static let schema: JSON = {
        let count: JSON = ["type": "integer", "minimum": 0]
        let share: JSON = ["type": ["number", "null"]]
        let figures: JSONObject = [
            "leads": count.merging(["description": "How many leads came from it."]),
            "found": count.merging(["description": "How many companies it has named."]),
            "duplicates": count.merging(["description": "How many of them were there already."]),
            "rejected": count.merging([
                "description": "How many did not fit the search, or could not be read."
            ]),
            "values": count.merging(["description": "How many values it has told of its leads."]),
            "wrong": count.merging(["description": "How many of them were rejected or disputed."]),
            "checked": count.merging([
                "description": "How many addresses of its leads were checked, to a clear end."
            ]),
            "verified": count.merging(["description": "How many of them take mail."]),
            "missed": [
                "type": "array", "items": ["type": "string", "enum": SourceTargets.missable],
                "description": "The figures that are below their target.",
            ],
            "yield": share.merging([
                "description": "The share of companies that became leads; null: none was named."
            ]),
            "accuracy": share.merging([
                "description":
                    "The share of told values that nobody has rejected or disputed; null: none was told."
            ]),
            "verification_rate": share.merging([
                "description": "The share of checked addresses that take mail; null: none was checked."
            ]),
        ]
        var source = figures
        source.append("source", ["type": "string", "description": "The name of the source."])
        var all = figures
        all.append("days", count.merging(["description": "The number of days that the figures are about."]))
        all.append(
            "targets", SourceTargets.schema.merging(["description": "The goal of the agency."]))
        all.append("leads_per_day", ["type": "number", "description": "The number of leads a day."])
        all.append(
            "diversity",
            share.merging([
                "description": "How evenly leads come from different sources, from 0 (one source) towards 1."
            ]))
        all.append("active_sources", count.merging(["description": "How many sources are active."]))
        all.append(
            "by_day",
            [
                "type": "array",
                "items": .record([
                    "date": ["type": "string", "format": "date", "description": "The day."],
                    "leads": count.merging(["description": "How many leads came on that day."]),
                ]), "description": "The leads of each day that had any.",
            ])
        all.append(
            "by_source",
            ["type": "array", "items": .record(source), "description": "The figures of each source."])
        return .record(all)
    }()
}

extension SourceFigures.Source {
    fileprivate var json: JSON {
        [
            "leads": JSON(leads), "found": JSON(found), "duplicates": JSON(duplicates),
            "rejected": JSON(rejected), "values": JSON(values), "wrong": JSON(wrong),
            "checked": JSON(checked), "verified": JSON(verified),
            "yield": .share(yield), "accuracy": .share(accuracy), "verification_rate": .share(verification),
        ]
    }
}

extension JSON {
    fileprivate static func share(_ value: Double?) -> JSON {
        value.map { .number(($0 * 1000).rounded() / 1000) } ?? .null
    }
}
