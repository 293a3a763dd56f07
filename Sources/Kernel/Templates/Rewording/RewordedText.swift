/// Writes the texts of a template with other words, one after the other: what is open at the end of one, such as a
/// block of code, goes on in the next.
struct RewordedText {
    private let rewording: Rewording
    private let names: [[Unicode.Scalar]]
    private var skip = SkippedText()

    init(_ rewording: Rewording, sparing names: [String]) {
        self.rewording = rewording
        self.names = names.map { Array($0.unicodeScalars) }.filter { !$0.isEmpty }
    }

    /// Returns a text of the template; words that a value is part of stay.
    mutating func written(_ bytes: [UInt8], isAfterValue: Bool, isBeforeValue: Bool) -> [UInt8] {
        let text = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        var skipped = skip.marks(of: text, isAfterValue: isAfterValue)
        for name in names { Self.mark(name, in: text, &skipped) }
        var result = String.UnicodeScalarView(), place = 0
        // Where the last word begins in the result, while nothing but a blank came after it.
        var last: (start: String.UnicodeScalarView.Index, word: String)?
        while place < text.count {
            guard Self.isPart(text[place]) else {
                if text[place] != " " { last = nil }
                result.append(text[place])
                place += 1
                continue
            }
            var end = place
            while end < text.count, Self.isPart(text[end]) { end += 1 }
            let isCut = place == 0 && isAfterValue || end == text.count && isBeforeValue
            let word = String(String.UnicodeScalarView(text[place..<end]))
            let isSpared = isCut || skipped[place]
            if !isSpared, let other = rewording.replacement(of: word) {
                if let before = last, let article = rewording.articles?.before(other, insteadOf: before.word)
                {
                    result.removeSubrange(before.start...)
                    result.append(contentsOf: (article + " ").unicodeScalars)
                }
                result.append(contentsOf: other.unicodeScalars)
                last = nil
            } else {
                last = isSpared ? nil : (result.endIndex, word)
                result.append(contentsOf: text[place..<end])
            }
            place = end
        }
        return Array(String(result).utf8)
    }

    /// Returns a text that stands in a tag, which is nothing but words.
    func words(_ text: String) -> String {
        var alone = RewordedText(rewording, sparing: [])
        return String(
            decoding: alone.written(Array(text.utf8), isAfterValue: false, isBeforeValue: false),
            as: UTF8.self)
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
    }

    /// Marks a name wherever it stands by itself.
    private static func mark(_ name: [Unicode.Scalar], in text: [Unicode.Scalar], _ skipped: inout [Bool]) {
        guard name.count <= text.count else { return }
        for start in 0...(text.count - name.count)
        where text[start] == name[0] && text[start..<start + name.count].elementsEqual(name) {
            let end = start + name.count
            let isWhole =
                (start == 0 || !isPart(text[start - 1])) && (end == text.count || !isPart(text[end]))
            guard isWhole else { continue }
            for place in start..<end { skipped[place] = true }
        }
    }
}
