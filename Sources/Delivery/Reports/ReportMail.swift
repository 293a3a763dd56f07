internal import Database
internal import JSON
package import Messaging
package import Platform
internal import Records
internal import Runtime
internal import Telemetry
internal import Templates

/// What delivery works with.
package struct DeliveryServices: Sendable {
    package let platform: PlatformServices
    package let outbox: Outbox
    package let sources: DeliverySources

    package init(_ platform: PlatformServices, _ outbox: Outbox, _ sources: DeliverySources) {
        (self.platform, self.outbox, self.sources) = (platform, outbox, sources)
    }
}

/// Sets a report, keeps the file, and has it mailed to its client. A mail that has to wait is the outbox's affair.
struct ReportMailJob: JobKind {
    struct Payload: Codable, Sendable {
        let report: String
        /// The agent that has it sent, where one has, and its run.
        var agent: String?, run: String?
    }

    static let kind = "report.mail"
    let services: DeliveryServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let services = services
        guard let id = ID<Report>(payload.report),
            let first = try job.read({ try Report.resource.find(id, in: $0) })
        else { return }
        var content: FileStore.Content?
        if first.fileID == nil {
            let document = try job.read { reader in
                let client = try Client.resource.find(first.clientID, in: reader)?.name ?? ""
                return first.document(client: client, brand: try services.sources.brand(reader))
            }
            content = try await FileStore(services.platform.database).write(
                try await services.sources.set(document), job)
        }
        try await job.complete { [content] tx in
            guard let old = try Report.resource.find(id, in: tx), old.messageID == nil else { return }
            var report = old
            if report.fileID == nil, let content {
                report.fileID =
                    try tx.createFile(
                        content, name: "\(old.title).pdf", client: old.clientID.text, by: .system
                    ).id.text
            }
            let mail = try services.mail(
                report, by: payload.agent.map(Actor.agent) ?? .system, run: payload.run, in: tx)
            report.messageID = mail?.id.text
            // What was let out to nobody is still to be sent.
            if mail == nil { (report.status, report.sentAt) = (.ready, nil) }
            try tx.update(old, to: &report, by: .system)
        }
    }
}

extension DeliveryServices {
    /// Has a report mailed, and keeps it as it is from now on. `run`: that of the agent which has it sent.
    @discardableResult
    func send(
        _ old: Report, by actor: Actor, run: String? = nil, in tx: Transaction
    ) throws -> Report {
        guard old.status != .sent else { throw old.isSent }
        guard let client = try Client.resource.find(old.clientID, in: tx),
            try recipient(of: client, in: tx) != nil
        else {
            throw Problem(.conflict, "The client has no address: give it a contact or a contact_email.")
        }
        var report = old
        (report.status, report.sentAt) = (.sent, tx.now)
        try tx.update(old, to: &report, by: actor, action: "report.sent")
        try tx.noteActivity(
            ofClient: report.clientID.text, by: actor, "report.sent", report.subject, report.title)
        try tx.enqueue(
            ReportMailJob.self,
            .init(report: report.id.text, agent: run == nil ? nil : actor.id, run: run),
            JobOptions(subject: report.subject))
        return report
    }

    fileprivate func mail(
        _ report: Report, by author: Actor, run: String?, in tx: Transaction
    ) throws -> Message? {
        guard let client = try Client.resource.find(report.clientID, in: tx),
            let contact = try recipient(of: client, in: tx)
        else { return nil }
        let words = ReportWords(report.locale), name = contact.name
        let sender = try tx.ownTenant()
        var paragraphs = [
            words(
                name.isEmpty ? "Hello," : "Hello \(name.markdownEscaped),",
                name.isEmpty ? "Guten Tag," : "Guten Tag \(name.markdownEscaped),"),
            words(
                "attached is our report: \(report.title.markdownEscaped).",
                "anbei unser Bericht: \(report.title.markdownEscaped)."),
        ]
        if let summary = report.summary { paragraphs.append(summary.markdownEscaped) }
        paragraphs.append(
            words(
                "Is something missing, or is there a question? An answer to this mail reaches us.",
                "Fehlt etwas, oder gibt es eine Frage? Eine Antwort auf diese Mail erreicht uns."))
        paragraphs.append((sender.sender?.name ?? sender.name).markdownEscaped)
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: report.title,
            body: paragraphs.joined(separator: "\n\n"), by: author, cause: .init("report", report.id.text),
            key: report.id.text)
        draft.run = run
        draft.why = "A report was sent."
        draft.attachments = report.fileID.map { [$0] } ?? []
        return try outbox.offer(draft, in: tx)
    }

    private func recipient(of client: Client, in tx: Transaction) throws -> Contact? {
        try tx.recipient(client.contactID, email: client.contactEmail, named: client.name)
    }
}
