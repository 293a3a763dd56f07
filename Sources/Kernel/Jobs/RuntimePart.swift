package import Database
package import Nouns
package import Records
package import Telemetry

/// A part of the runtime that a module built on this one adds: its state, and its answers to what happens. The runtime
/// asks its parts in the order in which they were begun; their writes commit or roll back with the transaction.
package protocol RuntimePart: AnyObject, Sendable {
    /// The types of events that it waits for; each must be declared.
    var eventTypes: Set<String> { get }
    /// Takes over the types of records, once every module has declared its own.
    func know(_ records: [any Record.Type])
    /// An event that is no test was published, after the consumers were told. Asked very often.
    func published(_ event: Event, in tx: Transaction) throws
    /// Hears of all events that were published at once, after each part was told of each of them.
    func published(all events: [Event], in tx: Transaction) throws
    /// A job has died, and its kind was told.
    func died(_ job: DeadJob, in tx: Transaction) throws
    /// A dead or cancelled job is made once more, and its kind was told.
    func revived(job id: JobID, in tx: Transaction) throws
    /// Does what is due in live tenants; returns when something will be due next.
    func fireDue(_ runtime: Runtime) async throws -> Instant?
    /// Removes what is older than its retention.
    func removeOld(_ sweep: Sweep) async throws
    /// Returns the number of messages that have left since a time, or were captured.
    func sent(since instant: Instant, in reader: any Queryable) throws -> Int
}

extension RuntimePart {
    package var eventTypes: Set<String> { [] }
    package func know(_ records: [any Record.Type]) {}
    package func published(_ event: Event, in tx: Transaction) throws {}
    package func published(all events: [Event], in tx: Transaction) throws {}
    package func died(_ job: DeadJob, in tx: Transaction) throws {}
    package func revived(job id: JobID, in tx: Transaction) throws {}
    package func fireDue(_ runtime: Runtime) async throws -> Instant? { nil }
    package func removeOld(_ sweep: Sweep) async throws {}
    package func sent(since instant: Instant, in reader: any Queryable) throws -> Int { 0 }
}

/// A job that has died.
package struct DeadJob: Sendable {
    package let id: JobID, kind: String
    /// JSON text.
    package let payload: String
    package let failure: JobFailure
}
