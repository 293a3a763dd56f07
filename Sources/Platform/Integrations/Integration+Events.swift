package import Database
package import Jobs
internal import Nouns
internal import Records

extension Integration {
    /// Returns the integration of which an event tells that it was connected or changed; `nil` for other events, and in
    /// sandboxes, where no service is asked.
    package static func connected(by event: Event, in tx: Transaction) throws -> Integration? {
        guard event.type == "integration.created" || event.type == "integration.updated",
            !tx.sandboxClock.isSandbox, let id = event.subject.id(of: Nouns.Integration.self)
        else { return nil }
        return try resource.find(id, in: tx)
    }
}
