package import Database

/// Somebody whom every event concerns: asked in the transaction that publishes it, so that what follows from an
/// event is there if and only if the event is. Asked very often, and on the writer's thread: a consumer that has
/// nothing to do for a tenant must find that out at once.
package protocol EventConsumer: Sendable {
    /// Once, when the runtime is made.
    func begin(_ runtime: Runtime)
    /// The event is made only when it is asked for.
    func published(_ event: () -> Event, in tx: Transaction) throws
}
