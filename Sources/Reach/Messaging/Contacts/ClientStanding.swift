package import Database
package import Platform
internal import Runtime

/// What a client is to the agency, which decides what it is promised and who comes first.
package struct ClientStanding: Sendable {
    package var name: String, tier: String
    /// What it pays a month, as a multiple of what the agency's clients pay on average; `nil`: it pays nothing.
    package var worth: Double?

    package init(name: String, tier: String, worth: Double?) {
        (self.name, self.tier, self.worth) = (name, tier, worth)
    }
}

/// What is asked about the agency's clients, whose records are a slice's.
package struct ClientQuestions: Asking {
    /// Returns what a client is to the agency; `nil`: there is no such client.
    @ModuleNeed("what a client is to the agency", for: "SLA targets, priorities and surveys")
    package var standing: @Sendable (any Queryable, _ client: String) throws -> ClientStanding?

    package init() {}
}

extension Transaction {
    /// Returns what a client is to the agency; `nil`: there is no such client.
    package func clientStanding(_ client: String) throws -> ClientStanding? {
        try runtime.answers(to: ClientQuestions.self)?.standing(self, client)
    }
}
