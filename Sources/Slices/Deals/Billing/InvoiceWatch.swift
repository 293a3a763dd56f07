internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Looks after an open invoice: at the end of the day on which it is due it becomes overdue, and some days after that
/// its client is reminded, until it is paid.
struct InvoiceWatchJob: JobKind {
    struct Payload: Codable, Sendable { let invoice: InvoiceID }

    static let kind = "invoice.watch"
    /// When reminders leave, by the agency's clocks.
    static let reminderHour = 9

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard
                let old = try Invoice.resource.find(payload.invoice, in: tx),
                old.kind == .invoice, old.isOpen
            else { return }
            let tenant = try tx.agency.tenant(), today = tx.billing.today(tenant)
            var invoice = old
            invoice.status = old.standing(on: today)
            let reminder = invoice.status == .overdue ? invoice.reminder(on: today, tenant, at: tx.now) : nil
            if let reminder { (invoice.reminders, invoice.remindedAt) = (reminder, tx.now) }
            try tx.update(old, to: &invoice, by: .system)
            if invoice.status == .overdue, old.status != .overdue {
                try tx.publish("invoice.overdue", invoice.subject, invoice.payload)
            }
            if let reminder {
                try tx.jobs.enqueue(
                    InvoiceMailJob.self,
                    .init(invoice: invoice.id, occasion: .reminder, number: reminder))
            }
            try tx.billing.watch(invoice, of: tenant)
        }
    }
}

extension Invoice {
    /// The number of the reminder that is due now, after those that were sent; those that were missed meanwhile are
    /// not made up for.
    fileprivate func reminder(on today: CivilDate, _ tenant: Tenant, at now: Instant) -> Int? {
        guard let dueOn else { return nil }
        let days = (tenant.billing ?? Billing()).reminders
        let passed = days.count {
            tenant.instant(dueOn.adding(days: $0), hour: InvoiceWatchJob.reminderHour) <= now
        }
        return passed > reminders ? passed : nil
    }

    /// When something has to be done about it next, of its own accord.
    fileprivate func nextLook(_ tenant: Tenant) -> Instant? {
        guard let dueOn else { return nil }
        if status == .open { return tenant.instant(dueOn.adding(days: 1)) }
        let days = (tenant.billing ?? Billing()).reminders
        guard reminders < days.count else { return nil }
        return tenant.instant(dueOn.adding(days: days[reminders]), hour: InvoiceWatchJob.reminderHour)
    }
}

extension BillingStore where Base == Transaction {
    /// Has an open invoice looked at when it is time to.
    func watch(_ invoice: Invoice, of tenant: Tenant) throws {
        guard invoice.isOpen, let next = invoice.nextLook(tenant) else { return }
        try tx.jobs.enqueue(
            InvoiceWatchJob.self, .init(invoice: invoice.id),
            JobOptions(
                runAt: next, uniqueKey: "\(invoice.id)/\(next.microseconds)", subject: invoice.subject))
    }

    /// Looks after the invoices of a copy, whose jobs were left behind. The copy has no settings yet: it is for the
    /// jobs to ask them.
    func watchInvoices(_ ids: [String]) throws {
        for id in ids.compactMap({ InvoiceID($0) }) {
            guard let invoice = try Invoice.resource.find(id, in: tx), invoice.isOpen else { continue }
            try tx.jobs.enqueue(
                InvoiceWatchJob.self, .init(invoice: id),
                JobOptions(uniqueKey: id, subject: invoice.subject))
        }
    }
}
