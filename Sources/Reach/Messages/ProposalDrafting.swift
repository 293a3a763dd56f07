package import Database
package import Nouns
package import Records

/// Drafts proposals to clients: the module that sells makes it known to those above it.
package struct ProposalDrafting: Sendable {
    /// An offer: a package, and the client to whom it is made.
    package struct Offer: Sendable {
        package let client: ClientID, lead: LeadID
        package let package: PackageID

        package init(to client: ClientID, _ lead: LeadID, _ package: PackageID) {
            (self.client, self.lead, self.package) = (client, lead, package)
        }
    }

    private let make: @Sendable (Transaction, Offer, Actor) throws -> UniqueID

    package init(_ make: @escaping @Sendable (Transaction, Offer, Actor) throws -> UniqueID) {
        self.make = make
    }

    /// Stores the draft, and returns what identifies it.
    package func draft(_ offer: Offer, by actor: Actor, in tx: Transaction) throws -> UniqueID {
        try make(tx, offer, actor)
    }
}
