internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Makes and sends what a subscription has due, a month each, and knows when to look again. One transaction makes an
/// invoice and moves the subscription on, so that no month is invoiced twice and none is left out.
struct SubscriptionJob: JobKind {
    struct Payload: Codable, Sendable { let subscription: ID<Subscription> }

    static let kind = "subscription.invoice"
    /// When invoices leave, by the agency's clocks.
    static let hour = 6
    /// After a long standstill: as many at once.
    private static let monthsAtOnce = 24
    private let services: DealsServices

    init(_ services: DealsServices) { self.services = services }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let services = services
        try await job.complete { tx in
            guard
                let old = try Subscription.resource.find(payload.subscription, in: tx)
            else { return }
            let tenant = try tx.agency.tenant(), today = tx.billing.today(tenant)
            var new = old, made = 0
            while new.isDue(on: today), made < Self.monthsAtOnce {
                try services.invoice(&new, in: tx)
                made += 1
            }
            new.finish(on: today)
            if try tx.update(old, to: &new, by: .system), new.isOver {
                try tx.publish(
                    "subscription.\(new.status.rawValue)", new.subject, ["client_id": JSON(new.clientID)])
            }
            try tx.subscriptions.setMonthlyFee(of: new.clientID)
            if let next = new.nextLook {
                try tx.subscriptions.lookAfter(new, at: tenant.instant(next, hour: Self.hour))
            }
        }
    }
}

extension Subscription {
    fileprivate func isDue(on today: CivilDate) -> Bool {
        guard status == .active, let next = nextInvoiceOn, next <= today else { return false }
        return cancelAt.map { next < $0 } ?? true
    }

    /// Ends it where its time is over.
    fileprivate mutating func finish(on today: CivilDate) {
        if isOver { return }
        if let cancelAt, cancelAt <= today {
            (status, nextInvoiceOn) = (.cancelled, nil)
        } else if status == .active, nextInvoiceOn == nil, begin(of: month) <= today {
            status = .ended
        }
    }

    fileprivate var nextLook: CivilDate? {
        if isOver { return nil }
        let next = status == .paused ? nil : nextInvoiceOn ?? begin(of: month)
        return .earlier(next, cancelAt)
    }

}

extension DealsServices {
    fileprivate func invoice(_ subscription: inout Subscription, in tx: Transaction) throws {
        let begin = subscription.begin(of: subscription.month)
        let isThere = try tx.exists(
            """
            SELECT 1 FROM invoices
            WHERE tenant_id = \(tx.tenant) AND subscription_id = \(subscription.id) AND period = \(begin.iso)
            """)
        if !isThere, let client = try dependencies.client(tx, subscription.clientID) {
            var draft = Invoice.new(id: tx.nextID(), now: tx.now)
            (draft.clientID, draft.subscriptionID, draft.period) = (
                subscription.clientID, subscription.id, begin
            )
            let end = subscription.begin(of: subscription.month + 1).adding(days: -1)
            let spoken = try language(of: client, in: tx) ?? tx.agency.tenant().locale
            let locale = TextLocale(spoken)
            draft.locale = spoken
            draft.items = Parts([
                LineItem(
                    "\(subscription.description) (\(locale.shown(begin)) – \(locale.shown(end)))",
                    unitPrice: subscription.price)
            ])
            try tx.create(&draft, by: .system)
            try send(draft, by: .system, in: tx)
        }
        subscription.invoiced += 1
        subscription.month += 1
        subscription.plan()
    }
}

/// Subscriptions of clients: `tx.subscriptions`.
struct SubscriptionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var subscriptions: SubscriptionStore<Self> { SubscriptionStore(tx: self) }
}

extension SubscriptionStore where Base == Transaction {
    /// Has what a subscription has due made and sent, now or later.
    func lookAfter(_ subscription: Subscription, at instant: Instant) throws {
        let moment = max(instant, tx.now)
        try tx.jobs.enqueue(
            SubscriptionJob.self, .init(subscription: subscription.id),
            JobOptions(
                runAt: moment, uniqueKey: "\(subscription.id)/\(moment.microseconds)",
                subject: subscription.subject))
    }

    /// Sets a client's monthly fee to the sum of its active subscriptions.
    func setMonthlyFee(of client: ClientID) throws {
        let sum = try tx.int(
            """
            SELECT CAST(coalesce(sum(price_amount), 0) AS BIGINT) FROM subscriptions
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND status = 'active'
            """)
        let currency = try tx.agency.tenant().currency
        try tx.runtime.answers(to: DealsDependencies.self)?.setMonthlyFee(
            tx, client, Money(amount: min(sum ?? 0, Money.amountMax), currency: currency))
    }

    /// Looks after the subscriptions of a copy, whose jobs were left behind.
    func lookAfter(copied ids: [String]) throws {
        for id in ids.compactMap({ ID<Subscription>($0) }) {
            if let subscription = try Subscription.resource.find(id, in: tx), !subscription.isOver {
                try lookAfter(subscription, at: tx.now)
            }
        }
    }

    /// Begins what a signed contract has a client pay every month; once, however often it is asked for. The first
    /// invoice leaves at once, or when it starts.
    func start(
        client: ClientID, contract: ContractID, package: PackageID?, description: String, price: Money,
        startsOn: CivilDate?, months: Int?
    ) throws {
        if try Subscription.resource.first(where: "contract_id = \(contract)", in: tx) != nil { return }
        var subscription = Subscription.new(id: tx.nextID(), now: tx.now)
        (subscription.clientID, subscription.contractID, subscription.packageID) = (client, contract, package)
        (subscription.description, subscription.price) = (description, price)
        (subscription.startsOn, subscription.months) = (startsOn, months)
        try tx.create(&subscription, by: .system)
        try lookAfter(subscription, at: tx.now)
    }
}
