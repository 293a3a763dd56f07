package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import Records
internal import Telemetry

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
            try tx.enrollments.change(enrollment, to: &converted)
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
