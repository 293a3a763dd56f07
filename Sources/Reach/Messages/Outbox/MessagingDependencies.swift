package import Addresses
package import Agents
package import Database
package import JSON
package import Jobs
package import Nouns
package import People
internal import Records
internal import Tenancy
package import Wording

/// The questions that messaging asks the slices above it.
package struct MessagingDependencies: Asking {
    /// Returns the values that templates may use of the lead that a contact is; `nil` where the contact is none.
    @ModuleNeed("what is known of the lead that a person is", for: "templates")
    package var lead: @Sendable (any Queryable, ContactID) throws -> JSONObject?
    /// Returns the values that templates may use of a lead, by its own identifier, and its contact; `nil` without such
    /// a lead.
    @ModuleNeed("what is known of a lead", for: "templates and sequences")
    package var leadByID: @Sendable (any Queryable, LeadID) throws -> (JSONObject, ContactID?)?
    /// Returns those of some people to whom somebody is selling just now.
    @ModuleNeed("to whom somebody is selling", for: "the limits of what is sent")
    package var inSalesProcess: @Sendable (any Queryable, [ContactID]) throws -> Set<ContactID>
    /// Returns those of some people of whom all that is known is what somebody else has typed, who has referred them.
    @ModuleNeed("who was only named by others", for: "the limits of what is sent")
    package var onlyReferred: @Sendable (any Queryable, [Contact]) throws -> Set<ContactID>
    /// Returns the other contacts of each of some people, who turned out to be one person.
    @ModuleNeed("which contacts are one person", for: "nurture, content and campaigns")
    package var kin: @Sendable (any Queryable, [ContactID]) throws -> [ContactID: Set<ContactID>]
    /// Returns those of some people who get nothing, so that others can be compared with them: whoever was drawn for
    /// that as any of the contacts that they are (`kin`), or will be when their turn comes.
    @ModuleNeed("who gets nothing, for comparison", for: "content and campaigns")
    package var heldOut:
        @Sendable (any Queryable, [Contact], _ kin: [ContactID: Set<ContactID>]) throws -> Set<ContactID>
    /// Draws for good, of some people who were not drawn yet, who gets nothing.
    @ModuleNeed("drawing who gets nothing", for: "content and campaigns")
    package var draw: @Sendable (Transaction, [ContactID]) throws -> Void
    /// Returns a client's standing with the agency; `nil`: there is no such client.
    @ModuleNeed("what a client is to the agency", for: "promises and answers")
    package var clientStanding: @Sendable (any Queryable, _ client: ClientID) throws -> ClientStanding?
    /// Returns the number of messages that an agent may send a day; `nil`: no limit of its own.
    @ModuleNeed("how much an agent may send a day", for: "the limits of what is sent")
    package var dailyCap: @Sendable (any Queryable, _ agent: String) throws -> Int?

    /// Returns why a client is not to be congratulated or advertised to just now, by its requests and what it said of
    /// the agency; `nil`: it may be.
    @ModuleNeed("whether a client is in trouble", for: "the right moment of a message")
    package var trouble: @Sendable (any Queryable, _ client: ClientID) throws -> ClientTrouble?
    /// Returns what a client's people may be told of its campaigns under way, in words; `nil` where there is none.
    @ModuleNeed("how a client's campaigns stand", for: "answers and texts that tell of campaigns")
    package var campaigns: @Sendable (any Queryable, _ client: ClientID, Wording) throws -> ToldCampaigns?
    /// Returns why other marketing to a person waits for campaigns that are under way with them; `message`: what is to
    /// be sent, where that is known, which may be one of such a campaign.
    @ModuleNeed("which campaigns are under way with a person", for: "the right moment of a message")
    package var campaignsUnderWay:
        @Sendable (any Queryable, ContactID, _ message: Message?) throws -> [Reason]
    /// Whether a client has an invoice that it should have paid.
    @ModuleNeed("whether a client owes something", for: "the right moment of a message")
    package var isOverdue: @Sendable (any Queryable, _ client: ClientID) throws -> Bool

    /// Makes a lead, or changes the one that `match_on` finds, as the route of that name does; its identifier.
    @ModuleNeed("making a lead", for: "hooks, forms and mails that bring one")
    package var upsertLead: @Sendable (Transaction, JSONObject) throws -> LeadID

    /// Applies the decision on an answer to a ticket that waited for approval.
    @ModuleNeed("answering a ticket", for: "approvals")
    package var answerTicket: @Sendable (Outbox, Transaction, _ ticket: TicketID, Approval) throws -> Void

    /// The lookups in the domain name system.
    @ModuleNeed("the domain name system", for: "checks of domains and addresses")
    package var lookups: DomainLookups

    package init() {}

    /// Returns whether somebody is selling to the person just now.
    package func isInSalesProcess(_ reader: any Queryable, _ contact: ContactID) throws -> Bool {
        try !inSalesProcess(reader, [contact]).isEmpty
    }
}

/// The campaigns of a client as it may be told of them, and the records that this rests on.
package struct ToldCampaigns: Sendable {
    /// The values of templates: `campaign`.
    package let values: JSON
    package let sources: [Subject]

    package init(values: JSON, sources: [Subject]) { (self.values, self.sources) = (values, sources) }
}
