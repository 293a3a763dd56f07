internal import Records
internal import Templates

/// Finds what people who do not see a piece would miss: pictures without words, and hashtags that programs cannot read
/// aloud.
struct AccessCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText) {
        for medium in input.media where Self.saysNothing(medium.altText) {
            addPicture(medium.name, at: nil)
        }
        checkPictures(in: text)
        let words = Set(text.words + ScannedText(input.title).words)
        let plain = Set(text.tokens.lazy.filter { $0.mark == nil }.map(\.text))
        for token in text.tokens where token.mark == "#" && token.kind == .word {
            check(token, words, isWord: plain.contains(token.text), in: text)
        }
    }

    private static let fileEndings = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov"]

    /// Returns whether there is nothing to read aloud: no letter, or the name of a file.
    private static func saysNothing(_ text: String) -> Bool {
        let small = TextCleaning.trimmed(text).lowercased()
        return !small.contains { $0.isLetter || $0.isNumber }
            || (fileEndings.contains(where: small.hasSuffix) && !small.contains(" "))
    }

    private mutating func addPicture(_ evidence: String, at place: Range<Int>?) {
        findings.append(
            QualityFinding(
                .altTextRequired, .error, Saying("content_check.no_alt_text"), evidence: evidence, at: place,
                suggestion: Saying("content_advice.alt_text")))
    }

    /// The longest words of a picture in the text.
    private static let wordsMax = 1000

    /// Looks at pictures in the text itself: `![…](…)`.
    private mutating func checkPictures(in text: ScannedText) {
        for link in text.links {
            var close = link.range.lowerBound - 1
            if close > 0, text.scalars[close] == "<" { close -= 1 }
            guard close > 0, text.scalars[close] == "(", text.scalars[close - 1] == "]" else { continue }
            close -= 1
            var open = close
            while open > 0, close - open < Self.wordsMax, text.scalars[open] != "[" { open -= 1 }
            guard open > 0, text.scalars[open] == "[", text.scalars[open - 1] == "!" else { continue }
            let words = String(String.UnicodeScalarView(text.scalars[open + 1..<close]))
            if Self.saysNothing(words) { addPicture(link.text, at: open - 1..<link.range.upperBound) }
        }
    }

    // MARK: Hashtags

    /// A word of so many letters is most likely several, where no capital parts them.
    private static let lettersMin = 12, lettersMax = 60

    private mutating func check(
        _ tag: ScannedText.Token, _ words: Set<String>, isWord: Bool, in text: ScannedText
    ) {
        let scalars = text.scalars[tag.range]
        let capitals = scalars.count { $0.properties.isUppercase }
        guard tag.letters <= Self.lettersMax, capitals == 0 || tag.isCapitals,
            scalars.contains(where: { $0.properties.isLowercase || $0.properties.isUppercase })
        else { return }
        let parts = Self.parts(of: tag.text, words)
        guard parts != nil || (tag.letters >= Self.lettersMin && !isWord) else { return }
        let place = tag.range.lowerBound - 1..<tag.range.upperBound
        let advice = parts.map { parts in
            Saying(
                "content_advice.hashtag",
                ["tag": .text("#" + parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())])
        }
        findings.append(
            QualityFinding(
                .hashtagCase, .note, Saying("content_check.hashtag", ["tag": .text(text.quote(place))]),
                evidence: text.quote(place), at: place,
                suggestion: advice ?? Saying("content_advice.hashtag_words")))
    }

    /// Returns the words of the text that a hashtag is made of, two at least; `nil` where it is made of others. The tag
    /// itself may be among the words of the text.
    private static func parts(of tag: String, _ words: Set<String>) -> [String]? {
        let letters = Array(tag)
        var best: [[String]?] = [[]]
        for end in 1...letters.count {
            let found = (max(0, end - 24)..<end).compactMap { start -> [String]? in
                let part = String(letters[start..<end])
                guard part.count > 2, end - start < letters.count, words.contains(part),
                    let before = best[start]
                else { return nil }
                return before + [part]
            }
            best.append(found.min { $0.count < $1.count })
        }
        return best[letters.count].flatMap { $0.count > 1 ? $0 : nil }
    }
}
