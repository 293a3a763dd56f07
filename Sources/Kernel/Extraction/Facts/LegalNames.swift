internal import JSON
internal import Records

/// Names of companies with their legal form, found in text.
struct LegalNames {
    let text: PageText

    struct Found {
        let text: String
        let tokens: Range<Int>
        /// It is the name of the site's company.
        let isFitting: Bool
    }

    func read() -> [FoundFact] {
        var facts: [FoundFact] = [], isFirst = true
        for block in text.blocks where !block.isOfOthers {
            for name in block.names where block.isOwn(name.tokens.lowerBound) {
                let isFitting = name.isFitting
                // Where the law asks for it the first name is the company's, whatever it calls itself elsewhere.
                guard isFitting || text.kind == .imprint && isFirst && Self.standsAlone(name, in: block)
                else {
                    continue
                }
                let confidence = isFitting ? (text.isLegal ? 0.95 : 0.8) : 0.6
                facts.append(
                    text.fact(
                        .legalName, .string(name.text), name.text, confidence,
                        text.isLegal ? .labelled : .worded))
                isFirst = false
            }
        }
        return facts
    }

    /// Returns whether a name begins what it stands in, or follows a label.
    private static func standsAlone(_ name: Found, in block: ReadBlock) -> Bool {
        let before = block.bytes[..<Int(block.tokens[name.tokens.lowerBound].start)].last { $0 != 0x20 }
        return before == nil || before == UInt8(ascii: ":")
    }

    static func all(in block: ReadBlock, of identity: SiteIdentity) -> [Found] {
        var found: [Found] = [], index = 1
        let tokens = block.tokens
        while index < tokens.count {
            guard let form = LegalForms.form(at: index, in: tokens, block.bytes),
                let start = start(of: index, in: block, after: found.last?.tokens.upperBound ?? 0)
            else {
                index += 1
                continue
            }
            let end = end(of: form, in: block)
            let text = block.string(Int(tokens[start].start)..<end)
            if text.utf8.count <= 120 {
                found.append(
                    Found(text: text, tokens: start..<form.upperBound, isFitting: identity.fits(text)))
            }
            index = form.upperBound
        }
        return found
    }

    /// Walks back over words that names have.
    private static func start(of form: Int, in block: ReadBlock, after floor: Int) -> Int? {
        var start = form, best: Int?
        while start > floor, form - start < 8 {
            let token = block.tokens[start - 1]
            let gap = block.bytes[Int(token.end)..<Int(block.tokens[start].start)]
            guard gap.count <= 3,
                gap.allSatisfy({ $0 == 0x20 || $0 == 0x26 || $0 == 0x2B || $0 == 0x2E || $0 == 0x2C })
            else { break }
            // "Acme, Inc." has a comma; one before other words ends the name. So does a point behind a whole word.
            if gap.contains(0x2C), start != form { break }
            if gap.contains(0x2E), token.range.count > 3 || start == form { break }
            if token.isCapital || token.number != nil && start - 1 > floor
                || best == nil && isBrand(token, block)
            {
                start -= 1
                if token.isCapital || token.number == nil { best = start }
            } else if CompanyLexicon.joints.contains(token.hash), best != nil {
                start -= 1
            } else {
                break
            }
        }
        guard let best, !CompanyLexicon.notNames.contains(block.tokens[best].hash) || form - best > 1 else {
            return nil
        }
        return skippingLabels(from: best, to: form, in: block)
    }

    /// Brands that are written small: directly before the form.
    private static func isBrand(_ token: Token, _ block: ReadBlock) -> Bool {
        token.number == nil && !CompanyLexicon.joints.contains(token.hash)
            && !CompanyLexicon.notNames.contains(token.hash)
            && token.range.count > 2 && Int(token.start) == 0
    }

    /// Words in front that say what the name is: "Impressum Acme GmbH".
    private static func skippingLabels(from start: Int, to form: Int, in block: ReadBlock) -> Int? {
        var start = start
        while start < form, CompanyLexicon.notNames.contains(block.tokens[start].hash), form - start > 1 {
            start += 1
        }
        return start < form ? start : nil
    }

    private static func end(of form: Range<Int>, in block: ReadBlock) -> Int {
        let end = Int(block.tokens[form.upperBound - 1].end)
        guard end < block.bytes.count, block.bytes[end] == UInt8(ascii: ".") else { return end }
        let isDotted =
            form.count > 1 && block.bytes[Int(block.tokens[form.lowerBound].end)] == UInt8(ascii: ".")
        let first = block.tokens[form.lowerBound]
        let isShortened = abbreviated.contains(first.hash) && form.count == 1
        return isDotted || isShortened ? end + 1 : end
    }

    private static let abbreviated = Set(["inc", "ltd", "corp", "co", "lda", "ltda"].map { WordHash.of($0) })
}
