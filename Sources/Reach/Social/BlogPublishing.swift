package import Agents
package import Integrations

/// A blog at which pieces of content are published. One instance serves every agency.
///
/// A piece is taken there in steps, as posts are (`SocialPublishing`): each of one change at the blog at most, and what
/// a step notes is kept before the next one begins.
package protocol BlogPublishing: IntegrationProvider {
    /// Takes a piece one step further. Where the answer does not say whether the blog has done it, the failure is
    /// ambiguous, and `find` tells.
    func step(
        _ piece: OutgoingPiece, _ notes: [String: String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> BlogStep
    /// Returns whether the step that follows leaves the same however often it is done.
    func isRepeatable(_ piece: OutgoingPiece, _ notes: [String: String]) -> Bool
    /// Returns what a step has done whose answer was lost; `nil`: the blog says that nothing of it is there. Where the
    /// blog does not tell, it fails.
    func find(
        _ piece: OutgoingPiece, _ notes: [String: String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> BlogStep?
}

/// A piece of content as a blog gets it.
package struct OutgoingPiece: Sendable {
    /// The picture at its head.
    package struct Image: Sendable {
        package let bytes: [UInt8], type: String
        package let altText: String

        package init(bytes: [UInt8], type: String, altText: String) {
            (self.bytes, self.type, self.altText) = (bytes, type, altText)
        }
    }

    /// Our name of it, which no other piece has: the same in each attempt, and in each round.
    package let slug: String
    /// Plain text.
    package let title: String
    /// Elements without a behaviour; what looked like HTML in the source is text.
    package let html: String
    package let image: Image?
    /// Whether an earlier attempt may have left it there: then the blog is asked before it is told.
    package let mayStand: Bool

    package init(slug: String, title: String, html: String, image: Image?, mayStand: Bool) {
        (self.slug, self.title, self.html) = (slug, title, html)
        (self.image, self.mayStand) = (image, mayStand)
    }
}

package enum BlogStep: Sendable {
    /// There is more to do; the notes are for the steps that follow.
    case next([String: String])
    case published(BlogPlace)
}

/// The place of a piece on its blog.
package struct BlogPlace: Hashable, Sendable {
    package let id: String, url: String
    /// Whether the blog has changed the words as it took them.
    package let isChanged: Bool

    package init(id: String, url: String, isChanged: Bool) {
        (self.id, self.url, self.isChanged) = (id, url, isChanged)
    }
}
