internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Templates

/// The settings of a tool that an agency may change.
struct ToolPatch: Declared {
    var enabled: Bool?
    var limits = JSONObject()
    var cost: Money?
    var providers: [String] = []
    static let schema = Schema<ToolPatch>(
        "ToolPatch",
        [
            .boolean("enabled", \.enabled, .about("Whether the tool can be called.")),
            .document(
                "limits", \.limits,
                schema: .schema([
                    "minute": limit, "hour": limit, "day": limit, "month": limit,
                ]), .about("The limits of calls by period; null: no limit.")),
            .money("cost", \.cost, .about("The cost of one call; null: as its providers charge.")),
            .texts(
                "providers", \.providers, max: 20, length: 100,
                .about("The names of the providers, the preferred first; those that are not named follow.")),
        ])

    private static let limit: JSON = ["type": ["integer", "null"], "minimum": 0]
}

func toolRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let (tools, questions) = (runtime.tools, runtime.questions)
    let fields = ToolDescription.schema.propertyNames
    let answer = Answer.json(.reference("Tool"), "The tool.")
    routes.schema("Tool", ToolDescription.schema)
    routes.schema("ToolPatch", ToolPatch.schema.jsonSchema(.patch))

    routes.get(
        "/v1/tools", .permission("tools:read"),
        "List the tools, each with its health, use and remaining quotas",
        query: SimpleList.docs([], fields: fields), .list(of: .reference("Tool"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, [], key: "name", oldestFirst: true, fields: fields,
                dialect: reader.dialect)
            return list.page(
                of: try tools.all.map { ($0.name, try ToolDescription($0, questions, in: reader).json) })
        }
    }
    routes.get("/v1/tools/{name}", .permission("tools:read"), "Get a tool", answer) { call in
        let tool = try tools.definition(call.parameters["name"] ?? "")
        return .read { try ToolDescription(tool, questions, in: $0).response }
    }
    routes.patch(
        "/v1/tools/{name}", .permission("tools:configure"),
        "Update a tool's limits, cost and providers, or switch it off",
        body: .json(.reference("ToolPatch")), answer
    ) { call in
        let tool = try tools.definition(call.parameters["name"] ?? "")
        let body = try call.object()
        return .write { tx in
            let old = try tx.tools.settings(tool)
            try call.checkVersion(old.version)
            let settings = try old.patched(with: body, for: tool, currency: questions.currency(tx))
            if let settings { _ = try tx.tools.set(tool, settings, by: call.actor) }
            return try ToolDescription(tool, questions, in: tx).response
        }
    }
    routes.schema("ToolUse", toolUseSchema)
    routes.get(
        "/v1/tools/{name}/use", .permission("tools:read"),
        "Get a tool's use by day, with a forecast of the month",
        .json(.reference("ToolUse"), "The use.")
    ) { call in
        let tool = try tools.definition(call.parameters["name"] ?? "")
        return .read { reader in
            .json(try reader.useOverTime(of: tool.name, questions.zone(reader), questions.currency(reader)))
        }
    }
    toolCallRoutes(&routes)
}

extension ToolSettings {
    /// `nil` when nothing differs.
    fileprivate func patched(
        with body: JSONObject, for tool: ToolDefinition, currency: String
    ) throws -> ToolSettings? {
        var faults = Faults(), settings = self, patch = ToolPatch()
        if tool.kind == .queued || tool.kind == .executed, !(body["providers"]?.isNull ?? true) {
            faults.add(
                "/providers", "read_only",
                "The providers of this tool are asked in the order of their own priority: set it there.")
        }
        if tool.kind == .queued, !(body["cost"]?.isNull ?? true) {
            faults.add(
                "/cost", "read_only",
                "The cost of this tool is the price of each of its providers: set it there.")
        }
        (patch.enabled, patch.providers) = (isEnabled, providers)
        patch.cost = price.map { Money(micros: $0, currency: currency) }
        let changed = ToolPatch.schema.patch(&patch, with: body, faults: &faults)
        for (name, value) in body["limits"]?.object?.members ?? [] {
            let place = "/limits/\(name.pointerToken)"
            guard let span = TimeSpan(rawValue: name) else {
                faults.add(
                    place, "unknown_field",
                    "limits has no member \(name.prefix(64)): use minute, hour, day and month.")
                continue
            }
            switch value {
            case .null: settings.set(nil, per: span)
            case .integer(let limit) where (0...1_000_000_000).contains(limit):
                settings.set(Int(limit), per: span)
            case .integer: faults.add(place, "out_of_range", "limits.\(name) must be from 0 to 1000000000.")
            default: faults.add(place, "wrong_type", "limits.\(name) must be a whole number, or null.")
            }
        }
        if let cost = patch.cost, cost.currency != currency {
            faults.add("/cost/currency", "invalid_currency", "cost must be in the agency's \(currency).")
        }
        if let cost = patch.cost, cost.amount > Budget.callCostMax {
            faults.add("/cost/amount", "out_of_range", "cost may be at most \(Budget.callCostMax).")
        }
        try faults.throwIfAny()
        (settings.isEnabled, settings.providers) = (patch.enabled ?? true, patch.providers)
        if changed.contains("cost") { settings.price = patch.cost?.micros }
        return changed.isEmpty && settings.ownLimits == ownLimits ? nil : settings
    }
}

/// A tool with how it stands in a tenant.
private struct ToolDescription {
    let tool: ToolDefinition
    let settings: ToolSettings
    let breakers: [(provider: String, breaker: CircuitBreaker)]
    let use: ToolUse
    let quota: [JSON]
    let currency: String
    let now: Instant
    let connectors: [String]

    init(_ tool: ToolDefinition, _ questions: TenantQuestions, in reader: some Queryable) throws {
        (self.tool, now) = (tool, reader.now)
        let settings = try reader.tools.settings(tool)
        let zone = try questions.zone(reader)
        self.settings = settings
        breakers = try reader.circuitBreakers.all(tool.name)
        currency = try questions.currency(reader)
        connectors = try questions.connectors(reader, tool.name)
        let now = reader.now
        use = try reader.toolUse.find(tool.name, .day, since: TimeSpan.day.bounds(around: now, zone).start)
        quota = try TimeSpan.allCases.compactMap { span in
            guard let limit = settings.limits[span] else { return nil }
            let (start, end) = span.bounds(around: now, zone)
            let used = try reader.toolUse.find(tool.name, span, since: start).calls
            return [
                "per": .string(span.rawValue), "limit": JSON(limit), "used": JSON(used),
                "left": JSON(max(0, limit - used)), "resets_at": .string(end.description),
            ]
        }
    }

    var response: Response { .json(json, headers: [("ETag", ETag.text(settings.version))]) }

    private var health: String {
        let isBroken = breakers.contains { $0.breaker.state(at: now) != .closed }
        return switch true {
        case tool.unavailable != nil: "unavailable"
        case !settings.isEnabled: "disabled"
        case use.calls >= 5 && use.failures == use.calls: "failing"
        case isBroken, use.calls >= 5 && use.failures * 2 >= use.calls: "degraded"
        default: "healthy"
        }
    }

    var json: JSON {
        [
            "id": .string(tool.name), "name": .string(tool.name), "title": .string(tool.title),
            "summary": .string(tool.summary), "class": .string(tool.effect.rawValue),
            "input_schema": tool.inputSchema, "enabled": .bool(settings.isEnabled), "health": .string(health),
            "reason": JSON(tool.unavailable),
            "circuits": .array(
                breakers.map { provider, breaker in
                    [
                        "provider": .string(provider), "state": .string(breaker.state(at: now).rawValue),
                        "failures": JSON(breaker.failures),
                    ]
                }),
            "providers": JSON(settings.providers + connectors.filter { !settings.providers.contains($0) }),
            "cost": settings.price.map { Money(micros: $0, currency: currency).json } ?? .null,
            "timeout": JSON(tool.timeout?.iso8601), "cache_time": JSON(tool.cacheTime?.iso8601),
            "limits": .object(
                JSONObject(TimeSpan.allCases.map { ($0.rawValue, JSON(settings.limits[$0])) })),
            "quota": .array(quota), "use_today": use.json(currency), "version": JSON(settings.version),
            "updated_at": JSON(settings.updatedAt?.description),
        ]
    }

    static let schema: JSON = .record([
        "id": .anyText, "name": .anyText, "title": .anyText, "summary": .anyText,
        "class": .choice(ToolClass.self), "input_schema": .anyObject, "enabled": ["type": "boolean"],
        "health": ["type": "string", "enum": ["healthy", "degraded", "failing", "unavailable", "disabled"]],
        "reason": ["type": ["string", "null"], "description": "Why the tool is unavailable."],
        "circuits": [
            "type": "array",
            "description": "The state of the circuit breakers of providers that have failed lately.",
            "items": .record([
                "provider": .anyText,
                "state": ["type": "string", "enum": ["closed", "open", "half_open"]], "failures": .anyInteger,
            ]),
        ],
        "providers": ["type": "array", "items": .anyText],
        "cost": ["type": ["object", "null"]], "timeout": .textOrNull, "cache_time": .textOrNull,
        "limits": .anyObject,
        "quota": [
            "type": "array",
            "items": .record([
                "per": .choice(TimeSpan.self), "limit": .anyInteger, "used": .anyInteger, "left": .anyInteger,
                "resets_at": .anyInstant,
            ]),
        ],
        "use_today": ToolUse.schema, "version": .anyInteger, "updated_at": .instantOrNull,
    ])
}

extension ToolUse {
    fileprivate func json(_ currency: String) -> JSON {
        let average = calls == 0 ? 0 : duration.microseconds / 1000 / Int64(calls)
        return [
            "calls": JSON(calls), "failures": JSON(failures),
            "cost": Money(micros: cost, currency: currency).json, "average_ms": .integer(average),
        ]
    }

    fileprivate static let schema: JSON = .record([
        "calls": .anyInteger, "failures": .anyInteger, "cost": .anyObject,
        "average_ms": ["type": "integer", "description": "The average time of a call, in milliseconds."],
    ])
}

// MARK: Use over time

private let daysShown = 30

private let toolUseSchema: JSON = .record([
    "days": [
        "type": "array",
        "items": .record([
            "date": ["type": "string", "format": "date"], "calls": .anyInteger, "failures": .anyInteger,
            "cost": .anyObject, "average_ms": .anyInteger,
        ]),
    ],
    "month": .record([
        "calls": .anyInteger, "cost": .anyObject, "expected_calls": .anyInteger, "expected_cost": .anyObject,
    ]),
    "baseline": .record([
        "before": ToolUse.schema,
        "drift": [
            "type": ["string", "null"],
            "description": "The measures that have become worse since the two weeks before.",
        ],
    ]),
])

extension Queryable {
    /// The last days, newest first, and the month so far and at its end, if it goes on at this rate.
    fileprivate func useOverTime(of tool: String, _ zone: TimeZoneRules, _ currency: String) throws -> JSON {
        let month = TimeSpan.month.bounds(around: now, zone)
        let since = min(now - .seconds(daysShown * 86_400), month.start)
        let days = try toolUse.days(tool, since: since)
        let ofMonth = days.filter { $0.start >= month.start }
        let (calls, cost) = ofMonth.reduce((0, Int64(0))) { ($0.0 + $1.use.calls, $0.1 + $1.use.cost) }
        // The first hours of a month say little: at least a day is reckoned with.
        let gone = max(86_400, Double((now - month.start).microseconds) / 1_000_000)
        let rate = Double((month.end - month.start).microseconds) / 1_000_000 / gone
        let baseline = try orchestration.toolBaseline(tool, zone)
        return [
            "days": .array(
                days.prefix(daysShown).map { day in
                    (["date": .string(zone.local(of: day.start).date.text)] as JSON).merging(
                        day.use.json(currency))
                }),
            "month": [
                "calls": JSON(calls), "cost": Money(micros: cost, currency: currency).json,
                "expected_calls": JSON(Int((Double(calls) * rate).rounded())),
                "expected_cost": Money(
                    micros: Int64((Double(cost) * rate).rounded()), currency: currency
                ).json,
            ],
            "baseline": [
                "before": baseline.before.json(currency),
                "drift": baseline.drift.isEmpty
                    ? .null : .string(baseline.drift.map(\.english).joined(separator: "; ")),
            ],
        ]
    }
}

extension CivilDate {
    fileprivate var text: String {
        String(Instant(seconds: Int64(daysSinceEpoch) * 86_400).description.prefix(10))
    }
}

// MARK: The log of calls

private func toolCallRoutes(_ routes: inout Routes) {
    let columns: [SimpleList.Column] = [
        .init("tool", .text(max: 100)), .init("agent", .text(max: 100)), .init("run_id", .text(max: 100)),
        .init("provider", .text(max: 200)), .init("integration_id", .text(max: 200), column: "provider"),
        .init("client_id", .text(max: 100)), .init("subject_id", .text(max: 100)),
        .init("state", .choice(StoredToolCall.State.allCases.map(\.rawValue))),
        .init("created_at", .instant, column: "started_at"),
    ]
    routes.schema("ToolCall", callSchema)
    routes.get(
        "/v1/tool-calls",
        .permission(
            "tools:read"), "List the calls of tools of the last 30 days, newest first",
        query: SimpleList.docs(columns, fields: callSchema.propertyNames), .list(of: .reference("ToolCall"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: callSchema.propertyNames, dialect: reader.dialect)
            return try list.page(of: "tool_calls", LoggedCall.self, in: reader) { $1.value($0.json) }
        }
    }
}

/// A call of a tool as people see it: one row of `tool_calls`.
private struct LoggedCall: StoredRow {
    let json: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        let provider = row.text("provider")
        let subject = row.optionalSubject()
        let why = row.optionalText("why_code"), detail = row.text("why_detail")
        json = [
            "id": .string(row.text("id")), "key": .string(row.text("key")),
            "attempt": JSON(row.int("attempt")),
            "tool": .string(row.text("tool")), "provider": .string(provider),
            "agent": JSON(row.optionalText("agent")), "run_id": JSON(row.optionalText("run_id")),
            "actor": ["type": .string(row.text("actor_type")), "id": .string(row.text("actor_id"))],
            "state": .string(row.text("state")),
            "error": row.optionalText("error").map { JSON(stored: $0) } ?? .null,
            "cost_micros": .integer(row.int64("cost")), "tokens": .integer(row.int64("tokens")),
            "duration_ms": .number(Double(row.int64("duration")) / 1000),
            "created_at": .string(row.instant("started_at").description),
            "finished_at": JSON(row.optionalInstant("finished_at")?.description),
            "integration_id": Connector.isService(provider) ? .string(provider) : .null,
            "client_id": JSON(row.optionalText("client_id")),
            "campaign_id": JSON(row.optionalText("campaign_id")), "subject": subject?.json ?? .null,
            "decision_id": JSON(row.optionalText("decision_id")), "bytes": .integer(row.int64("bytes")),
            "why": why.map { ["code": .string($0), "detail": .string(detail)] } ?? .null,
            "arguments": row.optionalText("CASE WHEN state = 'observed' THEN result END").flatMap {
                JSON(stored: $0)["arguments"]
            } ?? .null,
        ]
    }
}

private let callSchema: JSON = .record([
    "id": .anyText,
    "key": ["type": "string", "description": "The Idempotency-Key that every attempt carries."],
    "attempt": .anyInteger, "tool": .anyText, "provider": .anyText, "agent": .textOrNull,
    "run_id": .textOrNull, "actor": .anySubject, "state": .anyText, "error": ["type": ["object", "null"]],
    "cost_micros": ["type": "integer", "description": "The cost in millionths of a minor unit."],
    "tokens": .anyInteger,
    "duration_ms": ["type": "number"], "created_at": .anyInstant, "finished_at": .instantOrNull,
    "integration_id": [
        "type": ["string", "null"], "description": "The integration, or the model, that was asked.",
    ],
    "client_id": ["type": ["string", "null"], "description": "The client on whose behalf it was."],
    "campaign_id": ["type": ["string", "null"], "description": "The campaign that it belongs to."],
    "subject": ["type": ["object", "null"], "description": "The subject of the call, such as a message."],
    "decision_id": ["type": ["string", "null"], "description": "The decision that led to it."],
    "bytes": ["type": "integer", "description": "Sent and received."],
    "arguments": [
        "type": ["object", "null"],
        "description":
            "The arguments of the call; for an agent that only observes, those it would have used.",
    ],
    "why": .record([
        "code": .choice(CallReason.Code.self),
        "detail": .anyText,
    ]).merging([
        "type": ["object", "null"], "description": "Why this integration was chosen.",
    ]),
])
