internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy

func enrollmentRoutes(_ routes: inout Routes, _ outbox: Outbox, _ dependencies: SequenceDependencies) {
    let path = "/v1/sequences/{id}/enrollments"
    routes.declare(Enrollment.resource)
    routes.shows(Enrollment.resource, read: "sequences:read")
    routes.declare(EnrollBody.self)
    routes.declare(EnrollMatchingBody.self)

    for (path, isNested) in [("/v1/enrollments", false), (path, true)] {
        routes.get(
            path, .permission("sequences:read"), "List enrolments, both running and ended",
            query: ParameterDoc.list(Enrollment.resource), .list(Enrollment.resource)
        ) { call in
            let id = try isNested ? call.id("id", of: MessageSequence.self) : nil
            return .read { reader in
                var list = try ListQuery(
                    Enrollment.resource, call.request.head.query, dialect: reader.dialect,
                    computed: Enrollment.told)
                if let id {
                    _ = try MessageSequence.resource.get(id, in: reader)
                    list.add("sequence_id = \(id)")
                }
                return try list.page(toldTo: call, in: reader)
            }
        }
    }
    routes.post(
        path, .permission("sequences:write"), "Enrol a contact or lead in a sequence",
        named: "enroll_in_sequence",
        body: .json(.reference("EnrollBody")), .record(Enrollment.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: MessageSequence.self), call.body(EnrollBody.self))
        return .write { tx in
            let sequence = try MessageSequence.resource.get(id, in: tx)
            var request = EnrollmentRequest(sequence, try body.contact(outbox, in: tx), lead: body.leadID)
            request.authorName = try tx.enrollments.name(of: call.actor)
            request.why = body.why.map { .quoted($0) }
            let enrollment = try tx.enrollments.enroll(request, by: call.actor)
            return try .told(
                enrollment, to: call, in: tx, status: 201,
                location: "/v1/sequences/\(id)/enrollments/\(enrollment.id)")
        }
    }
    routes.get(
        "\(path)/{enrollment}",
        .permission(
            "sequences:read"), "Get an enrolment: how far a contact is in a sequence",
        .record(Enrollment.resource)
    ) { call in
        .read { try .told(try call.enrollment(in: $0), to: call, in: $0) }
    }
    turn(&routes, "pause", "Pause an enrolment") { tx, enrollment, call in
        try tx.enrollments.pause(enrollment, because: Saying("enrollment.paused"), by: call.actor)
    }
    turn(&routes, "resume", "Resume an enrolment; what fell due meanwhile is due now") {
        tx, enrollment, call in
        try tx.enrollments.resume(enrollment, by: call.actor)
    }
    turn(&routes, "exit", "End an enrolment, and cancel what has not been sent yet") { tx, enrollment, call in
        try tx.enrollments.exit(enrollment, because: .manual, Saying("enrollment.taken_out"), by: call.actor)
    }
    enrollMatchingRoute(&routes, dependencies)
}

private func enrollMatchingRoute(_ routes: inout Routes, _ dependencies: SequenceDependencies) {
    routes.post(
        "/v1/sequences/{id}/enroll-matching", .permission("sequences:write"),
        "Enrol the leads that match a filter, or who is in a segment, as a job",
        named: "enroll_matching_leads",
        body: .json(.reference("EnrollMatchingBody")),
        .json(.schema(["job_id": ["type": "string"]], required: ["job_id"]), status: 202, "The job.")
    ) { call in
        let (id, body) = try (call.id("id", of: MessageSequence.self), call.body(EnrollMatchingBody.self))
        guard body.faults.isEmpty else { throw Problem(faults: body.faults) }
        return .write { tx in
            let sequence = try MessageSequence.resource.get(id, in: tx)
            guard sequence.status != .archived else {
                throw Problem(.conflict, "The sequence is archived: choose an active one.")
            }
            if let segment = body.segmentID {
                let job = try tx.enrollments.enroll(
                    segment, in: sequence, limit: body.limit, by: call.actor, dependencies)
                return .json(
                    ["job_id": JSON(job.id)], status: 202, headers: [("Location", "/v1/jobs/\(job.id)")])
            }
            // An unknown filter is told at once.
            _ = try dependencies.matchingLeads(tx, body.filter.object ?? [:], .unset, 1)
            let job = try tx.jobs.enqueue(
                EnrollMatchingJob.self,
                .init(
                    .init(sequence: id, filter: body.filter.serialized, limit: body.limit ?? 100),
                    of: call.actor),
                JobOptions(subject: sequence.subject))
            return .json(
                ["job_id": JSON(job.id)], status: 202, headers: [("Location", "/v1/jobs/\(job.id)")])
        }
    }
}

private func turn(
    _ routes: inout Routes, _ verb: String, _ summary: String,
    _ change: @escaping @Sendable (Transaction, Enrollment, Call) throws -> Void
) {
    routes.post(
        "/v1/sequences/{id}/enrollments/{enrollment}/\(verb)", .permission("sequences:write"), summary,
        .record(Enrollment.resource)
    ) { call in
        .write { tx in
            let enrollment = try call.enrollment(in: tx)
            try call.checkVersion(enrollment.version)
            guard enrollment.isRunning else {
                throw Problem(
                    .invalidTransition, "The enrolment has already \(enrollment.status.rawValue).",
                    extra: ["allowed": []])
            }
            try change(tx, enrollment, call)
            return try .told(try Enrollment.resource.get(enrollment.id, in: tx), to: call, in: tx)
        }
    }
}

extension Call {
    fileprivate func enrollment(in reader: some Queryable) throws -> Enrollment {
        let sequence = try id("id", of: MessageSequence.self)
        let enrollment = try Enrollment.resource.get(try id("enrollment", of: Enrollment.self), in: reader)
        guard enrollment.sequenceID == sequence else { throw Problem(.notFound) }
        return enrollment
    }
}

extension EnrollmentStore {
    /// A person's name, as mails show it.
    func name(of actor: Actor) throws -> String? {
        try actor.userID.flatMap { try User.resource.find($0, in: tx) }?.name
    }
}

struct EnrollBody: Declared {
    var leadID: LeadID?
    var contactID: ContactID?
    var why: String?

    static let schema = Schema<EnrollBody>(
        "EnrollBody",
        [
            .id("lead_id", \.leadID, .about("The lead that is written to.")),
            .id("contact_id", \.contactID, .about("The contact to enrol, if not a lead.")),
            .text("why", \.why, max: 500, .about("The reason for the enrolment, as people read it.")),
        ])

    func contact(_ outbox: Outbox, in reader: some Queryable) throws -> Contact {
        if let leadID {
            guard let contact = try outbox.dependencies.leadByID(reader, leadID)?.1,
                let known = try Contact.resource.find(contact, in: reader)
            else {
                throw Problem(faults: [
                    Fault(
                        "/lead_id", "unknown_reference",
                        "The lead has no contact who could be written to: give it one first.")
                ])
            }
            return known
        }
        guard let contactID else {
            throw Problem(faults: [Fault("/lead_id", "required", "The body needs lead_id or contact_id.")])
        }
        return try Contact.resource.get(contactID, in: reader)
    }
}

struct EnrollMatchingBody: Declared {
    var filter = JSON.null
    var segmentID: SegmentID?
    var limit: Int?

    static let schema = Schema<EnrollMatchingBody>(
        "EnrollMatchingBody",
        [
            .document(
                "filter", \.filter, schema: ["type": "object", "additionalProperties": ["type": "string"]],
                .about(
                    "The filter of leads, as in the query of /v1/leads; either it or a segment is needed."),
                .example(["status": "qualified", "country": "US"])),
            .id("segment_id", \.segmentID, .about("The segment whose people are enrolled.")),
            .integer(
                "limit", \.limit, in: 1...500,
                .about("At most so many; unless given, 100 that match a filter, and all of a segment.")),
        ])

    fileprivate var faults: [Fault] {
        if filter.isNull, segmentID == nil {
            return [Fault("/filter", "required", "The body needs filter or segment_id.")]
        }
        guard !filter.isNull, segmentID != nil else { return [] }
        return [Fault("/segment_id", "conflict", "The body has a filter already: leave one of the two out.")]
    }
}

/// Enrols the leads that fit, all in one transaction, so that there are never more than were asked for.
struct EnrollMatchingJob: JobKind {
    struct Work: Codable, Sendable {
        let sequence: ID<MessageSequence>, filter: String
        let limit: Int
    }
    typealias Payload = OnBehalf<Work>

    static let kind = "sequence.enroll"
    /// Leads that are looked at.
    private static let lookMax = 10_000, chunk = 200

    private let outbox: Outbox
    private let dependencies: SequenceDependencies

    init(_ outbox: Outbox, _ dependencies: SequenceDependencies) {
        (self.outbox, self.dependencies) = (outbox, dependencies)
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let (outbox, dependencies) = (outbox, dependencies)
        try await job.complete { tx in
            guard let sequence = try MessageSequence.resource.find(payload.sequence, in: tx),
                sequence.status != .archived
            else { return }
            let (filter, actor) = (JSON(stored: payload.filter).object ?? [:], payload.actor)
            let name = try tx.enrollments.name(of: actor)
            var enrolled = 0, looked = 0, after = LeadID.unset
            while enrolled < payload.limit, looked < Self.lookMax {
                let leads = try dependencies.matchingLeads(tx, filter, after, Self.chunk)
                guard let last = leads.last else { break }
                for lead in leads where enrolled < payload.limit {
                    guard let contact = try outbox.dependencies.leadByID(tx, lead)?.1,
                        let known = try Contact.resource.find(contact, in: tx),
                        try !tx.enrollments.isUnderWay(sequence.id, contact: contact, lead: lead)
                    else { continue }
                    var request = EnrollmentRequest(
                        sequence, known, lead: lead, why: Saying("message.why_filter"))
                    request.authorName = name
                    try tx.enrollments.enroll(request, by: actor)
                    enrolled += 1
                }
                (after, looked) = (last, looked + leads.count)
            }
            try tx.publish("sequence.enrolled", sequence.subject, ["enrolled": JSON(enrolled)])
        }
    }
}
