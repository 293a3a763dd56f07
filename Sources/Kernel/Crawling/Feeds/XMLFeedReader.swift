internal import Markup
internal import Telemetry

/// Reads RSS of all versions and Atom.
struct XMLFeedReader {
    private static let prefixes = [
        "http://www.w3.org/2005/Atom": "atom", "http://purl.org/atom/ns#": "atom",
        "http://purl.org/rss/1.0/": "",
        "http://my.netscape.com/rdf/simple/0.9/": "", "http://backend.userland.com/rss2": "",
        "http://purl.org/dc/elements/1.1/": "dc", "http://purl.org/dc/terms/": "dcterms",
        "http://purl.org/rss/1.0/modules/content/": "content",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
        "http://purl.org/rss/1.0/modules/syndication/": "sy",
        "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
        "http://www.w3.org/1999/xhtml": "xhtml",
    ]

    private let document: MarkupDocument
    private let address: PageAddress

    static func read(_ text: String, _ address: PageAddress) -> Feed? {
        let document = MarkupDocument(xml: text, prefixes: prefixes)
        guard let root = document.nodes.indices.first(where: { !document.isText($0) }) else { return nil }
        let reader = XMLFeedReader(document: document, address: address)
        switch document.name(of: root).lowercased() {
        case "rss", "rdf:rdf", "rdf", "channel": return reader.rss(root)
        case "atom:feed", "feed": return reader.atom(root)
        case "atom:entry":
            var feed = Feed(kind: .atom)
            feed.entries = [reader.atomEntry(root, reader.base(of: root, address))]
            return feed
        default: return nil
        }
    }

    // MARK: RSS

    private func rss(_ root: Int) -> Feed? {
        guard
            let channel = element("channel", in: root) ?? (document.name(of: root) == "channel" ? root : nil)
        else {
            return nil
        }
        var feed = Feed(kind: .rss)
        let base = base(of: channel, address)
        for node in document.children(of: channel) where !document.isText(node) {
            switch document.name(of: node) {
            case "title": if feed.title.isEmpty { feed.title = plain(node) }
            case "link": if feed.home == nil { feed.home = PageAddress(document.text(of: node), from: base) }
            case "language", "dc:language": feed.language = document.text(of: node)
            case "ttl":
                if let minutes = Int64(document.text(of: node)) {
                    feed.note(unchangedFor: .seconds(min(max(minutes, 0), 1_000_000) * 60))
                }
            case "skipHours":
                // 24 is midnight in feeds of old.
                feed.skipHours = Set(
                    document.children(of: node).compactMap { hour in
                        Int(document.text(of: hour)).flatMap { (0...24).contains($0) ? $0 % 24 : nil }
                    })
            case "atom:link": feed.note(link: link(node, base), document.attribute(.rel, of: node))
            default: break
            }
        }
        if let pause = updatePause(channel) { feed.note(unchangedFor: pause) }
        let name = document.name("item")
        for node in document.within(root) where document.nodes[node].name == name {
            guard feed.entries.count < Feed.entriesMax else { break }
            feed.entries.append(rssEntry(node, self.base(of: node, base)))
        }
        return feed
    }

    private func rssEntry(_ item: Int, _ base: PageAddress) -> Feed.Entry {
        var entry = Feed.Entry(), description = "", isPermanent = true
        for node in document.children(of: item) where !document.isText(node) {
            let text = { document.text(of: node) }
            switch document.name(of: node) {
            case "title", "dc:title": if entry.title.isEmpty { entry.title = plain(node) }
            case "link": if entry.link == nil { entry.link = PageAddress(text(), from: base) }
            case "atom:link":
                if entry.link == nil, ["alternate", nil].contains(document.attribute(.rel, of: node)) {
                    entry.link = link(node, base)
                }
            case "guid":
                entry.id = text()
                isPermanent =
                    document.name("isPermaLink").flatMap { document.attribute($0, of: node) }?.lowercased()
                    != "false"
            case "description", "dc:description", "itunes:summary":
                if description.isEmpty { description = plain(node) }
            case "content:encoded": entry.text = plain(node)
            case "pubDate", "dc:date", "dcterms:issued", "dcterms:created":
                if entry.published == nil { entry.published = FeedDate.instant(text()) }
            case "dcterms:modified", "atom:updated": entry.updated = FeedDate.instant(text())
            case "author", "dc:creator", "itunes:author": if entry.author == nil { entry.author = text() }
            case "category", "dc:subject": entry.categories.append(text())
            default: break
            }
        }
        if entry.text.isEmpty { entry.text = description }
        if entry.link == nil, isPermanent, let id = entry.id { entry.link = PageAddress(id) }
        if entry.id == nil, let about = document.name("rdf:about") {
            entry.id = document.attribute(about, of: item)
        }
        return entry
    }

    /// The time between two changes by `sy:updatePeriod` and `sy:updateFrequency`.
    private func updatePause(_ channel: Int) -> Duration? {
        let days: [String: Int64] = ["daily": 1, "weekly": 7, "monthly": 30, "yearly": 365]
        guard let period = element("sy:updatePeriod", in: channel).map({ document.text(of: $0).lowercased() }),
            let seconds = period == "hourly" ? 3600 : days[period].map({ $0 * 86_400 })
        else { return nil }
        let times = element("sy:updateFrequency", in: channel).flatMap { Int64(document.text(of: $0)) } ?? 1
        return .seconds(seconds / min(max(times, 1), 1000))
    }

    // MARK: Atom

    private func atom(_ root: Int) -> Feed {
        var feed = Feed(kind: .atom)
        let base = base(of: root, address)
        feed.language = document.attribute(.xmlLang, of: root)
        for node in document.children(of: root) where !document.isText(node) {
            switch local(node) {
            case "title": if feed.title.isEmpty { feed.title = atomText(node) }
            case "link":
                let rel = document.attribute(.rel, of: node) ?? "alternate"
                if rel == "alternate", feed.home == nil { feed.home = link(node, base) }
                feed.note(link: link(node, base), rel)
            case "entry":
                guard feed.entries.count < Feed.entriesMax else { continue }
                feed.entries.append(atomEntry(node, self.base(of: node, base)))
            default: break
            }
        }
        return feed
    }

    private func atomEntry(_ entry: Int, _ base: PageAddress) -> Feed.Entry {
        var found = Feed.Entry(), summary = ""
        for node in document.children(of: entry) where !document.isText(node) {
            switch local(node) {
            case "title": found.title = atomText(node)
            case "id": found.id = document.text(of: node)
            case "link":
                if found.link == nil, (document.attribute(.rel, of: node) ?? "alternate") == "alternate" {
                    found.link = link(node, base)
                }
            case "content": found.text = atomText(node)
            case "summary": summary = atomText(node)
            case "published", "issued", "created": found.published = FeedDate.instant(document.text(of: node))
            case "updated", "modified": found.updated = FeedDate.instant(document.text(of: node))
            case "author":
                if found.author == nil {
                    found.author = document.children(of: node).first { local($0) == "name" }.map {
                        document.text(of: $0)
                    }
                }
            case "category":
                if let term = document.name("term").flatMap({ document.attribute($0, of: node) }) {
                    found.categories.append(term)
                }
            default: break
            }
        }
        if found.text.isEmpty { found.text = summary }
        return found
    }

    private func local(_ node: Int) -> String {
        guard !document.isText(node) else { return "" }
        let name = document.name(of: node)
        return name.hasPrefix("atom:") ? String(name.dropFirst(5)) : name
    }

    // MARK: Parts

    private func element(_ name: String, in root: Int) -> Int? {
        document.children(of: root).first { !document.isText($0) && document.name(of: $0) == name }
    }

    private func base(of node: Int, _ outer: PageAddress) -> PageAddress {
        document.attribute(.xmlBase, of: node).flatMap { PageAddress($0, from: outer) } ?? outer
    }

    private func link(_ node: Int, _ base: PageAddress) -> PageAddress? {
        document.attribute(.href, of: node).flatMap { PageAddress($0, from: self.base(of: node, base)) }
    }

    /// A text that may be HTML, as RSS never says.
    private func plain(_ node: Int) -> String { FeedText.plain(document.rawText(of: node)) }

    private func atomText(_ node: Int) -> String {
        let type = document.attribute(.type, of: node) ?? "text"
        return type.contains("html") && !type.contains("xhtml") ? plain(node) : document.text(of: node)
    }
}

/// Texts of feeds without their markup.
enum FeedText {
    private static let bytesMax = 200_000

    static func plain(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "&")) else {
            return MarkupText.collapsed(text)
        }
        var bounds = MarkupDocument.Bounds()
        bounds.bytesMax = bytesMax
        return MarkupText.collapsed(MarkupDocument(html: text, bounds: bounds).readableText())
    }
}
