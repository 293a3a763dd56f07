internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import People
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// Referrals, what becomes of them, and their rewards: `tx.referrals`.
package struct ReferralStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var referrals: ReferralStore<Self> { ReferralStore(tx: self) }
}

extension ReferralStore {
    func settings() throws -> ReferralSettings {
        let values = try tx.agentConfigurations.publishedValues(of: ClientManagementAgent.agentName)
        return values?["referrals"].flatMap(ReferralSettings.init(json:)) ?? ReferralSettings()
    }

    /// Returns the referral that has brought a lead, or one that was merged into it.
    func of(lead: LeadID, _ dependencies: ReferralDependencies) throws -> Referral? {
        // Leads change often, and most agencies have no referrals.
        guard try tx.exists("SELECT 1 FROM referrals WHERE tenant_id = \(tx.tenant)") else { return nil }
        let leads = try dependencies.merged(tx, lead)
        return try Referral.resource.first(
            where: "lead_id IN \(list: leads)", suffix: "ORDER BY row LIMIT 1", in: tx)
    }

    /// Returns those of some people of whom the agency knows nothing but what somebody else has typed: such a person is
    /// not advertised to until they have written themselves or have consented.
    package func onlyReferred(_ contacts: [Contact]) throws -> Set<ContactID> {
        let keys = contacts.compactMap { contact in
            contact.email.flatMap { EmailAddress($0)?.key }.map { (contact: contact.id, key: $0) }
        }
        guard !keys.isEmpty else { return [] }
        let referred = Set(
            try tx.all(
                """
                SELECT referred_key FROM referrals
                WHERE tenant_id = \(tx.tenant) AND status <> 'won'
                    AND referred_key IN \(list: Set(keys.map(\.key)).sorted())
                """
            ) { $0.text(0) })
        guard !referred.isEmpty else { return [] }
        let people = Set(keys.filter { referred.contains($0.key) }.map(\.contact))
        let wrote = try tx.all(
            """
            SELECT DISTINCT contact_id FROM conversations
            WHERE tenant_id = \(tx.tenant) AND contact_id IN \(list: people) AND last_inbound_at IS NOT NULL
            """
        ) { ContactID($0, 0) }
        return people.subtracting(wrote)
    }

    /// Returns the number of rewards that a client was granted within the last year.
    fileprivate func granted(to client: ClientID) throws -> Int {
        let since = tx.now - .seconds(365 * 86_400)
        return Int(
            try tx.int(
                """
                SELECT count(*) FROM referrals
                WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND rewarded_at > \(since)
                """) ?? 0)
    }
}

extension ReferralStore where Base == Transaction {
    /// Takes a referral where its lead is; a referral that is won stays so.
    func follow(_ old: Referral, to status: Referral.Status) throws {
        guard old.status != status, old.status != .won else { return }
        var referral = old
        referral.status = status
        try tx.update(old, to: &referral, by: .system, action: "referral.\(status.rawValue)")
        guard status != .registered else { return }
        try tx.publish("referral.\(status.rawValue)", referral.subject, referral.payload)
    }

    /// Rewards the referrer for the referred client's first paid invoice; later ones change nothing.
    func paid(invoice: InvoiceID, by client: Client, _ dependencies: ReferralDependencies) throws {
        guard let old = try client.leadID.flatMap({ try of(lead: $0, dependencies) }),
            old.firstInvoice == nil
        else { return }
        var referral = old
        (referral.firstInvoice, referral.status) = (invoice, .won)
        let isGranted = try reward(&referral, dependencies)
        try tx.update(old, to: &referral, by: .system, action: "referral.paid")
        if isGranted { try tx.publish("referral.rewarded", referral.subject, referral.payload) }
    }

    private func reward(_ referral: inout Referral, _ dependencies: ReferralDependencies) throws -> Bool {
        guard referral.reward.status == .pending, let amount = referral.reward.amount,
            let client = referral.clientID
        else { return false }
        let tenant = try tx.agency.tenant(), settings = try settings()
        // A reward in another currency is left for a person to settle.
        guard amount.currency == tenant.currency else { return false }
        guard try granted(to: client) < settings.maxPerYear else {
            referral.reward.status = .none
            return false
        }
        let words = try tx.wordings.find(tenant.locale)
        // Invoices are kept by law, and so name no person.
        let company = referral.referred?.company
        referral.reward.creditID = try dependencies.grant(
            tx,
            CreditGrant(
                to: client, amount,
                because: words(
                    "referral.credit",
                    ["is_named": .text(company == nil ? "no" : "yes"), "name": .text(company ?? "")]),
                until: settings.end(from: tenant.today(tx.now))))
        (referral.reward.status, referral.rewardedAt) = (.granted, tx.now)
        return true
    }

    /// Takes back what is left of a reward when the payment that it was granted for is refunded.
    func refunded(invoice: InvoiceID, _ dependencies: ReferralDependencies) throws {
        guard
            let old = try Referral.resource.first(
                where: "first_invoice = \(invoice)", suffix: "ORDER BY row LIMIT 1", in: tx),
            old.reward.status == .granted, let credit = old.reward.creditID,
            try dependencies.isRefunded(tx, invoice)
        else { return }
        var referral = old
        referral.reward.status = .revoked
        try dependencies.revoke(tx, credit)
        try tx.update(old, to: &referral, by: .system, action: "referral.revoked")
        try tx.publish("referral.revoked", referral.subject, referral.payload)
    }
}
