internal import Agents
package import Database
package import JSON
package import Nouns
package import Records
package import Telemetry
package import Tenancy

/// An amount that a client owes or, as a credit note, owes no more: one row of `invoices`. All its amounts are zero or
/// more.
package struct Invoice: ManagedRecord {
    package enum Kind: String, Choice {
        case invoice
        case creditNote = "credit_note"
    }
    package enum Status: String, Choice { case draft, open, paid, void, overdue }

    package var head = Head<Nouns.Invoice>()
    package var kind = Kind.invoice
    package var clientID = ClientID.unset
    package var status = Status.draft
    package var number: String?
    package var sequence: Int?
    package var items = Parts<LineItem>()
    package var credits = Parts<CreditLine>()
    package var currency: String?
    package var tax: InvoiceTax?
    package var subtotal = Money.none
    package var taxAmount = Money.none
    package var total = Money.none
    package var paid = Money.none
    package var credited = Money.none
    package var due = Money.none
    package var owed = Money.none
    package var dueOn: CivilDate?
    package var issuedOn: CivilDate?
    package var sentAt: Instant?
    package var paidAt: Instant?
    package var voidedAt: Instant?
    package var subscriptionID: ID<Subscription>?
    package var period: CivilDate?
    package var creditOf: InvoiceID?
    package var notes: String?
    package var locale: String?
    package var publicURL: String?
    package var fileID: ID<StoredFile>?
    package var reminders = 0
    package var remindedAt: Instant?
    package var messageID: MessageID?
    /// The sender and the recipient as they were when it was sent; later changes to them leave it as it is.
    package var parties = JSON.null
    /// The number as a bank's customer may have written it.
    package var numberKey: String?

    package init() {}

    package static let resource = Resource<Invoice>(
        "invoices", named: "Invoice",
        console: ConsoleForm(
            title: "number",
            columns: ["client_id", "status", "total", "due", "due_on"],
            form: ["client_id", "items", "due_on", "notes"],
            filters: ["status"]),
        [
            .choice(
                "kind", \.kind, .readOnly, .filterable, .about("Whether it is an invoice or a credit note.")),
            .id(
                "client_id", \.clientID, .required, .filterable,
                .about("The client who owes the invoice.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether it is a draft, open, paid, overdue or void.")),
            .text(
                "number", \.number, max: 40, .readOnly, .filterable,
                .about(
                    "The number of the invoice, given when it is sent."),
                .example("INV-0042")),
            .integer(
                "sequence", \.sequence, in: 1...Int64.max, .readOnly, .filterable, .sortable,
                .about("The sequence number of the invoice within the agency, without gaps.")),
            .parts("items", \.items, max: 200, .required),
            .parts(
                "credits", \.credits, max: 200, .readOnly,
                .about("The service credits that reduce the total.")),
            .currency("currency", \.currency, .about("The agency's currency.")),
            .part("tax", \.tax, .about("The tax; the agency's of /v1/settings by default.")),
            .money("subtotal", \.subtotal, .readOnly, .about("The sum of the items before tax.")),
            .money("tax_amount", \.taxAmount, .readOnly, .about("The tax on the whole, rounded half up.")),
            .money("total", \.total, .readOnly, .about("The subtotal with tax, less credits.")),
            .money("paid", \.paid, .readOnly, .about("How much was paid, less refunds.")),
            .money("credited", \.credited, .readOnly, .about("How much was credited by credit notes.")),
            .money("due", \.due, .readOnly, .about("How much is still to be paid.")),
            .money(
                "owed", \.owed, .readOnly,
                .about("The amount that the client gets back after overpaying.")),
            .date("due_on", \.dueOn, .filterable, .sortable, .example("2030-01-31")),
            .date("issued_on", \.issuedOn, .readOnly, .filterable, .sortable),
            .instant("sent_at", \.sentAt, .readOnly, .filterable),
            .instant("paid_at", \.paidAt, .readOnly, .filterable),
            .instant("voided_at", \.voidedAt, .readOnly),
            .id("subscription_id", \.subscriptionID, .readOnly, .filterable),
            .date(
                "period", \.period, .readOnly, .filterable,
                .about("For a subscription: the first day of the invoiced month.")),
            .id(
                "credit_of", \.creditOf, .readOnly, .filterable,
                .about("For a credit note: the invoice that it credits.")),
            .text("notes", \.notes, max: 5000, .about("The text below the items.")),
            .text("locale", \.locale, max: 35, .about("The language that it is in; BCP 47."), .example("de")),
            .text(
                "public_url", \.publicURL, max: 1000, .readOnly,
                .about(
                    "The public page of the invoice, where the client can pay.")),
            .id("file_id", \.fileID, .readOnly, .about("The PDF, as it was sent.")),
            .integer(
                "reminders", \.reminders, in: 0...1000, .readOnly, .about("How many reminders were sent.")),
            .instant(
                "reminded_at", \.remindedAt, .readOnly, .filterable, .added(in: 543),
                .about("When the last reminder was made.")),
            .id(
                "message_id", \.messageID, .readOnly, .added(in: 543),
                .about("The last mail of the invoice: the one it was sent with, or its last reminder.")),
            .document("parties", \.parties, .secret),
            .text("number_key", \.numberKey, max: 60, .secret),
        ])

    // MARK: Rules

    package mutating func prepare(replacing old: Invoice?, by actor: Actor, in tx: Transaction) throws {
        if let old, old.status != .draft { return try requireContent(of: old) }
        guard kind == .invoice else { return }
        let tenant = try tx.agency.tenant()
        try check(tenant.currency)
        currency = tenant.currency
        if tax == nil { tax = InvoiceTax(tenant.billing ?? Billing()) }
        try add(tenant.currency)
    }

    /// Throws where the content of a sent invoice has changed: only what becomes of it may change.
    private func requireContent(of old: Invoice) throws(Problem) {
        let isSame =
            clientID == old.clientID && items == old.items && credits == old.credits && tax == old.tax
            && currency == old.currency && dueOn == old.dueOn && notes == old.notes && locale == old.locale
        guard isSame else { throw old.isSent }
    }

    /// Why something that is possible with a draft is not.
    var isSent: Problem {
        Problem(
            .invalidTransition,
            "The invoice is \(status.rawValue), and only a draft can be changed: void or credit it instead.",
            extra: ["allowed": JSON(status == .open || status == .overdue ? ["void", "credit"] : ["credit"])])
    }

    private mutating func check(_ wanted: String) throws(Problem) {
        var faults = Faults()
        if items.list.isEmpty { faults.add("/items", "required", "items must have at least one entry.") }
        if let currency, currency != wanted {
            faults.add(
                "/currency", "invalid_currency", "The currency must be \(wanted), the agency's currency.")
        }
        for (index, item) in items.list.enumerated() {
            let place = "/items/\(index)/unit_price"
            if item.unitPrice.currency != wanted {
                faults.add(
                    "\(place)/currency", "invalid_currency",
                    "The currency must be \(wanted), the agency's currency.")
            } else if item.amount == nil {
                faults.add(
                    place, "out_of_range",
                    "The item's amount is too large: send a smaller quantity or price.")
            }
        }
        if let given = locale {
            locale = LocaleTag(given)?.description
            if locale == nil {
                faults.add("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
            }
        }
        try faults.throwIfAny()
    }

    private mutating func add(_ currency: String) throws(Problem) {
        let sums = InvoiceSums(
            items: items.list.map(\.amount), credits: credits.list.map(\.amount.amount), rate: tax?.rate ?? 0)
        guard let sums else {
            throw Problem(faults: [
                Fault(
                    "/items", "out_of_range",
                    "The sum of the items is too large: split them into several documents.")
            ])
        }
        subtotal = Money(amount: sums.subtotal, currency: currency)
        taxAmount = Money(amount: sums.tax, currency: currency)
        total = Money(amount: sums.total, currency: currency)
        for path in [\Invoice.paid, \.credited, \.owed] {
            self[keyPath: path] = Money(amount: 0, currency: currency)
        }
        due = total
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard status == .draft else { throw isSent }
    }
}

extension Money {
    /// Stands in records that are not filled in yet.
    static let none = Money(amount: 0, currency: "USD")
}

/// The tax of an invoice; one for all of it.
package struct InvoiceTax: Part {
    package var name: String?
    /// Hundredths of a percent.
    package var rate = 0

    package init() {}
    init(_ billing: Billing) { (name, rate) = (billing.taxName, billing.taxRate) }

    package static let schema = Schema<InvoiceTax>(
        "InvoiceTax",
        [
            .text("name", \.name, max: 40, .example("VAT")),
            .integer(
                "rate", \.rate, in: 0...10_000, .standard(0),
                .about("The rate in hundredths of a percent: 1900 is 19 %.")),
        ])
}

/// The part of a service credit that is taken off an invoice.
package struct CreditLine: Part {
    package var creditID: ID<ServiceCredit>?
    package var description = ""
    package var amount = Money.none

    package init() {}
    init(_ credit: ServiceCredit, _ amount: Int64) {
        (creditID, description) = (credit.id, credit.reason)
        self.amount = Money(amount: amount, currency: credit.amount.currency)
    }

    package static let schema = Schema<CreditLine>(
        "CreditLine",
        [
            .id("credit_id", \.creditID), .text("description", \.description, max: 500, .required),
            .money("amount", \.amount, .required, .about("Taken off.")),
        ])
}
