internal import JSON
package import Markup
internal import Records

/// The owner of a site, as far as its address and its own pages say: what a name or an address has to fit to be theirs.
package struct SiteIdentity: Sendable {
    package let host: String
    /// The part of the host that somebody registered.
    package let domain: String
    /// The keys of the names that the site gives itself.
    package private(set) var names: Set<String> = []
    /// The letters of the domain's name, without its end.
    private let label: String

    package init(_ address: PageAddress) {
        host = address.host.hasPrefix("www.") ? String(address.host.dropFirst(4)) : address.host
        domain = WebAddress.registrableDomain(of: host) ?? host
        label = Self.letters(String(domain.prefix { $0 != "." }))
    }

    /// Adds what a page calls its site.
    package mutating func learn(from page: MarkupDocument) {
        for meta in MetaProperties.all(in: page)
        where meta.name == "og:site_name" || meta.name == "application-name" {
            add(meta.content)
        }
        for name in [MarkupName.title, .h1] {
            guard let node = page.first(name) else { continue }
            for part in page.text(of: node, bytesMax: 1000).split(whereSeparator: { "|–—·:»-".contains($0) })
            where fitsLabel(String(part)) {
                add(String(part))
            }
        }
    }

    package mutating func add(_ name: String) {
        let key = CompanyName.key(name)
        if (2...60).contains(key.utf8.count), names.count < 12 { names.insert(key) }
    }

    /// Returns whether a name is the company's: the domain's, or one that the site gives itself.
    package func fits(_ name: String) -> Bool {
        let key = CompanyName.key(name)
        guard key.utf8.count >= 2 else { return false }
        if names.contains(key) || fitsLabel(key) { return true }
        return names.contains { known in
            let (short, long) = known.utf8.count < key.utf8.count ? (known, key) : (key, known)
            return short.utf8.count >= 4 && (long.hasPrefix(short + " ") || long.hasSuffix(" " + short))
        }
    }

    /// Returns whether letters are the domain's, or its beginning, or the other way round.
    func fitsLabel(_ name: String) -> Bool {
        let letters = Self.letters(CompanyName.key(name))
        guard letters.utf8.count >= 3, label.utf8.count >= 3 else { return letters == label }
        if letters == label { return true }
        let (short, long) = letters.utf8.count < label.utf8.count ? (letters, label) : (label, letters)
        return short.utf8.count >= 4 && long.hasPrefix(short)
    }

    /// Returns whether a host is of the site: it, or one of the same registrant.
    package func owns(_ otherHost: String) -> Bool {
        let bare = otherHost.hasPrefix("www.") ? String(otherHost.dropFirst(4)) : otherHost
        return bare == host || bare.hasSuffix("." + host)
            || (WebAddress.registrableDomain(of: bare) ?? bare) == domain
    }

    private static func letters(_ text: String) -> String {
        TextFolding.fold(text).filter { $0.isLetter || $0.isNumber }
    }
}
