internal import JSON
package import Markup
internal import Records

/// All that is learned from one page of a site.
package struct PageReading: Sendable {
    /// A link to a further page, with its words.
    package struct Link: Sendable {
        package let address: PageAddress
        package let text: String
        /// The kind of page that it seems to lead to.
        package let kind: PageKind?
        /// The page does not vouch for it (`rel=nofollow`).
        package let isVouchedFor: Bool
    }

    /// The bytes of a title or a link's words that are kept.
    private static let wordsMax = 1000

    package let address: PageAddress
    package let kind: PageKind?
    package let title: String
    package let language: String?
    package let text: String
    package let links: [Link]
    package let facts: [FoundFact]

    /// Reads a page of the site that `identity` is of. `language` is that of its words, where these tell one; else the
    /// page's own word counts. `yearMax` is the present year.
    package init(
        _ page: MarkupDocument, at address: PageAddress, headers: [(name: String, value: String)] = [],
        of identity: SiteIdentity, language: String? = nil, yearMax: Int
    ) {
        self.address = address
        let title = page.first(.title).map { page.text(of: $0, bytesMax: Self.wordsMax) } ?? ""
        self.title = title
        self.language = language ?? Self.namedLanguage(of: page)
        let kind = PageKinds.kind(
            of: address, title: title,
            heading: page.first(.h1).map { page.text(of: $0, bytesMax: Self.wordsMax) } ?? "")
        self.kind = kind
        links = Self.links(in: page, at: address)
        let text = PageText(page, address, identity, kind, yearMax: yearMax)
        self.text = text.shown
        facts = Self.facts(text, page, address, headers, identity)
    }

    /// The language that a page names.
    package static func namedLanguage(of page: MarkupDocument) -> String? {
        page.first(.html).flatMap { page.attribute(.lang, of: $0) }.flatMap { tag in
            tag.split { $0 == "-" || $0 == "_" }.first?.lowercased()
        }
    }

    private static func facts(
        _ text: PageText, _ page: MarkupDocument, _ address: PageAddress,
        _ headers: [(name: String, value: String)],
        _ identity: SiteIdentity
    ) -> [FoundFact] {
        var structured = StructuredFacts(page, address, identity)
        structured.read()
        var facts = structured.facts + LegalNames(text: text).read() + PlaceFacts(text: text).read()
        // Numbers are dialled from where the company is, which has been read by now.
        let own = facts.filter { $0.field == .country }.max { $0.confidence < $1.confidence }
        let country = own.flatMap { $0.value.text }.flatMap { Country($0) }
        let countries = [country].compactMap { $0 } + ContactFacts.countries(of: page, identity)
        facts += ContactFacts(text: text, countries: countries).read()
        facts += SocialFacts(text: text).read() + PeopleFacts(text: text).read()
        facts += FigureFacts(text: text).read() + SignalFacts(text: text).read()
        facts += HistoryFacts(text: text).read()
        for found in Fingerprints.shared.technologies(in: page, at: address, headers: headers) {
            facts.append(text.fact(.technologies, .string(found.name), found.quote, 0.95, .labelled))
        }
        return FactSelection.bounded(facts)
    }

    private static func links(in page: MarkupDocument, at address: PageAddress) -> [Link] {
        let base = page.base(at: address)
        var seen: Set<PageAddress> = [], links: [Link] = []
        for node in page.nodes.indices where page.nodes[node].name == .a || page.nodes[node].name == .area {
            guard links.count < 2000, let href = page.attribute(.href, of: node),
                let target = PageAddress(href, from: base), seen.insert(target).inserted
            else { continue }
            let shown = page.text(of: node, bytesMax: wordsMax)
            let rel = page.attribute(.rel, of: node)?.lowercased()
            links.append(
                Link(
                    address: target, text: shown, kind: PageKinds.kind(of: target, title: shown, heading: ""),
                    isVouchedFor: rel?.contains("nofollow") != true))
        }
        return links
    }
}

/// Tells by address, title and heading what a page is for.
enum PageKinds {
    static func kind(of address: PageAddress, title: String, heading: String) -> PageKind? {
        guard address.path != "/" else { return nil }
        for (text, lengthMax) in [(address.path, 80), (heading, 60), (title, 60)]
        where text.utf8.count <= lengthMax {
            let tokens = Token.all(in: Array(text.utf8), joiningHyphens: false)
            guard tokens.count <= 6 else { continue }
            if let kind = CompanyLexicon.pages.matches(in: tokens).map(\.group).min() { return kind }
            // A page about rules speaks of others, whatever its title says.
            if !CompanyLexicon.rules.matches(in: tokens).isEmpty { return nil }
        }
        return nil
    }
}
