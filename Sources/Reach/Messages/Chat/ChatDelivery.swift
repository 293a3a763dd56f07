internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Tenancy

extension MessageSendJob {
    /// Hands a short message to the service of its channel, the next one when that does not know us any more.
    func deliverChat(_ message: Message, _ job: JobContext) async throws {
        let absent = Reason(
            "no_provider",
            "No working \(message.channel.rawValue) service is connected: connect one in the settings.")
        try await deliver(
            message, for: .chat, (any ChatSending).self, \.lanesMax, job,
            isFit: { message.mayLeave(by: $1, $0.settings) }
        ) {
            try await attempt(message, $0, $1, job, $2)
        } absent: {
            Sendability(reasons: [absent], from: nil)
        }
    }

    private func attempt(
        _ message: Message, _ way: Way, _ provider: any ChatSending, _ job: JobContext,
        _ place: SendLanes.Place
    ) async throws -> Step {
        let (outbox, integration) = (outbox, way.integration)
        let access: IntegrationAccess
        do {
            access = try await outbox.integrations.freshAccess(to: integration, of: job.tenant, provider)
        } catch let failure as OAuthFailure {
            return .next(SendOutcome(failure))
        }
        let claim = try await job.write(.request) { tx in
            try outbox.claim(message, integration: integration, by: way.connector, way.why, in: tx)
        }
        switch claim {
        case .gone: return .over
        case .held(let sendability): return .held(sendability)
        case .full(let sendability): return .full(sendability)
        case .busy: return .busy
        case .claimed(let message, _, let permit):
            let outgoing = try job.read { try outbox.outgoing(message, by: provider, in: $0) }
            let outcome =
                if let outgoing {
                    await outbox.services.send(access, permit, job) {
                        await provider.send(outgoing, $0, permit)
                    }
                } else {
                    SendOutcome.refused(
                        SendRefusal(
                            .message, code: "file_gone", detail: "The message's file no longer exists."))
                }
            if case .unknown = outcome, provider.findsMessages {
                // It is as it was: the next attempt looks for it at the service before anything is repeated.
                place.note(outcome.hasWorked)
                throw JobSnooze(for: Self.untilLookedUp, waitingFor: "what the service knows")
            }
            return try await settled(message, outcome, permit, access, place, job)
        }
    }

    /// Looks a message up whose sending was cut off, at the service to which it was handed over.
    func lookUp(
        _ message: Message, at integration: Integration, _ provider: any ChatSending, _ job: JobContext
    ) async throws -> SendLookup {
        let others = try job.read { try $0.messages.providerIDs(besides: message) }
        let sent = SentChat(
            messageID: message.id, recipient: message.recipient ?? "", text: message.text,
            at: message.updatedAt, others: others)
        let access = try await outbox.integrations.freshAccess(to: integration, of: job.tenant, provider)
        var look = ServiceRead(LookUpMessageTool.name, into: integration, job.runtime)
        let found = await access.withEither(at: job.now, isRefused: { $0.isUnclear }) {
            await provider.find(sent, $0)
        }
        (look.found, look.bytes) = (1, access.reach.bytes)
        let keep = look.ended(found.failure(access.reach))
        try await job.write { tx in try keep(tx) }
        return found
    }
}

extension Message {
    /// Returns whether a service brings messages of this channel, to this address.
    fileprivate func mayLeave(by provider: any ChatSending, _ settings: JSONObject) -> Bool {
        provider.channel == channel && (recipient.map { provider.reaches($0, through: settings) } ?? true)
    }
}

extension MessageStore {
    /// Returns the service's name of the comment that a message answers: the last one before it.
    fileprivate func comment(answeredBy message: Message) throws -> String? {
        guard let address = message.recipient, CommentAddress.isOne(address) else { return nil }
        return try tx.first(
            """
            SELECT provider_id FROM messages
            WHERE tenant_id = \(tx.tenant) AND conversation_id = \(message.conversationID)
                AND direction = 'inbound' AND provider_id IS NOT NULL AND id < \(message.id)
            ORDER BY id DESC LIMIT 1
            """
        ) { $0.text(0) }
    }

    /// Returns the service's names of the latest messages to the same person.
    fileprivate func providerIDs(besides message: Message) throws -> Set<String> {
        Set(
            try tx.all(
                """
                SELECT provider_id FROM messages
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(message.contactID) AND provider_id IS NOT NULL
                    AND id <> \(message.id)
                ORDER BY id DESC LIMIT 100
                """
            ) { $0.text(0) })
    }
}

extension Outbox {
    /// A message as its service is handed it; `nil` where its file is gone.
    fileprivate func outgoing(
        _ message: Message, by provider: any ChatSending, in reader: some Queryable
    ) throws -> OutgoingChat? {
        var file: OutgoingFile?
        if let id = message.attachments.first {
            guard
                let stored = try StoredFile.resource.find(id, in: reader)
            else { return nil }
            file = OutgoingFile(
                name: stored.name, mediaType: stored.mediaType, bytes: try reader.files.content(of: stored),
                kind: provider.files?.kind(of: stored.mediaType, stored.size)?.name ?? "document")
        }
        let template = try message.templateID.flatMap { try MessageTemplate.resource.find($0, in: reader) }
        return OutgoingChat(
            messageID: message.id, address: message.recipient ?? "", text: message.text,
            template: template.map {
                .init(
                    name: $0.name, language: ($0.locale ?? "en-US").replacing("-", with: "_"),
                    components: message.components.isNull ? [] : message.components,
                    isHeadedByFile: file != nil)
            }, file: file, isLate: try isLate(message, in: reader),
            comment: try reader.messages.comment(answeredBy: message))
    }

    /// Returns whether a message leaves when its service takes the words of people alone.
    private func isLate(_ message: Message, in reader: some Queryable) throws -> Bool {
        guard message.channel.hasWindow, message.isPersonsAnswer, let address = message.recipient else {
            return false
        }
        return try reader.identities.find(message.channel, address)?.freeUntil.map { $0 <= reader.now }
            ?? false
    }
}
