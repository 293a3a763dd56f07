package import Agents
package import Database
package import JSON
package import Nouns
internal import People
package import Records
internal import Tenancy
package import Transfer

/// The questions that selling asks the slices beside it.
package struct DealsDependencies: Asking {
    /// Returns the facts about a lead that selling needs; `nil`: there is none.
    @ModuleNeed("a lead", for: "deals, proposals and contracts")
    package var lead: @Sendable (any Queryable, _ id: LeadID) throws -> LeadFacts?
    /// Takes a lead to a status of its own, where it may go there; a lead that is further already stays.
    @ModuleNeed("taking a lead to another status", for: "deals that move")
    package var advanceLead: @Sendable (Transaction, _ id: LeadID, _ status: String) throws -> Void
    /// Adds a tag to a lead.
    @ModuleNeed("tagging a lead", for: "replies")
    package var tagLead: @Sendable (Transaction, _ id: LeadID, _ tag: String, Actor) throws -> Void
    /// Makes the client that a signed contract names; its identifier.
    @ModuleNeed("making a client", for: "contracts that are signed")
    package var makeClient: @Sendable (Transaction, NewClient, Actor) throws -> ClientID
    /// Sets what a client pays a month.
    @ModuleNeed("setting what a client pays a month", for: "subscriptions")
    package var setMonthlyFee: @Sendable (Transaction, _ client: ClientID, Money?) throws -> Void
    /// The client's name, contact and language; `nil`: there is none.
    @ModuleNeed("a client", for: "invoices")
    package var client: @Sendable (any Queryable, _ id: ClientID) throws -> ClientFacts?

    /// Returns what there is to tell of a client: its lead, and the figures that have grown; `nil`: there is no such
    /// client.
    @ModuleNeed("the figures of a client", for: "case studies")
    package var story: @Sendable (any Queryable, ClientID) throws -> ClientStory?

    /// The client that a lead has become.
    @ModuleNeed("the client that a lead has become", for: "proposals")
    package var clientOfLead: @Sendable (any Queryable, _ lead: LeadID) throws -> ClientID?

    /// The lead that a person is.
    @ModuleNeed("the lead that a person is", for: "replies")
    package var leadOfContact: @Sendable (any Queryable, ContactID) throws -> LeadFacts?
    /// Adds to a lead what its person has told: budget, timeline, authority.
    @ModuleNeed("noting what a lead tells of its needs", for: "replies")
    package var learn: @Sendable (Transaction, LeadFacts, Actor) throws -> Void
    /// Leads that are qualified, the best first, after a place: those of some priorities (none: all) with a score of at
    /// least so much.
    @ModuleNeed("the best qualified leads", for: "outreach")
    package var outreachLeads:
        @Sendable (any Queryable, _ priorities: [String], _ scoreMin: Int, OutreachPlace?, _ limit: Int)
            throws ->
            [LeadFacts]

    /// The ways in which a file names the lead, and the client, of a deal.
    @ModuleNeed("how a file names a lead", for: "imports of deals")
    package var dealReferences: [TransferReference]

    package init() {}
}

/// The story of a client, as far as it can be told.
package struct ClientStory: Sendable {
    package let name: String
    package let lead: LeadID?
    /// The figures that have changed most come first.
    package let figures: [StoryEvidence]

    package init(of name: String, _ lead: LeadID?, _ figures: [StoryEvidence]) {
        (self.name, self.lead, self.figures) = (name, lead, figures)
    }
}

package struct LeadFacts: Sendable {
    package var id: LeadID
    package var company: String
    package var contact: ContactID?
    package var clientID: ClientID?
    /// A month.
    package var budget: Money?
    package var industry: String?, country: String?
    package var employeeCount: Int?
    package var timelineDays: Int?
    package var authority: Bool?
    package var painPoints: [String]
    package var tags: [String]
    package var notes: String?
    package var score: Int?
    package var status: String
    /// The values that templates may use of it.
    package var values: JSONObject

    package init(
        id: LeadID, company: String, contact: ContactID?, clientID: ClientID?, budget: Money?,
        industry: String?, country: String?, employeeCount: Int?, timelineDays: Int?, authority: Bool?,
        painPoints: [String], tags: [String], notes: String?, score: Int?, status: String, values: JSONObject
    ) {
        (self.id, self.company, self.contact, self.clientID) = (id, company, contact, clientID)
        (self.budget, self.industry, self.country) = (budget, industry, country)
        (self.employeeCount, self.timelineDays, self.authority) = (employeeCount, timelineDays, authority)
        (self.painPoints, self.tags, self.notes, self.score) = (painPoints, tags, notes, score)
        (self.status, self.values) = (status, values)
    }
}

package struct NewClient: Sendable {
    package var name: String
    package var tier: String
    package var packageID: PackageID?
    package var contact: ContactID?
    package var leadID: LeadID?, dealID: DealID?
    package var monthlyFee: Money?
    package var handover: JSON

    package init(
        name: String, tier: String, packageID: PackageID?, contact: ContactID?, leadID: LeadID?,
        dealID: DealID?, monthlyFee: Money?, handover: JSON
    ) {
        (self.name, self.tier, self.packageID, self.contact) = (name, tier, packageID, contact)
        (self.leadID, self.dealID, self.monthlyFee) = (leadID, dealID, monthlyFee)
        self.handover = handover
    }
}

package struct ClientFacts: Sendable {
    package var id: ClientID
    package var name: String
    package var contact: ContactID?
    package var email: String?

    package init(id: ClientID, name: String, contact: ContactID?, email: String?) {
        (self.id, self.name, self.contact, self.email) = (id, name, contact, email)
    }
}
