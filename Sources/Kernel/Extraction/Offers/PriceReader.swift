internal import Markup
internal import Records

/// Prices that a page names in its words, each with what it is the price of: what stands before it, the row or column
/// of its table, or the heading above it.
struct PriceReader {
    private static let perBlock = 4, nameTokensMax = 8, nameBytesMax = 120, quoteMax = 300
    private static let headingDistance = 12, periodDistance = 6, periodBefore = 3, otherTokensMax = 3
    private static let shortBytes = 40
    private static let caption = MarkupName(known: "caption"), table = MarkupName(known: "table")

    let page: MarkupDocument
    let blocks: [ReadBlock]

    func read() -> [OfferReading.Price] {
        var prices: [OfferReading.Price] = [], heading: (text: String, index: Int)?
        for (index, block) in blocks.enumerated() {
            let amounts = block.isOfOthers ? [] : StatedAmount.all(in: block)
            if amounts.isEmpty {
                if isTitle(block) { heading = (block.text, index) }
                continue
            }
            let matches = OfferLexicon.phrases.matches(in: block.tokens)
            let above = heading.flatMap { index - $0.index <= Self.headingDistance ? $0.text : nil }
            for (place, amount) in amounts.prefix(Self.perBlock).enumerated() {
                let start = place == 0 ? 0 : amounts[place - 1].tokens.upperBound
                let end =
                    place + 1 < amounts.count ? amounts[place + 1].tokens.lowerBound : block.tokens.count
                let around = Surroundings(block, matches, amount, start..<end)
                guard around.isPrice else { continue }
                let name = around.name ?? cell(of: block) ?? above ?? before(index)
                guard let name, name.utf8.count <= Self.nameBytesMax else { continue }
                prices.append(
                    OfferReading.Price(
                        name: name, amount: amount.money, period: around.period ?? next(index),
                        isFrom: amount.isRange || around.isFrom,
                        quote: String(block.text.prefix(Self.quoteMax))))
            }
        }
        return prices
    }

    private func isTitle(_ block: ReadBlock) -> Bool {
        let name = page.nodes[block.node].name
        return (block.isHeading || name == .dt || name == Self.caption)
            && block.text.utf8.count <= Self.nameBytesMax && hasWords(block)
    }

    private func hasWords(_ block: ReadBlock) -> Bool { block.tokens.contains { $0.number == nil } }

    /// A short line just above, as cards have it that use no headings.
    private func before(_ index: Int) -> String? {
        guard index > 0, !blocks[index - 1].isOfOthers, blocks[index - 1].text.utf8.count <= Self.shortBytes,
            hasWords(blocks[index - 1])
        else { return nil }
        return blocks[index - 1].text
    }

    /// The period of a price that stands in the line below it: "490 €", "per month".
    private func next(_ index: Int) -> OfferReading.Period? {
        guard index + 1 < blocks.count, blocks[index + 1].text.utf8.count <= Self.shortBytes,
            StatedAmount.all(in: blocks[index + 1]).isEmpty
        else { return nil }
        return OfferLexicon.phrases.matches(in: blocks[index + 1].tokens).first {
            $0.tokens.lowerBound < Self.periodBefore && $0.group.period != nil
        }?.group.period
    }

    // MARK: Tables

    /// The first cell of the row, or the head of the column where the first cell only says that prices follow.
    private func cell(of block: ReadBlock) -> String? {
        guard let own = ancestor(of: block.node, named: [.td, .th]), let row = page.parent(of: own),
            page.nodes[row].name == .tr
        else { return nil }
        let cells = self.cells(of: row)
        guard let column = cells.firstIndex(of: own) else { return nil }
        if column > 0 {
            let first = page.text(of: cells[0], bytesMax: Self.nameBytesMax)
            if !first.isEmpty, !isOfPrices(first) { return first }
        }
        guard let table = ancestor(of: row, named: [Self.table]), let head = page.first(.tr, within: table),
            head != row
        else { return nil }
        let heads = self.cells(of: head)
        guard column < heads.count else { return nil }
        let name = page.text(of: heads[column], bytesMax: Self.nameBytesMax)
        return name.isEmpty ? nil : name
    }

    private func cells(of row: Int) -> [Int] {
        page.children(of: row).filter { page.nodes[$0].name == .td || page.nodes[$0].name == .th }
    }

    private func ancestor(of node: Int, named names: [MarkupName]) -> Int? {
        var current: Int? = node
        while let place = current {
            if names.contains(page.nodes[place].name) { return place }
            current = page.parent(of: place)
        }
        return nil
    }

    private func isOfPrices(_ text: String) -> Bool {
        let tokens = Token.all(in: Array(text.utf8))
        return OfferLexicon.phrases.matches(in: tokens).first { $0.tokens.lowerBound == 0 }.map {
            $0.group == .priceWord || $0.group.period != nil
        } ?? false
    }
}

extension PriceReader {
    /// The words before and behind an amount, up to its neighbours.
    private struct Surroundings {
        let isPrice: Bool
        let isFrom: Bool
        let name: String?
        let period: OfferReading.Period?

        init(
            _ block: ReadBlock, _ matches: [PhraseTable<OfferLexicon.Meaning>.Match], _ amount: StatedAmount,
            _ bounds: Range<Int>
        ) {
            let place = amount.tokens
            let before = matches.filter {
                $0.tokens.lowerBound >= bounds.lowerBound && $0.tokens.upperBound <= place.lowerBound
            }
            let behind = matches.filter {
                $0.tokens.lowerBound >= place.upperBound && $0.tokens.upperBound <= bounds.upperBound
            }
            let known = Set(behind.flatMap { Array($0.tokens) })
            let others = (place.upperBound..<bounds.upperBound).count { !known.contains($0) }
            let speaksOfOthers = (before + behind).contains { $0.group == .noPrice }
            // Sums in the middle of sentences are seldom prices.
            isPrice =
                block.isOwn(place.lowerBound) && !speaksOfOthers
                && (others <= PriceReader.otherTokensMax || bounds.upperBound < block.tokens.count)
            isFrom =
                before.last.map { $0.group == .from && $0.tokens.upperBound == place.lowerBound } ?? false
            let late = behind.first {
                $0.group.period != nil && $0.tokens.lowerBound - place.upperBound < PriceReader.periodDistance
            }
            let early = before.last {
                $0.group.period != nil && place.lowerBound - $0.tokens.upperBound < PriceReader.periodBefore
            }
            period = (late ?? early)?.group.period
            name = Self.name(block, before, bounds.lowerBound..<place.lowerBound)
        }

        /// The words before an amount that are more than "from" and "price", in the amount's own sentence.
        private static func name(
            _ block: ReadBlock, _ matches: [PhraseTable<OfferLexicon.Meaning>.Match], _ range: Range<Int>
        ) -> String? {
            var range = range
            while let last = matches.last(where: { $0.tokens.upperBound == range.upperBound }),
                last.tokens.lowerBound >= range.lowerBound, last.group != .claim, last.group != .serves
            {
                range = range.lowerBound..<last.tokens.lowerBound
            }
            guard !range.isEmpty else { return nil }
            var start = range.upperBound - 1
            while start > range.lowerBound, !block.endsSentence(between: start - 1, start) { start -= 1 }
            let tokens = start..<range.upperBound
            guard tokens.count <= PriceReader.nameTokensMax,
                tokens.contains(where: { block.tokens[$0].number == nil })
            else { return nil }
            return MarkupText.collapsed(block.string(tokens, in: block.tokens))
        }
    }
}
