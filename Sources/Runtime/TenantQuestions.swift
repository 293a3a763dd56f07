package import Database
package import Records

/// What the runtime asks of the platform, which is built on it, about the tenant whose work it does.
package struct TenantQuestions: Sendable {
    /// Whose clocks days and months of quotas and budgets follow.
    package var timeZone: @Sendable (any Queryable) throws -> String = { _ in "UTC" }
    /// In which prices are counted.
    package var currency: @Sendable (any Queryable) throws -> String = { _ in "USD" }
    /// What an actor is permitted; `nil` for one that is bound by no role, say the system itself.
    package var permissions: @Sendable (Actor, any Queryable) throws -> Set<Permission>? = { _, _ in nil }

    /// The tier of a client of the tenant's; `nil`: there is no such client.
    package var clientTier: @Sendable (any Queryable, _ client: String) throws -> String? = { _, _ in nil }

    package init() {}
}

extension Transaction {
    /// The standing of a client, which decides what it is promised; `nil`: there is no such client.
    package func clientTier(_ client: String) throws -> String? {
        try runtime.questions.clientTier(self, client)
    }

    /// The tenant's zone.
    func zone() throws -> TimeZoneRules { try runtime.questions.zone(self) }
}

extension TenantQuestions {
    func zone(_ reader: any Queryable) throws -> TimeZoneRules {
        TimeZoneRules(named: try timeZone(reader)) ?? .utc
    }
}
