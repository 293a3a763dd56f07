package import Database
internal import JSON
package import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

package extension EnrollmentStore where Base == Transaction {
    /// Takes back what tells of a record that may be told no longer, and has not left. The steps are taken anew: they
    /// tell of another one, or are passed over.
    func withdrawTold(of source: Subject) throws {
        let enrollments = try Enrollment.resource.all(
            where: """
                status IN ('active', 'paused') AND message_id IN (
                    SELECT id FROM messages
                    WHERE tenant_id = \(tx.tenant) AND status IN ('queued', 'held')
                        AND sources LIKE \("%\"" + source.id + "\"%"))
                """, suffix: "ORDER BY id", in: tx)
        for enrollment in enrollments {
            guard let id = enrollment.messageID, let message = try Message.resource.find(id, in: tx) else {
                continue
            }
            try takeBack(message, because: .withdrawn(), isReplaced: true)
            var next = enrollment
            next.messageID = nil
            try change(enrollment, to: &next)
            try wake(next)
        }
    }
}

extension Reason {
    static func withdrawn(until moment: Instant? = nil) -> Reason {
        Reason("withdrawn", "The subject of the message was withdrawn before it left.", until: moment)
    }
}

extension Message {
    /// Whether something of which it tells has ended. A job takes it back at that moment, but after an outage the
    /// message may be asked first.
    func tellsWhatIsOver(at now: Instant) -> Bool {
        (sources.array ?? []).contains { source in
            source["until"]?.text.flatMap { Instant($0) }.map { $0 <= now } ?? false
        }
    }
}
