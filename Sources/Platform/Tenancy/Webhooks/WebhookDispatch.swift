package import Database
package import Jobs
internal import Nouns
internal import Records
internal import Synchronization

/// Makes the deliveries of an event, in the transaction that publishes it. Most agencies have no endpoints: for
/// them it is a look into a dictionary, which is made to look again when endpoints change.
package final class WebhookDispatch: EventConsumer {
    private static let keptMax = 100_000

    private struct State {
        /// Whether a tenant has endpoints that are enabled.
        var isListening: [String: Bool] = [:]
        /// The number of changes that were heard of.
        var changes = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func begin(_ runtime: Runtime) {
        runtime.database.listen(DatabaseChannel.webhooks) { [weak self] tenant in
            self?.state.withLock { state in
                state.isListening[tenant] = nil
                state.changes += 1
            }
        }
    }

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        guard try isListening(tx.tenant, tx.runtime.database) else { return }
        let endpoints = try tx.all(enabledEndpoints, [tx.tenant.sqlValue]) {
            (ID<Webhook>($0, 0), $0.text(1))
        }
        guard !endpoints.isEmpty else { return }
        let event = event()
        var body: [UInt8]?
        for (webhook, types) in endpoints where try EventTypes(stored: types).contains(event.type) {
            let bytes = body ?? WebhookMessage.body(of: event)
            body = bytes
            _ = try tx.webhooks.deliver(
                bytes, eventID: event.id, type: event.type, to: webhook, isTest: event.isTest)
        }
    }

    /// From what is committed, so that nothing is kept that is then rolled back.
    private func isListening(_ tenant: TenantID, _ database: Database) throws -> Bool {
        let (known, changes) = state.withLock { ($0.isListening[tenant.rawValue], $0.changes) }
        if let known { return known }
        let found = try database.read(tenant) { reader in
            try reader.exists(
                "SELECT 1 FROM webhooks WHERE tenant_id = \(reader.tenant) AND status = 'enabled'")
        }
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.isListening.count >= Self.keptMax { state.isListening = [:] }
            state.isListening[tenant.rawValue] = found
        }
        return found
    }
}

private let enabledEndpoints = Statement(
    "SELECT id, events FROM webhooks WHERE tenant_id = $1 AND status = 'enabled' ORDER BY id")
