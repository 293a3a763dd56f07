internal import Agents
package import Integrations
internal import JSON
package import Jobs
internal import People
internal import Records

/// Suppresses whoever has left a list at a marketing service, after it was asked whether that is so.
package struct MarketingHooks: HookHandler {
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package var providers: Set<String> {
        Set(outbox.integrations.providers.all.filter { $0 is any MarketingLists }.map(\.name))
    }

    package func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws
    {
        guard let service = outbox.integrations.providers[receipt.provider] as? any MarketingLists else {
            return
        }
        guard let address = service.leaver(of: integration.settings["list_id"]?.text, receipt) else {
            return try await job.complete { tx in
                try tx.hookReceipts.settle(
                    receipt.id, .ignored, note: "the event does not say that anybody has left the list")
            }
        }
        let standing = try await outbox.integrations.look(
            with: ReadMarketingListTool.name, into: integration, as: service, job
        ) { access, reach async throws(ToolFailure) in
            try await service.standing(of: address, access, reach)
        }
        try await job.complete { tx in
            guard standing == .unsubscribed || standing == .bounced else {
                return try tx.hookReceipts.settle(
                    receipt.id, .ignored, note: "the service says that the address has not left the list")
            }
            let isNew = try tx.marketing.left(address, standing, integration)
            try tx.hookReceipts.settle(
                receipt.id, .processed,
                note: isNew ? "the address is suppressed" : "the address was suppressed already")
        }
    }
}
