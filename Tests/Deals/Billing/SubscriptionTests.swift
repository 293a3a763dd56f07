import Records
import Telemetry
import Testing

@testable import Deals

@Suite struct SubscriptionTests {
    private func days(_ start: String, billing: Int? = nil, _ months: ClosedRange<Int>) throws -> [String] {
        var subscription = Subscription()
        (subscription.startsOn, subscription.billingDay) = (CivilDate(iso: start), billing)
        #expect(subscription.startsOn != nil)
        return months.map { subscription.begin(of: $0).iso }
    }

    @Test func `what begins on the 31st falls on the last of shorter months, and comes back`() throws {
        #expect(
            try days("2027-01-31", 0...5) == [
                "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30",
            ])
    }

    @Test func `a leap year's February has its day`() throws {
        #expect(try days("2027-12-31", 1...3) == ["2028-01-31", "2028-02-29", "2028-03-31"])
        #expect(try days("2028-02-29", 11...13) == ["2029-01-29", "2029-02-28", "2029-03-29"])
        #expect(try days("2028-02-29", 48...48) == ["2032-02-29"])
        #expect(try days("2100-01-30", 1...1) == ["2100-02-28"], "2100 is no leap year")
    }

    @Test func `another billing day counts from the second month`() throws {
        #expect(try days("2027-01-20", billing: 1, 0...2) == ["2027-01-20", "2027-02-01", "2027-03-01"])
        #expect(try days("2027-01-10", billing: 31, 0...2) == ["2027-01-10", "2027-02-28", "2027-03-31"])
    }

    @Test(arguments: ["2027-01-29", "2027-01-30", "2027-01-31", "2028-02-29", "2027-12-31"])
    func `every month has one beginning, in order, over fifty years`(start: String) throws {
        let found = try days(start, 0...600)
        #expect(found == found.sorted() && Set(found.map { $0.prefix(7) }).count == 601)
    }

    @Test func `as many months as were agreed are invoiced`() throws {
        var subscription = Subscription()
        (subscription.startsOn, subscription.months) = (CivilDate(iso: "2027-01-31"), 2)
        (subscription.month, subscription.invoiced) = (1, 1)
        subscription.plan()
        #expect(subscription.nextInvoiceOn == CivilDate(iso: "2027-02-28"))
        subscription.invoiced = 2
        subscription.plan()
        #expect(subscription.nextInvoiceOn == nil)
        (subscription.months, subscription.status) = (nil, .paused)
        subscription.plan()
        #expect(subscription.nextInvoiceOn == nil)
    }
}
