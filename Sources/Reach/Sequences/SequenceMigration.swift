internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// The way in which somebody who is under way goes on in a later version of their sequence.
struct SequenceMove: Sendable {
    let enrollment: Enrollment
    let moved: Enrollment

    /// After the last step of the new version that they have had; where none of theirs is left, at the same place. A
    /// step that is under way is kept.
    init(
        _ enrollment: Enrollment, from old: SequencePlan, to new: SequencePlan, _ revision: Int,
        _ zone: TimeZoneRules
    ) {
        self.enrollment = enrollment
        var moved = enrollment
        moved.sequenceVersion = revision
        moved.position = Self.position(of: enrollment, old, new)
        if moved.messageID == nil, moved.taskID == nil {
            moved.wait(for: new, after: enrollment.lastAt ?? enrollment.createdAt, in: zone)
        }
        self.moved = moved
    }

    private static func position(of enrollment: Enrollment, _ old: SequencePlan, _ new: SequencePlan) -> Int {
        let done = Set(old.steps.prefix(enrollment.position).compactMap(\.id))
        if enrollment.messageID != nil || enrollment.taskID != nil, enrollment.position < old.steps.count,
            let same = new.steps.firstIndex(where: { $0.id == old.steps[enrollment.position].id })
        {
            return same
        }
        if let last = new.steps.lastIndex(where: { done.contains($0.id ?? "") }) { return last + 1 }
        return min(enrollment.position, new.steps.count)
    }

    var json: JSON {
        [
            "id": JSON(enrollment.id), "lead_id": JSON(enrollment.leadID),
            "from_version": JSON(enrollment.sequenceVersion), "from_position": JSON(enrollment.position),
            "position": JSON(moved.position), "next_step": JSON(moved.nextStep),
            "next_at": JSON(moved.nextAt?.description),
        ]
    }
}

/// Moves of enrolments to later versions of their sequence: `tx.enrollmentMoves`.
struct EnrollmentMoveStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var enrollmentMoves: EnrollmentMoveStore<Self> { EnrollmentMoveStore(tx: self) }
}

extension EnrollmentMoveStore where Base == Transaction {
    private static var movesMax: Int { 500 }

    /// Where those who are under way in an earlier version would go on.
    func all(
        of sequence: MessageSequence, only ids: [ID<Enrollment>]
    ) throws -> (list: [SequenceMove], hasMore: Bool) {
        var condition: SQL = """
            sequence_id = \(sequence.id) AND status IN ('active', 'paused')
                AND sequence_version < \(sequence.revision)
            """
        if !ids.isEmpty { condition += " AND id IN \(list: ids)" }
        let found = try Enrollment.resource.all(
            where: condition, suffix: "ORDER BY id LIMIT \(Self.movesMax + 1)", in: tx)
        let new = try tx.sequences.plan(of: sequence.id, revision: sequence.revision)
        var plans: [Int: SequencePlan] = [:]
        let list = try found.prefix(Self.movesMax).map { enrollment in
            let old = try plans[enrollment.sequenceVersion] ?? tx.enrollments.plan(of: enrollment)
            plans[enrollment.sequenceVersion] = old
            let contact = try Contact.resource.find(enrollment.contactID, in: tx)
            return SequenceMove(
                enrollment, from: old, to: new, sequence.revision, try tx.enrollments.zone(of: contact))
        }
        return (list, found.count > Self.movesMax)
    }

    func make(_ move: SequenceMove, by actor: Actor) throws {
        var moved = move.moved
        try tx.enrollments.change(move.enrollment, to: &moved)
        try tx.auditLog.add(
            actor, "enrollment.migrated", moved.subject, ["version": JSON(moved.sequenceVersion)])
        try tx.enrollments.wake(moved)
    }
}
