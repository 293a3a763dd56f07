internal import Agents
internal import ChangeSets
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// The body of `POST /v1/quality-issues/fix`.
private struct FixBody: Declared {
    var rule: String?
    var ids: [ID<QualityIssue>] = []
    var dryRun = false

    static let schema = Schema<FixBody>(
        "QualityFixRequest",
        [
            .text("rule", \.rule, max: 100, .about("The name of the rule whose issues are fixed.")),
            .ids("ids", \.ids, max: QualityFix.issuesMax, .about("The issues that are fixed.")),
            .boolean("dry_run", \.dryRun, .about("Whether only to tell what would change.")),
        ])
}

/// The body of `POST /v1/quality-issues/{id}/ignore`.
private struct IgnoreBody: Declared {
    var reason = ""

    static let schema = Schema<IgnoreBody>(
        "QualityIgnoreRequest",
        [
            .text(
                "reason", \.reason, max: 500, .required, .about("Why the value is right."),
                .example("It is their domain."))
        ])
}

/// `/v1/quality` and `/v1/quality-issues`: how good the records are, what is wrong with which, and how that is mended.
func qualityRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(QualityIssue.resource)
    routes.declare(FixBody.self)
    routes.declare(IgnoreBody.self)
    qualitySchemas(&routes)
    routes.event(
        "quality.scanned", "All records were checked under the rules of data quality.", about: "agent_run",
        ["records": .anyInteger, "found": .anyInteger, "resolved": .anyInteger, "score": ["type": "number"]])
    routes.get(
        "/v1/quality", .permission("quality:read"),
        "Get the score of the agency's records, by area, with its trend", .json(.reference("Quality"))
    ) { call in
        try call.allowQuery()
        return .read { reader in
            var object = try reader.quality.overview(runtime.records).json
            let days = try reader.quality.days()
            let trend = days.map { day -> JSON in
                ["date": .string(day.day), "score": .toATenth(day.score)]
            }
            object.append("trend", .array(trend))
            object.append("forecast", .array(QualityForecast(days).json))
            return .json(.object(object))
        }
    }
    issueRoutes(&routes, runtime)
    fixRoute(&routes, runtime)
}

private func issueRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.get(
        "/v1/quality-issues", .permission("quality:read"), "List the issues of records that you may read",
        query: ParameterDoc.list(QualityIssue.resource), .list(QualityIssue.resource)
    ) { call in
        let readable = call.readableTypes(of: runtime.records)
        return .read { reader in
            var list = try ListQuery(
                QualityIssue.resource, call.request.head.query, dialect: reader.dialect, computed: ["remedy"])
            list.add("subject_type IN \(list: readable)")
            let telling = try IssueTelling(call, reader)
            return try list.page(in: reader) { try telling.remedies(of: $0, reader) }
        }
    }
    routes.get(
        "/v1/quality-issues/{id}", .permission("quality:read"), "Get an issue", .record(QualityIssue.resource)
    ) { call in
        let id = try call.id("id", of: QualityIssue.self)
        let readable = call.readableTypes(of: runtime.records)
        return .read { reader in
            let issue = try QualityIssue.resource.get(id, in: reader)
            guard readable.contains(issue.subjectType) else { throw Problem(.notFound) }
            return .record(issue, extra: try IssueTelling(call, reader).members(issue.remedy))
        }
    }
    routes.post(
        "/v1/quality-issues/{id}/ignore", .permission("quality:write"),
        "Ignore an issue as long as its value stays the same",
        body: .json(.reference("QualityIgnoreRequest")),
        .record(QualityIssue.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: QualityIssue.self), call.body(IgnoreBody.self))
        return .write { tx in
            let issue = try QualityIssue.resource.get(id, in: tx)
            try call.checkVersion(issue.version)
            try call.require(runtime.records, [issue.subjectType])
            let ignored = try tx.quality.ignore(issue, because: body.reason, by: call.actor)
            return .record(ignored, extra: try IssueTelling(call, tx).members(ignored.remedy))
        }
    }
}

/// Tells what mends issues in the words of whoever calls.
private struct IssueTelling {
    private let words: Wording
    private let zone: TimeZoneRules

    init(_ call: Call, _ reader: some Queryable) throws {
        (words, zone) = (try reader.wordings.find(for: call), try reader.agency.zone())
    }

    func members(_ remedy: JSONObject) -> JSONObject {
        ["remedy": QualityIssue.told(remedy, in: words, zone)]
    }

    /// Returns the remedies of some issues, by their ids.
    func remedies(of ids: [String], _ reader: some Queryable) throws -> [String: JSONObject] {
        guard !ids.isEmpty else { return [:] }
        let found = try reader.all(
            "SELECT id, remedy FROM quality_issues WHERE tenant_id = \(reader.tenant) AND id IN \(list: ids)"
        ) { ($0.text(0), members(JSON(stored: $0.text(1)).object ?? [:])) }
        return Dictionary(found) { first, _ in first }
    }
}

private func fixRoute(_ routes: inout Routes, _ runtime: Runtime) {
    routes.post(
        "/v1/quality-issues/fix", .permission("quality:write"),
        "Apply the remedies of up to 1,000 issues as one change set, or preview them with dry_run",
        named: "fix_quality_issues",
        body: .json(.reference("QualityFixRequest")), .json(.reference("QualityFix"))
    ) { call in
        let body = try call.body(FixBody.self)
        guard body.rule != nil || !body.ids.isEmpty else {
            throw Problem(faults: [
                Fault("/rule", "required", "Name a rule, or the issues by their ids: which ones are fixed.")
            ])
        }
        return .prepare { reader in
            if let rule = body.rule, try !reader.quality.hasRule(rule) {
                throw Problem(faults: [
                    Fault(
                        "/rule", "unknown_reference",
                        "The rule does not exist: choose one of GET /v1/quality-rules.")
                ])
            }
            let open = try reader.quality.open(rule: body.rule, ids: body.ids)
            try call.require(runtime.records, Set(open.map(\.subjectType)))
            let fix = try QualityFix(open, runtime.records, in: reader)
            return { tx in
                guard !body.dryRun, !fix.issues.isEmpty else { return .json(fix.json(nil)) }
                let title =
                    body.rule.map { Saying("change_set.remedies", ["rule": .text($0)]) }
                    ?? Saying("change_set.chosen")
                let set = try tx.quality.apply(fix, titled: title.english, by: call.actor, run: nil)
                return .json(fix.json(set.id))
            }
        }
    }
}

extension QualityFix {
    fileprivate func json(_ set: ID<ChangeSet>?) -> JSON {
        [
            "matched": JSON(issues.count), "changes": .array(plan.changes.map(\.json)),
            "change_set_id": JSON(set),
        ]
    }
}

/// A score or a share from 0 to 100.
private func percentage(_ about: String) -> JSON {
    ["type": "number", "minimum": 0, "maximum": 100, "description": .string(about)]
}

private func count(_ about: String) -> JSON { ["type": "integer", "description": .string(about)] }

private func list(of item: JSON, _ about: String) -> JSON {
    ["type": "array", "description": .string(about), "items": item]
}

private func qualitySchemas(_ routes: inout Routes) {
    let day: JSON = ["type": "string", "format": "date", "description": "The day."]
    let area: JSON = .record([
        "name": JSON.choice(QualityArea.self).merging(["description": "The area of quality."]),
        "score": percentage("The score of the area."),
        "weight": percentage("How much the area counts, of 100."),
        "issues": count("How many issues are open."),
    ])
    let open: JSON = .record([
        "immediate": count("How many issues ask for immediate intervention."),
        "routine": count("How many issues belong to routine maintenance."),
    ])
    let score = percentage("The score of the day.")
    let forecast: JSON = .record([
        "date": day, "score": score, "low": percentage("The least that is likely."),
        "high": percentage("The most that is likely."),
    ])
    routes.schema(
        "Quality",
        .record([
            "score": percentage("The areas' scores by their weights."),
            "areas": list(of: area, "The score of each area, and what it weighs."),
            "open": open.merging(["description": "The open issues by severity."]),
            "records": count("How many records are checked."),
            "trend": list(of: .record(["date": day, "score": score]), "The score of each day."),
            "forecast": list(of: forecast, "The score that is expected; empty until there are five days."),
        ]))
    routes.schema(
        "QualityFix",
        .record([
            "matched": count("How many issues have a remedy that is a change."),
            "changes": list(of: .reference("RecordChange"), "The changes as they are planned."),
            "change_set_id": [
                "type": ["string", "null"], "description": "The change set; null where nothing was applied.",
            ],
        ]))
}

extension Call {
    /// The kinds of records that the caller may read.
    fileprivate func readableTypes(of registry: RecordRegistry) -> [String] {
        registry.types.compactMap { registry[$0] }
            .filter { principal?.permissions.contains($0.read) == true }.map(\.noun)
    }

    /// Throws where the caller may not change records of these kinds.
    fileprivate func require(_ registry: RecordRegistry, _ types: Set<String>) throws(Problem) {
        for type in types.sorted() {
            guard let records = registry.records(ofType: type),
                principal?.permissions.contains(records.write) != true
            else { continue }
            throw Problem(.forbidden, "The call needs the permission \(records.write).")
        }
    }
}
