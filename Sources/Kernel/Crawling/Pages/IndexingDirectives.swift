internal import JSON
package import Markup

/// The wishes of a page to programs that read it, by its headers and `<meta>` elements.
package struct IndexingDirectives: Hashable, Sendable {
    /// It is not to be kept, and nothing of it is to be known.
    package private(set) var forbidsIndex = false
    package private(set) var forbidsFollowing = false
    /// Its rights for text and data mining are reserved (TDM Reservation Protocol); `nil` where it does not say.
    package private(set) var reservesMining: Bool?

    package init() {}

    /// `headers` are all headers of the answer; `name` is what the program calls itself.
    package init(headers: [(name: String, value: String)], page: MarkupDocument?, for name: String) {
        for header in headers {
            switch header.name.lowercased() {
            case "x-robots-tag": read(tag: header.value, for: name)
            case "tdm-reservation": reservesMining = Self.flag(header.value)
            default: break
            }
        }
        guard let page else { return }
        for node in page.nodes.indices where page.nodes[node].name == .meta {
            guard let key = page.attribute(.name, of: node)?.lowercased(),
                let content = page.attribute(.content, of: node)
            else { continue }
            if key == "robots" || key == name.lowercased() {
                read(directives: content)
            } else if key == "tdm-reservation", reservesMining == nil {
                reservesMining = Self.flag(content)
            }
        }
    }

    /// `noindex, nofollow`, or for one program: `bureaubot: noindex`.
    private mutating func read(tag: String, for name: String) {
        var isMeant = true
        for part in tag.split(separator: ",") {
            var words = part[...]
            if let colon = part.firstIndex(of: ":") {
                let agent = part[..<colon].filter { $0 != " " }.lowercased()
                // "unavailable_after: date" has a colon, too.
                if !["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"].contains(
                    agent)
                {
                    isMeant = agent == name.lowercased() || agent == "*"
                    words = part[part.index(after: colon)...]
                }
            }
            if isMeant { read(directives: String(words)) }
        }
    }

    private mutating func read(directives: String) {
        for word in directives.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }) {
            switch word {
            case "noindex", "noarchive": forbidsIndex = forbidsIndex || word == "noindex"
            case "nofollow": forbidsFollowing = true
            case "none": (forbidsIndex, forbidsFollowing) = (true, true)
            default: break
            }
        }
    }

    private static func flag(_ value: String) -> Bool? {
        switch value.filter({ $0 != " " }) {
        case "1": true
        case "0": false
        default: nil
        }
    }
}

/// The reservations of a site for text and data mining in `/.well-known/tdmrep.json`: patterns of paths, of
/// which the first that fits counts.
package struct MiningReservations: Sendable {
    package static let path = "/.well-known/tdmrep.json"

    private let entries: [(pattern: RobotsPattern, isReserved: Bool)]

    /// A file that says nothing readable reserves nothing.
    package init(_ bytes: [UInt8]) {
        let document = (try? JSONParser.parse(bytes))?.array ?? []
        entries = document.prefix(1000).compactMap { entry in
            guard let location = entry["location"]?.text, let flag = entry["tdm-reservation"]?.int,
                let pattern = RobotsPattern(location.hasPrefix("/") ? location : "/" + location)
            else { return nil }
            return (pattern, flag == 1)
        }
    }

    /// `nil` where the file says nothing of a path.
    package func isReserved(_ target: String) -> Bool? {
        let bytes = RobotsPattern.normalized(target)
        return entries.first { $0.pattern.matches(bytes) }?.isReserved
    }
}
