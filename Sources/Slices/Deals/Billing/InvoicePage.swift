internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// An invoice as its client sees it, and pays it.
struct InvoicePage: PublicDocument {
    let services: DealsServices

    func page(_ id: InvoiceID, path: String, in reader: Reader) throws -> PublicPage {
        let invoice = try find(id, in: reader)
        let canPay = try services.canBePaid(invoice, in: reader)
        return try InvoiceView(invoice, path: path, canPay: canPay, in: reader).page
    }

    func paper(_ id: InvoiceID, in reader: Reader) throws -> SaleDocumentCopy {
        try reader.billing.paper(of: try find(id, in: reader), services)
    }

    /// One that was sent.
    func find(_ id: InvoiceID, in reader: some Queryable) throws -> Invoice {
        guard let invoice = try Invoice.resource.find(id, in: reader), invoice.status != .draft
        else { throw Problem(.notFound) }
        return invoice
    }
}

/// The page's HTML.
struct InvoiceView {
    private let invoice: Invoice
    private let tenant: Tenant
    private let path: String
    private let canPay: Bool
    private let words: SellingCopy

    init(_ invoice: Invoice, path: String, canPay: Bool, in reader: some Queryable) throws {
        let tenant = try reader.agency.tenant()
        (self.invoice, self.tenant, self.path, self.canPay) = (invoice, tenant, path, canPay)
        words = SellingCopy(try reader.wordings.find(invoice.locale ?? tenant.locale))
    }

    private var title: String {
        let kind = words("invoice.title", ["kind": .text(invoice.kind.rawValue)])
        return "\(kind) \(invoice.number ?? "")"
    }

    var page: PublicPage {
        page(
            """
            <h1>\(title.htmlEscaped)</h1>
            <p class="soft">\(facts.htmlEscaped)</p>
            \(state)
            <table><thead><tr><th>\(words("invoice.description").htmlEscaped)</th>\
            <th class="amount">\(words("invoice.amount").htmlEscaped)</th></tr></thead>
            <tbody>\(items)</tbody><tfoot>\(sums)</tfoot></table>
            \(paragraph(invoice.notes))
            \(payment)
            <p><a href="\(path)/pdf">\(words("document.download").htmlEscaped)</a></p>
            """)
    }

    /// After the client has paid, before the payment service has told so.
    var thanks: PublicPage {
        let paid = invoice.isOpen ? words("invoice.is_on_its_way") : words("invoice.is_paid")
        return page(
            """
            <h1>\(title.htmlEscaped)</h1>
            <p class="done">\(paid.htmlEscaped)</p>
            <p><a href="\(path)">\(title.htmlEscaped)</a></p>
            """)
    }

    private func page(_ body: String) -> PublicPage {
        PublicPage(
            title: title, body: body, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.language, leadsOutside: canPay)
    }

    private func shown(_ money: Money) -> String { words.locale.shown(money).htmlEscaped }

    private var facts: String {
        let days = [(words("invoice.date"), invoice.issuedOn), (words("invoice.due_on"), invoice.dueOn)]
            .compactMap { name, day in
                day.map { "\(name): \(words.locale.shown($0))" }
            }
        return ([invoice.parties["client"]?.text].compactMap(\.self) + days).joined(separator: " · ")
    }

    private var state: String {
        switch invoice.status {
        case .void: "<p class=\"done\">\(words("invoice.void_note").htmlEscaped)</p>"
        case .paid where invoice.kind == .invoice:
            "<p class=\"done\">\(words("invoice.is_paid").htmlEscaped)</p>"
        case .overdue: "<p class=\"done\">\(words("invoice.is_overdue").htmlEscaped)</p>"
        default: ""
        }
    }

    private var items: String {
        let items = invoice.items.list.map { item in
            let times = item.quantity == 1 ? "" : " × \(item.quantity)"
            let amount = Money(amount: item.amount ?? 0, currency: item.unitPrice.currency)
            return row(item.description.htmlEscaped + times, shown(amount))
        }
        let credits = invoice.credits.list.map { line in
            row("\(words("invoice.credit")): \(line.description)".htmlEscaped, "−" + shown(line.amount))
        }
        return (items + credits).joined()
    }

    private var sums: String {
        var rows: [String] = []
        if invoice.taxAmount.amount > 0 {
            rows.append(row(words("invoice.subtotal").htmlEscaped, shown(invoice.subtotal)))
            rows.append(
                row((invoice.tax?.name ?? words("invoice.tax")).htmlEscaped, shown(invoice.taxAmount)))
        }
        rows.append(row(words("invoice.total").htmlEscaped, shown(invoice.total)))
        if invoice.credited.amount > 0 {
            rows.append(row(words("invoice.credited").htmlEscaped, "−" + shown(invoice.credited)))
        }
        if invoice.paid.amount > 0 {
            rows.append(row(words("invoice.paid").htmlEscaped, "−" + shown(invoice.paid)))
        }
        if invoice.due.amount > 0, invoice.due != invoice.total {
            rows.append(row(words("invoice.due").htmlEscaped, shown(invoice.due)))
        }
        return rows.joined()
    }

    private func row(_ name: String, _ amount: String) -> String {
        "<tr><td>\(name)</td><td class=\"amount\">\(amount)</td></tr>"
    }

    private func paragraph(_ text: String?) -> String {
        guard let text else { return "" }
        return "<p>\(text.htmlEscaped.split(separator: "\n").joined(separator: "<br>"))</p>"
    }

    private var payment: String {
        guard invoice.kind == .invoice, invoice.isOpen else { return "" }
        let number = (invoice.number ?? "").htmlEscaped
        let bank = invoice.parties["bank"]?.text.map { text in
            """
            <h2>\(words("invoice.bank").htmlEscaped)</h2>\(paragraph(text))\
            <p>\(words("invoice.reference").htmlEscaped): <strong>\(number)</strong></p>
            """
        }
        let button = "<button>\(words("invoice.pay").htmlEscaped): \(shown(invoice.due))</button>"
        return (canPay ? "<form method=\"post\" action=\"\(path)/pay\">\(button)</form>" : "") + (bank ?? "")
    }
}
