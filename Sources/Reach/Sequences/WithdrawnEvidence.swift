package import Database
package import Jobs
internal import Messages
internal import Nouns
internal import Records

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
            let why = Reason("withdrawn", "The subject of the message was withdrawn before it left.")
            try takeBack(message, because: why, isReplaced: true)
            var next = enrollment
            next.messageID = nil
            try change(enrollment, to: &next)
            try wake(next)
        }
    }
}
