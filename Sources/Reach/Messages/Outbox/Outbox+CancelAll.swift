package import Database
package import Jobs
package import Nouns
internal import Records

extension Outbox {
    /// Takes back all of a job's messages that have not left, some in a transaction: `waiting` finds them, and `end`
    /// notes the end of each. One that is leaving at this moment is not taken back: its own end tells. One that its
    /// service does not take is taken back before it is tried again.
    package func cancelAll(
        because reason: Reason, _ job: JobContext,
        waiting: @escaping @Sendable (Transaction, _ limit: Int) throws -> [MessageID],
        end: @escaping @Sendable (Transaction, MessageID) throws -> Void
    ) async throws {
        let chunk = 100
        var count = chunk
        while count == chunk {
            try Task.checkCancellation()
            count = try await job.write(advancing: true) { tx in
                let found = try waiting(tx, chunk)
                for id in found {
                    if let message = try Message.resource.find(id, in: tx) {
                        try cancel(message, because: reason, in: tx)
                    }
                    try end(tx, id)
                }
                return found.count
            }
        }
        try await job.complete { _ in }
    }
}
