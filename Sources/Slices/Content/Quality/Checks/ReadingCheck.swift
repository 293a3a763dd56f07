internal import Templates

/// Finds what is hard to read, and what shouts.
struct ReadingCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText, _ beside: BesideBody) {
        checkGrade(input, text)
        shouting(in: text, isTitle: false)
        for words in [ScannedText(input.title)] + beside.untitled { shouting(in: words, isTitle: true) }
    }

    /// A text that nobody has asked to be easy is told of only where it goes on for so long.
    private static let measuredMin = 100

    private mutating func checkGrade(_ input: QualityInput, _ text: ScannedText) {
        guard let read = Readability(text, in: TextLanguage.of(input)) else { return }
        let wanted = input.brand?.maxGrade, most = wanted ?? Readability.gradeMax
        guard read.grade > most, wanted != nil || read.words >= Self.measuredMin else { return }
        let place = text.place(of: read.longest)
        findings.append(
            QualityFinding(
                .hardToRead, wanted == nil ? .note : .warning,
                Saying(
                    "content_check.hard_to_read", ["grade": .number(read.grade), "most": .number(most)]),
                evidence: text.quote(place), at: place, suggestion: Saying("content_advice.hard_to_read")))
    }

    // MARK: Shouting

    private static let wordsMin = 3, marksMin = 3

    private mutating func shouting(in text: ScannedText, isTitle: Bool) {
        var start = 0
        while start < text.tokens.count {
            let first = text.tokens[start]
            var end = start + 1
            if first.isCapitals {
                while end < text.tokens.count, text.tokens[end].isCapitals,
                    text.tokens[end].sentence == first.sentence
                { end += 1 }
                // Names of letters stand side by side, too, but they are short.
                let words = text.tokens[start..<end].filter { $0.letters > 1 && $0.mark == nil }
                if words.count >= Self.wordsMin, words.count(where: { $0.letters > 3 }) > 1 {
                    add(text, start..<end, isTitle, Saying("content_check.capitals"))
                }
            } else if first.text == "!" {
                while end < text.tokens.count, text.tokens[end].text == "!",
                    text.tokens[end].range.lowerBound == text.tokens[end - 1].range.upperBound
                { end += 1 }
                if end - start >= Self.marksMin {
                    add(text, start..<end, isTitle, Saying("content_check.exclamations"))
                }
            }
            start = end
        }
    }

    private mutating func add(_ text: ScannedText, _ tokens: Range<Int>, _ isTitle: Bool, _ detail: Saying) {
        let place = text.place(of: tokens)
        findings.append(
            QualityFinding(
                .shouting, .warning, detail, evidence: text.quote(place), at: isTitle ? nil : place,
                suggestion: Saying("content_advice.shouting")))
    }
}
