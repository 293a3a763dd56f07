package import Database
package import Documents
package import JSON
package import Nouns
package import Tenancy
package import Transfer

/// The questions that delivery asks the slices beside it.
package struct DeliveryDependencies: Asking {
    /// `weekly` or `monthly`, by what a client's package promises.
    @ModuleNeed("how often a package promises reports", for: "client management")
    package var reportCadence: @Sendable (any Queryable, _ package: PackageID) throws -> String?
    /// Returns what people call a package; `nil`: there is none.
    @ModuleNeed("what a package is called", for: "the welcome of clients")
    package var packageName: @Sendable (any Queryable, _ package: PackageID) throws -> String?
    /// Returns the numbers of a client's unpaid invoices; `nil` where nobody knows.
    @ModuleNeed("what a client has not paid", for: "the health of clients")
    package var unpaid: @Sendable (any Queryable, _ client: ClientID) throws -> UnpaidInvoices?
    /// Returns the numbers of a client's open tickets; `nil` where nobody knows.
    @ModuleNeed("what a client waits for an answer to", for: "the health of clients")
    package var tickets: @Sendable (any Queryable, _ client: ClientID) throws -> OpenTickets?
    /// Returns further facts about a client, by name, for its profile.
    @ModuleNeed("what else is known of a client", for: "the profiles of clients")
    package var profile: @Sendable (any Queryable, _ client: ClientID) throws -> JSONObject
    /// Returns further milestones between the agency and a client, such as contracts that were signed.
    @ModuleNeed("the contracts that a client has signed", for: "the milestones of clients")
    package var milestones: @Sendable (any Queryable, _ client: ClientID) throws -> [RelationshipMilestone]
    /// Returns the look of the agency's documents.
    @ModuleNeed("how the agency's documents look", for: "reports")
    package var brand: @Sendable (any Queryable) throws -> Documents.Brand
    /// Sets a document, when its turn comes.
    @ModuleNeed("setting a document", for: "reports")
    package var set: @Sendable (Document) async throws -> [UInt8]

    /// Returns the industry of the lead that became a client.
    @ModuleNeed("which industry a lead is of", for: "the welcome of clients")
    package var industry: @Sendable (any Queryable, LeadID) throws -> String?

    /// The ways in which a file names the lead, and the package, that a client came from.
    @ModuleNeed("how a file names a lead", for: "imports of clients")
    package var leadReference: TransferReference
    @ModuleNeed("how a file names a package", for: "imports of clients")
    package var packageReference: TransferReference

    package init() {}
}

/// The numbers of a client's unpaid invoices, and of the overdue ones among them.
package struct UnpaidInvoices: Hashable, Sendable {
    package let open: Int, overdue: Int

    package init(open: Int, overdue: Int) { (self.open, self.overdue) = (open, overdue) }
}

/// The numbers of a client's tickets that are not resolved yet, and of the urgent ones among them.
package struct OpenTickets: Hashable, Sendable {
    package let open: Int, urgent: Int

    package init(open: Int, urgent: Int) { (self.open, self.urgent) = (open, urgent) }
}
