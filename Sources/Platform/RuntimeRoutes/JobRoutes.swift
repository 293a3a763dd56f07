internal import Database
package import HTTPServer
internal import JSON
package import Jobs
package import Nouns
internal import Records
internal import Routing
internal import Telemetry

func jobRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("kind", .text(max: 100)), .init("queue", .text(max: 100)), .init("subject_id", .text(max: 100)),
        .init("subject_type", .text(max: 100)), .init("batch_id", .text(max: 100)),
        .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("Job"), "The job.")
    routes.schema("Job", Job.schema)

    routes.get(
        "/v1/jobs", .permission("jobs:read"), "List jobs, newest first",
        query: SimpleList.docs(columns, fields: Job.schema.propertyNames) + [
            .query(
                "state", "The states to list, separated by commas.", .list(of: JobState.allCases.map(\.name)))
        ],
        .list(of: .reference("Job"))
    ) { call in
        .read { reader in
            var list = try SimpleList(
                call.request.head.query, columns, fields: Job.schema.propertyNames, extra: ["state"],
                dialect: reader.dialect)
            if let condition = try stateCondition(call.query("state")) { list.add(condition) }
            return try list.page(of: "jobs", Job.self, in: reader) { job, writer in
                job.write(into: &writer, waitingFor: job.reasonToWait)
            }
        }
    }
    routes.get("/v1/jobs/{id}", .permission("jobs:read"), "Get a job", answer) { call in
        .read { try $0.answer(try $0.job(call), runtime) }
    }
    routes.post(
        "/v1/jobs/{id}/retry", .permission("jobs:write"), "Retry a dead or cancelled job", answer
    ) { call in
        .write { tx in
            let job = try tx.job(call)
            try call.checkVersion(job.version)
            let revived = try tx.jobs.retry(job.id)
            try tx.auditLog.add(call.actor, "job.retried", Subject(job.id))
            return try tx.answer(revived, runtime)
        }
    }
    routes.post(
        "/v1/jobs/{id}/cancel", .permission("jobs:write"), "Cancel a job that has not ended", answer
    ) {
        call in
        .write { tx in
            let job = try tx.job(call)
            try call.checkVersion(job.version)
            let cancelled = try tx.jobs.cancel(job.id)
            try tx.auditLog.add(call.actor, "job.cancelled", Subject(job.id))
            return try tx.answer(cancelled, runtime)
        }
    }
}

/// The state is a number in its column, written out so that the indexes of single states serve.
private func stateCondition(_ text: String?) throws(Problem) -> SQL? {
    guard let text else { return nil }
    var states: [JobState] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let state = JobState(name: String(name)) else {
            let names = JobState.allCases.map(\.name)
            throw Problem(
                .invalidParameter, "state must be one of \(names.joined(separator: ", ")).",
                extra: ["choices": JSON(names)])
        }
        states.append(state)
    }
    return states.count == 1 ? "state = \(literal: states[0])" : "state IN \(literal: states)"
}

extension JobStore {
    /// Returns the answer of a route that has begun a job: the job, and where it is followed.
    package func accepted(_ id: JobID, _ runtime: Runtime) throws -> Response {
        guard let job = try find(id) else { throw Problem(.notFound) }
        return try tx.answer(job, runtime, status: 202)
    }
}

extension Queryable {
    fileprivate func answer(_ job: Job, _ runtime: Runtime, status: Int = 200) throws -> Response {
        var writer = JSONWriter()
        job.write(into: &writer, waitingFor: try jobQueues.reasonToWait(job, runtime))
        var headers = [("Content-Type", "application/json"), ("ETag", ETag.text(job.version))]
        if status == 202 { headers.append(("Location", "/v1/jobs/\(job.id)")) }
        return Response(status: status, headers: headers, body: .bytes(writer.bytes))
    }

    fileprivate func job(_ call: Call) throws -> Job {
        guard let job = try jobs.find(call.id("id", of: Nouns.Job.self)) else { throw Problem(.notFound) }
        return job
    }
}

extension Job {
    fileprivate func write(
        into writer: inout JSONWriter, waitingFor: (reason: WaitReason, text: String)?
    ) {
        writer.beginObject()
        writer.member("id", JSON(id))
        writer.member("kind", .string(kind))
        writer.member("queue", .string(queue))
        writer.member("state", .string(state.name))
        writer.member("priority", JSON(priority))
        writer.member("attempt", JSON(attempt))
        writer.member("max_attempts", JSON(attemptsMax))
        writer.member("run_at", .string(runAt.description))
        writer.key("error")
        writer.raw((error ?? "null").utf8)
        writer.member("waiting_for", JSON(waitingFor?.text))
        writer.member("waiting_reason", JSON(waitingFor?.reason.rawValue))
        writer.member("subject", subject?.json ?? .null)
        writer.member("progress", progress.map(JSON.number) ?? .null)
        writer.member("batch_id", JSON(batch))
        writer.member("version", JSON(version))
        writer.member("created_at", .string(createdAt.description))
        writer.member("updated_at", .string(updatedAt.description))
        writer.member("started_at", JSON(startedAt?.description))
        writer.member("finished_at", JSON(finishedAt?.description))
        writer.endObject()
    }

    static let schema: JSON = .record([
        "id": .anyText, "kind": .anyText, "queue": .anyText,
        "state": ["type": "string", "enum": JSON(JobState.allCases.map(\.name))], "priority": .anyInteger,
        "attempt": .anyInteger, "max_attempts": .anyInteger, "run_at": .anyInstant,
        "error": .jobFailureOrNull,
        "waiting_for": [
            "type": ["string", "null"], "description": "The reason why the job waits, in words.",
        ],
        "waiting_reason": [
            "type": ["string", "null"],
            "enum": .array(WaitReason.allCases.map { .string($0.rawValue) } + [.null]),
        ], "batch_id": .textOrNull,
        "subject": ["type": ["object", "null"], "properties": ["type": .anyText, "id": .anyText]],
        "progress": ["type": ["number", "null"], "minimum": 0, "maximum": 1], "version": .anyInteger,
        "created_at": .anyInstant, "updated_at": .anyInstant, "started_at": .instantOrNull,
        "finished_at": .instantOrNull,
    ])
}
