internal import Database
internal import Jobs
internal import Records
internal import Routing

/// Invoices, what is paid for them, and what is paid every month.
func billingRoutes(_ routes: inout Routes, _ services: DealsServices) {
    invoiceRoutes(&routes, services)
    paymentRoutes(&routes, services)
    subscriptionRoutes(&routes, services)
}

func billingJobs(_ registration: inout JobRegistration, _ services: DealsServices) {
    registration.add(InvoiceMailJob(services))
    registration.add(InvoiceWatchJob())
    registration.add(SubscriptionJob(services))
    registration.add(RefundJob(services))
    registration.add(CheckoutCloseJob(services))
    paymentTools(&registration)
}

let billingSandboxTables: [SandboxTable] = [
    // Its links open the live tenant's.
    .copied("invoices", changing: ["public_url": .null]) { tx, ids in try tx.billing.watchInvoices(ids) },
    .copied("invoice_sequences"),
    .copied(ServiceCredit.resource),
    .copied(Payment.resource, changing: ["refunding_amount": .integer(0)]),
    .left("refunds", because: "money that is given back is the live tenant's"),
    .left("checkouts", because: "who pays there pays the live tenant"),
    .copied("subscriptions") { tx, ids in try tx.subscriptions.lookAfter(copied: ids) },
]
