internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Hears what becomes of referred leads and clients, in the transaction of what happens: their referral follows, their
/// first paid invoice brings the reward, and their first success a second thanks.
struct ReferralWatch: EventConsumer {
    let dependencies: ReferralDependencies

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event(), tx = tx.unlimited
        switch event.type {
        case "lead.updated":
            guard event.data.containsBytes("\"status\""), let lead = event.subject.id(of: Nouns.Lead.self)
            else {
                return
            }
            try followLead(lead, in: tx)
        case "client.created":
            let client = try event.subject.id(of: Nouns.Client.self).flatMap {
                try Client.resource.find($0, in: tx)
            }
            guard let lead = client?.leadID,
                let referral = try tx.referrals.of(lead: lead, dependencies)
            else { return }
            try tx.referrals.follow(referral, to: .won)
        case "invoice.paid":
            guard let client = try client(in: event, tx), client.leadID != nil else { return }
            guard let invoice = event.subject.id(of: Nouns.Invoice.self) else { return }
            try tx.referrals.paid(invoice: invoice, by: client, dependencies)
        case "payment.refunded":
            guard let invoice = JSON(stored: event.data)["invoice_id"]?.id(of: Nouns.Invoice.self) else {
                return
            }
            try tx.referrals.refunded(invoice: invoice, dependencies)
        case "goal.reached", "project.completed":
            guard let client = try client(in: event, tx), client.leadID != nil else { return }
            try succeeded(client, in: tx)
        default: break
        }
    }

    private func client(in event: Event, _ tx: Transaction) throws -> Client? {
        try JSON(stored: event.data)["client_id"]?.id(of: Nouns.Client.self)
            .flatMap { try Client.resource.find($0, in: tx) }
    }

    private func followLead(_ id: LeadID, in tx: Transaction) throws {
        guard let referral = try tx.referrals.of(lead: id, dependencies),
            let lead = try dependencies.lead(tx, id)
        else { return }
        try tx.referrals.follow(referral, to: lead.status)
    }

    private func succeeded(_ client: Client, in tx: Transaction) throws {
        guard let old = try client.leadID.flatMap({ try tx.referrals.of(lead: $0, dependencies) }),
            old.status == .won, old.succeededAt == nil
        else { return }
        var referral = old
        referral.succeededAt = tx.now
        try tx.update(old, to: &referral, by: .system, action: "referral.succeeded")
        try tx.jobs.enqueue(
            ReferralThanksJob.self, .init(referral: referral.id, occasion: .succeeded),
            JobOptions(subject: referral.subject))
    }
}
