import Records
import Telemetry
import Testing

@testable import Deals

@Suite struct InvoiceSumsTests {
    private func sums(_ items: [Int64?], _ credits: [Int64] = [], rate: Int = 1900) -> [Int64]? {
        InvoiceSums(items: items, credits: credits, rate: rate).map { [$0.subtotal, $0.tax, $0.total] }
    }

    @Test func `the tax is that of the whole, not of its parts`() {
        // A cent's tax of each of the ten would be nothing; of the sum it is a cent.
        #expect(sums(Array(repeating: 1, count: 10), rate: 700) == [10, 1, 11])
        #expect(sums([100_000, 50_000]) == [150_000, 28_500, 178_500])
        #expect(sums([100_000], rate: 0) == [100_000, 0, 100_000] && sums([]) == [0, 0, 0])
    }

    @Test(arguments: [(50, 1), (49, 0), (150, 2), (149, 1)] as [(Int64, Int64)])
    func `half a cent of tax is a cent`(amount: Int64, tax: Int64) {
        #expect(InvoiceSums.tax(of: amount, rate: 100) == tax)
    }

    @Test func `credits go off before tax, and never below nothing`() {
        #expect(sums([10_000], [2_500]) == [7_500, 1_425, 8_925])
        #expect(sums([10_000], [4_000, 9_000]) == [0, 0, 0])
    }

    @Test func `what cannot be counted is no sum`() {
        #expect(sums([nil]) == nil && sums([1, nil, 1]) == nil)
        #expect(sums([Money.amountMax], rate: 0) == [Money.amountMax, 0, Money.amountMax])
        #expect(sums([Money.amountMax], rate: 1) == nil && sums([Money.amountMax, 1], rate: 0) == nil)
    }

    @Test func `what is paid too much is owed, and what is not due is paid`() {
        var invoice = Invoice()
        invoice.dueOn = CivilDate(year: 2027, month: 1, day: 10)
        func settled(_ total: Int64, paid: Int64, credited: Int64 = 0) -> [Int64] {
            (invoice.total.amount, invoice.paid.amount, invoice.credited.amount) = (total, paid, credited)
            invoice.settle()
            return [invoice.due.amount, invoice.owed.amount]
        }
        #expect(settled(1000, paid: 400) == [600, 0])
        #expect(invoice.standing(on: CivilDate(year: 2027, month: 1, day: 10)) == .open)
        #expect(invoice.standing(on: CivilDate(year: 2027, month: 1, day: 11)) == .overdue)
        #expect(settled(1000, paid: 900, credited: 300) == [0, 200])
        #expect(invoice.standing(on: CivilDate(year: 2028, month: 1, day: 1)) == .paid)
    }
}

@Suite struct LineItemTests {
    @Test func `an item comes to its quantity, or cannot be counted`() {
        let dollar = Money(amount: 100, currency: "USD")
        #expect(LineItem("Audit", quantity: 3, unitPrice: dollar).amount == 300)
        let much = Money(amount: Money.amountMax, currency: "USD")
        #expect(LineItem("Audit", quantity: 1, unitPrice: much).amount == Money.amountMax)
        #expect(LineItem("Audit", quantity: 2, unitPrice: much).amount == nil)
        #expect(LineItem("Audit", quantity: 1_000_000, unitPrice: much).amount == nil)
    }
}
