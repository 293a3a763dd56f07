internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

func orchestratorRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("status", .choice(ScheduleProposal.Status.allCases.map(\.rawValue))),
        .init("schedule_id", .text(max: 100)), .init("agent", .text(max: 100)), .init("created_at", .instant),
    ]
    routes.schema("AgentRestart", restartSchema)
    routes.schema("AgentCheck", checkSchema)
    routes.schema("ScheduleProposal", ScheduleProposal.schema)

    routes.post(
        "/v1/agents/{name}/restart", .permission("agents:run"),
        "Restart an agent: its running work is retried, and its consecutive failures are reset",
        .json(.reference("AgentRestart"), "How many runs were restarted.")
    ) { call in
        let name = call.parameters["name"] ?? ""
        return .write { tx in
            let runs = try tx.agents.restart(name, by: call.actor)
            return .json(["agent": .string(name), "restarted": JSON(runs)])
        }
    }
    routes.post(
        "/v1/agents/{name}/check", .permission("agents:run"),
        "Check what an agent needs to work, and get a result for each need",
        .json(.reference("AgentCheck"), "The checks and their results.")
    ) { call in
        let name = call.parameters["name"] ?? ""
        return .write { tx in
            let checks = try tx.agents.check(name)
            return .json([
                "agent": .string(name), "ok": .bool(checks.allSatisfy(\.isOK)),
                "checks": .array(checks.map(\.json)),
            ])
        }
    }
    routes.get(
        "/v1/schedules/proposals", .permission("schedules:read"),
        "List the changes of schedules that the orchestrator proposes, newest first",
        query: SimpleList.docs(columns, fields: ScheduleProposal.schema.propertyNames),
        .list(of: .reference("ScheduleProposal"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: ScheduleProposal.schema.propertyNames,
                dialect: reader.dialect)
            let words = try call.words(runtime.questions, reader)
            return try list.page(of: "schedule_proposals", ScheduleProposal.self, in: reader) {
                $1.value($0.json(in: words))
            }
        }
    }
    for (verb, accept, summary) in [
        ("accept", true, "Accept a proposed change of a schedule"),
        (
            "decline", false,
            "Decline a proposed change of a schedule; the same is not proposed again for a month"
        ),
    ] {
        routes.post(
            "/v1/schedules/{id}/proposal/\(verb)", .permission("schedules:write"), summary,
            .json(.reference("ScheduleProposal"), "The proposal.")
        ) { call in
            let id = try call.id("id", of: Schedule.self)
            return .write { tx in
                let proposal = try tx.schedules.decideProposal(ofSchedule: id, accept: accept, by: call.actor)
                return .json(proposal.json(in: try call.words(runtime.questions, tx)))
            }
        }
    }
}

private let restartSchema: JSON = .record(["agent": .anyText, "restarted": .anyInteger])

private let checkSchema: JSON = .record([
    "agent": .anyText, "ok": ["type": "boolean"],
    "checks": [
        "type": "array",
        "items": .record(["name": .anyText, "ok": ["type": "boolean"], "detail": .anyText]),
    ],
])

extension ScheduleProposal {
    static let schema: JSON = .record([
        "id": .anyText, "schedule_id": .anyText, "agent": .anyText, "kind": .anyText,
        "changes": ["type": "object", "description": "The proposed changes, as a patch of the schedule."],
        "reason": .anyText,
        "status": .choice(Status.self), "version": .anyInteger, "created_at": .anyInstant,
        "updated_at": .anyInstant, "decided_by": .textOrNull,
    ])
}
