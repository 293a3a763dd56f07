package import Database
package import Jobs
internal import JSON
internal import Records
internal import Tenancy

/// Told of records at services whose connectors are data, when a hook says that they have changed. It is told, and no
/// more: whoever listens asks the service before anything counts.
package protocol ConnectorListener: Sendable {
    func heard(_ news: [ConnectorNews], of integration: Integration, in tx: Transaction) throws
}

/// Hands on what hooks of connectors as data say.
package struct ConnectorHookHandler: HookHandler {
    private let integrations: IntegrationServices
    private let listeners: [any ConnectorListener]

    package init(_ integrations: IntegrationServices, _ listeners: [any ConnectorListener]) {
        (self.integrations, self.listeners) = (integrations, listeners)
    }

    /// The providers of the product, and all that agencies and installations have declared.
    package var providers: Set<String> {
        Set(
            integrations.providers.all.filter { ($0 as? any ConnectorProvider)?.connector.hooks != nil }.map(
                \.name)
        )
        .union([DeclaredConnector.prefix])
    }

    package func process(
        _ receipt: HookReceipt, of integration: Integration, _ job: JobContext
    ) async throws {
        let found = try job.read { try integrations.provider(integration.provider, in: $0) }
        guard let hooks = (found as? any ConnectorProvider)?.connector.hooks,
            let news = hooks.news(of: receipt.payload)
        else {
            try await job.complete { tx in
                try tx.hookReceipts.settle(
                    receipt.id, .ignored, note: "the connector has no record that it is about")
            }
            return
        }
        try await job.complete { tx in
            for listener in listeners { try listener.heard([news], of: integration, in: tx) }
            try tx.hookReceipts.settle(receipt.id, .processed)
        }
    }
}
