internal import Agents
package import Database
internal import Integrations
package import JSON
package import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The sign that somebody types in a conversation. It is shown to those who look at it at this moment, is not stored,
/// and ends by itself unless it is repeated.
package enum Typing {
    package static let event = "conversation.typing"
    /// The seconds that a sign holds; it is repeated sooner while somebody types on.
    package static let seconds = 6

    /// Returns a typing sign as the person outside gets to see it, or `nil` where it is not meant for them.
    static func shown(_ data: JSON) -> JSON? {
        guard data["reaches_them"] == true, let author = data["author"], author["type"] != "contact" else {
            return nil
        }
        return [
            "author": ["type": author["type"] ?? .null, "name": author["name"] ?? .null],
            "seconds": data["seconds"] ?? .null,
        ]
    }
}

extension ConversationDesk {
    /// Shows that somebody writes in a conversation: colleagues, and whom it is with where `reachesThem`; over a
    /// service that can show it, there.
    package func showTyping(
        in conversation: Conversation, by author: JSON, reachesThem: Bool, seconds: Int = Typing.seconds,
        of tenant: TenantID, _ runtime: Runtime
    ) {
        guard conversation.status != .closed, !conversation.isNobodys else { return }
        let data: JSON = [
            "author": named(author, tenant), "contact_id": JSON(conversation.contactID),
            "identity_id": JSON(conversation.identityID),
            "channel": .string(conversation.channel.rawValue), "reaches_them": .bool(reachesThem),
            "seconds": JSON(seconds),
        ]
        runtime.events.show(
            Typing.event, conversation.subjectOfEvents, data, to: tenant, at: outbox.services.now())
        guard reachesThem, !conversation.channel.isOwn, conversation.channel != .email,
            outbox.typingActions.allows(conversation.id, now: outbox.services.now())
        else { return }
        Task { await tellService(ofTypingIn: conversation, of: tenant) }
    }

    /// Returns the author with the agency's name if they have none of their own, such as the agent. Where the agency
    /// cannot be read, the name stays empty: the page knows its own.
    private func named(_ author: JSON, _ tenant: TenantID) -> JSON {
        guard author["name"]?.text == nil,
            let agency = try? outbox.services.database.read(tenant, { try $0.agency.tenant().name })
        else { return author }
        return author.merging(["name": .string(agency)])
    }

    /// It is a courtesy: where it fails, nothing is lost.
    private func tellService(ofTypingIn conversation: Conversation, of tenant: TenantID) async {
        let found = try? outbox.services.database.read(tenant) { reader in
            try place(of: conversation, tenant, in: reader)
        }
        guard let (provider, integration, address, access) = found ?? nil else { return }
        let start = systemSteadyClock()
        let failure = await provider.showTyping(to: address, access)
        let took = systemSteadyClock() - start
        let end: ConnectorCallEnd = if let failure { .failed(failure) } else { .succeeded }
        do {
            try await outbox.services.database.write(tenant, .batch) { tx in
                let caller = ToolCaller(
                    actor: .system, subject: conversation.subjectOfEvents, clientID: conversation.clientID)
                try tx.connectorCalls.keepReading(
                    with: ShowTypingTool.name, of: integration, for: caller, end, found: 0, took: took)
            }
        } catch {
            outbox.services.log.warning("a sign of typing could not be counted", ["error": .init(error)])
        }
    }

    private func place(
        of conversation: Conversation, _ tenant: TenantID, in reader: Reader
    ) throws -> (any ChatSending, IntegrationID, String, IntegrationAccess)? {
        // A stopped agency shows nothing at all, and nothing of a sandbox is seen outside.
        guard try reader.agency.tenant().sandboxOf == nil, try reader.brakes.all().isEmpty,
            try reader.gate.isOn(tool: ShowTypingTool.name),
            let contact = try conversation.contactID.flatMap({ try Contact.resource.find($0, in: reader) }),
            let address = try reader.identities.address(
                of: contact, on: conversation.channel, in: conversation.id)
        else { return nil }
        for integration in try reader.integrations.all(for: .chat, client: conversation.clientID) {
            guard let provider = outbox.integrations.providers[integration.provider] as? any ChatSending,
                provider.channel == conversation.channel,
                provider.reaches(address, through: integration.settings)
            else { continue }
            guard provider.showsTyping else { return nil }
            return (
                provider, integration.id, address,
                try outbox.services.access(to: integration, of: tenant, provider)
            )
        }
        return nil
    }
}

extension Conversation {
    fileprivate var isNobodys: Bool { contactID == nil }
}

extension ConversationStore {
    /// Returns whether somebody may speak to whom a conversation is with at this moment, as far as people go.
    func mayBeHeard(_ actor: Actor, in conversation: Conversation) throws -> Bool {
        guard let contact = conversation.contactID, let lock = try tx.messageLocks.find(on: contact) else {
            return true
        }
        return lock.expiresAt <= tx.now || lock.holder != .human || lock.owner == actor.lockOwner
    }

    /// The conversation that somebody's next word belongs to, if they have one.
    package func open(as identity: ContactIdentity) throws -> Conversation? {
        try Conversation.resource.first(
            where: "identity_id = \(identity.id) AND status <> 'closed'",
            suffix: "ORDER BY last_message_at DESC LIMIT 1", in: tx)
    }

    func open(ofContact contact: ContactID, on channel: Channel) throws -> Conversation? {
        try Conversation.resource.first(
            where: "contact_id = \(contact) AND channel = \(channel.rawValue) AND status <> 'closed'",
            suffix: "ORDER BY last_message_at DESC LIMIT 1", in: tx)
    }
}

extension Contact {
    /// As the author of what they say.
    var author: JSON { ["type": "contact", "id": JSON(id), "name": .string(name)] }
}
