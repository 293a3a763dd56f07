internal import Database
internal import Messaging
internal import Records
internal import Runtime

extension Transaction {
    /// The agency's own template for an occasion; it gets the furnished one where it has none.
    func template(_ occasion: InvoiceOccasion) throws -> ID<MessageTemplate> {
        let kind = occasion.rawValue
        let own = try MessageTemplate.resource.first(
            where: "kind = \(kind) AND channel = 'email' AND variant_of IS NULL",
            suffix: "ORDER BY row LIMIT 1",
            in: self)
        return try own?.id ?? furnish(occasion)
    }

    /// The mails that go with invoices, in English, with German variants.
    func furnishBilling() throws {
        for occasion in [InvoiceOccasion.sent, .credited, .reminder] { _ = try template(occasion) }
    }

    private func furnish(_ occasion: InvoiceOccasion) throws -> ID<MessageTemplate> {
        let (english, german) = FurnishedMail.of(occasion)
        let main = try make(english, occasion, locale: "en", variantOf: nil)
        _ = try make(german, occasion, locale: "de", variantOf: main)
        return main
    }

    private func make(
        _ mail: FurnishedMail, _ occasion: InvoiceOccasion, locale: String, variantOf: ID<MessageTemplate>?
    ) throws -> ID<MessageTemplate> {
        var template = MessageTemplate.new(id: nextID(), now: now)
        (template.name, template.subject, template.body) = (mail.name, mail.subject, mail.body)
        (template.kind, template.locale, template.variantOf) = (occasion.rawValue, locale, variantOf)
        try template.prepare(replacing: nil, by: .system, in: self)
        try MessageTemplate.resource.insert(&template, in: self)
        try template.saved(replacing: nil, by: .system, in: self)
        return template.id
    }
}

private struct FurnishedMail {
    let name: String, subject: String, body: String

    static func of(_ occasion: InvoiceOccasion) -> (english: FurnishedMail, german: FurnishedMail) {
        switch occasion {
        case .sent: (sent, gesendet)
        case .credited: (credited, gutgeschrieben)
        case .reminder: (reminder, erinnerung)
        }
    }

    private static let sent = FurnishedMail(
        name: "Invoice", subject: "Invoice {{ invoice.number }} from {{ agency.name }}",
        body: """
            Hello {{ contact.name | first_name | default: "there" }},

            attached is our invoice **{{ invoice.number }}** over **{{ invoice.total | money }}**.

            {% if invoice.is_paid %}
            There is nothing to pay.
            {% else %}
            It is due on {{ invoice.due_on | date: "long" }}. You can look at it, and pay it, here:

            [{{ invoice.number }}]({{ invoice.url }})
            {% endif %}

            {% if invoice.bank_details %}
            Bank details, with the reference {{ invoice.number }}:

            {{ invoice.bank_details }}
            {% endif %}

            Thank you!

            {{ sender.name }}
            """)

    private static let gesendet = FurnishedMail(
        name: "Rechnung", subject: "Rechnung {{ invoice.number }} von {{ agency.name }}",
        body: """
            Guten Tag {{ contact.name | default: "" }},

            anbei unsere Rechnung **{{ invoice.number }}** über **{{ invoice.total | money }}**.

            {% if invoice.is_paid %}
            Es ist nichts zu zahlen.
            {% else %}
            Sie ist zahlbar bis zum {{ invoice.due_on | date: "long" }}. Ansehen und bezahlen können Sie sie hier:

            [{{ invoice.number }}]({{ invoice.url }})
            {% endif %}

            {% if invoice.bank_details %}
            Bankverbindung, mit dem Verwendungszweck {{ invoice.number }}:

            {{ invoice.bank_details }}
            {% endif %}

            Vielen Dank!

            {{ sender.name }}
            """)

    private static let credited = FurnishedMail(
        name: "Credit note", subject: "Credit note {{ invoice.number }} from {{ agency.name }}",
        body: """
            Hello {{ contact.name | first_name | default: "there" }},

            attached is our credit note **{{ invoice.number }}** over **{{ invoice.total | money }}**. It corrects our \
            invoice {{ invoice.credit_of }}.

            {{ sender.name }}
            """)

    private static let gutgeschrieben = FurnishedMail(
        name: "Rechnungskorrektur", subject: "Rechnungskorrektur {{ invoice.number }} von {{ agency.name }}",
        body: """
            Guten Tag {{ contact.name | default: "" }},

            anbei unsere Rechnungskorrektur **{{ invoice.number }}** über **{{ invoice.total | money }}**. Sie berichtigt \
            unsere Rechnung {{ invoice.credit_of }}.

            {{ sender.name }}
            """)

    private static let reminder = FurnishedMail(
        name: "Reminder of an invoice", subject: "Reminder: invoice {{ invoice.number }} is overdue",
        body: """
            Hello {{ contact.name | first_name | default: "there" }},

            our invoice **{{ invoice.number }}** was due on {{ invoice.due_on | date: "long" }}, and \
            **{{ invoice.due | money }}** of it is still open. You can look at it, and pay it, here:

            [{{ invoice.number }}]({{ invoice.url }})

            If your payment is on its way already, thank you, and please forget this mail.

            {{ sender.name }}
            """)

    private static let erinnerung = FurnishedMail(
        name: "Zahlungserinnerung", subject: "Zahlungserinnerung: Rechnung {{ invoice.number }}",
        body: """
            Guten Tag {{ contact.name | default: "" }},

            unsere Rechnung **{{ invoice.number }}** war zahlbar bis zum {{ invoice.due_on | date: "long" }}; \
            **{{ invoice.due | money }}** sind noch offen. Ansehen und bezahlen können Sie sie hier:

            [{{ invoice.number }}]({{ invoice.url }})

            Falls Ihre Zahlung schon unterwegs ist, danken wir Ihnen; dann ist diese Mail gegenstandslos.

            {{ sender.name }}
            """)
}
