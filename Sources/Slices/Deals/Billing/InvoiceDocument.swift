internal import Database
internal import Documents
internal import JSON
internal import Markdown
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// An invoice, or a credit note, on paper. The same invoice gives the same bytes.
struct InvoiceDocument {
    private let invoice: Invoice
    /// The number of the invoice that a credit note is for.
    private let creditOf: String?
    private let tenant: Tenant
    private let brand: Documents.Brand
    private let client: String
    private let canPay: Bool
    let words: SellingCopy
    private let locale: TextLocale

    init(_ invoice: Invoice, _ services: DealsServices, in reader: some Queryable) throws {
        self.invoice = invoice
        tenant = try reader.agency.tenant()
        brand = try reader.salesPages.paperBrand()
        creditOf = try invoice.creditOf.flatMap { try Invoice.resource.find($0, in: reader) }?.number
        client =
            try invoice.parties["client"]?.text ?? services.dependencies.client(reader, invoice.clientID)?
            .name
            ?? ""
        canPay = try services.canBePaid(invoice, in: reader)
        words = SellingCopy(try reader.wordings.find(invoice.locale ?? tenant.locale))
        locale = words.locale
    }

    /// As it was when it was sent; of a draft, as it would be now.
    private func party(_ name: String, _ now: String?) -> String? {
        invoice.status == .draft ? now : invoice.parties[name]?.text
    }
    private var bank: String? { party("bank", tenant.billing?.bankDetails) }

    var title: String { "\(kind) \(invoice.number ?? words("invoice.draft"))" }

    private var kind: String { words("invoice.title", ["kind": .text(invoice.kind.rawValue)]) }

    var document: Document {
        var brand = brand
        if let taxID = party("tax_id", tenant.billing?.taxID) {
            brand.footer = Array(
                ([words("invoice.tax_id") + " " + taxID] + brand.footer.reversed()).prefix(4).reversed())
        }
        var document = Document(
            title: kind, number: invoice.number, language: words.language,
            brand: brand,
            created: invoice.sentAt ?? invoice.updatedAt, blocks: blocks)
        document.pageFormat = words.pageFormat
        document.paper = ["US", "CA", "MX"].contains(tenant.country) ? .letter : .a4
        document.metadata = ["document": "\(invoice.id)"]
        return document
    }

    private var blocks: [Block] {
        var blocks: [Block] = [.cover(cover)]
        if invoice.status == .void {
            blocks.append(.note(title: words("invoice.void"), [.text(words("invoice.void_note"))]))
        }
        if let creditOf { blocks.append(.text(words("invoice.corrects", ["number": .text(creditOf)]))) }
        blocks.append(.table(table))
        if let notes = invoice.notes { blocks += [.heading(level: 3, words("invoice.notes")), .text(notes)] }
        if invoice.kind == .invoice, invoice.status != .void, invoice.due.amount > 0 { blocks += payment }
        return blocks
    }

    private var cover: Cover {
        var facts = [
            Fact(words("invoice.billed_to"), client),
            Fact(words("invoice.number"), invoice.number ?? words("invoice.draft")),
        ]
        if let day = invoice.issuedOn { facts.append(Fact(words("invoice.date"), locale.shown(day))) }
        if let day = invoice.dueOn { facts.append(Fact(words("invoice.due_on"), locale.shown(day))) }
        return Cover(subtitle: invoice.status == .draft ? words("invoice.draft") : nil, facts: facts)
    }

    private var table: Table {
        var rows = invoice.items.list.map { item in
            Table.Row([
                item.description, String(item.quantity), locale.shown(item.unitPrice),
                shown(item.amount ?? 0),
            ])
        }
        for credit in invoice.credits.list {
            rows.append(
                Table.Row([
                    "\(words("invoice.credit")): \(credit.description)", "", "",
                    "−\(locale.shown(credit.amount))",
                ]))
        }
        func sum(_ name: String, _ amount: String, _ role: Table.Row.Role) {
            rows.append(Table.Row([name, "", "", amount], role))
        }
        if invoice.taxAmount.amount > 0 || (invoice.tax?.rate ?? 0) > 0 {
            sum(words("invoice.subtotal"), locale.shown(invoice.subtotal), .subtotal)
            sum(taxLine, locale.shown(invoice.taxAmount), .item)
        }
        let isNote = invoice.kind == .creditNote
        sum(
            isNote ? words("invoice.total_credited") : words("invoice.total"),
            (isNote ? "−" : "") + locale.shown(invoice.total),
            .total)
        return Table(
            columns: [
                .init(words("invoice.description"), width: .share(1)),
                .init(words("invoice.quantity"), .end, width: .fit),
                .init(words("invoice.unit_price"), .end, width: .fit),
                .init(words("invoice.amount"), .end, width: .fit),
            ], rows: rows)
    }

    /// `VAT 19 %`
    var taxLine: String {
        "\(invoice.tax?.name ?? words("invoice.tax")) \(InvoiceDocument.percent(invoice.tax?.rate ?? 0, locale))"
    }

    static func percent(_ rate: Int, _ locale: TextLocale) -> String {
        // Money of two decimals has the language's own decimal sign; its currency is left out.
        let text = locale.shown(Money(amount: Int64(rate), currency: "EUR")).filter {
            $0.isNumber || ",.".contains($0)
        }
        let isWhole = rate % 100 == 0
        return "\(isWhole ? String(text.dropLast(3)) : text) %"
    }

    private func shown(_ amount: Int64) -> String {
        locale.shown(Money(amount: amount, currency: invoice.total.currency))
    }

    private var payment: [Block] {
        var blocks: [Block] = [.heading(level: 2, words("invoice.payment"))]
        if let day = invoice.dueOn {
            blocks.append(
                .text(
                    words(
                        "invoice.pay_until",
                        ["amount": .text(locale.shown(invoice.due)), "day": .text(locale.shown(day))])))
        }
        if let bank {
            blocks.append(
                .facts([
                    Fact(words("invoice.bank"), bank),
                    Fact(words("invoice.reference"), invoice.number ?? words("invoice.draft")),
                ]))
        }
        if let url = invoice.publicURL {
            let (title, label) =
                canPay
                ? (words("invoice.pay_about"), words("invoice.pay"))
                : (words("invoice.open_about"), words("invoice.open"))
            blocks.append(.callToAction(CallToAction(title: title, button: (label, url))))
        }
        return blocks
    }
}

extension BillingStore {
    /// The document of an invoice: as it was sent, or to be set.
    func paper(of invoice: Invoice, _ services: DealsServices) throws -> SaleDocumentCopy {
        let setting = try InvoiceDocument(invoice, services, in: tx)
        if invoice.status != .void, let id = invoice.fileID,
            let file = try StoredFile.resource.find(id, in: tx)
        {
            return SaleDocumentCopy(setting.title, .kept(try tx.files.content(of: file)))
        }
        return SaleDocumentCopy(setting.title, .document(setting.document))
    }
}
