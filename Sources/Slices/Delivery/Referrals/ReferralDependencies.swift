package import Agents
package import Database
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// The questions that referrals ask the slices beside delivery.
package struct ReferralDependencies: Asking {
    /// Whether somebody with the address is a lead.
    @ModuleNeed("whether an address is a lead's", for: "referrals")
    package var isLead: @Sendable (any Queryable, _ email: String) throws -> Bool
    /// Makes the lead that a referral brings.
    @ModuleNeed("making a lead of a referral", for: "referrals")
    package var makeLead: @Sendable (Transaction, ReferredPerson) throws -> LeadID
    /// Returns the standing of a lead, or of the one that it was merged into, and the domain of its company; `nil`:
    /// there is none.
    @ModuleNeed("how far a referred lead is", for: "what becomes of referrals")
    package var lead: @Sendable (any Queryable, LeadID) throws -> ReferredLead?
    /// Returns a lead, and those that turned out to be the same and were merged into it.
    @ModuleNeed("which leads turned out to be one", for: "referrals whose lead was merged into another")
    package var merged: @Sendable (any Queryable, LeadID) throws -> [LeadID]
    /// Grants a client a credit.
    @ModuleNeed("granting a credit", for: "rewards of referrals")
    package var grant: @Sendable (Transaction, CreditGrant) throws -> ID<GrantedCredit>
    /// Takes back what is left of a credit.
    @ModuleNeed("taking back a credit", for: "rewards of referrals")
    package var revoke: @Sendable (Transaction, ID<GrantedCredit>) throws -> Void
    /// Returns what has become of a credit.
    @ModuleNeed("what has become of a credit", for: "rewards of referrals")
    package var credit: @Sendable (any Queryable, ID<GrantedCredit>) throws -> GrantedCreditUse?
    /// Whether nothing is left of what was paid on an invoice.
    @ModuleNeed("whether an invoice's payment was refunded", for: "rewards of referrals")
    package var isRefunded: @Sendable (any Queryable, InvoiceID) throws -> Bool

    package init() {}
}

/// The credits of clients, which the module of invoices has.
package enum GrantedCredit: Noun {
    package static let idPrefix = "credit", noun = "credit", table = "credits"
}

/// The use that was made of a credit.
package struct GrantedCreditUse: Sendable {
    package let rest: Money
    package let expiresOn: CivilDate?
    /// The numbers of the invoices that it was taken off, the newest first.
    package let invoices: [String]

    package init(rest: Money, expiresOn: CivilDate?, invoices: [String]) {
        (self.rest, self.expiresOn, self.invoices) = (rest, expiresOn, invoices)
    }

    /// Returns whether something is left that no invoice uses any more.
    func isExpired(on today: CivilDate) -> Bool {
        guard rest.amount > 0, let expiresOn else { return false }
        return expiresOn < today
    }
}

/// The standing of a lead that was referred.
package struct ReferredLead: Sendable {
    package let status: Referral.Status
    package let domain: String?

    package init(_ status: Referral.Status, domain: String?) { (self.status, self.domain) = (status, domain) }
}

/// A credit that a client is to get.
package struct CreditGrant: Sendable {
    package let client: ClientID
    package let amount: Money
    package let reason: String
    package let expiresOn: CivilDate?

    package init(to client: ClientID, _ amount: Money, because reason: String, until expiresOn: CivilDate?) {
        (self.client, self.amount, self.reason, self.expiresOn) = (client, amount, reason, expiresOn)
    }
}
