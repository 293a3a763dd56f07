package import Markup

/// A site's list of its pages, or of further lists (sitemaps.org 0.9): as XML, as text, and as a feed.
package struct Sitemap: Sendable {
    package struct Entry: Hashable, Sendable {
        package let address: PageAddress
        /// The text as written: a date, or a date and time.
        package let modified: String?
    }

    package static let bytesMax = 50 << 20
    package static let entriesMax = 50_000

    package private(set) var pages: [Entry] = []
    package private(set) var sitemaps: [Entry] = []

    /// Reads what came for an address: packed or not, cut off or not. Entries of other hosts are left out.
    package init(_ bytes: [UInt8], from address: PageAddress, bytesMax: Int = Self.bytesMax) {
        var bytes = bytes
        if bytes.starts(with: [0x1F, 0x8B]) { bytes = Inflate.gzip(bytes, bytesMax: bytesMax) ?? [] }
        let text = DecodedText(Array(bytes.prefix(bytesMax))).text
        guard let first = text.utf8.first(where: { $0 > 0x20 }) else { return }
        if first == UInt8(ascii: "<") { readXML(text, address, bytesMax) } else { readText(text, address) }
    }

    private mutating func readXML(_ text: String, _ base: PageAddress, _ bytesMax: Int) {
        var bounds = MarkupDocument.Bounds()
        (bounds.bytesMax, bounds.nodesMax) = (bytesMax, 12 * Self.entriesMax)
        let document = MarkupDocument(xml: text, bounds: bounds)
        guard let loc = document.name("loc") else { return }
        let modified = document.name("lastmod")
        for node in document.nodes.indices where document.nodes[node].name == loc {
            guard let parent = document.parent(of: node) else { continue }
            let date = document.children(of: parent).first { document.nodes[$0].name == modified }
            let entry = Self.entry(document.text(of: node), base, date.map { document.text(of: $0) })
            guard let entry else { continue }
            switch document.name(of: parent) {
            case "sitemap": if sitemaps.count < Self.entriesMax { sitemaps.append(entry) }
            case "url": if pages.count < Self.entriesMax { pages.append(entry) }
            default: break
            }
        }
    }

    private mutating func readText(_ text: String, _ base: PageAddress) {
        for line in text.split(whereSeparator: \.isNewline).prefix(Self.entriesMax) {
            if let entry = Self.entry(String(line), base, nil) { pages.append(entry) }
        }
    }

    private static func entry(_ text: String, _ base: PageAddress, _ modified: String?) -> Entry? {
        guard let address = PageAddress(text), address.host == base.host else { return nil }
        return Entry(address: address, modified: modified)
    }
}
