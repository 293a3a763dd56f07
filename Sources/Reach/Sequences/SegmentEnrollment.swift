internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Templates

/// Enrols who is in a segment, a chunk at a time, each person once ever.
struct EnrollSegmentJob: JobKind {
    struct Work: Codable, Sendable {
        let sequence: ID<MessageSequence>, segment: SegmentID
        /// The place behind those who were looked at, and how many of them were enrolled.
        var after = "", enrolled = 0
        let limit: Int?
    }
    typealias Payload = OnBehalf<Work>

    static let kind = "sequence.enroll_segment"
    private static let chunk = 200

    let dependencies: SequenceDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            var rest = payload
            guard let sequence = try MessageSequence.resource.find(payload.sequence, in: tx),
                sequence.status != .archived
            else { return }
            if try enroll(&rest, in: sequence, tx) {
                // The chunk that is stored goes on in a job of its own.
                try tx.jobs.enqueue(Self.self, rest, JobOptions(subject: sequence.subject))
            } else {
                try tx.publish(
                    "sequence.enrolled", sequence.subject, ["enrolled": JSON(rest.enrolled)])
            }
        }
    }

    /// Enrols those of the next chunk; answers whether more may follow.
    private func enroll(_ rest: inout Payload, in sequence: MessageSequence, _ tx: Transaction) throws -> Bool
    {
        guard
            let found = try dependencies.segmentPeople(tx, rest.segment, rest.after, Self.chunk)
        else { return false }
        let actor = rest.actor
        let name = try tx.enrollments.name(of: actor)
        for person in found.people {
            if let limit = rest.limit, rest.enrolled >= limit { return false }
            guard let contact = try Contact.resource.find(person.contact, in: tx),
                try !tx.enrollments.wasEver(in: sequence.id, contact: person.contact, lead: person.lead)
            else { continue }
            var request = EnrollmentRequest(
                sequence, contact, lead: person.lead,
                why: Saying("message.why_segment", ["name": .text(found.name)]))
            request.authorName = name
            try tx.enrollments.enroll(request, by: actor)
            rest.work.enrolled += 1
        }
        rest.work.after = found.next ?? rest.after
        return found.next != nil
    }
}

extension EnrollmentStore {
    /// Returns whether somebody is in a sequence, or has been.
    fileprivate func wasEver(
        in sequence: ID<MessageSequence>, contact: ContactID, lead: LeadID?
    ) throws -> Bool {
        if try tx.exists(
            """
            SELECT 1 FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND sequence_id = \(sequence)
            """)
        {
            return true
        }
        guard let lead else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead) AND sequence_id = \(sequence)
            """)
    }
}

extension EnrollmentStore where Base == Transaction {
    /// Begins to enrol who is in a segment; answers the job. Throws where there is no such segment.
    func enroll(
        _ segment: SegmentID, in sequence: MessageSequence, limit: Int?, by actor: Actor,
        _ dependencies: SequenceDependencies
    ) throws -> EnqueuedJob {
        guard try dependencies.segmentPeople(tx, segment, "", 1) != nil else {
            throw Problem(faults: [
                Fault("/segment_id", "unknown_reference", "The segment does not exist: name another.")
            ])
        }
        return try tx.jobs.enqueue(
            EnrollSegmentJob.self,
            .init(.init(sequence: sequence.id, segment: segment, limit: limit), of: actor),
            JobOptions(subject: sequence.subject))
    }
}
