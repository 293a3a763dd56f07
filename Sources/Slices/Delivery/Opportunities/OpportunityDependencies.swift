package import Database
package import Nouns
package import Records
package import Telemetry
package import Tenancy

/// The questions that opportunities ask the slice that sells.
package struct OpportunityDependencies: Asking {
    /// Returns the end of a signed contract; `nil` where it has none, or a later one of its client goes on.
    @ModuleNeed("when a contract ends", for: "renewals")
    package var ending: @Sendable (any Queryable, _ contract: String) throws -> EndingContract?
    /// Returns the package that is the next dearer one after another.
    @ModuleNeed("what the next dearer package is", for: "upgrades")
    package var dearer: @Sendable (any Queryable, _ than: PackageID) throws -> OfferedPackage?

    package init() {}
}

/// The proposals that the module of deals has.
package enum DraftedProposal: Noun {
    package static let idPrefix = "prop", noun = "proposal", table = "proposals"
}

/// A signed contract with a last day.
package struct EndingContract: Sendable {
    package let client: ClientID
    package let package: PackageID?
    /// What the whole term was worth.
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
