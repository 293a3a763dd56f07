internal import Database
package import Integrations
internal import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Takes in what the hooks of services of short messages bring.
package struct ChatInbox: HookHandler {
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package var providers: Set<String> {
        Set(outbox.integrations.providers.all.compactMap { $0 is any ChatHooks ? $0.name : nil })
    }

    package func process(
        _ receipt: HookReceipt, of integration: Integration, _ job: JobContext
    ) async throws {
        guard let provider = outbox.integrations.providers[receipt.provider] as? any ChatHooks else { return }
        let events: [ChatHookEvent]
        do {
            events = try provider.read(
                receipt, outbox.services.access(to: integration, of: job.tenant, provider))
        } catch let failure as MailHookFailure {
            try await job.complete { tx in try tx.hookReceipts.settle(receipt.id, .failed, note: "\(failure)")
            }
            return
        }
        let (inbox, id) = (Inbox(outbox), integration.id)
        try await job.complete { tx in
            for event in events { try inbox.hear(event, through: id, in: tx) }
            try tx.hookReceipts.settle(
                receipt.id, events.isEmpty ? .ignored : .processed,
                note: events.isEmpty ? "The event does not concern this installation." : nil)
        }
    }
}

extension Inbox {
    fileprivate func hear(
        _ event: ChatHookEvent, through integration: IntegrationID, in tx: Transaction
    ) throws {
        switch event {
        case .received(var chat):
            chat.integration = integration
            try receive(chat, in: tx)
        case .echo(var chat):
            chat.integration = integration
            try hear(echo: chat, in: tx)
        case .delivery(let event): try hear(event, in: tx)
        case .blocked(let channel, let address): try tx.inbox.stop(channel, address, nil)
        case .unblocked(let channel, let address): try tx.inbox.resume(channel, address)
        case .phone(var chat, let number):
            chat.integration = integration
            try hear(phone: number, of: chat, in: tx)
        }
    }
}
