internal import JSON
package import Markup
package import Records

/// A company's offer as a page of its own tells it: the prices, and by which words it sets itself apart. All stands on
/// the page as readers see it, or in its structured data; what it says of others is left out.
package struct OfferReading: Sendable {
    package enum Period: String, Choice { case month, year, week, day, hour, once }

    /// A price with what it is the price of.
    package struct Price: Sendable {
        package let name: String
        package let amount: Money
        /// `nil`: the page does not say for how long.
        package let period: Period?
        /// The lowest of several.
        package let isFrom: Bool
        /// Words of the page, as they stand there.
        package let quote: String
    }

    /// Words by which a company says where it stands.
    package struct Statement: Sendable {
        package enum Kind: String, Choice { case tagline, claim, segment }

        package let kind: Kind
        package let text: String
    }

    package private(set) var prices: [Price] = []
    package private(set) var statements: [Statement] = []
    /// Pages of the site that seem to tell prices.
    package private(set) var priceLinks: [PageAddress] = []

    private static let pricesMax = 60, statementsMax = 20, linksMax = 5
    private static let wordsMin = 3, bytesMax = 300, linkTokensMax = 5

    package init(_ page: MarkupDocument, at address: PageAddress) {
        var identity = SiteIdentity(address)
        identity.learn(from: page)
        let blocks = ReadBlock.all(page.blocks(), in: page, of: identity)
        prices = Self.once(
            PriceReader(page: page, blocks: blocks).read() + StructuredPrices.read(page, address))
        let tagline = address.path == "/" ? Self.tagline(page, blocks) : nil
        statements = [tagline].compactMap(\.self) + Self.statements(blocks)
        priceLinks = Self.priceLinks(page, address, identity)
    }

    /// Of several prices of one name and period the first counts.
    private static func once(_ prices: [Price]) -> [Price] {
        var seen: Set<String> = []
        return Array(
            prices.filter { seen.insert($0.key).inserted }.prefix(pricesMax))
    }

    /// The first heading of a front page; where it is but a name, what the page says of itself.
    private static func tagline(_ page: MarkupDocument, _ blocks: [ReadBlock]) -> Statement? {
        let heading = blocks.first { page.nodes[$0.node].name == .h1 && !$0.isOfOthers }?.text
        let described = MetaProperties.all(in: page).first {
            $0.name == "description" || $0.name == "og:description"
        }?.content
        return [heading, described].compactMap(\.self).first {
            $0.split(separator: " ").count >= wordsMin && $0.utf8.count <= bytesMax
        }.map { Statement(kind: .tagline, text: $0) }
    }

    private static func statements(_ blocks: [ReadBlock]) -> [Statement] {
        var seen: Set<String> = [], found: [Statement] = []
        for block in blocks where !block.isOfOthers {
            for match in OfferLexicon.phrases.matches(in: block.tokens)
            where block.isOwn(match.tokens.lowerBound) {
                let kind: Statement.Kind
                switch match.group {
                case .claim: kind = .claim
                case .serves: kind = .segment
                default: continue
                }
                let text = block.sentence(around: match.tokens.lowerBound)
                guard text.split(separator: " ").count >= wordsMin, text.utf8.count <= bytesMax,
                    found.count(where: { $0.kind == kind }) < statementsMax,
                    seen.insert("\(kind)\u{0}\(TextFolding.fold(text))").inserted
                else { continue }
                found.append(Statement(kind: kind, text: text))
            }
        }
        return found
    }

    private static func priceLinks(
        _ page: MarkupDocument, _ address: PageAddress, _ identity: SiteIdentity
    ) -> [PageAddress] {
        let base = page.base(at: address)
        var seen: Set<String> = [address.description], found: [PageAddress] = []
        for node in page.nodes.indices where page.nodes[node].name == .a && found.count < linksMax {
            guard let href = page.attribute(.href, of: node), let target = PageAddress(href, from: base),
                identity.owns(target.host), target.port == nil
            else { continue }
            let tellsPrices = [page.text(of: node, bytesMax: bytesMax), target.path].contains { text in
                let tokens = Token.all(in: Array(text.utf8))
                return tokens.count <= linkTokensMax
                    && !OfferLexicon.pricePages.matches(in: tokens).isEmpty
            }
            if tellsPrices, seen.insert(target.description).inserted { found.append(target) }
        }
        return found
    }
}

extension OfferReading.Price {
    /// Equal for two prices of one thing.
    package var key: String {
        [TextFolding.fold(name), period?.rawValue ?? "", amount.currency].joined(separator: "\u{0}")
    }
}
