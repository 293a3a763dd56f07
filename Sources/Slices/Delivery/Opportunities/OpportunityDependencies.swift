package import Agents
package import Database
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// The questions that opportunities ask the slice that sells.
package struct OpportunityDependencies: Asking {
    /// Returns the end of a signed contract; `nil` where it has none, or a later one of its client goes on.
    @ModuleNeed("when a contract ends", for: "renewals")
    package var ending: @Sendable (any Queryable, ContractID) throws -> EndingContract?
    /// Returns the package that is the next dearer one after another.
    @ModuleNeed("what the next dearer package is", for: "upgrades")
    package var dearer: @Sendable (any Queryable, _ than: PackageID) throws -> OfferedPackage?

    /// Returns a package that answers one of some needs and is no part of what the client has.
    @ModuleNeed("which package answers a need", for: "cross-selling")
    package var answering:
        @Sendable (any Queryable, _ needs: [String], _ beyond: PackageID) throws -> NeededPackage?
    /// Returns what a lead has said that troubles it.
    @ModuleNeed("what a client has told of its needs", for: "cross-selling")
    package var needs: @Sendable (any Queryable, LeadID) throws -> [String]

    /// Returns a client's overdue invoices, the oldest first, as many as are asked for.
    @ModuleNeed("which invoices a client has not paid in time", for: "keeping clients")
    package var overdue: @Sendable (any Queryable, ClientID, _ most: Int) throws -> [String]
    /// Returns what support knows of a client's troubles, as many records of each kind as are asked for.
    @ModuleNeed("which tickets and answers tell of a client's troubles", for: "keeping clients")
    package var support: @Sendable (any Queryable, ClientID, _ most: Int) throws -> TroublesInSupport

    package init() {}
}

/// The ids of a client's open tickets, the urgent first, and of its answers to surveys, the newest first.
package struct TroublesInSupport: Sendable {
    package let tickets: [String], answers: [String]

    package init(tickets: [String], answers: [String]) { (self.tickets, self.answers) = (tickets, answers) }
}

/// A package, and the need that it answers.
package struct NeededPackage: Sendable {
    package let package: OfferedPackage
    package let need: String

    package init(_ package: OfferedPackage, for need: String) { (self.package, self.need) = (package, need) }
}

/// The proposals that the module of deals has.
package enum DraftedProposal: Noun {
    package static let idPrefix = "prop", noun = "proposal", table = "proposals"
}

/// A signed contract with a last day.
package struct EndingContract: Sendable {
    package let client: ClientID
    package let package: PackageID?
    /// The worth of the whole term.
    package let value: Money?
    package let endsOn: CivilDate

    package init(of client: ClientID, _ package: PackageID?, worth value: Money?, until endsOn: CivilDate) {
        (self.client, self.package, self.value, self.endsOn) = (client, package, value, endsOn)
    }
}

/// A package, and what it costs a month.
package struct OfferedPackage: Sendable {
    package let id: PackageID
    package let price: Money

    package init(_ id: PackageID, _ price: Money) { (self.id, self.price) = (id, price) }
}
