package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// One of an agency's ways to have something done outside, as the gate chooses among them: an integration or a model.
/// A service that has no alternative is one, too: an endpoint of the agency's own, a person's chat.
package struct Connector: Hashable, Sendable {
    package let id: String
    /// The name by which people know it.
    package let name: String
    /// The lowest is asked first.
    package let priority: Int
    /// The price of one call, in millionths of a minor unit of the agency's currency.
    package let price: Int64
    /// The agency's limits for it.
    package let limits: ToolLimits
    /// The way in which the calls of a limit are spread within its window.
    package let pacing: Pacing
    /// The number of calls a month that cost nothing, whatever the price.
    package let included: Int
    /// Whether who asks it spares it by rules of its own, so that the gate keeps no circuit of it.
    package let hasOwnCircuit: Bool

    package init(
        _ id: some Key, name: String, priority: Int, price: Int64 = 0, limits: ToolLimits = ToolLimits(),
        included: Int = 0, pacing: Pacing = .spread, hasOwnCircuit: Bool = false
    ) {
        (self.id, self.name, self.priority, self.price, self.limits) = (id.keyText, name, priority, price, limits)
        (self.included, self.pacing, self.hasOwnCircuit) = (included, pacing, hasOwnCircuit)
    }
}

extension Connector {
    /// Returns whether it is that integration, or that model.
    package func isOf(_ id: some Key) -> Bool { self.id == id.keyText }

    /// Returns whether an id is an integration's or a model's. Calls have other providers, too: hosts, the
    /// agency's endpoints.
    package static func isService(_ id: String) -> Bool { id.hasPrefix("int_") || id.hasPrefix("model_") }
}

extension Subject {
    /// Returns the subject of an alert about a connector: an integration or a model.
    package static func connector(_ id: String) -> Subject {
        Subject(type: id.hasPrefix("model_") ? "model" : "integration", id: id)
    }
}

/// The reason why a call went to its connector.
package struct CallReason: Hashable, Sendable {
    package enum Code: String, CaseIterable, Sendable, Choice {
        case onlyOne = "only_one"
        case firstChoice = "first_choice"
        case measured
        /// The first choice has failed with this very effect.
        case afterFailure = "after_failure"
        case circuitOpen = "circuit_open"
        case quotaFull = "quota_full"
        case spread
        case probe
        /// An attempt there is in doubt, so nobody else is asked.
        case sameAsBefore = "same_as_before"
    }

    package let code: Code
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }
}

/// The reason why a connector is not asked now, and the time from which it may be.
package struct ConnectorRefusal: Hashable, Sendable {
    package enum Cause: Sendable { case circuit, quota, spread }

    package let cause: Cause
    package let detail: String
    package let until: Instant

    /// The code that those who wait for it are told.
    package var code: String {
        switch cause {
        case .circuit: "circuit_open"
        case .quota: "quota_exhausted"
        case .spread: "quota_near"
        }
    }
}
