internal import Markup

/// A block of a page with its words, and what is known of the place where it stands.
struct ReadBlock {
    let text: String
    let bytes: [UInt8]
    let tokens: [Token]
    let matches: [PhraseTable<CompanyLexicon.Meaning>.Match]
    let node: Int
    /// The page's texts that it is of.
    let texts: Range<Int>
    let isReversed: Bool
    /// From this byte on it speaks of others than the company: 0 where all of it does.
    let ownEnd: Int
    /// It stands where companies write who they are: at the page's end or beginning, in an `<address>`.
    let isInFrame: Bool
    let isHeading: Bool
    /// The companies that it names with their legal form.
    private(set) var names: [LegalNames.Found] = []

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func string(_ tokens: Range<Int>, in all: [Token]) -> String {
        string(Int(all[tokens.lowerBound].start)..<Int(all[tokens.upperBound - 1].end))
    }

    func matches(_ group: CompanyLexicon.Group) -> [PhraseTable<CompanyLexicon.Meaning>.Match] {
        matches.filter { if case .group(group) = $0.group { true } else { false } }
    }

    func has(_ group: CompanyLexicon.Group) -> Bool {
        matches.contains { if case .group(group) = $0.group { true } else { false } }
    }

    /// The sentence, or what stands between signs that part a line, around a token.
    func sentence(around token: Int) -> String {
        var start = Int(tokens[token].start), end = Int(tokens[token].end)
        let floor = max(0, start - 200), ceiling = min(bytes.count, end + 200)
        while start > floor, !isEnd(start - 1) { start -= 1 }
        while end < ceiling, !isEnd(end) { end += 1 }
        while start < end, bytes[start] & 0xC0 == 0x80 { start += 1 }
        while end < bytes.count, end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        if end < bytes.count, isEnd(end), bytes[end] != 0x7C { end += 1 }
        return MarkupText.collapsed(string(start..<end))
    }

    /// Returns whether a sentence ends between two tokens.
    func endsSentence(between left: Int, _ right: Int) -> Bool {
        (Int(tokens[left].end)..<Int(tokens[right].start)).contains(where: isEnd)
    }

    private func isEnd(_ index: Int) -> Bool {
        switch bytes[index] {
        case 0x21, 0x3F, 0x7C: true
        case 0x2E: index + 1 >= bytes.count || bytes[index + 1] == 0x20
        default: false
        }
    }

    var isOfOthers: Bool { ownEnd == 0 }

    func isOwn(_ token: Int) -> Bool { Int(tokens[token].start) < ownEnd }

    private static func ownEnd(
        _ isOfOthers: Bool, _ tokens: [Token], _ matches: [PhraseTable<CompanyLexicon.Meaning>.Match]
    ) -> Int {
        if isOfOthers { return 0 }
        for match in matches {
            if case .group(.credit) = match.group { return Int(tokens[match.tokens.lowerBound].start) }
        }
        return .max
    }

    /// No paragraph in which a company speaks of itself is longer; of one that is, no more is looked at.
    private static let bytesMax = 8 << 10
    /// So much of a page is looked at from its beginning on, and so much before its end, where footers are.
    private static let headMax = 192 << 10, tailMax = 64 << 10

    /// The blocks of a page in which facts are looked for.
    static func all(_ blocks: [TextBlock], in page: MarkupDocument, of identity: SiteIdentity) -> [ReadBlock]
    {
        var context = BlockContext(page)
        return considered(blocks).map { block in
            var read = ReadBlock(block, in: &context)
            read.names = LegalNames.all(in: read, of: identity)
            return read
        }
    }

    private init(_ block: TextBlock, in context: inout BlockContext) {
        text = block.text.utf8.count > Self.bytesMax ? Self.beginning(of: block.text) : block.text
        bytes = Array(text.utf8)
        tokens = Token.all(in: bytes)
        matches = CompanyLexicon.phrases.matches(in: tokens)
        (node, texts, isReversed) = (block.node, block.texts, block.isReversed)
        let place = context.place(of: block, matches)
        ownEnd = Self.ownEnd(place.isOfOthers, tokens, matches)
        (isInFrame, isHeading) = (place.isInFrame, place.isHeading)
    }

    private static func beginning(of text: String) -> String {
        var bytes = text.utf8.prefix(bytesMax)
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func considered(_ blocks: [TextBlock]) -> [TextBlock] {
        let sizes = blocks.map { min($0.text.utf8.count, bytesMax) }
        guard sizes.reduce(0, +) > headMax + tailMax else { return blocks }
        func count(_ sizes: some Sequence<Int>, _ most: Int) -> Int {
            var sum = 0
            return sizes.prefix {
                sum += $0
                return sum <= most
            }.count
        }
        let head = count(sizes, headMax), tail = count(sizes.reversed(), tailMax)
        return Array(blocks.prefix(head) + blocks.suffix(min(tail, blocks.count - head)))
    }
}

/// Where in a page a block stands: whose words they are.
struct BlockContext {
    private let page: MarkupDocument
    /// By node: 4 where it is known, 1 of others, 2 in the frame.
    private var known: [UInt8]
    /// The level of the heading under which all is about others.
    private var othersLevel: Int?

    init(_ page: MarkupDocument) {
        self.page = page
        known = Array(repeating: 0, count: page.nodes.count)
    }

    mutating func place(
        of block: TextBlock, _ matches: [PhraseTable<CompanyLexicon.Meaning>.Match]
    ) -> (isOfOthers: Bool, isInFrame: Bool, isHeading: Bool) {
        let level = headingLevel(of: block.node)
        var place = self.place(of: block.node)
        // A word alone says so only where it is a heading: "Clients".
        let isShortHeading = level != nil && block.text.utf8.count <= 40
        let speaksOfOthers = matches.contains { match in
            if case .group(.others) = match.group { match.tokens.count > 1 || isShortHeading } else { false }
        }
        if let level {
            if let other = othersLevel, level <= other { othersLevel = nil }
            if speaksOfOthers { othersLevel = level }
        }
        // A section of customers ends where the page does.
        if othersLevel != nil, !place.isInFrame { place.isOfOthers = true }
        return (place.isOfOthers || speaksOfOthers, place.isInFrame, level != nil)
    }

    private func headingLevel(of node: Int) -> Int? {
        switch page.nodes[node].name {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: nil
        }
    }

    mutating func place(of node: Int) -> (isOfOthers: Bool, isInFrame: Bool) {
        if known[node] & 4 != 0 { return (known[node] & 1 != 0, known[node] & 2 != 0) }
        var place = page.parent(of: node).map { self.place(of: $0) } ?? (isOfOthers: false, isInFrame: false)
        switch page.nodes[node].name {
        case .blockquote, .q, .cite: place.isOfOthers = true
        case .figcaption: place.isOfOthers = place.isOfOthers || saysWhoWasQuoted(node)
        case .footer, .header, .address: place.isInFrame = true
        default: break
        }
        if !place.isOfOthers, hasClassOfOthers(node) { place.isOfOthers = true }
        known[node] = 4 | (place.isOfOthers ? 1 : 0) | (place.isInFrame ? 2 : 0)
        return place
    }

    /// Below a quotation stands whose it is; below a picture who is in it.
    private func saysWhoWasQuoted(_ caption: Int) -> Bool {
        guard let figure = page.parent(of: caption) else { return false }
        return page.within(figure).contains { [.blockquote, .q].contains(page.nodes[$0].name) }
    }

    private func hasClassOfOthers(_ node: Int) -> Bool {
        for name in [MarkupName.class, .id] {
            guard let value = page.attributeBytes(name, of: node), value.count < 400 else { continue }
            var hash = WordHash.empty
            for byte in value {
                if (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) {
                    hash = (hash ^ UInt64(byte | 0x20)) &* WordHash.prime
                } else {
                    if CompanyLexicon.isClassOfOthers(hash) { return true }
                    hash = WordHash.empty
                }
            }
            if CompanyLexicon.isClassOfOthers(hash) { return true }
        }
        return page.attribute(.itemtype, of: node).map { $0.hasSuffix("/Review") || $0.hasSuffix("/Comment") }
            ?? false
    }
}
