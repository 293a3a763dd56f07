package import Database
package import Records
package import Telemetry

/// What the runtime asks of the platform, which is built on it, about the tenant whose work it does.
package struct TenantQuestions: Sendable {
    /// Whose clocks days and months of quotas and budgets follow.
    package var timeZone: @Sendable (any Queryable) throws -> String = { _ in "UTC" }
    /// In which prices are counted.
    package var currency: @Sendable (any Queryable) throws -> String = { _ in "USD" }
    /// What an actor is permitted; `nil` for one that is bound by no role, say the system itself.
    package var permissions: @Sendable (Actor, any Queryable) throws -> Set<Permission>? = { _, _ in nil }

    /// What a client of the tenant's is to it; `nil`: there is no such client.
    package var clientStanding: @Sendable (any Queryable, _ client: String) throws -> ClientStanding? = {
        _, _ in nil
    }

    /// Returns the brake that stops everything that would leave in the name of a client, or of the agency itself;
    /// `nil` where none does. The event `brakeReleased` says when one is released.
    package var brake: @Sendable (any Queryable, _ client: String?) throws -> String? = { _, _ in nil }
    /// Returns the number of messages that have left, or were captured, since a time.
    package var sent: @Sendable (any Queryable, _ since: Instant) throws -> Int = { _, _ in 0 }
    /// Returns the ids of the agency's integrations, or models, that do what a tool does.
    package var connectors: @Sendable (any Queryable, _ tool: String) throws -> [String] = { _, _ in [] }
    /// Returns one of the agency's integrations as the gate knows it; `nil`: there is none of that id.
    package var connector: @Sendable (any Queryable, _ id: String) throws -> Connector? = { _, _ in nil }
    /// Returns the number of deliveries that may be on their way at once through an integration, as this process has
    /// learned it; `nil`: nothing has gone through it yet.
    package var lanes: @Sendable (_ connector: String) -> Int? = { _ in nil }
    /// Returns what the agency has won since a time from people whom an integration had reached before, in minor units
    /// of its currency.
    package var won: @Sendable (any Queryable, _ connector: String, _ since: Instant) throws -> Int64 = {
        _, _, _ in 0
    }
    package static let brakeReleased = "brake.released"

    package init() {}
}

/// What a client is to the agency, which decides what it is promised and who comes first.
package struct ClientStanding: Sendable {
    package var name: String, tier: String
    /// What it pays a month, as a multiple of what the agency's clients pay on average; `nil`: it pays nothing.
    package var worth: Double?

    package init(name: String, tier: String, worth: Double?) {
        (self.name, self.tier, self.worth) = (name, tier, worth)
    }
}

extension Transaction {
    /// `nil`: there is no such client.
    package func clientStanding(_ client: String) throws -> ClientStanding? {
        try runtime.questions.clientStanding(self, client)
    }

    /// The tenant's zone.
    func zone() throws -> TimeZoneRules { try runtime.questions.zone(self) }
}

extension TenantQuestions {
    func zone(_ reader: any Queryable) throws -> TimeZoneRules {
        TimeZoneRules(named: try timeZone(reader)) ?? .utc
    }
}
