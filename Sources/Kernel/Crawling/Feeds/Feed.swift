package import Markup
package import Telemetry

/// A feed as it was read: RSS 0.9 to 2.0, Atom or JSON Feed. What is broken in it is left out, entry by entry.
package struct Feed: Sendable {
    package enum Kind: String, Sendable { case rss, atom, json }

    package struct Entry: Hashable, Sendable {
        /// The mark that the feed tells it by: its id, else its address, else its title and date.
        package internal(set) var identity = ""
        package internal(set) var id: String?
        package internal(set) var link: PageAddress?
        package internal(set) var title = ""
        /// The text of what it says, without markup.
        package internal(set) var text = ""
        package internal(set) var author: String?
        package internal(set) var published: Instant?
        package internal(set) var updated: Instant?
        package internal(set) var categories: [String] = []
    }

    package static let entriesMax = 1000

    package internal(set) var kind: Kind
    package internal(set) var title = ""
    /// The site that it belongs to.
    package internal(set) var home: PageAddress?
    package internal(set) var language: String?
    /// The page of the feed that goes on with older entries.
    package internal(set) var next: PageAddress?
    /// The hub that tells of changes to whoever asks it to (WebSub), and the feed's address as the hub knows it.
    package internal(set) var hub: PageAddress?
    package internal(set) var topic: PageAddress?
    /// The time for which the feed stays valid, where it gives one.
    package internal(set) var timeToLive: Duration?
    /// The hours of the day, in UTC, in which it does not want to be asked for.
    package internal(set) var skipHours: Set<Int> = []
    package internal(set) var entries: [Entry] = []

    init(kind: Kind) { self.kind = kind }

    /// Reads what came for an address; `nil` where it is no feed. The outermost element decides what it is, never the
    /// header.
    package init?(_ bytes: [UInt8], charset: String? = nil, from address: PageAddress) {
        let text = DecodedText(bytes, header: charset).text
        guard let first = text.utf8.first(where: { $0 > 0x20 }) else { return nil }
        let feed =
            first == UInt8(ascii: "{")
            ? JSONFeedReader.read(text, address) : XMLFeedReader.read(text, address)
        guard var feed else { return nil }
        for index in feed.entries.indices { feed.entries[index].identify() }
        self = feed
    }
}

extension Feed {
    /// The longest time for which a feed can put its readers off.
    private static let timeMax: Duration = .seconds(7 * 86_400)

    /// Takes a link of the feed itself.
    mutating func note(link: PageAddress?, _ rel: String?) {
        switch rel {
        case "next": next = link
        case "hub": hub = hub ?? link
        case "self": topic = topic ?? link
        default: break
        }
    }

    /// Takes a time within which nothing changes, where it is longer than what was said so far.
    mutating func note(unchangedFor time: Duration) {
        guard time > .zero else { return }
        timeToLive = max(timeToLive ?? .zero, min(time, Self.timeMax))
    }

    /// Returns when it may be asked for again: not within the time that it or the answer's header gives, nor in hours
    /// that it leaves out; `nil` where it says nothing.
    package func nextAt(after now: Instant, freshFor age: Duration?) -> Instant? {
        let pause = max(timeToLive ?? .zero, age ?? .zero)
        guard pause > .zero || !skipHours.isEmpty else { return nil }
        var next = now + pause
        // A feed that leaves out all hours means none of them.
        guard skipHours.count < 24 else { return next }
        while skipHours.contains(Int(next.seconds / 3600 % 24)) {
            next = Instant(microseconds: (next.seconds / 3600 + 1) * 3_600_000_000)
        }
        return next
    }
}

extension Feed.Entry {
    mutating func identify() {
        if let id, !id.isEmpty {
            identity = id
        } else if let link {
            identity = link.description
        } else {
            identity = "\(title)\n\((published ?? updated).map { "\($0.seconds)" } ?? "")"
        }
    }
}

/// The feeds that a page offers.
package struct OfferedFeeds {
    private static let types: Set = ["application/rss+xml", "application/atom+xml", "application/feed+json"]

    /// Returns the addresses of the feeds that a page offers, in the order of the page, each once.
    package static func addresses(in page: MarkupDocument, at address: PageAddress) -> [PageAddress] {
        var found: [PageAddress] = []
        for node in page.nodes.indices where page.nodes[node].name == .link {
            guard let rel = page.attribute(.rel, of: node)?.lowercased(),
                rel.split(separator: " ").contains("alternate"),
                let type = page.attribute(.type, of: node)?.lowercased().prefix(while: { $0 != ";" }),
                types.contains(String(type)), let href = page.attribute(.href, of: node),
                let target = PageAddress(href, from: page.base(at: address)), !found.contains(target)
            else { continue }
            found.append(target)
        }
        return found
    }
}
