internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Wording

func scheduleRoutes(
    _ routes: inout Routes, _ runtime: Runtime, timeZone: @escaping @Sendable (Transaction) throws -> String
) {
    let agents = runtime.agents
    let columns: [SimpleList.Column] = [
        .init("agent", .text(max: 100)), .init("enabled", .boolean), .init("created_at", .instant),
    ]
    routes.schema("Schedule", ScheduleDocument.withWarnings)
    routes.schema("ScheduleConflict", ScheduleConflict.schema)
    routes.schema("ScheduleCreate", ScheduleDocument.createSchema)
    routes.schema("SchedulePatch", ScheduleDocument.schema.jsonSchema(.patch))
    routes.schema("ScheduleFire", fireSchema)

    routes.get(
        "/v1/schedules", .permission("schedules:read"), "List schedules, each with its next ten fires",
        query: SimpleList.docs(columns, fields: ScheduleDocument.schema.fields.map(\.name)),
        .list(of: .reference("Schedule"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: ScheduleDocument.schema.fields.map(\.name),
                dialect: reader.dialect)
            return try list.page(of: "schedules", Schedule.self, in: reader) { schedule, writer in
                let document = try ScheduleDocument(schedule, now: reader.now, agents)
                writer.value(ScheduleDocument.schema.json(document))
            }
        }
    }
    routes.post(
        "/v1/schedules", .permission("schedules:write"), "Create a schedule",
        body: .json(.reference("ScheduleCreate")),
        .json(.reference("Schedule"), status: 201, "The schedule.")
    ) { call in
        let body = try call.object()
        return .write { tx in
            var wanted = ScheduleDocument(), faults = Faults()
            ScheduleDocument.schema.create(&wanted, from: body, faults: &faults)
            if body["cron"] == nil { faults.add("/cron", "required", "cron is required.") }
            if body["time_zone"] == nil { wanted.timeZone = try timeZone(tx) }
            if wanted.name.isEmpty { wanted.name = wanted.agent }
            wanted.check(agents, &faults)
            try faults.throwIfAny()
            let schedule = try tx.schedules.make(
                agent: wanted.agent, name: wanted.name, cron: wanted.cron, timeZone: wanted.timeZone,
                by: call.actor
            ) { [wanted] in wanted.apply(to: &$0) }
            return try schedule.response(
                tx.now, agents, status: 201, warnings: tx.schedules.conflicts(of: schedule.id, agents),
                in: call.words(runtime.questions, tx))
        }
    }
    scheduleRecordRoutes(&routes, runtime)
    scheduleFireRoutes(&routes, runtime)
}

private func scheduleRecordRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    let answer = Answer.json(.reference("Schedule"), "The schedule.")
    routes.get("/v1/schedules/{id}", .permission("schedules:read"), "Get a schedule", answer) { call in
        .read { try $0.schedule(call).response($0.now, agents) }
    }
    routes.patch(
        "/v1/schedules/{id}",
        .permission(
            "schedules:write"), "Update a schedule; the change applies from now on",
        body: .json(.reference("SchedulePatch")), answer
    ) { call in
        var body = try call.object()
        body.remove("warnings")
        return .write { [body] tx in
            let schedule = try tx.schedule(call)
            try call.checkVersion(schedule.version)
            var wanted = try ScheduleDocument(schedule, now: tx.now, agents), faults = Faults()
            let changed = ScheduleDocument.schema.patch(&wanted, with: body, faults: &faults)
            wanted.check(agents, &faults)
            try faults.throwIfAny()
            guard !changed.isEmpty else { return try schedule.response(tx.now, agents) }
            let result = try tx.schedules.change(schedule.id, by: call.actor) { [wanted] in
                wanted.apply(to: &$0)
            }
            return try result.response(
                tx.now, agents, warnings: tx.schedules.conflicts(of: result.id, agents),
                in: call.words(runtime.questions, tx))
        }
    }
}

/// Routes for the conflicts, the fires and the end of schedules.
private func scheduleFireRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    routes.get(
        "/v1/schedules/conflicts", .permission("schedules:read"),
        "List the conflicts between schedules within the next week",
        query: SimpleList.docs([], fields: ScheduleConflict.schema.propertyNames),
        .list(of: .reference("ScheduleConflict"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, [], oldestFirst: true,
                fields: ScheduleConflict.schema.propertyNames, dialect: reader.dialect)
            let words = try call.words(runtime.questions, reader)
            let conflicts = try reader.schedules.conflicts(agents)
            return list.page(of: conflicts.map { ($0.id, $0.json(in: words)) })
        }
    }
    routes.delete(
        "/v1/schedules/{id}", .permission("schedules:write"), "Delete a schedule",
        .empty("The record was deleted.")
    ) { call in
        .write { tx in
            let schedule = try tx.schedule(call)
            try call.checkVersion(schedule.version)
            try tx.schedules.delete(schedule.id, by: call.actor)
            return .noContent
        }
    }
    routes.get(
        "/v1/schedules/{id}/fires", .permission("schedules:read"),
        "List the fires of a schedule, newest first, each with its run or why there was none",
        query: SimpleList.docs([.init("slot", .instant)], fields: fireSchema.propertyNames),
        .list(of: .reference("ScheduleFire"))
    ) { call in
        .read { reader in
            let schedule = try reader.schedule(call)
            var list = try SimpleList(
                call.request.head.query, [.init("slot", .instant)], key: "slot",
                fields: fireSchema.propertyNames,
                dialect: reader.dialect)
            list.add("schedule_id = \(schedule.id)")
            return try list.page(of: "schedule_fires", ScheduleFire.self, in: reader) { fire, writer in
                writer.value([
                    "slot": .string(fire.slot.description), "run_id": JSON(fire.runID),
                    "skipped": JSON(fire.skipped), "missed": JSON(fire.missed),
                    "fired_at": .string(fire.firedAt.description),
                ])
            }
        }
    }
}

private let fireSchema: JSON = .record([
    "slot": .anyInstant, "run_id": .textOrNull,
    "skipped": ["type": ["string", "null"], "description": "Why there was no run."],
    "missed": ["type": "integer", "description": "Earlier slots that this one stands for."],
    "fired_at": .anyInstant,
])

extension Queryable {
    fileprivate func schedule(_ call: Call) throws -> Schedule {
        guard let schedule = try schedules.find(call.id("id", of: Schedule.self)) else {
            throw Problem(.notFound)
        }
        return schedule
    }
}

extension Schedule {
    fileprivate func response(
        _ now: Instant, _ agents: AgentRegistry, status: Int = 200, warnings: [ScheduleConflict] = [],
        in words: Wording = .english
    ) throws -> Response {
        var headers = [("ETag", ETag.text(version))]
        if status == 201 { headers.append(("Location", "/v1/schedules/\(id)")) }
        var document =
            ScheduleDocument.schema.json(try ScheduleDocument(self, now: now, agents)).object ?? [:]
        if !warnings.isEmpty {
            document.append(
                "warnings",
                .array(
                    warnings.map {
                        ["code": .string($0.kind.rawValue), "detail": .string($0.detail.said(in: words))]
                    }))
        }
        return .json(.object(document), status: status, headers: headers)
    }
}
