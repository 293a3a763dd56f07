internal import Records

/// Looks at the links that stand in a source, as far as they stand there: what a value adds is not known.
enum LinkLint {
    struct Link {
        /// Up to the first value.
        let url: String
        let isWhole: Bool
        /// `nil` for a bare address.
        let text: String?
        /// Byte of the source.
        let offset: Int
    }

    static func check(_ source: String) -> [TemplateWarning] {
        var map = SourceMap(Array(source.utf8))
        return links(source).prefix(TemplateLimits.faultsMax).flatMap { link in
            let place = map.place(of: link.offset)
            return faults(link).map { code, detail in
                TemplateWarning(code, detail, part: "body", line: place.line, column: place.column)
            }
        }
    }

    static func faults(_ link: Link) -> [(TemplateWarning.Code, Saying)] {
        let shown = Saying.Value.text(String(link.url.prefix(80)))
        let scheme = link.url.prefix { $0 != ":" }.lowercased()
        var faults: [(TemplateWarning.Code, Saying)] = []
        if link.url.isEmpty {
            return link.isWhole ? [(.brokenLink, Saying("lint.no_address"))] : []
        }
        switch scheme {
        case "mailto":
            let address = link.url.dropFirst(7).prefix { $0 != "?" }
            if link.isWhole, EmailAddress(String(address)) == nil {
                faults.append((.brokenLink, Saying("lint.no_mail_address", ["link": shown])))
            }
            return faults
        case "tel": return []
        case "http":
            faults.append((.insecureLink, Saying("lint.insecure_link", ["link": shown])))
        case "https": break
        default:
            return [(.brokenLink, Saying("lint.not_linkable", ["link": shown]))]
        }
        guard let host = Self.host(link) else { return faults }
        if isLocal(host) {
            faults.append((.brokenLink, Saying("lint.local_link", ["host": .text(host)])))
        } else if link.isWhole, WebAddress(link.url) == nil {
            faults.append((.brokenLink, Saying("lint.unreadable_link", ["link": shown])))
        }
        if SpamScore.shorteners.contains(host) {
            faults.append((.shortenedLink, Saying("lint.shortened_link", ["host": .text(host)])))
        }
        if let text = link.text, let other = namedHost(text), !isSameSite(other, host) {
            faults.append(
                (
                    .misleadingLink,
                    Saying("lint.misleading_link", ["said": .text(other), "host": .text(host)])
                ))
        }
        return faults
    }

    /// The host, when it stands there to its end.
    static func host(_ link: Link) -> String? {
        guard let start = link.url.firstRange(of: "://") else { return nil }
        let rest = link.url[start.upperBound...]
        let host = rest.prefix { !"/?#:".contains($0) }
        guard link.isWhole || host.endIndex < rest.endIndex else { return nil }
        return host.lowercased()
    }

    /// The host that a link's text names, when the text is an address itself.
    private static func namedHost(_ text: String) -> String? {
        let word = TextCleaning.trimmed(text)
        guard !word.contains(" "), word.contains("."), !word.contains("{"), !word.contains("@"),
            let address = WebAddress(word), address.registrableDomain != nil
        else { return nil }
        // "Node.js" is a word; an address has a known end or says that it is one.
        let isAddress = word.contains("://") || word.lowercased().hasPrefix("www.") || word.contains("/")
        let ends = [
            ".com", ".net", ".org", ".de", ".io", ".eu", ".co", ".uk", ".fr", ".es", ".it", ".nl", ".at",
            ".ch",
        ]
        return isAddress || ends.contains(where: word.lowercased().hasSuffix) ? address.host : nil
    }

    private static func isSameSite(_ a: String, _ b: String) -> Bool {
        a == b || (WebAddress.registrableDomain(of: a) ?? a) == (WebAddress.registrableDomain(of: b) ?? b)
    }

    private static func isLocal(_ host: String) -> Bool {
        if host == "localhost"
            || [".localhost", ".local", ".internal", ".lan"].contains(where: host.hasSuffix)
        {
            return true
        }
        let parts = host.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 4, parts.count == host.split(separator: ".").count else { return false }
        return [0, 10, 127].contains(parts[0]) || (parts[0], parts[1]) == (192, 168)
            || (parts[0] == 172 && (16...31).contains(parts[1])) || (parts[0], parts[1]) == (169, 254)
    }

    // MARK: Finding them

    /// `[text](url)` and bare addresses, in the order of the source.
    static func links(_ source: String) -> [Link] {
        let bytes = Array(source.utf8)
        var links: [Link] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: "](".utf8) {
                let end = close(bytes, from: index + 2)
                links.append(link(bytes, index + 2..<end, text: text(bytes, before: index)))
                index = end
            } else if rest.starts(with: "https://".utf8) || rest.starts(with: "http://".utf8) {
                var end = index
                while end < bytes.count, isAddressPart(bytes[end]) { end += 1 }
                while end > index, ".,;:!?'".utf8.contains(bytes[end - 1]) { end -= 1 }
                links.append(link(bytes, index..<end, text: nil))
                index = max(end, index + 1)
            } else {
                index += 1
            }
        }
        return links
    }

    /// Where the brackets of a link's address close, or its line ends.
    private static func close(_ bytes: [UInt8], from start: Int) -> Int {
        var end = start, depth = 0
        while end < bytes.count, bytes[end] != 0x0A {
            if bytes[end] == UInt8(ascii: "(") { depth += 1 }
            if bytes[end] == UInt8(ascii: ")") {
                if depth == 0 { break }
                depth -= 1
            }
            end += 1
        }
        return end
    }

    private static func isAddressPart(_ byte: UInt8) -> Bool {
        byte > 0x20 && !"<>\"`|\\^])}".utf8.contains(byte)
    }

    private static func link(_ bytes: [UInt8], _ range: Range<Int>, text: String?) -> Link {
        var url = String(decoding: bytes[range], as: UTF8.self)
        if let quote = url.firstRange(of: " \"") { url = String(url[..<quote.lowerBound]) }
        url = TextCleaning.trimmed(url)
        if url.hasPrefix("<") { url = String(url.dropFirst().prefix { $0 != ">" }) }
        let place = url.firstRange(of: "{{") ?? url.firstRange(of: "{%")
        return Link(
            url: place.map { String(url[..<$0.lowerBound]) } ?? url, isWhole: place == nil, text: text,
            offset: range.lowerBound)
    }

    private static func text(_ bytes: [UInt8], before close: Int) -> String? {
        let line = bytes[..<close].suffix(200)
        guard let open = line.lastIndex(of: UInt8(ascii: "[")) else { return nil }
        return String(decoding: bytes[open + 1..<close], as: UTF8.self)
    }
}
