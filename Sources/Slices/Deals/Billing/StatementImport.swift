internal import Agents
internal import Cryptography
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// The import of a bank's statement, with the result of its lines. Taken in again, a line is known: nothing counts
/// twice.
struct StatementImport {
    static let bytesMax = 4 << 20

    private let tenant: Tenant
    private let currency: Currency
    private var matched: [JSON] = [], unmatched: [JSON] = []
    private var known = 0, outgoing = 0
    /// The number of times that a line has been seen: two alike are two movements.
    private var seen: [String: Int] = [:]

    init(_ tenant: Tenant) {
        self.tenant = tenant
        currency = Currency(tenant.currency) ?? .dollar
    }

    mutating func take(_ line: BankStatement.Line, by actor: Actor, in tx: Transaction) throws {
        guard let amount = AmountText.parse(line.amount, assuming: currency) else {
            return leave(line, "invalid_amount", "The amount cannot be read.")
        }
        guard amount.currency == currency else {
            return leave(line, "invalid_currency", "The agency's currency is \(currency.code).")
        }
        guard amount.amount > 0 else {
            outgoing += 1
            return
        }
        guard let day = line.day(monthFirst: tenant.country == "US") else {
            return leave(line, "invalid_date", "The date cannot be read.")
        }
        let key = key(of: line, amount.amount, day)
        if try tx.exists(
            "SELECT 1 FROM payments WHERE tenant_id = \(tx.tenant) AND import_key = \(key + "/0")")
        {
            known += 1
            return
        }
        let invoices = try tx.billing.invoices(numbered: line.candidates)
        guard !invoices.isEmpty else {
            let likely = try tx.billing.invoices(due: amount.amount)
            return leave(
                line, "unknown_number", "The line's reference has no open invoice's number.",
                likely.count == 1 ? likely.first : nil)
        }
        let due = invoices.reduce(0) { $0 + $1.due.amount }
        if invoices.count == 1, amount.amount > due {
            return leave(line, "overpaid", "Only \(due) \(currency.code) are due.", invoices[0])
        }
        if invoices.count > 1, amount.amount != due {
            return leave(
                line, "ambiguous", "The line names several invoices, and its amount is not their sum.")
        }
        for (index, invoice) in invoices.enumerated() {
            let part = invoices.count == 1 ? amount.amount : invoice.due.amount
            try pay(invoice, part, line, day, "\(key)/\(index)", by: actor, in: tx)
        }
    }

    private mutating func pay(
        _ invoice: Invoice, _ amount: Int64, _ line: BankStatement.Line, _ day: CivilDate, _ key: String,
        by actor: Actor, in tx: Transaction
    ) throws {
        var payment = Payment.new(id: tx.nextID(), now: tx.now)
        (payment.invoiceID, payment.receivedOn, payment.importKey) = (invoice.id, day, key)
        payment.amount = Money(amount: amount, currency: currency.code)
        payment.reference = String(line.reference.prefix(500))
        payment.payer = line.payer.isEmpty ? nil : String(line.payer.prefix(300))
        try tx.create(&payment, by: actor)
        matched.append([
            "line": JSON(line.number), "payment_id": JSON(payment.id),
            "invoice_id": JSON(invoice.id), "number": JSON(invoice.number),
            "amount": payment.amount.json,
        ])
    }

    private mutating func leave(
        _ line: BankStatement.Line, _ code: String, _ detail: String, _ likely: Invoice? = nil
    ) {
        unmatched.append([
            "line": JSON(line.number), "code": .string(code), "detail": .string(detail),
            "date": .string(line.date), "amount": .string(line.amount), "reference": .string(line.reference),
            "payer": .string(line.payer), "likely_invoice_id": JSON(likely?.id),
        ])
    }

    private mutating func key(of line: BankStatement.Line, _ amount: Int64, _ day: CivilDate) -> String {
        let text = "\(day.iso)\n\(amount)\n\(line.reference)\n\(line.payer)"
        let count = seen[text, default: 0]
        seen[text] = count + 1
        return String(Hex.encode(SHA256.hash("\(text)\n\(count)")).prefix(48))
    }

    var json: JSON {
        [
            "matched": .array(matched), "unmatched": .array(unmatched), "known": JSON(known),
            "outgoing": JSON(outgoing),
        ]
    }

    static let schema: JSON = {
        let (text, line): (JSON, JSON) = (["type": "string"], ["type": "integer"])
        let matched = JSON.schema(
            [
                "line": line, "payment_id": text, "invoice_id": text, "number": text,
                "amount": ["type": "object"],
            ], required: ["line", "payment_id", "invoice_id", "amount"])
        let unmatched = JSON.schema(
            [
                "line": line, "code": text, "detail": text, "date": text, "amount": text, "reference": text,
                "payer": text, "likely_invoice_id": ["type": ["string", "null"]],
            ], required: ["line", "code", "detail"])
        return .schema(
            [
                "matched": ["type": "array", "items": matched],
                "unmatched": ["type": "array", "items": unmatched], "known": line, "outgoing": line,
            ], required: ["matched", "unmatched", "known", "outgoing"])
    }()
}

extension BillingStore where Base == Transaction {
    fileprivate func invoices(numbered keys: [String]) throws -> [Invoice] {
        guard !keys.isEmpty else { return [] }
        return try Invoice.resource.all(
            where: "number_key IN \(list: keys) AND kind = 'invoice' AND status IN ('open', 'overdue')",
            suffix: "ORDER BY sequence LIMIT 20", in: tx)
    }

    fileprivate func invoices(due amount: Int64) throws -> [Invoice] {
        try Invoice.resource.all(
            where: "status IN ('open', 'overdue') AND due_amount = \(amount)", suffix: "ORDER BY id LIMIT 2",
            in: tx)
    }
}
