internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import People
internal import Records

/// Hears of suppressions, and of marketing services that are connected: in the same transaction it is noted what their
/// lists have to be told.
struct MarketingEvents: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        // Nothing leaves a sandbox.
        guard !tx.sandboxClock.isSandbox else { return }
        let event = event(), id = event.subject.id
        switch event.type {
        case "suppression.created":
            guard let id = ID<Suppression>(id), let suppression = try Suppression.resource.find(id, in: tx)
            else {
                return
            }
            try tx.marketing.tell(suppression)
        case "integration.created", "integration.updated":
            guard let id = IntegrationID(id), let integration = try Integration.resource.find(id, in: tx)
            else {
                return
            }
            try tx.marketing.connect(integration)
        case "integration.deleted":
            guard let id = IntegrationID(id) else { return }
            try tx.marketing.disconnect(id)
        default: return
        }
    }
}
