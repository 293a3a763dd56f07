package import Agents
package import Integrations
package import JSON
package import Telemetry

/// A network whose comments are asked for: nobody tells us of them.
package protocol CommentReading: ChatSending {
    /// The minutes between two questions, unless the integration says.
    var pollMinutes: Int64 { get }
    /// Returns what others have said below our posts since a place; `nil`: nothing, and the place from which to begin.
    func comments(
        after place: String?, at now: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CommentPage
    /// Returns the price of reading some comments, in millionths of a minor unit, where any call costs `call`.
    func price(ofComments count: Int, _ settings: JSONObject, call: Int64) -> Int64
}

extension CommentReading {
    package func price(ofComments count: Int, _ settings: JSONObject, call: Int64) -> Int64 { call }
}

/// A network's answer about comments.
package struct CommentPage: Sendable {
    /// The oldest first.
    package var comments: [ReceivedChat] = []
    /// The place up to which it has been read then.
    package var place: String
    /// Whether there is more to be asked for at once.
    package var hasMore = false
    /// The number that the network charges for, those that are nobody's words to us among them.
    package var count = 0

    package init(place: String) { self.place = place }
}
