package import Agents
package import Database
package import JSON
package import Nouns
package import Records
internal import Tenancy

/// The questions that sequences and experiments ask the slices above them.
package struct SequenceDependencies: Asking {
    /// A lead was written to for the first time.
    @ModuleNeed("noting that a lead was written to", for: "sequences")
    package var contacted: @Sendable (Transaction, _ lead: LeadID) throws -> Void
    /// Leads that fit a list's filters, in the order of their identifiers; throws a problem for a filter that there is
    /// not.
    @ModuleNeed("the leads that fit a filter", for: "enrolling them in sequences")
    package var matchingLeads:
        @Sendable (any Queryable, _ filter: JSONObject, _ after: LeadID, _ limit: Int) throws -> [LeadID]

    /// Returns some of a segment's people behind a place, the empty one to begin with; `nil` where there is no such
    /// segment.
    @ModuleNeed("who is in a segment", for: "enrolling them in sequences")
    package var segmentPeople:
        @Sendable (any Queryable, _ segment: SegmentID, _ after: String, _ limit: Int) throws ->
            SegmentPeople?

    /// Returns the faults of an experiment about a price or a package.
    @ModuleNeed("what is wrong with an offer on trial", for: "experiments")
    package var offerFaults: @Sendable (any Queryable, Experiment) throws -> [Fault]
    /// Takes over what has won in an experiment about a price or a package.
    @ModuleNeed("taking over the offer that has won", for: "experiments")
    package var adopt: @Sendable (Transaction, Experiment, ExperimentVariant, Actor) throws -> Void
    /// Returns the faults of an experiment about the title or thumbnail of a film.
    @ModuleNeed("what is wrong with a film on trial", for: "experiments")
    package var filmFaults: @Sendable (any Queryable, Experiment) throws -> [Fault]
    /// Has the variants of a film take turns, from the next day on.
    @ModuleNeed("letting variants of a film take turns", for: "experiments")
    package var beginFilm: @Sendable (Transaction, Experiment) throws -> Void
    /// Has a film stand as a variant says, for good.
    @ModuleNeed("keeping a variant of a film", for: "experiments")
    package var setFilm: @Sendable (Transaction, Experiment, ExperimentVariant, Actor) throws -> Void

    package init() {}
}

/// Some of those who are in a segment.
package struct SegmentPeople: Sendable {
    /// Somebody who can be written to, with the lead that they are known by, where the segment is of leads.
    package struct Person: Sendable {
        package let contact: ContactID
        package let lead: LeadID?

        package init(contact: ContactID, lead: LeadID?) { (self.contact, self.lead) = (contact, lead) }
    }

    /// The segment's name.
    package let name: String
    package let people: [Person]
    /// The place behind them, where more may follow.
    package let next: String?

    package init(name: String, people: [Person], next: String?) {
        (self.name, self.people, self.next) = (name, people, next)
    }
}
