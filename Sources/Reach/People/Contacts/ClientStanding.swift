package import Agents
package import Database
internal import Jobs
package import Nouns
internal import Tenancy

/// A client's standing with the agency, which decides its SLA targets and its priority.
package struct ClientStanding: Sendable {
    package var name: String, tier: String
    /// Its monthly payment as a multiple of the average of the agency's clients; `nil` where it pays nothing.
    package var worth: Double?

    package init(name: String, tier: String, worth: Double?) {
        (self.name, self.tier, self.worth) = (name, tier, worth)
    }
}

/// The questions about the agency's clients, whose records belong to a slice.
package struct ClientQuestions: Asking {
    /// Returns what a client is to the agency; `nil`: there is no such client.
    @ModuleNeed("what a client is to the agency", for: "SLA targets, priorities and surveys")
    package var standing: @Sendable (any Queryable, _ client: ClientID) throws -> ClientStanding?

    package init() {}
}

extension ContactStore where Base == Transaction {
    /// Returns what a client is to the agency; `nil`: there is no such client.
    package func clientStanding(_ client: ClientID) throws -> ClientStanding? {
        try tx.runtime.answers(to: ClientQuestions.self)?.standing(tx, client)
    }
}
