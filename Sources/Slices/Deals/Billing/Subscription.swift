internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// A client's monthly payment: one row of `subscriptions`.
package struct Subscription: ManagedRecord {
    package enum Status: String, Choice { case active, paused, cancelled, ended }

    package var head = Head<Subscription>()
    package var clientID = ClientID.unset
    package var contractID: ContractID?
    package var packageID: PackageID?
    package var description = ""
    package var price = Money.none
    package var startsOn: CivilDate?
    package var billingDay: Int?
    package var months: Int?
    package var status = Status.active
    package var nextInvoiceOn: CivilDate?
    package var cancelAt: CivilDate?
    package var invoiced = 0
    /// The number of the month that is invoiced next, counted from its start.
    package var month = 0

    package init() {}

    package static let idPrefix = "sub", noun = "subscription"
    package static let resource = Resource<Subscription>(
        "subscriptions", named: "Subscription",
        [
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .id("contract_id", \.contractID, .writeOnce, .filterable),
            .id("package_id", \.packageID, .filterable),
            .text(
                "description", \.description, max: 400, .required, .about("The description on its invoices."),
                .example("Growth, a month")),
            .money(
                "price", \.price, .required,
                .about("The monthly price before tax; a change applies from the next invoice.")),
            .date("starts_on", \.startsOn, .writeOnce, .about("The day; today by default.")),
            .integer(
                "billing_day", \.billingDay, in: 1...31, .writeOnce,
                .about(
                    "The day of the month on which it is billed, or the last of a shorter month; that of the start by default."
                )),
            .integer(
                "months", \.months, in: 1...600,
                .about(
                    "How many months are invoiced; null: until the subscription is cancelled.")
            ),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the subscription is active, paused, cancelled or ended.")),
            .date("next_invoice_on", \.nextInvoiceOn, .readOnly, .filterable, .sortable),
            .date(
                "cancel_at", \.cancelAt, .readOnly, .filterable,
                .about("The day from which no further month is invoiced.")),
            .integer(
                "invoiced", \.invoiced, in: 0...100_000, .readOnly,
                .about("How many months have been invoiced.")),
            .integer("month", \.month, in: 0...100_000, .secret),
        ])

    package mutating func prepare(replacing old: Subscription?, by actor: Actor, in tx: Transaction) throws {
        let tenant = try tx.agency.tenant()
        if price.currency != tenant.currency {
            throw Problem(faults: [
                Fault(
                    "/price/currency", "invalid_currency",
                    "The currency must be \(tenant.currency), the agency's currency.")
            ])
        }
        if let old {
            if old.months != months { plan() }
            return
        }
        let today = tx.billing.today(tenant), start = startsOn ?? today
        (startsOn, billingDay) = (start, billingDay ?? start.day)
        // One that has begun already, elsewhere, is invoiced for the month that runs, not for those before.
        while begin(of: month + 1) <= today { month += 1 }
        plan()
    }

    /// Says when it is invoiced next.
    mutating func plan() {
        let isDone = months.map { invoiced >= $0 } ?? false
        nextInvoiceOn = status == .active && !isDone ? begin(of: month) : nil
    }

    package func saved(replacing old: Subscription?, by actor: Actor, in tx: Transaction) throws {
        // The subscription's own job has seen to the changes that it makes.
        guard actor != .system else { return }
        try tx.subscriptions.lookAfter(self, at: tx.now)
        try tx.subscriptions.setMonthlyFee(of: clientID)
    }

    /// Where a month of it begins: on the day of its start, then on its billing day, or the month's last.
    func begin(of month: Int) -> CivilDate {
        let start = startsOn ?? CivilDate(daysSinceEpoch: 0)
        guard month > 0 else { return start }
        let months = start.year * 12 + start.month - 1 + month
        let (year, number) = (months / 12, months % 12 + 1)
        let last = CivilDate.daysInMonth(number, year: year)
        return CivilDate(year: year, month: number, day: min(billingDay ?? start.day, last))
    }

    /// It goes on until then at least; `nil`: there is no more to come.
    var isOver: Bool { status == .cancelled || status == .ended }
}

extension CivilDate {
    static func earlier(_ a: CivilDate?, _ b: CivilDate?) -> CivilDate? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }
}
