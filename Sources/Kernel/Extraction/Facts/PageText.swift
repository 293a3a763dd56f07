internal import JSON
internal import Markup
internal import Records

/// A page's words with all that its readers need to know of it.
struct PageText {
    let page: MarkupDocument
    let address: PageAddress
    let identity: SiteIdentity
    let kind: PageKind?
    let blocks: [ReadBlock]
    /// The latest year that anything can be of.
    let yearMax: Int
    /// The blocks of each element.
    private let places: [Int: [Int]]

    init(
        _ page: MarkupDocument, _ address: PageAddress, _ identity: SiteIdentity, _ kind: PageKind?,
        yearMax: Int
    ) {
        (self.page, self.address, self.identity) = (page, address, identity)
        (self.kind, self.yearMax) = (kind, yearMax)
        blocks = ReadBlock.all(in: page)
        places = Dictionary(grouping: blocks.indices, by: { [blocks] in blocks[$0].node })
    }

    /// Here a company says who it is.
    var isLegal: Bool { kind == .imprint || kind == .contact }

    /// Here it speaks of itself: at its front, on its own pages, and not in news and stories below.
    var isAboutItself: Bool {
        kind != nil && kind != .press || address.path.split(separator: "/").count <= (kind == .press ? 0 : 1)
    }

    /// The block in which an element stands.
    func block(of node: Int) -> ReadBlock? {
        var current: Int? = node
        while let place = current {
            if let found = places[place] {
                let text = page.text(of: node)
                return blocks[found.first { !text.isEmpty && blocks[$0].text.contains(text) } ?? found[0]]
            }
            current = page.parent(of: place)
        }
        return nil
    }

    func fact(
        _ field: FoundFact.Field, _ value: JSON, _ quote: String, _ confidence: Double,
        _ manner: FoundFact.Manner
    ) -> FoundFact {
        FoundFact(
            field: field, value: value, quote: quote, address: address, confidence: confidence, manner: manner
        )
    }

    /// Whether a sentence names another company than this one.
    func namesAnother(_ block: ReadBlock, around token: Int) -> Bool {
        LegalNames.all(in: block).contains { name in
            abs(name.tokens.lowerBound - token) < 30 && !identity.fits(name.text)
        }
    }
}
