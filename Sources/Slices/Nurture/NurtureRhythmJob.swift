internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Sequences
internal import Telemetry

/// Has the agency get in touch with the leads of a stage as often as the stage says now: those who are under way as
/// well as those whose next touch is a while off.
struct NurtureRhythmJob: JobKind {
    struct Payload: Codable, Sendable {
        let stage: String
    }

    static let kind = "nurture.rhythm"
    private static let chunk = 200

    let dependencies: NurtureDependencies

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var last: LeadID? = .unset
        while let after = last {
            last = try await job.write { tx in
                let page = try tx.nurture.leads(after: after, limit: Self.chunk)
                for id in page { try keep(id, payload.stage, tx) }
                return page.count == Self.chunk ? page.last : nil
            }
        }
    }

    private func keep(_ id: LeadID, _ stage: String, _ tx: Transaction) throws {
        guard let lead = try dependencies.lead(tx, id), lead.stage == stage, !lead.isWon, !lead.isArchived,
            let contact = lead.contact
        else { return }
        let running = try tx.enrollments.running(of: contact, inNurture: true)
        if running.isEmpty { try tx.nurture.wake(id) }
        for enrollment in running {
            guard let key = try tx.nurture.key(of: enrollment) else { continue }
            try tx.enrollments.keep(NurtureCandidate.rhythm(key, lead), of: enrollment)
        }
    }
}
