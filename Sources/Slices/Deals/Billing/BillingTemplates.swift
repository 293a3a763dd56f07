internal import Database
internal import Messages
internal import Nouns
internal import Records

extension BillingStore where Base == Transaction {
    /// The agency's own template for an occasion; it gets the seeded one where it has none.
    func template(_ occasion: InvoiceOccasion) throws -> ID<MessageTemplate> {
        let kind = occasion.rawValue
        let own = try MessageTemplate.resource.first(
            where: "kind = \(kind) AND channel = 'email' AND variant_of IS NULL",
            suffix: "ORDER BY row LIMIT 1",
            in: tx)
        return try own?.id ?? seed(occasion)
    }

    /// The mails that go with invoices.
    func seedBilling() throws {
        for occasion in [InvoiceOccasion.sent, .credited, .reminder] { _ = try template(occasion) }
    }

    private func seed(_ occasion: InvoiceOccasion) throws -> ID<MessageTemplate> {
        let name =
            switch occasion {
            case .sent: "Invoice"
            case .credited: "Credit note"
            case .reminder: "Reminder of an invoice"
            }
        return try tx.templates.seed(SeedTemplate(name, kind: occasion.rawValue))
    }
}
