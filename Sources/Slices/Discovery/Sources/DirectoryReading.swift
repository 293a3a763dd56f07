internal import Cryptography
internal import Integrations
internal import JSON
internal import Markup
internal import Records

/// The reading of a directory's pages: where the entries are, what stands where in an entry, and where it
/// goes on.
struct DirectoryReading: Sendable {
    /// Expressions whose values are addresses.
    private static let links: Set<String> = ["website", "linkedin_url"]
    private static let itemsMax = 1000

    let item: XPathQuery
    let next: XPathQuery?
    let fields: [(name: String, query: XPathQuery)]

    /// `nil` where an earlier release has let through what is a fault now.
    init?(_ source: LeadSource) {
        guard let item = source.item.flatMap({ XPathQuery($0) }) else { return nil }
        self.item = item
        next = source.next.flatMap { XPathQuery($0) }
        fields = source.expressions.members.compactMap { name, value in
            value.text.flatMap { XPathQuery($0) }.map { (name, $0) }
        }
        guard fields.contains(where: { $0.name == "company" }) else { return nil }
    }

    /// The entries of a page, and what leads to the next one.
    struct Page {
        var companies: [ListedCompany] = []
        var next: PageAddress?
        /// The fields that no entry has.
        var missing: [String] = []
        /// Whether the page has entries at all.
        var hasEntries = false
    }

    func read(_ document: MarkupDocument, at address: PageAddress) -> Page {
        let page = XPathDocument(document), base = document.base(at: address)
        var result = Page(), seen: Set<String> = []
        let entries = (page.elements(item) ?? []).prefix(Self.itemsMax)
        result.hasEntries = !entries.isEmpty
        var found: Set<String> = []
        for entry in entries {
            var company = ListedCompany(key: "", url: address.description)
            for (name, query) in fields {
                guard let text = page.text(query, from: entry), !text.isEmpty else { continue }
                found.insert(name)
                if Self.links.contains(name) {
                    guard let target = Self.link(text, from: base, in: address) else { continue }
                    company.set(name, target, quote: text)
                } else {
                    company.set(name, text)
                }
            }
            guard company.values["company"] != nil else { continue }
            company.key = Self.key(of: company)
            if seen.insert(company.key).inserted { result.companies.append(company) }
        }
        result.missing = fields.map(\.name).filter { !found.contains($0) }
        if let next, let text = page.text(next), !text.isEmpty {
            result.next = PageAddress(text, from: base)
        }
        return result
    }

    /// Returns the address of a company's site; a page of the directory itself is not the company's.
    private static func link(_ text: String, from base: PageAddress, in directory: PageAddress) -> String? {
        let isWhole =
            text.contains("://") || text.hasPrefix("/") || text.hasPrefix("?") || text.hasPrefix("#")
        // Some write www.acme.example for an address.
        let target = isWhole ? PageAddress(text, from: base) : PageAddress("https://\(text)")
        guard let target, target.siteName != directory.siteName else { return nil }
        return target.description
    }

    /// Entries of directories have no marks: the site tells who it is, or the name with the place.
    private static func key(of company: ListedCompany) -> String {
        if let domain = company.values["website"]?.text.flatMap({ WebAddress($0)?.ownDomain }) {
            return domain
        }
        let parts = ["company", "location", "city", "email", "phone"].map { company.values[$0]?.text ?? "" }
        return "sha256:" + Hex.encode(SHA256.hash(parts.joined(separator: "\n")))
    }
}
