internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Runtime

extension MessageSendJob {
    /// Hands a short message to the service of its channel, the next one when that does not know us any more.
    func deliverChat(_ message: Message, _ job: JobContext) async throws {
        let integrations = try job.read { reader in
            try reader.integrations(for: .chat, client: message.clientID)
        }
        var last: SendOutcome?
        for integration in integrations {
            guard let provider = outbox.services.providers[integration.provider] as? any ChatSending,
                provider.channel == message.channel
            else { continue }
            let step = try await outbox.lanes.withLane(of: integration.id.text, of: provider.lanesMax) {
                try await attempt(message, integration, provider, job, $0)
            }
            switch step {
            case .over: return
            case .held(let sendability), .full(let sendability):
                return try await rest(message.id, sendability, job)
            case .next(let outcome): last = outcome
            }
        }
        if case .later(let code, let detail, let after)? = last {
            throw JobFailure.retryable(code, detail, after: after)
        }
        let none = try job.read { try outbox.sendability(of: message, in: $0) }
        let absent = Reason(
            "no_provider",
            "Nothing that sends \(message.channel.rawValue) is connected, or works: see /v1/integrations.")
        try await hold(
            message, none.isSendable ? Sendability(reasons: [absent], from: nil) : none, job)
    }

    private func attempt(
        _ message: Message, _ integration: Integration, _ provider: any ChatSending, _ job: JobContext,
        _ place: SendLanes.Place
    ) async throws -> Step {
        let (outbox, attempt) = (outbox, job.attempt)
        let access = try outbox.services.access(to: integration, of: job.tenant, provider)
        let claim = try await job.write(.request) { tx in
            try outbox.claim(message, integration: integration, attempt: attempt, in: tx)
        }
        switch claim {
        case .gone: return .over
        case .held(let sendability): return .held(sendability)
        case .full(let sendability): return .full(sendability)
        case .claimed(let message, _):
            let outgoing = try job.read { try outbox.outgoing(message, by: provider, in: $0) }
            let outcome =
                if let outgoing {
                    await provider.send(outgoing, access)
                } else {
                    SendOutcome.refused(
                        SendRefusal(.message, code: "file_gone", detail: "Its file is not there any more."))
                }
            switch outcome {
            case .later, .refused(SendRefusal(cause: .account)):
                try await job.write { tx in
                    try outbox.settle(message, outcome, attempt: attempt, in: tx)
                    if case .refused(let refusal) = outcome {
                        try tx.integrationFails(access, because: refusal.detail)
                    }
                }
                return .next(outcome)
            default:
                try await job.complete(.request, queued: place.leave) { tx in
                    try outbox.settle(message, outcome, attempt: attempt, in: tx)
                }
                return .over
            }
        }
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
                let stored = try ID<StoredFile>(id).flatMap({ try StoredFile.resource.find($0, in: reader) })
            else { return nil }
            file = OutgoingFile(
                name: stored.name, mediaType: stored.mediaType, bytes: try reader.content(of: stored),
                kind: provider.files?.kind(of: stored.mediaType, stored.size)?.name ?? "document")
        }
        let template = try message.templateID.flatMap { try MessageTemplate.resource.find($0, in: reader) }
        return OutgoingChat(
            messageID: message.id.text, address: message.recipient ?? "", text: message.text,
            template: template.map {
                .init(
                    name: $0.name, language: ($0.locale ?? "en-US").replacing("-", with: "_"),
                    components: message.components.isNull ? [] : message.components,
                    isHeadedByFile: file != nil)
            }, file: file)
    }
}
