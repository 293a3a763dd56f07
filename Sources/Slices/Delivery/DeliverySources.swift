package import Database
package import Documents
package import JSON

/// What delivery asks of the slices beside it.
package struct DeliverySources: Sendable {
    /// `weekly` or `monthly`, by what a client's package promises.
    package var reportCadence: @Sendable (any Queryable, _ package: String) throws -> String? = { _, _ in nil
    }
    /// What a client has not paid; `nil` where nobody knows.
    package var unpaid: @Sendable (any Queryable, _ client: String) throws -> UnpaidInvoices? = { _, _ in nil
    }
    /// What a client waits for an answer to; `nil` where nobody knows.
    package var tickets: @Sendable (any Queryable, _ client: String) throws -> OpenTickets? = { _, _ in nil }
    /// What else is known of a client, by name, for its profile.
    package var profile: @Sendable (any Queryable, _ client: String) throws -> JSONObject = { _, _ in [:] }
    /// What else counts between the agency and a client, such as contracts that were signed.
    package var milestones: @Sendable (any Queryable, _ client: String) throws -> [RelationshipMilestone] = {
        _, _ in []
    }
    /// How the agency's documents look.
    package var brand: @Sendable (any Queryable) throws -> Documents.Brand = { _ in .init(name: "") }
    /// Sets a document, when its turn comes.
    package var set: @Sendable (Document) async throws -> [UInt8] = { try $0.pdf() }

    package init() {}
}

/// What a client owes.
package struct UnpaidInvoices: Hashable, Sendable {
    package let open: Int, overdue: Int

    package init(open: Int, overdue: Int) { (self.open, self.overdue) = (open, overdue) }
}

/// What a client has asked for, and not got yet.
package struct OpenTickets: Hashable, Sendable {
    package let open: Int, urgent: Int

    package init(open: Int, urgent: Int) { (self.open, self.urgent) = (open, urgent) }
}
