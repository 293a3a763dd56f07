internal import Database
package import Integrations
internal import JSON
package import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates

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
            try await job.complete { tx in try tx.hookReceipts.fail(receipt, "unreadable", "\(failure)") }
            return
        }
        if let chat = provider as? any StaffChat, case .pressed(let press)? = events.first {
            return try await StaffDesk(outbox: outbox).take(press, through: chat, integration, receipt, job)
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
        if let chat = provider as? any StaffChat {
            return try await told(apart: events, by: chat, integration, job)
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

extension ChatInbox {
    /// Tells colleagues who write in a channel that is shared with a client from the client's people: theirs are a
    /// person's words in the conversation that goes on there.
    private func told(
        apart events: [ChatHookEvent], by chat: any StaffChat, _ integration: Integration, _ job: JobContext
    ) async throws -> [ChatHookEvent] {
        guard let team = chat.workspace(integration.settings) else { return events }
        let access = try await outbox.integrations.freshAccess(to: integration, of: job.tenant, chat)
        var told: [ChatHookEvent] = []
        for event in events {
            guard case .received(var said) = event,
                let id = said.address.split(separator: "/").last.map(String.init)
            else {
                told.append(event)
                continue
            }
            let (known, colleague) = try job.read { reader in
                (try reader.identities.find(said.channel, said.address), try reader.staff.find(id, of: team))
            }
            var email = colleague?.email
            if known?.name == nil || colleague != nil {
                let person = await chat.person(id, access)
                (said.name, email) = (person?.name, person?.email ?? email)
            }
            said.claimedEmail = email
            let user = try job.read { try $0.staff.colleague(id, of: team, email: email) }
            guard user != nil else {
                told.append(.received(said))
                continue
            }
            let place = said.address.split(separator: "/").dropLast().joined(separator: "/") + "/"
            if let other = try job.read({ try $0.identities.latest(said.channel, below: place) }) {
                said.address = other.address
                (said.name, said.claimedEmail) = (nil, nil)
                told.append(.echo(said))
            }
        }
        return told
    }
}

extension IdentityStore {
    /// Returns the identity under which somebody wrote last, of those whose addresses begin so.
    fileprivate func latest(_ channel: Channel, below start: String) throws -> ContactIdentity? {
        try ContactIdentity.resource.first(
            where: """
                channel = \(channel.rawValue) AND address >= \(start) AND address < \(start + "\u{10FFFF}")
                """, suffix: "ORDER BY updated_at DESC, row DESC LIMIT 1", in: tx)
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
        // Decided before, with what the service says of who pressed it.
        case .pressed: break
        case .gone(let code, let detail):
            try tx.integrations.isShutOut(integration, because: .cause(code, detail))
        case .blocked(let channel, let address): try tx.inbox.stop(channel, address, nil)
        case .unblocked(let channel, let address): try tx.inbox.resume(channel, address)
        case .phone(var chat, let number):
            chat.integration = integration
            try hear(phone: number, of: chat, in: tx)
        }
    }
}
