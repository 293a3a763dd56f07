internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
package import Tenancy
internal import Wording

/// The services that delivery works with.
package struct DeliveryServices: Sendable {
    package let platform: PlatformServices
    package let outbox: Outbox
    package let dependencies: DeliveryDependencies

    package init(_ platform: PlatformServices, _ outbox: Outbox, _ dependencies: DeliveryDependencies) {
        (self.platform, self.outbox, self.dependencies) = (platform, outbox, dependencies)
    }
}

/// Sets a report, keeps the file, and has it mailed to its client. A mail that has to wait is the outbox's affair.
struct ReportMailJob: JobKind {
    struct Payload: Codable, Sendable {
        let report: ID<Report>
        /// The agent that has it sent, where one has, and its run.
        var agent: String?, run: AgentRunID?
    }

    static let kind = "report.mail"
    let services: DeliveryServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let services = services
        guard let first = try job.read({ try Report.resource.find(payload.report, in: $0) })
        else { return }
        var content: FileStore.Content?
        if first.fileID == nil {
            let document = try job.read { reader in
                let client = try Client.resource.find(first.clientID, in: reader)?.name ?? ""
                return first.document(
                    ReportCopy(try reader.wordings.find(first.locale)), client: client,
                    brand: try services.dependencies.brand(reader))
            }
            content = try await FileStore(services.platform.database).write(
                try await services.dependencies.set(document), job)
        }
        try await job.complete { [content] tx in
            // An agent does not send a report again that a person has sent meanwhile.
            guard let old = try Report.resource.find(payload.report, in: tx), old.messageID == nil,
                payload.agent == nil || old.status != .sent
            else { return }
            var report = old
            if report.fileID == nil, let content {
                report.fileID =
                    try tx.files.create(
                        content, name: "\(old.title).pdf", client: old.clientID, by: .system
                    ).id
            }
            let mail = try services.mail(
                report, by: payload.agent.map(Actor.agent) ?? .system, run: payload.run, in: tx)
            report.messageID = mail?.id
            // One that waits for a yes is sent when it leaves (`ReportMails`).
            if let agent = payload.agent, let mail, mail.heldCode != "approval" {
                return try tx.reports.noteSent(old, report, by: .agent(agent))
            }
            // A report that went to nobody is still to be sent, as it is then.
            if mail == nil { (report.status, report.sentAt, report.fileID) = (.ready, nil, nil) }
            try tx.update(old, to: &report, by: .system)
        }
    }
}

/// Hears what becomes of the mails with reports: one for which a person had to say yes ends its report, too.
package struct ReportMails: MessageListener {
    static let name = "report"
    package let cause = name

    package init() {}

    package func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        guard
            let old = try message.cause["id"]?.id(of: Report.self)
                .flatMap({ try Report.resource.find($0, in: tx) }), old.waitsForYes,
            old.messageID == message.id
        else { return }
        let approval = try message.approvalID.flatMap { try tx.approvals.find($0) }
        let person = approval?.decidedBy ?? .system
        switch turn {
        case .sent: try tx.reports.noteSent(old, old, by: person)
        case .cancelled, .failed:
            // Another mail may bring it later, with the words that it has then.
            var report = old
            (report.messageID, report.fileID) = (nil, nil)
            if approval?.status == .rejected { report.status = .rejected }
            try tx.update(old, to: &report, by: person)
        default: break
        }
    }
}

extension ReportStore where Base == Transaction {
    /// Keeps a report as it is from now on: it is on its way to its client.
    fileprivate func noteSent(_ old: Report, _ new: Report, by actor: Actor) throws {
        var report = new
        (report.status, report.sentAt) = (.sent, tx.now)
        try tx.update(old, to: &report, by: actor, action: "report.sent")
        try tx.portal.noteActivity(
            ofClient: report.clientID, by: actor, "report.sent", report.subject,
            .quoted(report.title))
        guard report.audience == .client else { return }
        // An agent that reports need not be one that may change onboardings.
        try tx.onboardings.noteReport(to: report.clientID, by: actor.kind == .agent ? .system : actor)
    }
}

extension DeliveryServices {
    /// Has a report mailed, and keeps it as it is from now on.
    @discardableResult
    func send(_ old: Report, by actor: Actor, in tx: Transaction) throws -> Report {
        guard old.audience == .client else { throw old.isInternal }
        guard old.status != .sent else { throw old.isSent }
        guard !old.waitsForYes else { throw Report.waiting }
        guard try hasRecipient(old, in: tx) else {
            throw Problem(
                .conflict, "The client has no email address: give it a contact or a contact_email.")
        }
        try tx.reports.noteSent(old, old, by: actor)
        try tx.jobs.enqueue(
            ReportMailJob.self, .init(report: old.id), JobOptions(subject: old.subject))
        return try Report.resource.get(old.id, in: tx)
    }

    /// Has an agent's report mailed: it is sent once its mail is let out, and ready until then.
    func offer(_ report: Report, by agent: String, run: AgentRunID, in tx: Transaction) throws {
        guard try hasRecipient(report, in: tx) else { return }
        try tx.jobs.enqueue(
            ReportMailJob.self, .init(report: report.id, agent: agent, run: run),
            JobOptions(subject: report.subject))
    }

    private func hasRecipient(_ report: Report, in tx: Transaction) throws -> Bool {
        guard let client = try Client.resource.find(report.clientID, in: tx) else { return false }
        return try recipient(of: client, in: tx) != nil
    }

    fileprivate func mail(
        _ report: Report, by author: Actor, run: AgentRunID?, in tx: Transaction
    ) throws -> Message? {
        guard let client = try Client.resource.find(report.clientID, in: tx),
            let contact = try recipient(of: client, in: tx)
        else { return nil }
        let channel = try outbox.channels.stated(of: contact, in: tx)
        guard channel == .email else {
            return try outbox.offer(
                word(of: report, to: contact, on: channel, by: author, run: run, in: tx), in: tx)
        }
        let words = try tx.wordings.find(report.locale), sender = try tx.agency.tenant()
        var paragraphs = [
            words.greeting(contact.name.markdownEscaped),
            words("report.mail_attached", ["title": .text(report.title.markdownEscaped)]),
        ]
        if let summary = report.summary { paragraphs.append(summary.markdownEscaped) }
        paragraphs.append(words("report.mail_questions"))
        paragraphs.append((sender.sender?.name ?? sender.name).markdownEscaped)
        var draft = draft(
            of: report, .email, to: contact, paragraphs.joined(separator: "\n\n"), by: author, run: run)
        draft.subject = report.title
        draft.attachments = report.fileID.map { [$0] } ?? []
        return try outbox.offer(draft, in: tx)
    }

    /// A short word with the link of the report, for channels that take no files.
    private func word(
        of report: Report, to contact: Contact, on channel: Channel, by author: Actor, run: AgentRunID?,
        in tx: Transaction
    ) throws -> MessageDraft {
        let words = try tx.wordings.find(report.locale)
        let said = words(
            "report.word", ["agency": .text(try tx.agency.tenant().name), "title": .text(report.title)])
        let text = "\(said)\n\(try link(of: report, for: contact.id, tx.tenant))"
        var draft = draft(of: report, channel, to: contact, text, by: author, run: run)
        draft.text = text
        return draft
    }

    private func draft(
        of report: Report, _ channel: Channel, to contact: Contact, _ body: String, by author: Actor,
        run: AgentRunID?
    ) -> MessageDraft {
        var draft = MessageDraft(
            channel, to: contact, .transactional, subject: nil, body: body, by: author,
            cause: .init(ReportMails.name, report.id),
            // A person may send what was rejected of an agent's.
            key: author.kind == .agent ? "\(report.id)/\(author.id)" : "\(report.id)")
        draft.run = run.map(RunID.agent)
        let why: MessageWhy = author.kind == .agent ? .reportDue : .reportSent
        draft.why = why.saying()
        return draft
    }

    private func recipient(of client: Client, in tx: Transaction) throws -> Contact? {
        try tx.contacts.recipient(client.contactID, email: client.contactEmail, named: client.name)
    }
}
