internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

func integrationUseRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.schema("IntegrationUse", useSchema)
    routes.get(
        "/v1/integrations/{id}/use", .permission("integrations:read"),
        "Get an integration's use by day, tool, agent and client, with a forecast of the month",
        .json(.reference("IntegrationUse"), "The use.")
    ) { call in
        let id = try call.id("id", of: Integration.self)
        return .read { reader in
            let integration = try Integration.resource.get(id, in: reader)
            let lanes: JSON = runtime.lanes(of: integration.id).map { JSON($0) } ?? .null
            return .json(
                try EffectMetrics(reader, runtime).use(of: integration, in: reader, runtime).adding([
                    "lanes": lanes
                ]))
        }
    }
    routes.schema("CostSummary", costSchema)
    routes.get(
        "/v1/costs/summary", .permission("integrations:read"),
        "Get the cost of outside services this month, with a forecast and cheaper alternatives",
        named: "get_cost_summary", .json(.reference("CostSummary"), "The costs.")
    ) { call in
        .read { reader in .json(try EffectMetrics(reader, runtime).costs(in: reader, runtime, for: call)) }
    }
}

/// Figures of the agency's present month.
private struct EffectMetrics {
    private let tenant: Tenant
    private let zone: TimeZoneRules
    private let today: Int
    /// The share of today that is over.
    private let gone: Double
    private let month: Range<Int>
    /// This month a year ago, and the month before that.
    private let aYearAgo: Range<Int>, before: Range<Int>
    /// The tools whose calls cost nothing.
    private let free: [String]
    private static let daysShown = 30, daysRead = 62, daysOfReturn = 365

    init(_ reader: some Queryable, _ runtime: Runtime) throws {
        free = runtime.tools.withoutQuota
        let tenant = try reader.agency.tenant()
        let zone = tenant.zone
        (self.tenant, self.zone) = (tenant, zone)
        let now = reader.now, day = TimeSpan.day.bounds(around: now, zone)
        today = zone.local(of: now).date.daysSinceEpoch
        gone = Double((now - day.start).microseconds) / Double(max(1, (day.end - day.start).microseconds))
        func days(around instant: Instant) -> Range<Int> {
            let (start, end) = TimeSpan.month.bounds(around: instant, zone)
            return zone.local(of: start).date.daysSinceEpoch..<zone.local(of: end).date.daysSinceEpoch
        }
        month = days(around: now)
        // From the middle of a month a leap day leads to no other.
        let start = TimeSpan.month.bounds(around: now, zone).start
        aYearAgo = days(around: start - .seconds((365 - 15) * 86_400))
        before = days(around: start - .seconds((365 + 15) * 86_400))
    }

    func use(of integration: Integration, in reader: some Queryable, _ runtime: Runtime) throws -> JSON {
        let id = integration.id.keyText
        let days = try reader.effectUse.days(of: id, since: today - Self.daysRead, without: free)
        let byDay = Dictionary(uniqueKeysWithValues: days.map { ($0.day, $0.use) })
        let past = Dictionary(
            uniqueKeysWithValues: try reader.effectUse.days(
                of: id, since: seasons.lowerBound, until: seasons.upperBound, without: free
            ).map { ($0.day, $0.use) })
        let total = ofMonth(byDay)
        let calls = forecast(byDay, past, isOver: integration.status == .disabled) { Double($0.calls) }
        let account = try account(of: integration, byDay, past, in: reader)
        let trend = UseTrend(days, today: today)
        return [
            "days": .array(
                days.prefix(Self.daysShown).map { day, use in
                    (["date": .string(CivilDate(daysSinceEpoch: day).iso)] as JSON).merging(json(use))
                }),
            "month": [
                "calls": JSON(total.calls), "failures": JSON(total.failures), "cost": money(total.cost),
                "fee": money(account.tariff.fee),
                "included_left": integration.plan == nil ? .null : JSON(account.left),
                "expected_calls": JSON(Int(calls.expected.rounded())),
                "expected_cost": money(account.expected), "error": rounded(calls.error),
            ],
            "trend": [
                "calls": rounded(trend.calls), "cost": rounded(trend.cost),
                "failures": rounded(trend.failures), "latency": rounded(trend.latency),
            ],
            "performance": .array(
                try reader.serviceBaselines.all(of: id, today: today).map { baseline in
                    [
                        "tool": .string(baseline.tool), "today": json(baseline.today),
                        "usual": json(baseline.usual),
                    ]
                }),
            "return": try worthwhile(id, in: reader, runtime),
            "by": [
                "tools": try groups(by: .tool, of: id, in: reader),
                "agents": try groups(by: .agent, of: id, in: reader),
                "clients": try groups(by: .client, of: id, in: reader),
            ],
        ]
    }

    /// Returns what a year of the integration has cost, and what came of it.
    private func worthwhile(_ id: String, in reader: some Queryable, _ runtime: Runtime) throws -> JSON {
        let start = reader.now - .seconds(Int64(Self.daysOfReturn) * 86_400)
        let days = try reader.effectUse.days(of: id, since: today - Self.daysOfReturn + 1, without: free)
        let use = days.reduce(into: EffectUse()) { $0.add($1.use) }
        let leads = try runtime.leads(reachedBy: id, since: start, in: reader)
        let won =
            Double(try runtime.won(through: id, since: start, in: reader)) * Double(Budget.microsPerMinorUnit)
        return [
            "days": JSON(Self.daysOfReturn), "calls": JSON(use.calls), "cost": money(use.cost),
            "leads": JSON(leads.all),
            "score": leads.score.map { JSON.number(($0 * 10).rounded() / 10) } ?? .null,
            "qualified": JSON(leads.qualified), "converted": JSON(leads.won), "won": money(won),
            "won_per_call": use.calls == 0 ? .null : money(won / Double(use.calls)),
        ]
    }

    func costs(in reader: some Queryable, _ runtime: Runtime, for call: Call) throws -> JSON {
        let days = try reader.effectUse.days(since: today - Self.daysRead, without: free)
        let past = try reader.effectUse.days(
            since: seasons.lowerBound, until: seasons.upperBound, without: free)
        let integrations = try Integration.resource.all(
            where: "TRUE", suffix: "ORDER BY priority, id LIMIT 200", in: reader)
        let accounts = try integrations.map { integration in
            let id = integration.id.keyText
            var account = try self.account(of: integration, days[id] ?? [:], past[id] ?? [:], in: reader)
            if !integration.plans.list.isEmpty {
                account.worth = try worth(of: id, days[id] ?? [:], in: reader, runtime)
            }
            return account
        }
        // An integration with a price is forecast by its calls, for which others may have been paid; the rest by cost.
        let planned = accounts.filter { $0.integration.isPlanned }
        let ids = Set(planned.map { $0.integration.id.keyText })
        // An integration that is disabled or deleted is called no more: its month ends with its cost so far.
        let inUse = Set(accounts.filter { $0.integration.status != .disabled }.map(\.integration.id.keyText))
        func isOver(_ id: String) -> Bool { id.hasPrefix("int_") && !inUse.contains(id) }
        func rest(_ all: [String: [Int: EffectUse]]) -> [Int: EffectUse] {
            var rest: [Int: EffectUse] = [:]
            for (id, days) in all where !ids.contains(id) && !isOver(id) {
                for (day, use) in days { rest[day, default: EffectUse()].add(use) }
            }
            return rest
        }
        let unplanned = forecast(rest(days), rest(past)) { Double($0.cost) }
        let over = days.filter { isOver($0.key) }.values.reduce(0.0) { $0 + Double(ofMonth($1).cost) }
        let expected = planned.reduce(over + unplanned.expected) { $0 + $1.expected }
        let unsure = planned.reduce(unplanned.expected * unplanned.error) { $0 + $1.unsure }
        let spent: Int64 = days.values.reduce(0) { $0 + ofMonth($1).cost }
        let fees: Int64 = planned.reduce(0) { $0 + $1.tariff.fee }
        let connectors = try reader.effectUse.all(by: .connector, since: month.lowerBound)
        let words = try reader.wordings.find(for: call)
        return [
            "month": [
                "spent": money(spent), "expected": money(expected),
                "fees": money(fees),
                "error": rounded(expected == 0 ? 0 : unsure / expected),
            ],
            "by": [
                "integrations": .array(connectors.filter { $0.id.hasPrefix("int_") }.map(group)),
                "models": .array(connectors.filter { $0.id.hasPrefix("model_") }.map(group)),
                "agents": try groups(by: .agent, in: reader), "clients": try groups(by: .client, in: reader),
                "campaigns": try groups(by: .campaign, in: reader),
            ],
            "proposals": .array(CostProposals(accounts, tenant.currency, in: words).all),
        ]
    }

    /// From the month before last year's month before on: by that one it is seen who has begun only since.
    private var seasons: Range<Int> { before.lowerBound - 31..<aYearAgo.upperBound }

    private func account(
        of integration: Integration, _ days: [Int: EffectUse], _ past: [Int: EffectUse],
        in reader: some Queryable
    ) throws -> MonthAccount {
        MonthAccount(
            integration: integration, tariff: integration.tariff(in: tenant.currency), use: ofMonth(days),
            calls: forecast(days, past, isOver: integration.status == .disabled) { Double($0.asked) },
            left: try reader.includedCalls.left(of: integration.connector(for: tenant, at: reader.now), zone))
    }

    private func worth(
        of id: String, _ days: [Int: EffectUse], in reader: some Queryable, _ runtime: Runtime
    ) throws -> CallWorth {
        let recent = days.filter { $0.key > today - CallWorth.days }.values
        let start = reader.now - .seconds(Int64(CallWorth.days) * 86_400)
        let won = try runtime.won(through: id, since: start, in: reader)
        return CallWorth(
            calls: recent.reduce(0) { $0 + $1.asked },
            won: Double(won) * Double(Budget.microsPerMinorUnit))
    }

    // MARK: Shapes

    private func ofMonth(_ days: [Int: EffectUse]) -> EffectUse {
        days.filter { month.contains($0.key) }.values.reduce(into: EffectUse()) { $0.add($1) }
    }

    /// `isOver`: nothing more is to come.
    private func forecast(
        _ days: [Int: EffectUse], _ past: [Int: EffectUse], isOver: Bool = false,
        of value: (EffectUse) -> Double
    ) -> MonthForecast {
        MonthForecast(
            days.mapValues(value), today: today, gone: isOver ? 1 : gone,
            month: isOver ? month.lowerBound..<today + 1 : month,
            season: MonthForecast.season(past.mapValues(value), before: before, then: aYearAgo))
    }

    private func groups(
        by dimension: EffectDimension, of connector: String? = nil, in reader: some Queryable
    ) throws -> JSON {
        .array(try reader.effectUse.all(by: dimension, of: connector, since: month.lowerBound).map(group))
    }

    private func group(_ id: String, _ use: EffectUse) -> JSON {
        [
            "id": .string(id), "calls": JSON(use.calls), "failures": JSON(use.failures),
            "cost": money(use.cost),
        ]
    }

    private func json(_ use: EffectUse) -> JSON {
        [
            "calls": JSON(use.calls), "failures": JSON(use.failures), "cost": money(use.cost),
            "average_ms": .integer(use.averageMilliseconds), "bytes": .integer(use.bytes),
        ]
    }

    private func json(_ performance: ServicePerformance) -> JSON {
        let use = performance.use
        let success: Double? = use.calls == 0 ? nil : 1 - Double(use.failures) / Double(use.calls)
        let errors = performance.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return [
            "calls": JSON(use.calls),
            "average_ms": use.calls == 0 ? .null : .integer(use.averageMilliseconds),
            "success_rate": rounded(success),
            "errors": .array(errors.map { ["code": .string($0.key), "calls": JSON($0.value)] }),
        ]
    }

    private func money(_ micros: Int64) -> JSON { Money(micros: micros, currency: tenant.currency).json }
    private func money(_ micros: Double) -> JSON { money(micros.wholeMicros) }

    private func rounded(_ share: Double) -> JSON { .number((share * 1000).rounded() / 1000) }
    private func rounded(_ share: Double?) -> JSON {
        guard let share else { return .null }
        return rounded(share)
    }
}

/// The calls and costs of an integration's month, with those still expected.
struct MonthAccount {
    let integration: Integration
    let tariff: CallTariff
    /// Of the month so far.
    let use: EffectUse
    let calls: MonthForecast
    /// Calls that the plan includes, and that nobody has made.
    let left: Int
    var worth = CallWorth()

    /// In millionths of a minor unit, as all here.
    var expected: Double {
        Double(tariff.fee) + Double(use.cost) + tariff.cost(of: calls.ahead, after: tariff.included - left)
    }

    /// The error of that; the fee is sure.
    var unsure: Double { (expected - Double(tariff.fee)) * calls.error }
}

extension Integration {
    /// Whether its month can be reckoned by its calls.
    fileprivate var isPlanned: Bool {
        status != .disabled && (plan != nil || price != nil || priceChange != nil)
    }
}

extension Double {
    /// Millionths of a minor unit, as far as they can be counted.
    var wholeMicros: Int64 { Int64(min(max(self, 0), 9e18).rounded()) }
}

private let group: JSON = .record([
    "id": .anyText, "calls": .anyInteger, "failures": .anyInteger, "cost": .anyObject,
])
private let groups: JSON = ["type": "array", "items": group]
private let share: JSON = [
    "type": "number", "minimum": 0, "description": "The possible error of the forecast, as a share of it.",
]

private let change: JSON = [
    "type": ["number", "null"],
    "description":
        "How the seven days before today differ from the seven before, as a share; null: nothing to compare.",
]

private let performance: JSON = .record([
    "calls": .anyInteger, "average_ms": ["type": ["integer", "null"], "minimum": 0],
    "success_rate": ["type": ["number", "null"], "minimum": 0, "maximum": 1],
    "errors": [
        "type": "array", "description": "How often calls failed with each code, the most frequent first.",
        "items": .record(["code": .anyText, "calls": .anyInteger]),
    ],
])

private let useSchema: JSON = .record([
    "days": [
        "type": "array", "description": "The last thirty days with any use, newest first.",
        "items": .record([
            "date": ["type": "string", "format": "date"], "calls": .anyInteger, "failures": .anyInteger,
            "cost": .anyObject, "average_ms": .anyInteger, "bytes": .anyInteger,
        ]),
    ],
    "month": .record([
        "calls": .anyInteger, "failures": .anyInteger, "cost": .anyObject, "expected_calls": .anyInteger,
        "expected_cost": .anyObject, "error": share,
        "fee": .anyObject.merging(
            ["description": "The monthly cost of the plan; included in expected_cost."]),
        "included_left": [
            "type": ["integer", "null"], "minimum": 0,
            "description": "How many included calls are left this month; null without a plan.",
        ],
    ]),
    "trend": JSON.record(["calls": change, "cost": change, "failures": change, "latency": change])
        .merging(["description": "How the seven days before today differ from the seven before them."]),
    "performance": [
        "type": "array",
        "description":
            "How it answers each tool today beside what is usual, the two weeks before; without tests.",
        "items": .record([
            "tool": .anyText, "today": performance.merging(["description": "How it answers today."]),
            "usual": performance.merging(["description": "How it answered in the two weeks before."]),
        ]),
    ],
    "return": .record([
        "days": .anyInteger, "calls": .anyInteger, "cost": .anyObject,
        "leads": [
            "type": "integer", "minimum": 0,
            "description": "Leads that it has brought, told of or written to within the days.",
        ],
        "score": [
            "type": ["number", "null"], "minimum": 0, "maximum": 100,
            "description": "The average score of the leads; null where none of them is scored.",
        ],
        "qualified": ["type": "integer", "minimum": 0, "description": "Those of the leads that qualified."],
        "converted": ["type": "integer", "minimum": 0, "description": "Those of the leads that were won."],
        "won": .anyObject.merging([
            "description":
                "The value of the deals won within the days from people whom it had reached before."
        ]),
        "won_per_call": [
            "type": ["object", "null"], "description": "The gain for each call; null without calls.",
        ],
    ]),
    "by": .record(["tools": groups, "agents": groups, "clients": groups]),
    "lanes": [
        "type": ["integer", "null"],
        "description":
            "The learned number of parallel deliveries; null before the first delivery.",
    ],
])

private let costSchema: JSON = .record([
    "month": .record([
        "spent": .anyObject, "expected": .anyObject, "error": share,
        "fees": .anyObject.merging([
            "description": "The monthly cost of the integrations' plans; included in expected, not in spent."
        ]),
    ]),
    "by": .record([
        "integrations": groups, "models": groups, "agents": groups, "clients": groups, "campaigns": groups,
    ]),
    "proposals": [
        "type": "array",
        "items": .record([
            "title": .anyText, "saves": .anyObject, "consequence": .anyText, "subject": .anySubject,
        ]),
    ],
])
