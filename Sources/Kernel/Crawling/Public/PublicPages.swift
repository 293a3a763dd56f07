package import Markup

/// The way to public pages and feeds for modules that have no crawler: each address by its host's queue, where the
/// site's rules allow it, within the bounds of every page.
package struct PublicPages: Sendable {
    /// Asks for an address, and follows where it leads.
    package let ask: @Sendable (PublicQuestion) async throws -> PublicAnswer
    /// Asks a hub to tell when a feed changes; what becomes of that, the hub says by calling.
    package let subscribe: @Sendable (FeedSubscription) async -> Void

    package init(
        _ ask: @escaping @Sendable (PublicQuestion) async throws -> PublicAnswer,
        subscribe: @escaping @Sendable (FeedSubscription) async -> Void
    ) {
        (self.ask, self.subscribe) = (ask, subscribe)
    }
}

/// A public address to be read, and what is known of it.
package struct PublicQuestion: Sendable {
    package let address: PageAddress
    /// The marks by which the site tells that nothing has changed.
    package var etag: String?, lastModified: String?

    package init(_ address: PageAddress, etag: String? = nil, lastModified: String? = nil) {
        (self.address, self.etag, self.lastModified) = (address, etag, lastModified)
    }
}

/// The outcome of a question.
package enum PublicAnswer: Sendable {
    case content(PublicContent)
    case unchanged
    /// Nothing was read; the reason is one of those that pages of crawls have. The status is that of the last answer.
    case none(reason: String, status: Int?)
}

/// The content of a public address.
package struct PublicContent: Sendable {
    package enum Kind: Sendable {
        case feed(Feed)
        case page(PublicPage)
    }

    package let kind: Kind
    /// The address that answered.
    package let address: PageAddress
    package let etag: String?, lastModified: String?
    /// It has moved there for good.
    package var movedTo: PageAddress?
    /// The time for which the site wants the answer to be taken for fresh.
    package var freshFor: Duration?

    package init(_ kind: Kind, at address: PageAddress, etag: String?, lastModified: String?) {
        (self.kind, self.address) = (kind, address)
        (self.etag, self.lastModified) = (etag, lastModified)
    }
}

/// A page as far as it is read.
package struct PublicPage: Sendable {
    package let title: String?
    package let text: String
    /// The addresses of the feeds that the page offers.
    package let feeds: [PageAddress]
    /// The page itself, for those who look for more in it.
    package let document: MarkupDocument

    package init(title: String?, text: String, feeds: [PageAddress], document: MarkupDocument) {
        (self.title, self.text, self.feeds, self.document) = (title, text, feeds, document)
    }
}
