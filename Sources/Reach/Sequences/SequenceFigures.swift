package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import Records
package import Telemetry

/// The metrics of a sequence, from counters that its enrolments and messages keep.
package struct SequenceFigures: Sendable {
    package enum Figure: String, Sendable, CaseIterable {
        case enrolled, contacted, sent, delivered, bounced, opened
        case machineOpened = "machine_opened"
        case clicked, replied, converted
    }

    package let counts: [Figure: Int]
    /// The number of people who have left it, by reason.
    package let exited: [String: Int]
}

extension SequenceStore {
    /// Returns how a sequence has done so far.
    package func figures(of sequence: ID<MessageSequence>) throws -> SequenceFigures {
        let prefix = "sequences.\(sequence)."
        let all = try tx.counters.all(prefix: prefix)
        var exited: [String: Int] = [:]
        for (name, count) in all where name.hasPrefix(prefix + "exited.") {
            exited[String(name.dropFirst(prefix.count + "exited.".count))] = count
        }
        let counts = SequenceFigures.Figure.allCases.map { ($0, all[prefix + $0.rawValue] ?? 0) }
        return SequenceFigures(counts: Dictionary(counts) { $1 }, exited: exited)
    }

    /// Returns the seeded sequence that an agent knows by a key.
    package func find(key: String) throws -> MessageSequence? {
        try MessageSequence.resource.first(where: "key = \(key)", in: tx)
    }

    /// Returns the latest enrolment of a contact in a sequence.
    package func latest(of contact: ContactID, in sequence: ID<MessageSequence>) throws -> Enrollment? {
        try Enrollment.resource.first(
            where: "contact_id = \(contact) AND sequence_id = \(sequence)",
            suffix: "ORDER BY row DESC LIMIT 1", in: tx)
    }

    /// Returns the ids of the steps of some sequences that are over for a contact: those that they got, and those that
    /// were refused or failed.
    package func stepsHad(
        by contact: ContactID, of sequences: [ID<MessageSequence>]
    ) throws -> Set<String> {
        let enrollments = try Enrollment.resource.all(
            where: "contact_id = \(contact) AND sequence_id IN \(list: sequences.map(\.description))", in: tx)
        let notes = enrollments.flatMap { $0.history.array ?? [] }
        return Set(
            notes.filter { $0["result"]?.text != EnrollmentNote.passedOver.rawValue }
                .compactMap { $0["step"]?.text })
    }

    /// Returns when a contact last had a touch of a sequence that keeps in touch.
    package func lastTouch(of contact: ContactID) throws -> Instant? {
        try tx.first(
            """
            SELECT max(e.last_at) FROM enrollments e
            JOIN sequences s ON s.tenant_id = e.tenant_id AND s.id = e.sequence_id
            WHERE e.tenant_id = \(tx.tenant) AND e.contact_id = \(contact) AND s.kind = 'nurture'
            """
        ) { $0.optionalInstant(0) } ?? nil
    }

    /// Returns when a contact last left a sequence that keeps in touch for one of some reasons.
    package func lastLeft(of contact: ContactID, because reasons: [ExitReason]) throws -> Instant? {
        try tx.first(
            """
            SELECT max(e.ended_at) FROM enrollments e
            JOIN sequences s ON s.tenant_id = e.tenant_id AND s.id = e.sequence_id
            WHERE e.tenant_id = \(tx.tenant) AND e.contact_id = \(contact) AND s.kind = 'nurture'
                AND e.exit_reason IN \(list: reasons.map(\.rawValue))
            """
        ) { $0.optionalInstant(0) } ?? nil
    }

    /// Returns the running enrolments of a contact in sequences that keep in touch, or in all others.
    package func running(of contact: ContactID, inNurture isNurture: Bool) throws -> [Enrollment] {
        let kind: SQL = isNurture ? "s.kind = 'nurture'" : "s.kind <> 'nurture'"
        return try Enrollment.resource.all(
            where: """
                contact_id = \(contact) AND status IN ('active', 'paused') AND EXISTS (
                    SELECT 1 FROM sequences s
                    WHERE s.tenant_id = enrollments.tenant_id AND s.id = enrollments.sequence_id AND \(kind))
                """, suffix: "ORDER BY id", in: tx)
    }
}

package extension SequenceStore where Base == Transaction {
    /// Credits a won lead to each sequence of which its contact had got something, once for each time they were in it.
    func credit(ofContact contact: ContactID) throws {
        let won = try Enrollment.resource.all(
            where: "contact_id = \(contact) AND contacted_at IS NOT NULL AND converted_at IS NULL",
            suffix: "ORDER BY id LIMIT 1000", in: tx)
        for enrollment in won {
            var converted = enrollment
            converted.convertedAt = tx.now
            try change(enrollment, to: &converted)
            count(.converted, of: enrollment.sequenceID)
        }
    }
}

extension SequenceStore where Base == Transaction {
    func count(_ figure: SequenceFigures.Figure, of sequence: ID<MessageSequence>, _ change: Int = 1) {
        tx.counters.countLater("sequences.\(sequence).\(figure.rawValue)", change)
    }
}

extension Enrollment {
    /// Passes over steps whose day is over before somebody begins, where the days count from one time.
    mutating func passOverPast(_ plan: SequencePlan, at now: Instant, in zone: TimeZoneRules) {
        guard let countedFrom else { return }
        while position < plan.steps.count,
            zone.day(of: plan.planned(position, from: countedFrom, in: zone)) < zone.day(of: now)
        {
            note(plan.steps[position].name, .passedOver, code: "day_over", at: now)
            position += 1
        }
    }
}
