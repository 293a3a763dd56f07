package import Integrations
package import Media

/// A post as it would stand on its network, with what its files are.
package struct PostDraft: Sendable {
    package struct Medium: Sendable {
        package var altText: String
        /// The file as it would leave: a picture as it was made to fit, where that is done already.
        package var probe: MediaProbe
        /// The reason for which it cannot be made to fit, as whoever has read it to its end has found.
        package var fault: MediaFault?
        /// The part of a film that is shown; `nil`: all of it.
        package var part: FilmPart?
        /// The products that are tagged in it.
        package var products: [ProductPlace] = []

        package init(altText: String, probe: MediaProbe) { (self.altText, self.probe) = (altText, probe) }
    }

    package var text = ""
    package var format = PostFormat.post
    /// Tells what follows on the text, part by part.
    package var thread: [String] = []
    package var media: [Medium] = []
    package var firstComment: String?
    package var link: String?
    /// Tells what a person has chosen for the network, such as who may see it.
    package var options: [String: String] = [:]

    package init() {}

    /// The text as it stands on the network: the link below it, unless it is in it.
    package var standingText: String {
        guard let link, !link.isEmpty, !text.contains(link) else { return text }
        return text.isEmpty ? link : text + "\n\n" + link
    }

    /// Tells what stands there, one after the other.
    package var parts: [String] { format == .thread ? [standingText] + thread : [standingText] }
}
