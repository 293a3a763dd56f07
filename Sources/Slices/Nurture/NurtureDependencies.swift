package import Agents
package import Database
package import Nouns
package import Telemetry
internal import Tenancy

/// The facts that nurture has to know of a lead.
package struct NurtureLead: Sendable {
    package let id: LeadID
    package let contact: ContactID?
    package let knownSince: Instant
    /// The age in days of the calendar.
    package let ageDays: Int
    package let isWon: Bool, isArchived: Bool
    /// The name of the stage of its age, how often one gets in touch there and in the stage before, and when it ends.
    package let stage: String, touchEvery: String, touchEveryBefore: String?
    package let stageEnds: Instant?

    package init(
        _ id: LeadID, contact: ContactID?, knownSince: Instant, ageDays: Int, isWon: Bool, isArchived: Bool,
        stage: String, touchEvery: String, touchEveryBefore: String?, stageEnds: Instant?
    ) {
        (self.id, self.contact, self.knownSince) = (id, contact, knownSince)
        (self.ageDays, self.isWon, self.isArchived) = (ageDays, isWon, isArchived)
        (self.stage, self.touchEvery, self.touchEveryBefore) = (stage, touchEvery, touchEveryBefore)
        self.stageEnds = stageEnds
    }
}

/// The questions that nurture asks the slices beside it.
package struct NurtureDependencies: Asking {
    /// Returns a lead; `nil` without such a lead.
    @ModuleNeed("what is known of a lead", for: "choosing its sequence")
    package var lead: @Sendable (any Queryable, LeadID) throws -> NurtureLead?
    /// Returns the contact of a lead.
    @ModuleNeed("the person of a lead", for: "having the sequence of a new lead chosen")
    package var contactOfLead: @Sendable (any Queryable, LeadID) throws -> ContactID?
    /// Returns whether a lead has become a client, or its person is that of one.
    @ModuleNeed("which leads are clients by now", for: "leaving clients to those who look after them")
    package var isClient: @Sendable (any Queryable, LeadID, ContactID?) throws -> Bool
    /// Returns the lead that became a client, and the client's person.
    @ModuleNeed("whom a client came from", for: "ending nurture when somebody becomes a client")
    package var originOfClient:
        @Sendable (any Queryable, ClientID) throws -> (lead: LeadID?, contact: ContactID?)
    /// Returns how many leads are in each stage, in the order of the stages.
    @ModuleNeed("how many leads are in each stage", for: "the figures of nurture")
    package var stages: @Sendable (any Queryable) throws -> [(name: String, leads: Int)]
    /// Returns the contact of a deal.
    @ModuleNeed("the person of a deal", for: "ending nurture when a sale begins")
    package var contactOfDeal: @Sendable (any Queryable, DealID) throws -> ContactID?

    package init() {}
}
