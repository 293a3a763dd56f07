package import Agents
package import Integrations
package import JSON
package import Telemetry

/// A network at which posts are published. One instance serves every agency.
///
/// A post is taken there in steps, each of one change at the network or of one look at it; what a step has left is kept
/// before the next one begins, and a pause between two outlasts the process.
package protocol SocialPublishing: IntegrationProvider {
    var network: SocialNetwork { get }

    /// Takes a post one step further. Where the answer does not say whether the network has done it, the failure is
    /// ambiguous, and `find` tells.
    func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep
    /// Returns whether the step that follows says nothing to anybody, so that it may be done again after its
    /// answer was lost.
    func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool
    /// Returns how a post goes on after a step whose answer was lost: behind the step where the network has done it, at
    /// it where the network says that it has not; `nil`: the network does not tell.
    func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep?
    /// Returns the price of the step that follows, in millionths of a minor unit, where any call costs `call`.
    func price(
        _ post: OutgoingPost, _ progress: PostProgress, _ settings: JSONObject, call: Int64
    ) -> Int64
}

extension SocialPublishing {
    package func price(
        _ post: OutgoingPost, _ progress: PostProgress, _ settings: JSONObject, call: Int64
    ) -> Int64 { call }
}

/// A post as a network gets it.
package struct OutgoingPost: Sendable {
    package struct Medium: Sendable {
        package let name: String
        package let bytes: [UInt8], probe: MediaProbe
        package let altText: String
        /// The address at which the network can fetch it, for a day.
        package let url: String
        /// The products that are tagged in it.
        package let products: [ProductPlace]

        package init(
            name: String, bytes: [UInt8], probe: MediaProbe, altText: String, url: String,
            products: [ProductPlace] = []
        ) {
            (self.name, self.bytes, self.probe, self.altText) = (name, bytes, probe, altText)
            (self.url, self.products) = (url, products)
        }
    }

    /// Our name of this publication: the same in each of its attempts.
    package let key: String
    package let format: PostFormat
    /// Tells what is to stand there, one after the other; one unless it is a thread.
    package let parts: [String]
    package let media: [Medium]
    package let firstComment: String?, link: String?
    package let options: [String: String]
    /// Whether a model has made it, and whether somebody else pays for it: networks that ask are told.
    package var isMadeWithAI = false, isPaid = false

    package init(
        key: String, format: PostFormat, parts: [String], media: [Medium], firstComment: String?,
        link: String?, options: [String: String]
    ) {
        (self.key, self.format, self.parts, self.media) = (key, format, parts, media)
        (self.firstComment, self.link, self.options) = (firstComment, link, options)
    }
}

/// The progress of a post at its network.
package struct PostProgress: Codable, Hashable, Sendable {
    /// The identifiers of the parts that stand already; a thread goes on after the last.
    package var standing: [String] = []
    package var url: String?
    /// Tells what the connector keeps from one step to the next, such as the identifiers of what it has uploaded.
    package var notes: [String: String] = [:]

    /// The note that says that the account may not tag the products of a post: a person does it.
    package static let untagged = "untagged"

    package init() {}
}

package enum PostStep: Sendable {
    /// There is more to do, after a pause at the earliest.
    case next(PostProgress, after: Duration)
    /// All of it stands.
    case published(PostProgress)
}
