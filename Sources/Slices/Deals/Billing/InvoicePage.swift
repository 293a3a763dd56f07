internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry
internal import Templates

/// An invoice as its client sees it, and pays it.
struct InvoicePage: PublicDocument {
    let idPrefix = Invoice.idPrefix
    let services: DealsServices

    func page(_ id: String, path: String, in reader: Reader) throws -> PublicPage {
        let invoice = try find(id, in: reader), tenant = try reader.ownTenant()
        let canPay = try services.canBePaid(invoice, in: reader)
        return InvoiceView(invoice, tenant, path: path, canPay: canPay).page
    }

    func paper(_ id: String, in reader: Reader) throws -> Paper {
        try reader.paper(of: try find(id, in: reader), services)
    }

    /// One that was sent.
    func find(_ id: String, in reader: some Queryable) throws -> Invoice {
        guard let invoice = try ID<Invoice>(id).flatMap({ try Invoice.resource.find($0, in: reader) }),
            invoice.status != .draft
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
    private let words: InvoiceWords

    init(_ invoice: Invoice, _ tenant: Tenant, path: String, canPay: Bool) {
        (self.invoice, self.tenant, self.path, self.canPay) = (invoice, tenant, path, canPay)
        words = InvoiceWords(invoice.locale ?? tenant.locale)
    }

    private var title: String { "\(words.title(invoice.kind)) \(invoice.number ?? "")" }

    var page: PublicPage {
        page(
            """
            <h1>\(title.htmlEscaped)</h1>
            <p class="soft">\(facts.htmlEscaped)</p>
            \(state)
            <table><thead><tr><th>\(words.description)</th><th class="amount">\(words.amount)</th></tr></thead>
            <tbody>\(items)</tbody><tfoot>\(sums)</tfoot></table>
            \(paragraph(invoice.notes))
            \(payment)
            <p><a href="\(path)/pdf">\(words.download)</a></p>
            """)
    }

    /// After the client has paid, before the payment service has told so.
    var thanks: PublicPage {
        page(
            """
            <h1>\(title.htmlEscaped)</h1>
            <p class="done">\(invoice.isOpen ? words.isOnItsWay : words.isPaid)</p>
            <p><a href="\(path)">\(title.htmlEscaped)</a></p>
            """)
    }

    private func page(_ body: String) -> PublicPage {
        PublicPage(
            title: title, body: body, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.words.language, leadsOutside: canPay)
    }

    private func shown(_ money: Money) -> String { words.words.locale.shown(money).htmlEscaped }

    private var facts: String {
        let days = [(words.date, invoice.issuedOn), (words.dueOn, invoice.dueOn)].compactMap { name, day in
            day.map { "\(name): \(words.words.locale.shown($0))" }
        }
        return ([invoice.parties["client"]?.text].compactMap(\.self) + days).joined(separator: " · ")
    }

    private var state: String {
        switch invoice.status {
        case .void: "<p class=\"done\">\(words.voidNote)</p>"
        case .paid where invoice.kind == .invoice: "<p class=\"done\">\(words.isPaid)</p>"
        case .overdue: "<p class=\"done\">\(words.isOverdue)</p>"
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
            row("\(words.credit): \(line.description)".htmlEscaped, "−" + shown(line.amount))
        }
        return (items + credits).joined()
    }

    private var sums: String {
        var rows: [String] = []
        if invoice.taxAmount.amount > 0 {
            rows.append(row(words.subtotal, shown(invoice.subtotal)))
            rows.append(row((invoice.tax?.name ?? words.tax).htmlEscaped, shown(invoice.taxAmount)))
        }
        rows.append(row(words.total, shown(invoice.total)))
        if invoice.credited.amount > 0 { rows.append(row(words.credited, "−" + shown(invoice.credited))) }
        if invoice.paid.amount > 0 { rows.append(row(words.paid, "−" + shown(invoice.paid))) }
        if invoice.due.amount > 0, invoice.due != invoice.total {
            rows.append(row(words.due, shown(invoice.due)))
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
            "<h2>\(words.bank)</h2>\(paragraph(text))<p>\(words.reference): <strong>\(number)</strong></p>"
        }
        let button = "<button>\(words.pay): \(shown(invoice.due))</button>"
        return (canPay ? "<form method=\"post\" action=\"\(path)/pay\">\(button)</form>" : "") + (bank ?? "")
    }
}
