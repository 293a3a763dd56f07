internal import Agents
internal import Crawling
internal import HTTPClient
internal import Integrations
internal import Lexicons
internal import Markup
internal import Records

/// The entries of a feed by which somebody shows a need, with the company whose site they name.
struct FeedPages: CompanyPages {
    private let pages: SitePages
    private let use: SourceUse
    private let intent: IntentPhrases
    private var address: PageAddress?
    private var left: Int
    private var trail = PageTrail()

    init(_ source: LeadSource, _ search: LeadSearch, _ pages: SitePages, _ use: SourceUse) {
        (self.pages, self.use) = (pages, use)
        intent = IntentPhrases(source, search)
        (address, left) = (source.startURL.flatMap { PageAddress($0) }, source.pagesMax)
    }

    mutating func next() async throws -> FoundPage? {
        guard let start = address, left > 0 else { return nil }
        left -= 1
        if trail.leadsBack(to: start.key) {
            throw ToolFailure(
                "paging_loop", "the feed leads back to a page that was there", isRetryable: false)
        }
        let answer = try await pages.ask(start) { [use] in use.count() }
        let charset = answer.response.header("Content-Type").flatMap { PageContent.charset(of: $0) }
        guard let feed = Feed(answer.response.body, charset: charset, from: answer.address) else {
            throw ToolFailure(
                "wrong_type", "the answer is not a feed of RSS or Atom: check the address", isRetryable: false
            )
        }
        address = feed.next
        let found = feed.entries.compactMap { entry in
            intent.company(
                of: Said(
                    key: entry.identity, title: entry.title, text: entry.text, url: entry.link?.description,
                    author: entry.author, links: entry.link.map { [$0] } ?? []), from: answer.address)
        }
        return FoundPage(companies: found, isAsDeclared: !feed.entries.isEmpty || trail.count > 1)
    }
}

/// Something that somebody has said in public.
struct Said {
    let key: String
    let title: String
    let text: String
    let url: String?
    let author: String?
    var links: [PageAddress] = []
}

/// The words by which people show that they need something.
struct IntentPhrases: Sendable {
    private let phrases: [String]
    private let keywords: [String]

    init(_ source: LeadSource, _ search: LeadSearch) {
        let own = source.phrases.isEmpty ? Self.standard : source.phrases
        phrases = own.map(\.spacedWords)
        keywords = search.keywords.map(\.spacedWords)
    }

    /// Phrases of people who look for somebody, in the languages that the product has words of.
    static let standard = Lexicon("intent", in: ResourceTable.texts).phrases("need")

    /// Returns the phrase that a text has, where it also has one of the search's keywords.
    func phrase(in text: String) -> String? {
        let folded = text.spacedWords
        guard keywords.isEmpty || keywords.contains(where: { folded.contains($0) }) else { return nil }
        return phrases.first { folded.contains($0) }
    }

    /// Returns the company that a statement names by a link to its site, where the statement shows a need.
    func company(of said: Said, from origin: PageAddress) -> ListedCompany? {
        guard phrase(in: said.title + "\n" + said.text) != nil else { return nil }
        let links = said.links + Self.addresses(in: said.title + " " + said.text)
        let site = links.first { link in
            guard link.siteName != origin.siteName, let domain = WebAddress(link.origin)?.ownDomain else {
                return false
            }
            return !CompanyDomain.isShared(domain)
        }
        guard let site, let domain = WebAddress(site.origin)?.ownDomain else { return nil }
        var company = ListedCompany(key: said.key, url: said.url ?? origin.description)
        company.set("company", CompanyDomain.name(of: domain), quote: site.description)
        company.set("website", site.origin, quote: site.description)
        company.words = String(MarkupText.collapsed(said.title.isEmpty ? said.text : said.title).prefix(500))
        (company.author, company.confidence) = (said.author, 0.4)
        return company
    }

    private static func addresses(in text: String) -> [PageAddress] {
        text.split(whereSeparator: \.isWhitespace)
            .filter { $0.hasPrefix("http://") || $0.hasPrefix("https://") || $0.hasPrefix("www.") }
            .prefix(50)
            .compactMap { word in
                let bare = word.reversed().drop { ".,;:!?)]}>\"'".contains($0) }.reversed()
                let text = String(bare)
                return PageAddress(text.hasPrefix("www.") ? "https://\(text)" : text)
            }
    }
}

extension String {
    /// The words of a text, folded, each between spaces, so that phrases are found where they are whole.
    fileprivate var spacedWords: String {
        " " + TextFolding.fold(self).split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
    }
}
