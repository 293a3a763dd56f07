internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// `/v1/sync-runs`: what runs of syncs have done, record by record.
func runRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(SyncRun.resource)
    routes.schema("SyncRunRecord", SyncOutcome.schema)
    let answer = Answer.json(.reference("SyncRun"), "The run.")
    routes.get(
        "/v1/sync-runs", .permission("syncs:read"), "List runs of syncs",
        query: ParameterDoc.list(SyncRun.resource), .list(SyncRun.resource)
    ) { call in
        .read { reader in
            try ListQuery(SyncRun.resource, call.request.head.query, dialect: reader.dialect).page(in: reader)
        }
    }
    routes.get("/v1/sync-runs/{id}", .permission("syncs:read"), "Get a run of a sync", answer) { call in
        let id = try call.id("id", of: SyncRun.self)
        return .read { try SyncRun.resource.get(id, in: $0).response() }
    }
    routes.post(
        "/v1/sync-runs/{id}/cancel", .permission("syncs:write"),
        "Cancel a run; what it has done stays, and can be undone", answer
    ) { call in
        let id = try call.id("id", of: SyncRun.self)
        return .write { tx in
            let run = try SyncRun.resource.get(id, in: tx)
            try call.checkVersion(run.version)
            guard !run.status.isOver, let job = try tx.jobs.live(SyncJob.self, uniqueKey: id) else {
                throw Problem(
                    .invalidTransition,
                    "The run is \(run.status.rawValue): only one that is under way can be cancelled.",
                    extra: ["allowed": []])
            }
            _ = try tx.jobs.cancel(job)
            try tx.auditLog.add(call.actor, "sync_run.cancelled", run.subject)
            return try SyncRun.resource.get(id, in: tx).response()
        }
    }
    let columns: [SimpleList.Column] = [
        .init("outcome", .choice(SyncOutcome.Outcome.choices)),
        .init("side", .choice(SyncOutcome.Side.choices)),
        .init("code", .text(max: 60)),
    ]
    routes.get(
        "/v1/sync-runs/{id}/records", .permission("syncs:read"),
        "List the records in which a run has changed something, and those that did not fit",
        query: SimpleList.docs(columns, fields: SyncOutcome.memberNames),
        .list(of: .reference("SyncRunRecord"))
    ) { call in
        let id = try call.id("id", of: SyncRun.self)
        return .read { reader in
            _ = try SyncRun.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, columns, key: "number", oldestFirst: true,
                fields: SyncOutcome.memberNames, dialect: reader.dialect)
            list.add("run_id = \(id)")
            let words = try reader.wordings.find(for: call)
            return try list.page(of: "sync_run_records", SyncOutcome.self, in: reader) {
                $0.write(into: &$1, in: words)
            }
        }
    }
}

extension SyncRun {
    func response(status code: Int = 200) -> Response {
        var headers = [("ETag", ETag.text(version))]
        if code == 202 { headers.append(("Location", "/v1/sync-runs/\(id)")) }
        return .json(SyncRun.schema.json(self), status: code, headers: headers)
    }
}

extension RunWait {
    /// The run with 200 once it is over; as it stands, with 202, when the time is over first.
    func over(_ accepted: Response, _ call: Call, _ runtime: Runtime) async throws -> Response {
        guard !isNone, let last = accepted.header("Location")?.split(separator: "/").last,
            let id = ID<SyncRun>(String(last))
        else { return accepted }
        let end = Instant.steadyClock() + limit
        while true {
            let run = try runtime.database.read(call.tenant) { try SyncRun.resource.get(id, in: $0) }
            if run.status.isOver { return run.response() }
            guard Instant.steadyClock() < end else { return run.response(status: 202) }
            await systemWait(until: .steadyClock() + .milliseconds(25))
            try Task.checkCancellation()
        }
    }
}
