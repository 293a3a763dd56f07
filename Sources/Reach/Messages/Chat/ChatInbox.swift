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
        let named = try await named(events, by: provider, integration, job)
        try await job.complete { tx in
            for event in named { try inbox.hear(event, through: id, in: tx) }
            try tx.hookReceipts.settle(
                receipt.id, named.isEmpty ? .ignored : .processed,
                note: named.isEmpty ? "The event does not concern this installation." : nil)
        }
    }

    /// Asks a service that brings bare ids what those are called who write for the first time. Where it does not say,
    /// they have no name yet.
    private func named(
        _ events: [ChatHookEvent], by provider: any ChatHooks, _ integration: Integration, _ job: JobContext
    ) async throws -> [ChatHookEvent] {
        guard !job.isSandbox, let service = provider as? any ChatSending, service.tellsNames else {
            return events
        }
        var named: [ChatHookEvent] = []
        for event in events {
            guard case .received(var chat) = event, chat.name == nil,
                try job.read({ try $0.identities.find(chat.channel, chat.address) })?.name == nil
            else {
                named.append(event)
                continue
            }
            chat.name = await service.name(
                of: chat.address, try outbox.services.access(to: integration, of: job.tenant, service))
            named.append(.received(chat))
        }
        return named
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
        case .seen(let chat, let kind, let until): try hear(kind, of: chat, until: until, in: tx)
        case .opened(let chat): try open(chat, in: tx)
        case .blocked(let channel, let address): try tx.inbox.stop(channel, address, nil)
        case .unblocked(let channel, let address): try tx.inbox.resume(channel, address)
        case .phone(var chat, let number):
            chat.integration = integration
            try hear(phone: number, of: chat, in: tx)
        }
    }
}
