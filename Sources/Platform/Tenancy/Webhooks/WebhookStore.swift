package import Database

/// Webhooks and their deliveries: `tx.webhooks`.
package struct WebhookStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var webhooks: WebhookStore<Self> { WebhookStore(tx: self) }
}
