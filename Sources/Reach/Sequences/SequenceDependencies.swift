package import Database
package import JSON
package import Nouns
package import Records
package import Tenancy

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

    /// Returns the faults of an experiment about a price or a package.
    @ModuleNeed("what is wrong with an offer on trial", for: "experiments")
    package var offerFaults: @Sendable (any Queryable, Experiment) throws -> [Fault]
    /// Takes over what has won in an experiment about a price or a package.
    @ModuleNeed("taking over the offer that has won", for: "experiments")
    package var adopt: @Sendable (Transaction, Experiment, ExperimentVariant, Actor) throws -> Void

    package init() {}
}
