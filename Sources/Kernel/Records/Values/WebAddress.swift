internal import CPSL

/// The address of a website, as a link that can be followed: `https://www.example.com/shop`.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address with scheme, without trailing slash, fragment, default port and campaign parameters.
    package let text: String
    /// The host in lower case, without port: a name with a dot, or an IPv4 address.
    package let host: String

    package var description: String { text }

    package static let lengthMax = 2048

    /// Reads what stands in a website field: `Example.COM`, `http://www.example.com:80/?utm_source=x`.
    /// `https` is assumed where no scheme is given. `nil` for other schemes, for user names in the
    /// address, and for hosts that cannot be public.
    package init?(_ text: String) { self.init(text, isWhole: false) }

    /// Returns the address of a page as readers are to follow it: with its query, fragment and last slash, which are
    /// for whoever answers there. `nil` for hosts of private networks, too.
    package static func link(_ text: String) -> WebAddress? {
        WebAddress(text, isWhole: true).flatMap { isInner(host: $0.host) ? nil : $0 }
    }

    private init?(_ text: String, isWhole: Bool) {
        if let plain = Self(plain: text) {
            self = plain
            return
        }
        let text = TextCleaning.trimmed(text)
        guard !text.isEmpty, text.utf8.count <= Self.lengthMax,
            text.unicodeScalars.allSatisfy({ !TextCleaning.isBlank($0) && !Self.isForbidden($0) })
        else { return nil }
        let slashed = text.utf8.contains(UInt8(ascii: "\\")) ? text.replacing("\\", with: "/") : text
        guard let (scheme, rest) = Self.splitScheme(slashed) else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let (host, port) = Self.splitPort(authority), !host.contains("@") else { return nil }
        var name = TextFolding.isFullWidth(host) ? TextFolding.fold(host) : host.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        guard HostName.isValid(name) && name.utf8.contains(UInt8(ascii: ".")) || HostName.isIPv4(name) else {
            return nil
        }
        self.host = name
        let isDefaultPort = port == nil || port == (scheme == "http" ? 80 : 443)
        self.text =
            "\(scheme)://\(name)" + (isDefaultPort ? "" : ":\(port!)")
            + (isWhole ? String(rest[authority.endIndex...]) : Self.cleanedTail(rest[authority.endIndex...]))
    }

    /// `https://www.example.com/shop`: an address with nothing to forgive or to leave out, as most are.
    private init?(plain text: String) {
        let bytes = text.utf8
        let scheme = bytes.starts(with: "https://".utf8) ? 8 : 7
        guard scheme == 8 || bytes.starts(with: "http://".utf8), bytes.count <= Self.lengthMax,
            bytes.last != UInt8(ascii: "/")
        else { return nil }
        let host = bytes.dropFirst(scheme).prefix { $0 != UInt8(ascii: "/") }
        let isPlain = bytes[host.endIndex...].allSatisfy { byte in
            switch byte {
            case 0x2D...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true  // - . / digits, letters, _
            default: false
            }
        }
        let name = String(Substring(host))
        guard isPlain, name.utf8.contains(UInt8(ascii: ".")), HostName.isValid(name) else { return nil }
        (self.text, self.host) = (text, name)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "\"", "{", "}", "|", "^", "`": true
        default: false
        }
    }

    /// The scheme in lower case and what follows `//`; slips such as `http//` and `htp:/` are forgiven.
    private static func splitScheme(_ text: String) -> (String, Substring)? {
        let lower = text.prefix(9).lowercased()
        let hasScheme = lower.utf8.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
        for slip in !hasScheme
            ? [] : ["https", "http", "htttp", "htpps", "htps", "hhttp", "htp", "ttps", "ttp"]
        where lower.hasPrefix(slip) {
            var rest = text.dropFirst(slip.count)
            let hadColon = rest.hasPrefix(":")
            if hadColon { rest = rest.dropFirst() }
            guard hadColon || rest.hasPrefix("//") else { continue }
            while rest.hasPrefix("/") || rest.hasPrefix(":") { rest = rest.dropFirst() }
            // "https://http://example.com": somebody pasted behind a prefilled scheme.
            if let inner = ["http://", "https://"].first(where: { rest.lowercased().hasPrefix($0) }) {
                return (String(inner.dropLast(3)), rest.dropFirst(inner.count))
            }
            return (slip.contains("ps") ? "https" : "http", rest)
        }
        if text.hasPrefix("//") { return ("https", text.dropFirst(2)) }
        // "mailto:x", "javascript:x"; a colon with digits after it is a port.
        if let colon = text.firstIndex(of: ":"),
            text[..<colon].allSatisfy({ $0.isLetter || $0 == "+" || $0 == "-" })
        {
            guard text[text.index(after: colon)...].first?.isNumber == true else { return nil }
        }
        return ("https", text[...])
    }

    private static func splitPort(_ authority: Substring) -> (String, Int?)? {
        guard let colon = authority.lastIndex(of: ":") else { return (String(authority), nil) }
        let digits = authority[authority.index(after: colon)...]
        if digits.isEmpty { return (String(authority[..<colon]), nil) }
        guard let port = UInt16(digits), port > 0, !digits.hasPrefix("+") else { return nil }
        return (String(authority[..<colon]), Int(port))
    }

    private static func cleanedTail(_ tail: Substring) -> String {
        let bare = tail.prefix { $0 != "#" }
        var path = String(bare.prefix { $0 != "?" })
        while path.hasSuffix("/") { path.removeLast() }
        let kept = bare.dropFirst(bare.prefix { $0 != "?" }.count + 1).split(separator: "&").filter { item in
            let name = item.prefix { $0 != "=" }.lowercased()
            return !name.hasPrefix("utm_") && !trackers.contains(name)
        }
        if !kept.isEmpty { path += "?" + kept.joined(separator: "&") }
        return path
    }

    private static let trackers: Set<String> = [
        "gclid", "fbclid", "msclkid", "dclid", "yclid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "igshid",
        "gad_source",
    ]
}

extension WebAddress {
    /// The part of the host that somebody registered: `example.co.uk` of `www.example.co.uk`. `nil` for
    /// an IP address and for a public suffix itself.
    package var registrableDomain: String? { Self.registrableDomain(of: host) }

    /// Returns the part that somebody registered of any host name in lower case, after the public suffix list that the
    /// system has. `nil` for an IP address and for a public suffix itself.
    package static func registrableDomain(of host: String) -> String? {
        guard !HostName.isIPv4(host), let list = psl_builtin() else { return nil }
        let known = host.withCString { name -> String? in
            guard let domain = psl_registrable_domain(list, name) else { return nil }
            return String(cString: domain)
        }
        guard let known else { return nil }
        let first = String(known.prefix { $0 != "." })
        guard secondLevels.contains(first) || exampleDomains.contains(known) else { return known }
        let labels = host.split(separator: ".")
        // Under an end that the list does not know, it takes two labels; but "co", "com" and the like
        // are no firm's name anywhere.
        if labels.count >= 3, labels.suffix(2).joined(separator: ".") == known,
            secondLevels.contains(first), !isListed(String(labels.last!), list)
        {
            return labels.suffix(3).joined(separator: ".")
        }
        // In invented data, what stands under a domain set aside for examples (RFC 2606) are firms.
        if exampleDomains.contains(known), labels.count >= 3, labels[labels.count - 3] != "www" {
            return labels.suffix(3).joined(separator: ".")
        }
        return known
    }

    private static let exampleDomains: Set<String> = ["example.com", "example.net", "example.org"]

    private static let secondLevels: Set<String> = ["co", "com", "net", "org", "ac", "edu", "gov"]

    private static func isListed(_ end: String, _ list: OpaquePointer) -> Bool {
        end.withCString { psl_is_public_suffix2(list, $0, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1 }
    }

    /// Returns whether the last part of a host's name is an end that the public suffix list has.
    package static func hasListedEnd(_ host: String) -> Bool {
        guard let end = host.split(separator: ".").last, let list = psl_builtin() else { return false }
        return isListed(String(end), list)
    }

    /// The registrable domain, unless many firms keep a page there, so that it says nothing about which
    /// one this is.
    package var ownDomain: String? {
        guard let domain = registrableDomain, !Self.sharedHosts.contains(domain),
            !EmailAddress.isFreeMail(domain)
        else {
            return nil
        }
        return domain
    }

    private static let sharedHosts: Set<String> = [
        "facebook.com", "fb.com", "instagram.com", "linkedin.com", "twitter.com", "x.com", "youtube.com",
        "tiktok.com",
        "pinterest.com", "xing.com", "google.com", "goo.gl", "bit.ly", "linktr.ee", "yelp.com",
        "tripadvisor.com",
        "etsy.com", "ebay.com", "ebay.de", "amazon.com", "wixsite.com", "weebly.com", "wordpress.com",
        "blogspot.com",
        "squarespace.com", "myshopify.com", "jimdofree.com", "jimdosite.com", "business.site",
        "godaddysites.com",
        "site123.me", "webnode.com", "carrd.co", "notion.site", "medium.com", "github.com", "github.io",
        "booking.com",
    ]
}

extension WebAddress {
    private static let innerEnds = [
        "localhost", ".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa",
        ".invalid",
    ]

    /// Returns whether only machines of some private network could find a host, written in lower case.
    /// Addresses of version 6 are no links that people are sent.
    package static func isInner(host: some StringProtocol) -> Bool {
        if host.hasPrefix("[") || innerEnds.contains(where: host.hasSuffix) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        // Browsers read numbers of base 8 and 16 as parts of an address, too.
        let last = parts.last ?? ""
        if last.hasPrefix("0x"), last.dropFirst(2).allSatisfy(\.isHexDigit) { return true }
        let numbers = parts.compactMap { UInt8($0) }
        guard numbers.count == parts.count else { return !host.isEmpty && host.allSatisfy(\.isNumber) }
        guard numbers.count == 4, !parts.contains(where: { $0.count > 1 && $0.hasPrefix("0") }) else {
            return true
        }
        switch (numbers[0], numbers[1]) {
        case (0, _), (10, _), (127, _), (100, 64...127), (169, 254), (172, 16...31), (192, 168),
            (198, 18...19), (224..., _):
            return true
        case (192, 0): return numbers[2] == 0 || numbers[2] == 2
        default: return false
        }
    }
}

extension TextFolding {
    static func isFullWidth(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0xFF01...0xFF5E).contains($0.value) }
    }
}
