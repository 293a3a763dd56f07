/// The forms that a company's name ends with, by the file of them.
enum LegalForms {
    /// A form's words, and whether it is so short that only capitals or points make it one.
    private struct Form {
        let words: [UInt64]
        let isShort: Bool
    }

    private static let forms: [UInt64: [Form]] = {
        var forms: [UInt64: [Form]] = [:]
        let text = ResourceTable.texts["data/legal-forms.csv"] ?? ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = Token.all(in: Array(line.utf8)).map(\.hash)
            guard let first = words.first else { continue }
            let isShort = line.utf8.filter { $0 > 0x40 }.count <= 3 && !line.contains(where: \.isLowercase)
            forms[first, default: []].append(Form(words: words, isShort: isShort))
            forms[first]?.sort { $0.words.count > $1.words.count }
        }
        return forms
    }()

    private static let filter: WordFilter = {
        var filter = WordFilter()
        for first in forms.keys { filter.add(first) }
        return filter
    }()

    /// The tokens of the form that begins at one of a text.
    static func form(at index: Int, in tokens: [Token], _ bytes: [UInt8]) -> Range<Int>? {
        guard filter.mayHold(tokens[index].hash), let candidates = forms[tokens[index].hash] else {
            return nil
        }
        for form in candidates where index + form.words.count <= tokens.count {
            guard form.words.indices.allSatisfy({ form.words[$0] == tokens[index + $0].hash }) else {
                continue
            }
            let range = index..<index + form.words.count
            if form.words.count > 1, !isTogether(range, tokens, bytes) { continue }
            if form.isShort, form.words.count == 1, !tokens[index].isShouted { continue }
            if !tokens[index].isCapital, !isDotted(range, tokens, bytes) { continue }
            return range
        }
        return nil
    }

    /// Only points, blanks and `&` stand between.
    private static func isTogether(_ range: Range<Int>, _ tokens: [Token], _ bytes: [UInt8]) -> Bool {
        range.dropFirst().allSatisfy { index in
            let between = bytes[Int(tokens[index - 1].end)..<Int(tokens[index].start)]
            return between.count <= 3 && between.allSatisfy { $0 == 0x20 || $0 == 0x2E || $0 == 0x26 }
        }
    }

    private static func isDotted(_ range: Range<Int>, _ tokens: [Token], _ bytes: [UInt8]) -> Bool {
        let end = Int(tokens[range.lowerBound].end)
        return end < bytes.count && bytes[end] == 0x2E || tokens[range.lowerBound].range.count > 3
            || range.dropFirst().contains { tokens[$0].isCapital }
    }
}
