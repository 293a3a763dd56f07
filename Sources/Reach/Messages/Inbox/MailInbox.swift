internal import Agents
internal import Cryptography
internal import Database
package import Integrations
internal import JSON
package import Jobs
package import Mail
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// Takes in what the hooks of mail services bring: mails, and what became of ours.
package struct MailInbox: HookHandler {
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package var providers: Set<String> {
        Set(outbox.integrations.providers.all.compactMap { $0 is any MailHooks ? $0.name : nil })
    }

    package func process(
        _ receipt: HookReceipt, of integration: Integration, _ job: JobContext
    ) async throws {
        guard let provider = outbox.integrations.providers[receipt.provider] as? any MailHooks else { return }
        let access = try outbox.services.access(to: integration, of: job.tenant, provider)
        let events: [MailHookEvent]
        var look = ServiceRead(ReadMailboxTool.name, into: integration, job.runtime)
        do {
            events = try await access.withEither(at: job.now, isRefused: { $0.isUnreachable }) {
                access async throws -> Result<[MailHookEvent], MailHookFailure> in
                do {
                    return .success(try await provider.read(receipt, access))
                } catch let failure as MailHookFailure {
                    return .failure(failure)
                }
            }.get()
        } catch let failure as MailHookFailure {
            let hasAsked = access.reach.hasAnswered
            switch failure {
            case .unreadable(let detail):
                let keep = look.ended(ToolFailure("unreadable", detail, isRetryable: false))
                try await job.complete { tx in
                    if hasAsked { try keep(tx) }
                    try tx.hookReceipts.fail(receipt, "unreadable", detail)
                }
            case .forged(let detail):
                let keep = look.ended()
                try await job.complete { tx in
                    if hasAsked { try keep(tx) }
                    try tx.hookReceipts.settle(receipt.id, .ignored, note: "forged: \(detail)")
                }
            case .unreachable(let detail):
                let keep = look.ended(MailboxFailure.unreachable(detail).ofCall)
                try await job.write { tx in try keep(tx) }
                throw JobFailure.retryable("unreachable", detail)
            }
            return
        }
        // Most hooks bring everything along: then nobody was asked for it.
        let hasAsked = access.reach.hasAnswered
        (look.found, look.bytes) = (events.count, access.reach.bytes)
        let keep = look.ended()
        var arrivals: [MailArrival] = []
        for case .received(let mail) in events {
            arrivals.append(try await MailArrival(mail, integration.id, job))
        }
        let (inbox, mails) = (Inbox(outbox), arrivals)
        try await job.complete { tx in
            if hasAsked { try keep(tx) }
            for case .delivery(let event) in events { try inbox.hear(event, in: tx) }
            for mail in mails { try inbox.receive(mail, in: tx) }
            try tx.hookReceipts.settle(
                receipt.id, events.isEmpty ? .ignored : .processed,
                note: events.isEmpty ? "The event does not concern this installation." : nil)
        }
    }
}

extension Result where Failure == MailHookFailure {
    /// Whether the service did not give what the receipt refers to: to whom it does not know it never does.
    fileprivate var isUnreachable: Bool { if case .failure(.unreachable) = self { true } else { false } }
}

/// A mail that came in, read, judged, its files written: ready to be stored in one transaction.
package struct MailArrival: Sendable {
    package let mail: ReceivedMail
    package let judgement: Judgement
    package let integration: IntegrationID?
    let files: [(content: FileStore.Content, name: String?)]

    private static let filesMax = 30

    /// One whose attachments nobody keeps, and that came through no service.
    package init(_ mail: ReceivedMail, at now: Instant, in zone: TimeZoneRules) {
        (self.mail, integration, files) = (mail, nil, [])
        judgement = Judgement(of: mail, on: zone.local(of: now).date)
    }

    package init(_ mail: ReceivedMail, _ integration: IntegrationID?, _ job: JobContext) async throws {
        (self.mail, self.integration) = (mail, integration)
        let (zone, classifier) = try job.read { reader in
            (
                TimeZoneRules(named: try reader.agency.tenant().timeZone) ?? .utc,
                try ReplyLearning.classifier(in: reader)
            )
        }
        judgement = Judgement(of: mail, on: zone.local(of: job.now).date, by: classifier)
        let store = FileStore(job.runtime.database)
        var files: [(FileStore.Content, String?)] = []
        for attachment in mail.attachments.prefix(Self.filesMax)
        where !attachment.bytes.isEmpty && attachment.bytes.count <= StoredFile.sizeMax {
            files.append((try await store.write(attachment.bytes, job), attachment.name))
        }
        self.files = files
    }
}
