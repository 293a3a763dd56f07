package import Agents
package import Integrations
package import JSON

/// A network that tells what people speak of at a place.
package protocol TrendTelling: SocialPublishing {
    /// Returns the trends of a place, the strongest first.
    func trends(
        at place: Int, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [ToldTrend]
    /// Returns the price of an answer with so many trends, in millionths of a minor unit, where any call costs `call`.
    func price(ofTrends count: Int, _ settings: JSONObject, call: Int64) -> Int64
}

/// A subject that people speak of, as a network tells it.
package struct ToldTrend: Hashable, Sendable {
    package let name: String
    /// The number of posts about it; `nil`: the network does not say, which is not 0.
    package let count: Int?

    package init(_ name: String, count: Int?) { (self.name, self.count) = (name, count) }
}
