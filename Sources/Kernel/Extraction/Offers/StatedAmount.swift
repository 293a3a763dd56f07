internal import Records

/// An amount of money that stands in a block with its currency.
struct StatedAmount {
    private static let wordMax = 6

    let money: Money
    /// The tokens that it is made of, those of its currency included.
    let tokens: Range<Int>
    /// It is the lower end of a range.
    let isRange: Bool

    static func all(in block: ReadBlock) -> [StatedAmount] {
        guard block.tokens.contains(where: { $0.number != nil }) else { return [] }
        var reader = Reader(block)
        return reader.all()
    }

    private struct Reader {
        let block: ReadBlock
        let scalars: [Unicode.Scalar]
        /// The place of each scalar in the block's bytes, and their end.
        let offsets: [Int]

        init(_ block: ReadBlock) {
            self.block = block
            scalars = Array(block.text.unicodeScalars)
            var offset = 0
            offsets =
                scalars.map { scalar in
                    defer { offset += UTF8.width(scalar) }
                    return offset
                } + [block.bytes.count]
        }

        mutating func all() -> [StatedAmount] {
            var found: [StatedAmount] = [], index = 0
            while index < scalars.count {
                guard isDigit(index) else {
                    index += 1
                    continue
                }
                let end = numberEnd(index)
                let whole = rangeEnd(end) ?? end
                if let amount = amount(index..<whole, isRange: whole > end) { found.append(amount) }
                index = whole
            }
            return found
        }

        private func isDigit(_ index: Int) -> Bool {
            index < scalars.count && ("0"..."9").contains(scalars[index])
        }

        private func isBlank(_ index: Int) -> Bool {
            index < scalars.count && scalars[index].properties.isWhitespace
        }

        private func isLetter(_ index: Int) -> Bool {
            scalars.indices.contains(index) && scalars[index].properties.isAlphabetic
        }

        private func numberEnd(_ start: Int) -> Int {
            var index = start
            while index < scalars.count {
                if isDigit(index) {
                    index += 1
                } else if ".,'’".unicodeScalars.contains(scalars[index]), isDigit(index + 1) {
                    index += 1
                } else if isBlank(index), (1...3).allSatisfy({ isDigit(index + $0) }), !isDigit(index + 4) {
                    index += 1
                } else {
                    break
                }
            }
            return index
        }

        /// "490 – 990": up to the end of the second number.
        private func rangeEnd(_ end: Int) -> Int? {
            var index = end
            if isBlank(index) { index += 1 }
            guard index < scalars.count, "-–—".unicodeScalars.contains(scalars[index]) else { return nil }
            index += 1
            if isBlank(index) { index += 1 }
            return isDigit(index) ? numberEnd(index) : nil
        }

        /// The amount that a number is together with the sign or word beside it; `nil` where none is a currency's.
        private func amount(_ number: Range<Int>, isRange: Bool) -> StatedAmount? {
            let before = signStart(number.lowerBound), behind = signEnd(number.upperBound)
            for range in [
                before..<number.upperBound, number.lowerBound..<behind, before..<behind,
            ] where range != number {
                let text = scalars[range].reduce(into: "") { $0.unicodeScalars.append($1) }
                guard let reading = AmountText.parse(text, assuming: .euro),
                    (1...Money.amountMax).contains(reading.amount),
                    AmountText.parse(text, assuming: .dollar)?.currency == reading.currency
                else { continue }
                let bytes = offsets[range.lowerBound]..<offsets[range.upperBound]
                guard
                    let first = block.tokens.firstIndex(where: { bytes.contains(Int($0.start)) }),
                    let last = block.tokens.lastIndex(where: { bytes.contains(Int($0.start)) })
                else { return nil }
                return StatedAmount(
                    money: Money(amount: reading.amount, currency: reading.currency.code),
                    tokens: first..<last + 1, isRange: isRange)
            }
            return nil
        }

        /// Where the sign or word before a number begins: "CHF 490", "€490".
        private func signStart(_ start: Int) -> Int {
            var index = start - 1
            if index >= 0, isBlank(index) { index -= 1 }
            guard index >= 0 else { return start }
            if !isLetter(index) {
                return "$€£¥₹₽₩₺₴₪฿₣".unicodeScalars.contains(scalars[index]) ? index : start
            }
            var first = index
            while isLetter(first - 1), index - first < StatedAmount.wordMax { first -= 1 }
            return first
        }

        /// Where the sign or word behind a number ends: "490 €", "490,– €", "490 EUR".
        private func signEnd(_ end: Int) -> Int {
            var index = end
            if index + 1 < scalars.count, ".,".unicodeScalars.contains(scalars[index]),
                "-–—".unicodeScalars.contains(scalars[index + 1])
            {
                index += 2
            }
            if isBlank(index) { index += 1 }
            guard index < scalars.count else { return end }
            if !isLetter(index) {
                return "$€£¥₹₽₩₺₴₪฿₣".unicodeScalars.contains(scalars[index]) ? index + 1 : end
            }
            var last = index
            while isLetter(last), last - index <= StatedAmount.wordMax { last += 1 }
            return last
        }
    }
}
