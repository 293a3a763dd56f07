internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

/// The body of `PATCH /v1/lifecycle-stages/{name}`.
private struct StageBody: Declared {
    var fromDay: Int?
    var toDay: Int?
    var touchEvery: String?

    static let dayMax: Int64 = 36_500
    static let schema = Schema<StageBody>(
        "LifecycleStagePatch",
        [
            .integer(
                "from_day", \.fromDay, in: 0...dayMax,
                .about("The first day of age; it follows the last day of the stage before.")),
            .integer(
                "to_day", \.toDay, in: 0...dayMax,
                .about("The last day of age; the next stage begins on the day after.")),
            .text(
                "touch_every", \.touchEvery, max: 20, .example("P14D"),
                .about("How often the agency gets in touch in this stage, from P1D to P3650D.")),
        ])
}

/// `/v1/lifecycle-stages`: the stages that leads go through by their age.
func lifecycleRoutes(_ routes: inout Routes) {
    routes.declare(StageBody.self)
    routes.schema("LifecycleStage", LifecycleListing.schema)
    routes.event(
        "lead.lifecycle_changed", "A lead has come into another stage by its age.", about: "lead",
        ["from": .choice(LifecycleStage.self), "to": .choice(LifecycleStage.self)])
    routes.event(
        "lifecycle_stage.updated", "An agency gets in touch with the leads of a stage more or less often.",
        ["from_day": .anyInteger, "to_day": ["type": ["integer", "null"]], "touch_every": .anyText])
    routes.get(
        "/v1/lifecycle-stages", .permission("leads:read"),
        "List the stages that leads go through by their age, with how many are in each",
        query: ParameterDoc.page, .list(of: .reference("LifecycleStage"))
    ) { call in
        let window = try call.window()
        return .read { window.page(of: try LifecycleListing(in: $0).all) }
    }
    routes.get(
        "/v1/lifecycle-stages/{name}", .permission("leads:read"),
        "Get a stage that leads go through by their age", .json(.reference("LifecycleStage"), "The stage.")
    ) { call in
        let name = try call.lifecycleStage
        return .read { .json(try LifecycleListing(in: $0).json(of: name)) }
    }
    routes.patch(
        "/v1/lifecycle-stages/{name}", .permission("leads:write"),
        "Change where a stage begins and ends, and how often the agency gets in touch there",
        body: .json(.reference("LifecycleStagePatch")), .json(.reference("LifecycleStage"), "The stage.")
    ) { call in
        let name = try call.lifecycleStage
        let body = try call.body(StageBody.self)
        return .write { tx in
            let old = try tx.lifecycle.plan()
            let plan = try old.changed(name, body)
            if plan.stages != old.stages {
                try tx.lifecycle.keep(plan)
                try tx.auditLog.add(
                    call.actor, "lifecycle_stage.updated",
                    Subject(type: "lifecycle_stage", id: name.rawValue),
                    LifecycleListing.bounds(of: name, plan))
                if plan.stages.map(\.from) != old.stages.map(\.from) {
                    try tx.jobs.enqueue(
                        LifecycleMoveJob.self, .init(),
                        JobOptions(uniqueKey: "all", uniqueness: .untilStarted))
                }
                if plan[name]?.touchEvery != old[name]?.touchEvery {
                    try tx.publish(
                        "lifecycle_stage.updated", Subject(type: "lifecycle_stage", id: name.rawValue),
                        LifecycleListing.bounds(of: name, plan))
                }
            }
            return .json(try LifecycleListing(in: tx).json(of: name))
        }
    }
}

extension Call {
    /// The stage by age that the path names.
    fileprivate var lifecycleStage: LifecycleStage {
        get throws(Problem) {
            guard let name = parameters["name"].flatMap(LifecycleStage.init(rawValue:)),
                LifecycleStage.byAge.contains(name)
            else { throw Problem(.notFound) }
            return name
        }
    }
}

extension LifecyclePlan {
    /// Returns the plan with another stage. Throws what would leave a gap or lie over a neighbour, at its place.
    fileprivate func changed(_ name: LifecycleStage, _ body: StageBody) throws(Problem) -> LifecyclePlan {
        guard let place = stages.firstIndex(where: { $0.name == name }) else { throw Problem(.notFound) }
        var plan = self, faults = Faults()
        if let from = body.fromDay, from != stages[place].from {
            faults.add(
                "/from_day", "invalid_range",
                place == 0
                    ? "The first stage begins on day 0."
                    : "The stage begins on day \(stages[place].from), the day after \(stages[place - 1].name.rawValue) ends: change that one's to_day."
            )
        }
        if let to = body.toDay {
            let last = place + 1 < stages.count ? lastDay(of: stages[place + 1].name) : nil
            if place + 1 == stages.count {
                faults.add("/to_day", "invalid_range", "The last stage does not end.")
            } else if to < stages[place].from {
                faults.add(
                    "/to_day", "invalid_range",
                    "The stage must not end before day \(stages[place].from), on which it begins.")
            } else if let last, to >= last {
                faults.add(
                    "/to_day", "invalid_range",
                    "The next stage ends on day \(last): this one has to end before.")
            } else {
                plan.stages[place + 1].from = to + 1
            }
        }
        if let touch = body.touchEvery {
            if let rhythm = Duration(iso8601: touch),
                (.seconds(86_400) ... .seconds(3650 * 86_400)).contains(rhythm)
            {
                plan.stages[place].touchEvery = touch
            } else {
                faults.add(
                    "/touch_every", "wrong_type",
                    "touch_every must be a duration from P1D to P3650D, such as P14D.")
            }
        }
        try faults.throwIfAny()
        return plan
    }
}

/// The stages as the API lists them.
private struct LifecycleListing {
    private let plan: LifecyclePlan
    private let counts: [LifecycleStage: Int]

    init(in reader: some Queryable) throws {
        (plan, counts) = (try reader.lifecycle.plan(), try reader.lifecycle.counts())
    }

    var all: [JSON] { LifecycleStage.byAge.map(json) }

    func json(of name: LifecycleStage) -> JSON {
        Self.bounds(of: name, plan).merging([
            "name": .string(name.rawValue), "content": JSON(Self.content(name)),
            "goal": .string(Self.goal(name)), "leads": JSON(counts[name] ?? 0),
        ])
    }

    static func bounds(of name: LifecycleStage, _ plan: LifecyclePlan) -> JSON {
        [
            "from_day": JSON(plan[name]?.from), "to_day": JSON(plan.lastDay(of: name)),
            "touch_every": JSON(plan[name]?.touchEvery),
        ]
    }

    /// The types of content that fit a stage.
    private static func content(_ name: LifecycleStage) -> [String] {
        switch name {
        case .fresh: ["educational", "case_study"]
        case .warm: ["product_launch", "case_study", "industry_insights"]
        case .nurturing: ["company_news", "product_launch"]
        case .dormant: ["company_news", "industry_insights"]
        case .archived: ["company_news", "product_launch"]
        case .customer: []
        }
    }

    private static func goal(_ name: LifecycleStage) -> String {
        switch name {
        case .fresh: "awareness"
        case .warm: "decision"
        case .nurturing: "top_of_mind"
        case .dormant: "reengagement"
        case .archived: "last_attempt"
        case .customer: ""
        }
    }

    static let schema = JSON.schema(
        [
            "name": ["enum": JSON(LifecycleStage.byAge.map(\.rawValue))],
            "from_day": ["type": "integer", "description": "The first day of age of the stage."],
            "to_day": [
                "type": ["integer", "null"], "description": "The last day of age; null for the last stage.",
            ],
            "touch_every": ["type": "string", "description": "How often the agency gets in touch."],
            "content": [
                "type": "array", "items": ["type": "string"],
                "description": "The types of content that fit the stage.",
            ],
            "goal": ["type": "string", "description": "The goal for leads in the stage."],
            "leads": ["type": "integer", "description": "How many leads are in the stage."],
        ], required: ["name", "from_day", "to_day", "touch_every", "content", "goal", "leads"])
}
