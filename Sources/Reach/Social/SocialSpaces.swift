package import Agents
package import Integrations
package import JSON
package import Telemetry

/// A network on which an account talks live, and that tells when. None lets anybody plan that by its interface.
package protocol SpaceReading: SocialPublishing {
    /// Returns what the account has planned or holds now, and what has become of those that were known before.
    func spaces(
        known: [String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [ToldSpace]
    /// Returns the price of an answer with so many, in millionths of a minor unit, where any call costs `call`.
    func price(ofSpaces count: Int, _ settings: JSONObject, call: Int64) -> Int64
}

/// A live talk, as a network tells it.
package struct ToldSpace: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable { case scheduled, live, ended, cancelled }

    package let id: String
    package var state: State
    package var title = ""
    package var scheduledAt: Instant?, startedAt: Instant?, endedAt: Instant?
    /// The number of those who listen, or have; `nil`: the network does not say.
    package var participants: Int?

    package init(_ id: String, _ state: State) { (self.id, self.state) = (id, state) }
}
