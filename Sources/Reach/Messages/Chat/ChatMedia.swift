internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy

/// A file that came with a short message, by the name that its service has for it.
package struct ChatMedia: Codable, Hashable, Sendable {
    package let id: String
    package let name: String?

    package init(id: String, name: String? = nil) { (self.id, self.name) = (id, name) }
}

/// The result of fetching a file.
package enum FetchedMedia: Sendable {
    case content([UInt8])
    /// It may come at another time.
    case later(code: String, detail: String)
    /// It is not there, or nothing that is kept.
    case gone(detail: String)

    /// Whether the file is gone. A service says so of every file to those whom it does not know.
    fileprivate var isGone: Bool { if case .gone = self { true } else { false } }

    /// Returns the answer without the secrets that the service may have repeated.
    fileprivate func redacted(by access: IntegrationAccess) -> FetchedMedia {
        switch self {
        case .content: self
        case .later(let code, let detail): .later(code: code, detail: access.redacted(detail))
        case .gone(let detail): .gone(detail: access.redacted(detail))
        }
    }
}

/// Brings the files of a message that came in to where the agency's files are. The message is there without them;
/// each is stored once, whatever is tried again.
struct ChatMediaJob: JobKind {
    struct Payload: Codable, Sendable {
        let message: MessageID, integration: IntegrationID
        let media: [ChatMedia]
    }

    static let kind = "message.media"
    static let queue = "hooks"
    static let attemptsMax = 8
    static let retriesTimeouts = true

    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(180) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard
            let integration = try job.read({ reader in
                try Integration.resource.find(payload.integration, in: reader)
            }), let provider = outbox.integrations.providers[integration.provider] as? any ChatSending
        else { return }
        let access = try outbox.services.access(to: integration, of: job.tenant, provider)
        let store = FileStore(job.runtime.database)
        var files: [(content: FileStore.Content, name: String?)] = [], missing: [String] = []
        var looks: [@Sendable (Transaction) throws -> Void] = []
        for media in payload.media {
            var look = ServiceRead(FetchFileTool.name, into: integration, job.runtime)
            let fetched: FetchedMedia = await access.withEither(at: job.now, isRefused: { $0.isGone }) {
                await provider.fetch(media, $0).redacted(by: $0)
            }
            switch fetched {
            case .content(let bytes):
                (look.found, look.bytes) = (1, bytes.count)
                looks.append(look.ended())
                files.append((try await store.write(bytes, job), media.name))
            case .gone(let detail):
                looks.append(look.ended(ToolFailure("gone", detail, isRetryable: false)))
                missing.append(detail)
            case .later(let code, let detail):
                let keep = looks + [look.ended(ToolFailure(code, detail, isRetryable: true))]
                try await job.write { tx in for keep in keep { try keep(tx) } }
                throw JobFailure.retryable(code, detail)
            }
        }
        let (found, lost, keep) = (files, missing, looks)
        try await job.complete { tx in
            for keep in keep { try keep(tx) }
            guard let message = try Message.resource.find(payload.message, in: tx) else { return }
            var whole = message
            whole.attachments += try found.map { content, name in
                try tx.files.create(content, name: name, client: message.clientID, by: .system).id
            }
            if !found.isEmpty {
                try tx.outbox.change(message, to: &whole)
                try tx.publish("message.attached", message.subjectOfEvents, whole.payload)
            }
            for detail in lost {
                try tx.conversations.note("media_missing", of: payload.message, detail: detail)
            }
        }
    }

    /// A service that never gives it: those who read the conversation are told, and it goes on without the file.
    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard case .dead(let failure) = end, let message = try Message.resource.find(payload.message, in: tx)
        else { return }
        try tx.conversations.note(
            "media_missing", of: payload.message, detail: String(failure.detail.prefix(500)))
        try tx.publish("message.media_missing", message.subjectOfEvents, message.payload)
    }
}
