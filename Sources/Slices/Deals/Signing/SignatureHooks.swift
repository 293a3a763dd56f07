internal import Agents
package import Database
package import Integrations
internal import Jobs
internal import Messages
internal import Records
internal import Telemetry

/// Has services asked about what they tell of requests for signatures: their own word does not count.
package struct SignatureHooks: PromptHookHandler {
    private let services: DealsServices
    /// The pause between two questions to a service about a request that is not over.
    private static let askedEvery: Duration = .seconds(900)

    package init(_ services: DealsServices) { self.services = services }

    package var providers: Set<String> {
        Set(services.outbox.integrations.providers.all.filter { $0 is any Signatures }.map(\.name))
    }

    package func process(_ receipt: HookReceipt, of integration: Integration, in tx: Transaction) throws {
        let provider = services.outbox.integrations.providers[receipt.provider] as? any Signatures
        guard let news = provider?.news(receipt) else {
            return try tx.hookReceipts.settle(receipt.id, .ignored, note: "the event is about no request")
        }
        guard let request = try tx.signatures.request(external: news.request, at: integration.id) else {
            return try tx.hookReceipts.settle(
                receipt.id, .ignored, note: "the request \(news.request) is not one of this agency")
        }
        guard request.isOut else {
            return try tx.hookReceipts.settle(receipt.id, .processed, note: "the request is over already")
        }
        let isDue = request.askedAt.map { tx.now - $0 >= Self.askedEvery } ?? true
        guard news.isFinal || isDue else {
            return try tx.hookReceipts.settle(receipt.id, .processed, note: "the service was asked just now")
        }
        try tx.jobs.enqueue(SignatureAskJob.self, .init(request: request.id, isWatch: false))
        try tx.hookReceipts.settle(receipt.id, .processed, note: "the service is asked how it stands")
    }
}
