internal import JSON
internal import Markup
internal import Records

/// A page's words with all that its readers need to know of it.
struct PageText {
    let page: MarkupDocument
    let address: PageAddress
    let identity: SiteIdentity
    let kind: PageKind?
    /// All that a reader of the page gets to see, a block a line.
    let shown: String
    let blocks: [ReadBlock]
    /// The latest year that anything can be of.
    let yearMax: Int
    /// The first block of each element.
    private let places: [Int: Int]

    init(
        _ page: MarkupDocument, _ address: PageAddress, _ identity: SiteIdentity, _ kind: PageKind?,
        yearMax: Int
    ) {
        (self.page, self.address, self.identity) = (page, address, identity)
        (self.kind, self.yearMax) = (kind, yearMax)
        let texts = page.blocks()
        shown = texts.map(\.text).joined(separator: "\n")
        blocks = ReadBlock.all(texts, in: page, of: identity)
        places = Dictionary(
            zip(blocks.map(\.node), blocks.indices), uniquingKeysWith: { first, _ in first })
    }

    /// Here a company says who it is.
    var isLegal: Bool { kind == .imprint || kind == .contact }

    /// Here it speaks of itself: at its front, on its own pages, and not in news and stories below.
    var isAboutItself: Bool {
        kind != nil && kind != .press || address.path.split(separator: "/").count <= (kind == .press ? 0 : 1)
    }

    /// The block in which an element stands.
    func block(of node: Int) -> ReadBlock? {
        let text = page.within(node).first {
            page.isText($0) && page.textBytes(of: $0).contains { $0 > 0x20 }
        }
        if let text, let block = block(ofText: text) { return block }
        var current: Int? = node
        while let place = current {
            if let found = places[place] { return blocks[found] }
            current = page.parent(of: place)
        }
        return nil
    }

    private func block(ofText text: Int) -> ReadBlock? {
        var low = 0, high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].texts.upperBound <= text { low = middle + 1 } else { high = middle }
        }
        return low < blocks.count && blocks[low].texts.contains(text) ? blocks[low] : nil
    }

    func fact(
        _ field: FoundFact.Field, _ value: JSON, _ quote: String, _ confidence: Double,
        _ manner: FoundFact.Manner
    ) -> FoundFact {
        FoundFact(
            field: field, value: value, quote: quote, address: address, confidence: confidence, manner: manner
        )
    }

    /// Returns whether a sentence names another company than this one.
    func namesAnother(_ block: ReadBlock, around token: Int) -> Bool {
        block.names.contains { name in abs(name.tokens.lowerBound - token) < 30 && !name.isFitting }
    }
}
