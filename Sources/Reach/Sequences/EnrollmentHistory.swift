package import Database
internal import JSON
package import Nouns
internal import Records
package import Telemetry

/// The history of contacts in sequences: `tx.enrollmentHistory`.
package struct EnrollmentHistoryStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var enrollmentHistory: EnrollmentHistoryStore<Self> { EnrollmentHistoryStore(tx: self) }
}

extension EnrollmentHistoryStore {
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
}

extension EnrollmentStore {
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
