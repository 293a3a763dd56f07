internal import Agents
internal import Crawling
internal import Integrations
internal import Lexicons
internal import Markup
internal import Records

/// The companies that a page names by links to their sites: members of a chamber, exhibitors of a fair, partners.
struct LinkedSitePages: CompanyPages {
    private static let linksMax = 500
    /// Words of links that say nothing of whom they lead to.
    private static let bare = Set(Lexicon("intent", in: ResourceTable.texts).phrases("bare links"))

    private let pages: SitePages
    private let use: SourceUse
    private var address: PageAddress?

    init(_ source: LeadSource, _ pages: SitePages, _ use: SourceUse) {
        (self.pages, self.use) = (pages, use)
        address = source.startURL.flatMap { PageAddress($0) }
    }

    mutating func next() async throws -> FoundPage? {
        guard let start = address else { return nil }
        address = nil
        let (document, final) = try await pages.page(start) { [use] in use.count() }
        let companies = Self.companies(in: document, at: final)
        return FoundPage(companies: companies, isAsDeclared: !companies.isEmpty)
    }

    static func companies(in document: MarkupDocument, at address: PageAddress) -> [ListedCompany] {
        let base = document.base(at: address)
        var found: [ListedCompany] = [], seen: Set<String> = []
        for node in document.nodes.indices where document.nodes[node].name == .a {
            guard found.count < linksMax, let href = document.attribute(.href, of: node),
                let target = PageAddress(href, from: base), target.siteName != address.siteName,
                let site = WebAddress(target.origin), let domain = site.ownDomain, !isOfNobody(domain),
                seen.insert(domain).inserted
            else { continue }
            var company = ListedCompany(key: domain, url: address.description)
            let words = MarkupText.collapsed(document.text(of: node))
            let isName =
                !words.isEmpty && words.utf8.count <= 120 && !bare.contains(words.lowercased())
                && !words.contains("://") && PageAddress("https://\(words)")?.host.contains(".") != true
            company.set(
                "company", isName ? words : CompanyDomain.name(of: domain), quote: isName ? words : href)
            company.set("website", target.with(path: "/")?.description ?? target.origin, quote: href)
            company.confidence = isName ? 0.7 : 0.4
            found.append(company)
        }
        return found
    }

    /// Networks, maps, counters and the like stand on pages of everybody.
    private static func isOfNobody(_ domain: String) -> Bool { CompanyDomain.isShared(domain) }
}

/// The sites that a search names, each read for what its company calls itself.
struct NamedSitePages: CompanyPages {
    private let pages: SitePages
    private let use: SourceUse
    private var left: [String]

    init(_ search: LeadSearch, _ pages: SitePages, _ use: SourceUse) throws(ToolFailure) {
        guard !search.websites.isEmpty else {
            throw ToolFailure(
                "no_criteria", "the search names no sites: list them under websites", isRetryable: false)
        }
        (self.pages, self.use) = (pages, use)
        left = search.websites
    }

    mutating func next() async throws -> FoundPage? {
        guard !left.isEmpty else { return nil }
        guard let address = WebAddress(left.removeFirst()).flatMap({ PageAddress($0.text) }) else {
            return FoundPage()
        }
        do {
            let (document, final) = try await pages.page(address) { [use] in use.count() }
            return FoundPage(companies: [Self.company(of: document, at: final)])
        } catch let failure as ToolFailure {
            // One site that cannot be read leaves the others alone.
            return FoundPage(unread: [failure.code])
        }
    }

    static func company(of document: MarkupDocument, at address: PageAddress) -> ListedCompany {
        let domain = WebAddress(address.origin)?.ownDomain
        var company = ListedCompany(key: domain ?? address.origin, url: address.description)
        let said = siteName(in: document) ?? titleName(in: document)
        let name = said ?? CompanyDomain.name(of: domain ?? address.host)
        company.set("company", name, quote: said ?? address.host)
        company.set("website", address.origin)
        company.confidence = said == nil ? 0.4 : 0.7
        return company
    }

    private static func siteName(in document: MarkupDocument) -> String? {
        for node in document.nodes.indices where document.nodes[node].name == .meta {
            guard document.attribute(.property, of: node)?.lowercased() == "og:site_name",
                let text = document.attribute(.content, of: node).map(MarkupText.collapsed), !text.isEmpty
            else { continue }
            return String(text.prefix(200))
        }
        return nil
    }

    /// The part of a title that stands before or behind a line, and is not what everybody's home page says.
    private static func titleName(in document: MarkupDocument) -> String? {
        guard let node = document.first(.title) else { return nil }
        let title = MarkupText.collapsed(document.text(of: node))
        let parts = title.split { "|–—·:".contains($0) }.map { MarkupText.collapsed(String($0)) }
        return parts.first { !$0.isEmpty && $0.utf8.count <= 80 && !usualTitles.contains($0.lowercased()) }
    }

    private static let usualTitles = Set(Lexicon("intent", in: ResourceTable.texts).phrases("usual titles"))
}

/// Returns the company as far as its domain alone tells.
enum CompanyDomain {
    /// Domains that stand on everybody's pages, and are of none of the companies there.
    private static let shared: Set<String> = [
        "google.com", "apple.com", "microsoft.com", "wikipedia.org", "openstreetmap.org", "gravatar.com",
        "cloudflare.com", "googletagmanager.com", "googleapis.com", "gstatic.com", "w3.org", "schema.org",
        "wordpress.org", "creativecommons.org", "archive.org", "europa.eu",
    ]

    static func isShared(_ domain: String) -> Bool { shared.contains(domain) }

    /// `acme-robotics.example` is `Acme Robotics`, until the company itself says what it is called.
    static func name(of domain: String) -> String {
        let label = domain.split(separator: ".").first.map(String.init) ?? domain
        return label.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined(separator: " ")
    }
}
