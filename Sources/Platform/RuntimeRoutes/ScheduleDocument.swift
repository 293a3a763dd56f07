internal import Agents
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

extension Schedule.Missed: Choice {}

/// A schedule as the API shows it and takes it.
struct ScheduleDocument: Declared {
    var id = "", agent = "", name = "", cron = "", timeZone = ""
    var enabled = true
    var missed = Schedule.Missed.runOnce
    var jitter = Duration.zero.iso8601, catchUp = Duration.seconds(86_400).iso8601
    var after: String?
    var blackouts: JSON = []
    var maintenance = false
    var parameters = JSONObject()
    var nextFires: [String] = []
    var version = 1
    var createdAt = Instant(seconds: 0), updatedAt = Instant(seconds: 0)

    static let schema = Schema<ScheduleDocument>(
        "Schedule",
        [
            .text("id", \.id, max: 64, .readOnly),
            .text("agent", \.agent, max: 100, .required, .writeOnce, .example("lead_scoring")),
            .text("name", \.name, max: 200),
            .text(
                "cron", \.cron, max: 200,
                .about("Five fields, six with seconds first, or daily, hourly, every_2_hours."),
                .example("*/15 9-17 * * 1-5")),
            .timeZone(
                "time_zone", \.timeZone, .about("The time zone of the schedule; the agency's by default.")),
            .boolean("enabled", \.enabled),
            .choice("missed", \.missed, .about("The treatment of missed fires: run_once or skip.")),
            .text(
                "jitter", \.jitter, max: 40,
                .about(
                    "The random delay of a run, as an ISO 8601 duration: it starts up to this much later."),
                .example("PT30S")),
            .text(
                "catch_up", \.catchUp, max: 40,
                .about(
                    "How late a missed fire may still run, as an ISO 8601 duration.")
            ),
            .text("after", \.after, max: 100, .about("The agent whose runs must have ended first.")),
            .document(
                "blackouts", \.blackouts, schema: blackoutsSchema,
                .about(
                    "The hours in which the schedule does not fire.")),
            .boolean(
                "maintenance", \.maintenance, .about("Whether its runs wait until no other agent works.")),
            .document("parameters", \.parameters, .about("The parameters of each run.")),
            .texts("next_fires", \.nextFires, max: 10, length: 30, .readOnly),
            .integer("version", \.version, in: 1...1_000_000_000, .readOnly),
            .instant("created_at", \.createdAt, .readOnly), .instant("updated_at", \.updatedAt, .readOnly),
        ])

    /// An empty `cron` is no missing one, so its being required is said here.
    static var createSchema: JSON {
        var schema = schema.jsonSchema(.create).object ?? [:]
        schema["required"] = ["agent", "cron"]
        return .object(schema)
    }

    /// When it was made or changed, with what it gets in the way of.
    static var withWarnings: JSON {
        var schema = schema.jsonSchema(.record).object ?? [:]
        var properties = schema["properties"]?.object ?? [:]
        properties["warnings"] = [
            "type": "array", "description": "The conflicts of the schedule, when it was created or changed.",
            "items": .record(["code": .choice(ScheduleConflict.Kind.self), "detail": .anyText]),
        ]
        schema["properties"] = .object(properties)
        return .object(schema)
    }

    init() {}

    init(_ schedule: Schedule, now: Instant, _ agents: AgentRegistry) throws {
        (id, agent, name, cron) = ("\(schedule.id)", schedule.agent, schedule.name, schedule.cron)
        (timeZone, enabled, missed, after) = (
            schedule.timeZone, schedule.enabled, schedule.missed, schedule.after
        )
        (jitter, catchUp) = (schedule.jitter.iso8601, schedule.catchUp.iso8601)
        blackouts = .array(schedule.blackouts.map(\.json))
        maintenance = schedule.isMaintenance
        parameters = schedule.parameters.object ?? [:]
        nextFires = try schedule.nextFires(10, after: now, agents: agents).map(\.description)
        (version, createdAt, updatedAt) = (schedule.version, schedule.createdAt, schedule.updatedAt)
    }

    /// Adds the faults that the kinds of the fields cannot find. Fields with faults already are passed over.
    func check(_ agents: AgentRegistry, _ faults: inout Faults) {
        let found = Set(faults.list.map(\.pointer))
        let names = agents.all.map(\.name)
        if !found.contains("/agent"), agents[agent] == nil {
            faults.add(
                "/agent", "invalid_choice", "The agent \(agent) does not exist: GET /v1/agents lists them.",
                choices: names)
        }
        if let after, !found.contains("/after"), agents[after] == nil {
            faults.add("/after", "invalid_choice", "The agent \(after) does not exist.", choices: names)
        }
        if !found.contains("/cron") {
            do throws(CronError) {
                _ = try Cron(cron, dailyHour: agents[agent]?.dailyHour ?? 9)
            } catch {
                faults.add("/cron", "invalid_cron", "cron is not valid: \(error.reason).")
            }
        }
        checkDuration("/jitter", jitter, max: .seconds(86_400), found, &faults)
        checkDuration("/catch_up", catchUp, max: .seconds(30 * 86_400), found, &faults)
        for (index, blackout) in (blackouts.array ?? []).enumerated() where Blackout(blackout) == nil {
            faults.add(
                "/blackouts/\(index)", "wrong_type",
                #"A blackout must be an object such as {"from": "22:00", "to": "06:00", "days": [1, 2]}."#)
        }
        if let agent = agents[agent] {
            faults.add(
                contentsOf: agent.faults(parameters: .object(parameters)).map { $0.fault(at: "/parameters") })
        }
    }

    private func checkDuration(
        _ pointer: String, _ text: String, max: Duration, _ found: Set<String>, _ faults: inout Faults
    ) {
        guard !found.contains(pointer) else { return }
        guard let duration = Duration(iso8601: text) else {
            return faults.add(
                pointer, "wrong_type", "\(pointer.pointedMember) must be a duration such as PT30S.")
        }
        if duration > max {
            faults.add(pointer, "out_of_range", "\(pointer.pointedMember) may be at most \(max.iso8601).")
        }
    }

    /// Once it has been checked.
    func apply(to schedule: inout Schedule) {
        (schedule.name, schedule.cron, schedule.timeZone) = (name, cron, timeZone)
        (schedule.enabled, schedule.missed, schedule.after) = (enabled, missed, after)
        schedule.jitter = Duration(iso8601: jitter) ?? .zero
        schedule.catchUp = Duration(iso8601: catchUp) ?? .zero
        schedule.blackouts = blackouts.array?.compactMap(Blackout.init) ?? []
        schedule.isMaintenance = maintenance
        schedule.parameters = .object(parameters)
    }
}

private let blackoutsSchema: JSON = [
    "type": "array",
    "items": .schema(
        [
            "from": ["type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"],
            "to": ["type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"],
            "days": ["type": "array", "items": ["type": "integer", "minimum": 1, "maximum": 7]],
        ], required: ["from", "to"]),
]
