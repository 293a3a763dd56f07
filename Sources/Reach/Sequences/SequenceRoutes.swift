internal import Agents
package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
package import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Templates

func sequenceRoutes(_ routes: inout Routes, _ outbox: Outbox, _ dependencies: SequenceDependencies) {
    routes.standard(MessageSequence.resource, read: "sequences:read", write: "sequences:write")
    routes.declare(MigrationBody.self)
    routes.schema("SequenceMigration", migrationSchema)
    turn(&routes, "pause", "Pause a sequence: its contacts get nothing, and keep their places", .paused)
    turn(&routes, "resume", "Resume a sequence where its contacts were", .active)
    turn(&routes, "archive", "Archive a sequence, and end all its enrolments", .archived)
    routes.post(
        "/v1/sequences/{id}/migrate", .permission("sequences:write"),
        "Move enrolments to the newest version of a sequence, or preview where each would continue",
        body: .json(.reference("MigrationBody")),
        .json(.reference("SequenceMigration"), "The step at which each enrolment continues.")
    ) { call in
        let (id, body) = try (call.id("id", of: MessageSequence.self), call.body(MigrationBody.self))
        return .write { tx in
            let sequence = try MessageSequence.resource.get(id, in: tx)
            let moves = try tx.enrollmentMoves.all(of: sequence, only: body.enrollmentIDs)
            if !body.preview {
                for move in moves.list { try tx.enrollmentMoves.make(move, by: call.actor) }
                try tx.auditLog.add(
                    call.actor, "sequence.migrated", sequence.subject, ["enrollments": JSON(moves.list.count)]
                )
            }
            return .json([
                "preview": .bool(body.preview), "version": JSON(sequence.revision),
                "enrollments": .array(moves.list.map(\.json)), "has_more": .bool(moves.hasMore),
            ])
        }
    }
    sequenceFigureRoutes(&routes)
    enrollmentRoutes(&routes, outbox, dependencies)
    outreachTaskRoutes(&routes)
}

private func turn(
    _ routes: inout Routes, _ verb: String, _ summary: String, _ status: MessageSequence.Status
) {
    routes.post(
        "/v1/sequences/{id}/\(verb)", .permission("sequences:write"), summary,
        .record(MessageSequence.resource)
    ) { call in
        let id = try call.id("id", of: MessageSequence.self)
        return .write { tx in
            let old = try MessageSequence.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            return .record(try tx.sequences.turn(old, to: status, by: call.actor))
        }
    }
}

package extension SequenceStore where Base == Transaction {
    /// Stops a sequence, lets it go on, or ends it. Whoever waits in it looks again.
    @discardableResult
    func turn(
        _ old: MessageSequence, to status: MessageSequence.Status, by actor: Actor
    ) throws -> MessageSequence {
        guard old.status != .archived || status == .archived else {
            throw Problem(
                .invalidTransition, "The sequence is archived and cannot be changed: create another one.",
                extra: ["allowed": []])
        }
        guard old.status != status else { return old }
        var sequence = old
        sequence.status = status
        try tx.update(old, to: &sequence, by: actor, action: "sequence.\(status.verb)")
        try tx.publish("sequence.\(status.verb)", sequence.subject)
        if status != .paused {
            try tx.jobs.enqueue(
                SequenceWakeJob.self, .init(sequence: old.id),
                JobOptions(uniqueKey: old.id, uniqueness: .untilStarted))
        }
        return sequence
    }
}

extension MessageSequence.Status {
    fileprivate var verb: String {
        switch self {
        case .active: "resumed"
        case .paused, .archived: rawValue
        }
    }
}

struct MigrationBody: Declared {
    var preview = true
    var enrollmentIDs: [ID<Enrollment>] = []

    static let schema = Schema<MigrationBody>(
        "MigrationBody",
        [
            .boolean(
                "preview", \.preview, .standard(true),
                .about(
                    "Whether to preview only, and change nothing.")),
            .ids(
                "enrollment_ids", \.enrollmentIDs, max: 500,
                .about("The enrolments to move; without them all of earlier versions, 500 at a time.")),
        ])
}

private let migrationSchema: JSON = .schema(
    [
        "preview": ["type": "boolean"], "version": ["type": "integer"], "has_more": ["type": "boolean"],
        "enrollments": [
            "type": "array",
            "items": .schema(
                [
                    "id": ["type": "string"], "lead_id": ["type": ["string", "null"]],
                    "from_version": ["type": "integer"], "from_position": ["type": "integer"],
                    "position": ["type": "integer"], "next_step": ["type": ["string", "null"]],
                    "next_at": ["type": ["string", "null"], "format": "date-time"],
                ], required: ["id", "from_version", "from_position", "position", "next_step", "next_at"]),
        ],
    ], required: ["preview", "version", "enrollments", "has_more"])

/// Lets everybody in a sequence look again, after a pause or its end.
struct SequenceWakeJob: JobKind {
    struct Payload: Codable, Sendable { let sequence: ID<MessageSequence> }

    static let kind = "sequence.wake"
    private static let chunk = 100

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let sequence = payload.sequence
        var last: ID<Enrollment>? = .unset
        while let after = last {
            last = try await job.write { tx in
                let page = try Enrollment.resource.all(
                    where: "sequence_id = \(sequence) AND status IN ('active', 'paused') AND id > \(after)",
                    suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
                let isArchived = try MessageSequence.resource.find(sequence, in: tx)?.status == .archived
                for enrollment in page {
                    if isArchived {
                        try tx.enrollments.exit(enrollment, because: .archived, Saying("enrollment.archived"))
                    } else {
                        try tx.enrollments.wake(enrollment)
                    }
                }
                return page.count == Self.chunk ? page.last?.id : nil
            }
        }
    }
}
