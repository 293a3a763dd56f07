internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Workflows

struct WorkflowRunBody: Declared {
    var workflowID = ID<WorkflowDefinition>.unset
    var state = JSONObject()
    var breakpoints: [String] = []

    static let schema = Schema<WorkflowRunBody>(
        "WorkflowRunCreate",
        [
            .id("workflow_id", \.workflowID, .required),
            .document("state", \.state, .about("The fields that the workflow declares.")),
            .texts("breakpoints", \.breakpoints, max: 100, length: 64, .about("Nodes to stop before.")),
        ])
}

struct WorkflowSignalBody: Declared {
    var name = ""
    var data = JSONObject()

    static let schema = Schema<WorkflowSignalBody>(
        "WorkflowSignal",
        [.text("name", \.name, max: 200, .required), .document("data", \.data)])
}

struct WorkflowStateBody: Declared {
    var state = JSONObject()

    static let schema = Schema<WorkflowStateBody>(
        "WorkflowRunPatch",
        [
            .document(
                "state", \.state, .required, .about("Changes to the state, as a merge patch."))
        ])
}

struct WorkflowForkBody: Declared {
    var from = ""

    static let schema = Schema<WorkflowForkBody>(
        "WorkflowFork",
        [.text("from", \.from, max: 100, .required, .about("The history's entry to begin before."))])
}

func workflowRoutes(_ routes: inout Routes) {
    routes.standard(WorkflowDefinition.resource, read: "workflows:read", write: "workflows:write")
    routes.declare(WorkflowRunBody.self)
    routes.declare(WorkflowSignalBody.self)
    routes.declare(WorkflowStateBody.self)
    routes.declare(WorkflowForkBody.self)
    routes.schema("WorkflowRun", WorkflowRun.schema)
    readingRoutes(&routes)
    changingRoutes(&routes)
}

private let columns: [SimpleList.Column] = [
    .init("workflow_id", .text(max: 64)), .init("status", .choice(WorkflowStatus.allCases.map(\.rawValue))),
    .init("parent_id", .text(max: 64)), .init("subject_id", .text(max: 64)), .init("created_at", .instant),
]

private func readingRoutes(_ routes: inout Routes) {
    let fields = WorkflowRun.schema.propertyNames
    routes.get(
        "/v1/workflow-runs", .permission("workflows:read"), "List runs of workflows, newest first",
        query: SimpleList.docs(columns, fields: fields), .list(of: .reference("WorkflowRun"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: fields, dialect: reader.dialect)
            let page = try list.rows(of: "workflow_runs", WorkflowRun.self, in: reader)
            let steps = try reader.steps(ofWorkflowRuns: page.items.map(\.id))
            return list.response(page) { run, writer in writer.value(run.json(steps[run.id] ?? [])) }
        }
    }
    routes.get(
        "/v1/workflow-runs/{id}",
        .permission(
            "workflows:read"), "Get a run of a workflow with its history", answer
    ) { call in
        .read { try $0.workflowRun(call).response(in: $0) }
    }
    routes.get(
        "/v1/workflow-runs/{id}/diagram", .permission("workflows:read"),
        "Get a diagram of a run, with the state of each node",
        .media("image/svg+xml", "The picture.")
    ) { call in
        .read { reader in
            let run = try reader.workflowRun(call)
            let steps = try reader.workflowJournal.steps(of: run.id)
            guard let id = run.workflowID, let version = run.workflowVersion,
                let graph = try reader.workflows.graph(of: id, version: version)
            else { throw Problem(.notFound) }
            let status = steps.filter { $0.kind != .pause || $0.status == .paused }
                .reduce(into: [:]) { $0[$1.name] = $1.status }
            return .svg(GraphDiagram(graph: graph, status: status).svg)
        }
    }
    routes.get(
        "/v1/workflows/{id}/diagram", .permission("workflows:read"), "Get a diagram of a workflow",
        .media("image/svg+xml", "The picture.")
    ) { call in
        let id = try call.id("id", of: WorkflowDefinition.self)
        return .read { reader in
            let definition = try WorkflowDefinition.resource.get(id, in: reader)
            guard let graph = try reader.workflows.graph(of: id, version: definition.version) else {
                throw Problem(.notFound)
            }
            return .svg(GraphDiagram(graph: graph, status: [:]).svg)
        }
    }
}

private let answer = Answer.json(.reference("WorkflowRun"), "The run.")
private let accepted = Answer.json(
    .reference("WorkflowRun"), status: 202, "The run, to be followed at Location.")

private func changingRoutes(_ routes: inout Routes) {
    routes.post(
        "/v1/workflow-runs", .permission("workflows:run"), "Start a run of a workflow, and get the run",
        body: .json(.reference("WorkflowRunCreate")), accepted
    ) { call in
        let body = try call.body(WorkflowRunBody.self)
        return .write { tx in
            var start = WorkflowStart()
            start.breakpoints = body.breakpoints
            return try tx.workflows.startGraph(body.workflowID, state: body.state, by: call.actor, start)
                .response(in: tx, status: 202)
        }
    }
    routes.post(
        "/v1/workflow-runs/{id}/signal", .permission("workflows:run"),
        "Send a signal to a run: a step that waits for it, now or later, continues",
        body: .json(.reference("WorkflowSignal")), answer
    ) { call in
        let body = try call.body(WorkflowSignalBody.self)
        return .write { tx in
            let run = try tx.workflowRun(call)
            try tx.auditLog.add(
                call.actor, "workflow_run.signalled", run.subject, ["name": .string(body.name)])
            return try tx.workflows.signal(run.id, body.name, .object(body.data)).response(in: tx)
        }
    }
    let verbs: [(String, String, @Sendable (Transaction, WorkflowRunID, Actor) throws -> WorkflowRun)] = [
        ("cancel", "Cancel a run of a workflow", { try $0.workflows.cancel($1, by: $2) }),
        ("resume", "Resume a paused run", { try $0.workflows.resume($1, by: $2) }),
        (
            "step", "Step a paused run through one node",
            { try $0.workflows.resume($1, stepping: true, by: $2) }
        ),
    ]
    for (verb, summary, act) in verbs {
        routes.post("/v1/workflow-runs/{id}/\(verb)", .permission("workflows:run"), summary, answer) { call in
            .write { tx in
                let run = try tx.workflowRun(call)
                try call.checkVersion(run.version)
                return try act(tx, run.id, call.actor).response(in: tx)
            }
        }
    }
    routes.patch(
        "/v1/workflow-runs/{id}", .permission("workflows:run"), "Update the state of a paused run",
        body: .json(.reference("WorkflowRunPatch")), answer
    ) { call in
        let body = try call.body(WorkflowStateBody.self)
        return .write { tx in
            let run = try tx.workflowRun(call)
            try call.checkVersion(run.version)
            return try tx.workflows.editState(of: run, body.state, by: call.actor).response(in: tx)
        }
    }
    routes.post(
        "/v1/workflow-runs/{id}/fork", .permission("workflows:run"),
        "Fork a run: start a new one from before a step of this one",
        body: .json(
            .reference("WorkflowFork")), accepted
    ) { call in
        let body = try call.body(WorkflowForkBody.self)
        return .write { tx in
            let run = try tx.workflowRun(call)
            return try tx.workflows.fork(run, from: body.from, by: call.actor).response(in: tx, status: 202)
        }
    }
}

extension Queryable {
    fileprivate func workflowRun(_ call: Call) throws -> WorkflowRun {
        guard let run = try workflows.run(call.id("id", of: Nouns.WorkflowRun.self)) else {
            throw Problem(.notFound)
        }
        return run
    }

    fileprivate func steps(ofWorkflowRuns ids: [WorkflowRunID]) throws -> [WorkflowRunID: [FlowStep]] {
        guard !ids.isEmpty else { return [:] }
        var found: [WorkflowRunID: [FlowStep]] = [:]
        try each(
            """
            SELECT \(FlowStep.columns), run_id FROM workflow_steps
            WHERE tenant_id = \(tenant) AND run_id IN \(list: ids) ORDER BY run_id, number
            """
        ) { row in
            found[WorkflowRunID(row, FlowStep.columns.names.count), default: []].append(try FlowStep(row))
        }
        return found
    }
}

extension WorkflowRun {
    fileprivate func response(in reader: some Queryable, status: Int = 200) throws -> Response {
        var headers = [("ETag", ETag.text(version))]
        if status == 202 { headers.append(("Location", "/v1/workflow-runs/\(id)")) }
        return .json(json(try reader.workflowJournal.steps(of: id)), status: status, headers: headers)
    }

    /// With its steps: what it is at, what was, and the times that it waits for.
    fileprivate func json(_ steps: [FlowStep]) -> JSON {
        let open = steps.filter(\.isOpen)
        return [
            "id": JSON(id), "workflow": .string(workflow), "workflow_id": JSON(workflowID),
            "workflow_version": JSON(workflowVersion ?? codeVersion), "status": .string(status.rawValue),
            "current": JSON(open.map(\.name)), "state": state.map(JSON.init(stored:)) ?? .null,
            "history": .array(steps.filter { $0.kind != .pause && $0.kind != .value }.map(\.json)),
            "timers": .array(
                open.compactMap { step in
                    step.dueAt.map { ["node": .string(step.name), "due_at": .string($0.description)] }
                }),
            "error": error.map(JSON.init(stored:)) ?? .null, "breakpoints": JSON(breakpoints),
            "job_id": JSON(jobID), "parent_id": JSON(parentID), "forked_from": JSON(forkedFrom),
            "started_by": starter.json, "event_id": JSON(eventID), "subject": about?.json ?? .null,
            "version": JSON(version),
            "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description), "started_at": JSON(startedAt?.description),
            "finished_at": JSON(finishedAt?.description),
        ]
    }

    static let schema: JSON = .record([
        "id": .anyText, "workflow": .anyText, "workflow_id": .textOrNull, "workflow_version": .anyInteger,
        "status": .choice(WorkflowStatus.self),
        "current": ["type": "array", "items": ["type": "string"], "description": "The nodes that it is at."],
        "state": ["type": ["object", "null"]],
        "history": [
            "type": "array",
            "items": .record([
                "id": .anyText, "node": .anyText, "kind": .anyText, "status": .anyText,
                "attempt": .anyInteger,
                "output": [:], "error": .jobFailureOrNull, "due_at": .instantOrNull,
                "started_at": .anyInstant,
                "finished_at": .instantOrNull,
            ]),
        ],
        "timers": ["type": "array", "items": .record(["node": .anyText, "due_at": .anyInstant])],
        "error": ["type": ["object", "null"]], "breakpoints": ["type": "array", "items": ["type": "string"]],
        "job_id": .anyText, "parent_id": .textOrNull, "forked_from": .textOrNull, "started_by": .anySubject,
        "event_id": .textOrNull,
        "subject": .schema(["type": .anyText, "id": .anyText], required: ["type", "id"]).merging([
            "type": ["object", "null"], "description": "The record of the event that began the run.",
        ]),
        "version": .anyInteger, "created_at": .anyInstant, "updated_at": .anyInstant,
        "started_at": .instantOrNull, "finished_at": .instantOrNull,
    ])
}

extension Response {
    fileprivate static func svg(_ text: String) -> Response {
        Response(
            status: 200, headers: [("Content-Type", "image/svg+xml; charset=utf-8")],
            body: .bytes(Array(text.utf8)))
    }
}
