package import Database
package import JSON
package import Nouns

/// Registers whom somebody has named in a form: the module of referrals makes it known to those above it.
package struct ReferralIntake: Sendable {
    private let take: @Sendable (Transaction, JSONObject, ContactID) throws -> Void

    package init(_ take: @escaping @Sendable (Transaction, JSONObject, ContactID) throws -> Void) {
        self.take = take
    }

    /// Registers a person with `name`, `email` and perhaps `company`. The referrer does not learn whom the agency knows
    /// already: nothing is made of these.
    package func register(_ person: JSONObject, namedBy referrer: ContactID, in tx: Transaction) throws {
        try take(tx, person, referrer)
    }
}
