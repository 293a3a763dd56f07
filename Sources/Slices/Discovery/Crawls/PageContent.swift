internal import Crawling
internal import Cryptography
internal import Extraction
internal import HTTPClient
internal import Intelligence
internal import Markup

/// A page that came, as it is kept: with its title, its links, and its readable text up to a bound.
struct PageContent {
    private static let textMax = 64 << 10, linksMax = 200, languageConfidenceMin = 0.9

    let page: MarkupDocument
    let directives: IndexingDirectives
    let charset: String
    let title: String?
    /// The language of its words by CLD2; where these are too few to tell, that which the page names.
    let language: String?
    let text: String
    let links: [String]

    /// Reads an answer of a type that pages have.
    init(_ response: HTTPClientResponse, at address: PageAddress) {
        let type = response.header("Content-Type") ?? ""
        let decoded = DecodedText(response.body, header: Self.charset(of: type))
        charset = decoded.charset
        let page = MarkupDocument(html: decoded.text)
        self.page = page
        directives = IndexingDirectives(headers: response.headers, page: page, for: Crawler.name)
        let name = page.first(.title).map { MarkupText.collapsed(page.text(of: $0)) } ?? ""
        title = name.isEmpty ? nil : Self.bounded(name, 500)
        text = Self.bounded(page.readableText(), Self.textMax)
        let guess = LanguageGuess.of(text)
        let isSure = guess.confidence >= Self.languageConfidenceMin
        language = isSure ? guess.language : PageReading.namedLanguage(of: page) ?? guess.language
        links = directives.forbidsFollowing ? [] : Self.links(of: page, at: address)
    }

    /// Returns whether an answer's type, or its first bytes where it names none, are those of a page.
    static func isPage(_ response: HTTPClientResponse) -> Bool {
        guard let type = response.header("Content-Type") else {
            return response.body.first { $0 > 0x20 } == UInt8(ascii: "<")
        }
        let name = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return ["text/html", "application/xhtml+xml", "text/plain"].contains(name)
    }

    static func charset(of type: String) -> String? {
        guard let mark = type.lowercased().firstRange(of: "charset=") else { return nil }
        let value = type.lowercased()[mark.upperBound...].prefix { $0 != ";" }
        return String(value.filter { $0 != "\"" && $0 != "'" && $0 != " " })
    }

    /// Without NUL, which no database takes.
    private static func bounded(_ text: String, _ bytesMax: Int) -> String {
        let bytes = text.utf8.prefix(bytesMax).filter { $0 != 0 }
        var bounded = String(decoding: bytes, as: UTF8.self)
        while bounded.utf8.count > bytesMax || bounded.last == "\u{FFFD}" { bounded.removeLast() }
        return bounded
    }

    private static func links(of page: MarkupDocument, at address: PageAddress) -> [String] {
        let base = page.base(at: address)
        var seen: Set<String> = [], links: [String] = []
        for node in page.nodes.indices where page.nodes[node].name == .a || page.nodes[node].name == .area {
            guard links.count < linksMax, let href = page.attribute(.href, of: node),
                page.attribute(.rel, of: node)?.lowercased().contains("nofollow") != true,
                let target = PageAddress(href, from: base)?.withoutVisitor,
                target.host == address.host || target.siteName == address.siteName,
                target.port == nil, seen.insert(target.key).inserted
            else { continue }
            links.append(target.description)
        }
        return links
    }

    /// Tells whether a page is still what it was.
    static func hash(of body: [UInt8]) -> String { Hex.encode(SHA256.hash(body)) }
}

extension PageAddress {
    /// The host without `www.`, which leads to the same site.
    var siteName: Substring { host.hasPrefix("www.") ? host.dropFirst(4) : host[...] }
}
