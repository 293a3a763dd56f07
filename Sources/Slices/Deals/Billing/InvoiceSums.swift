internal import Records
internal import Telemetry

/// The sums of an invoice, in minor units.
struct InvoiceSums: Hashable {
    let subtotal: Int64, tax: Int64, total: Int64

    /// `rate` is in hundredths of a percent. The tax is that of the whole, rounded half up. `nil` where an item, or
    /// all of it, is more than can be counted.
    init?(items: [Int64?], credits: [Int64] = [], rate: Int) {
        var sum: Int64 = 0
        for item in items {
            guard let item, let more = Self.sum(sum, item) else { return nil }
            sum = more
        }
        for credit in credits { sum = max(0, sum - credit) }
        let tax = Self.tax(of: sum, rate: rate)
        guard let total = Self.sum(sum, tax) else { return nil }
        (subtotal, self.tax, self.total) = (sum, tax, total)
    }

    static func tax(of amount: Int64, rate: Int) -> Int64 {
        Int64((Int128(amount) * Int128(rate) + 5000) / 10_000)
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64? {
        let (sum, overflows) = a.addingReportingOverflow(b)
        return overflows || sum > Money.amountMax ? nil : sum
    }
}

extension Invoice {
    /// Computes what is due, and what the client gets back, from what was billed, credited and paid.
    mutating func settle() {
        let rest = total.amount - credited.amount - paid.amount
        due.amount = max(0, rest)
        owed.amount = max(0, -rest)
    }

    /// Returns the status that a sent invoice, which is not void, has on a day.
    func standing(on today: CivilDate) -> Status {
        if due.amount == 0 { return .paid }
        return dueOn.map { $0 < today } ?? false ? .overdue : .open
    }

    var isOpen: Bool { status == .open || status == .overdue }
}
