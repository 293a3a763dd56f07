internal import Agents
internal import Database
internal import Documents
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Why an invoice is mailed; the kind of the template that says so.
enum InvoiceOccasion: String, Codable, Sendable {
    case sent = "invoice"
    case credited = "credit_note"
    case reminder = "invoice_reminder"
}

/// Sets a sent invoice, keeps the file, and has it mailed to the client, or reminds the client of it. A mail that has
/// to wait is the outbox's affair.
struct InvoiceMailJob: JobKind {
    struct Payload: Codable, Sendable {
        let invoice: InvoiceID
        let occasion: InvoiceOccasion
        /// The number of the reminder; 0 for other mails.
        var number = 0
        /// Whether a person has asked for the reminder, and waits.
        var isAsked: Bool?

        init(invoice: InvoiceID, occasion: InvoiceOccasion, number: Int = 0, isAsked: Bool? = nil) {
            (self.invoice, self.occasion, self.number) = (invoice, occasion, number)
            self.isAsked = isAsked
        }
    }

    static let kind = "invoice.mail"
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let services = services
        guard let first = try job.read({ try Invoice.resource.find(payload.invoice, in: $0) })
        else { return }
        var content: FileStore.Content?
        if first.fileID == nil {
            let paper = try job.read { try $0.billing.paper(of: first, services) }
            content = try await FileStore(services.platform.database).write(try await paper.bytes(), job)
        }
        try await job.complete { [content] tx in
            guard let old = try Invoice.resource.find(payload.invoice, in: tx) else { return }
            var invoice = old
            if invoice.fileID == nil, let content {
                let name = "\(old.number ?? "\(old.id)").pdf"
                invoice.fileID =
                    try tx.files.create(content, name: name, client: old.clientID, by: .system).id
            }
            let isWanted =
                payload.occasion == .reminder ? invoice.status == .overdue : invoice.status != .void
            if isWanted, let mail = try services.mail(invoice, payload, in: tx) {
                invoice.messageID = mail.id
            }
            try tx.update(old, to: &invoice, by: .system)
        }
    }
}

extension DealsServices {
    fileprivate func mail(
        _ invoice: Invoice, _ payload: InvoiceMailJob.Payload, in tx: Transaction
    ) throws -> Message? {
        guard var contact = try recipient(of: invoice, in: tx) else {
            try tx.alerts.raise(
                kind: "invoice_not_mailed", severity: .warning, subject: invoice.subject,
                title: Saying("alert.invoice_not_mailed", ["number": .text(invoice.number ?? "")]),
                action: Saying("alert.invoice_not_mailed_do"))
            return nil
        }
        contact.locale = invoice.locale ?? contact.locale
        let template = try tx.billing.template(payload.occasion)
        let written = try outbox.write(
            template, to: contact, lead: nil, extra: ["invoice": values(of: invoice, in: tx)], in: tx)
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: written.subject, body: written.body, by: .system,
            cause: .init("invoice", invoice.id),
            key: "\(invoice.id)/\(payload.occasion.rawValue)/\(payload.number)")
        draft.template = written.template
        let why: MessageWhy = payload.occasion == .reminder ? .invoiceOverdue : .invoiceSent
        draft.why = why.saying()
        draft.attachments = invoice.fileID.map { [$0] } ?? []
        if payload.occasion == .reminder { draft.topic = PendingReminders.topic(of: invoice.id) }
        // Mails that the calendar sends, and nobody waits for, leave in the contact's daytime.
        let isAwaited = payload.isAsked ?? false
        if !isAwaited, try payload.occasion == .reminder || tx.billing.hasComeByItself(invoice) {
            draft.notBefore = try tx.consents.daytime(of: contact)
        }
        return try outbox.send(draft, in: tx)
    }

    private func recipient(of invoice: Invoice, in tx: Transaction) throws -> Contact? {
        guard let client = try dependencies.client(tx, invoice.clientID) else { return nil }
        return try tx.contacts.recipient(client.contact, email: client.email, named: client.name)
    }

    private func values(of invoice: Invoice, in tx: Transaction) throws -> JSON {
        let today = tx.billing.today(try tx.agency.tenant())
        let late = invoice.dueOn.map { today.daysSinceEpoch - $0.daysSinceEpoch } ?? 0
        return [
            "number": JSON(invoice.number), "total": invoice.total.json, "due": invoice.due.json,
            "due_on": JSON(invoice.dueOn?.iso), "issued_on": JSON(invoice.issuedOn?.iso),
            "url": JSON(invoice.publicURL), "bank_details": JSON(invoice.parties["bank"]?.text),
            "client": JSON(invoice.parties["client"]?.text), "days_overdue": JSON(max(0, late)),
            "is_paid": .bool(invoice.status == .paid),
            "credit_of": JSON(try invoice.creditOf.flatMap { try Invoice.resource.find($0, in: tx) }?.number),
        ]
    }
}

extension BillingStore where Base == Transaction {
    /// Returns whether a subscription has brought it, and not the signature with which it began.
    fileprivate func hasComeByItself(_ invoice: Invoice) throws -> Bool {
        guard let id = invoice.subscriptionID, let subscription = try Subscription.resource.find(id, in: tx)
        else { return false }
        return subscription.createdAt + .seconds(3600) < tx.now
    }
}
