internal import Templates

/// Finds what the brand does not say, says otherwise, or always says with something.
struct BrandCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText, _ beside: BesideBody) {
        guard let brand = input.brand else { return }
        let title = ScannedText(input.title), others = [title] + beside.untitled
        find(brand.banned, text, others) { _, words, place in
            QualityFinding(
                .bannedWord, .error, Saying("content_check.banned_word", ["word": .text(words)]),
                evidence: words, at: place, suggestion: Saying("content_advice.banned_word"))
        }
        let terms = brand.preferred.flatMap { rule in rule.insteadOf.map { (term: $0, use: rule.use) } }
        find(terms.map(\.term), text, others) { index, words, place in
            let use = Saying.Value.text(terms[index].use)
            return QualityFinding(
                .preferredWord, .warning,
                Saying("content_check.preferred_word", ["use": use, "word": .text(words)]),
                evidence: words, at: place, suggestion: Saying("content_advice.preferred_word", ["use": use]))
        }
        checkDisclosures(brand, input, text, title)
        // A version that some get in place of the body is a whole piece to them.
        for version in beside.versions {
            let known = findings.count
            checkDisclosures(brand, input, version, title)
            for index in known..<findings.count { findings[index] = findings[index].besideBody }
        }
    }

    private mutating func checkDisclosures(
        _ brand: BrandRules, _ input: QualityInput, _ text: ScannedText, _ title: ScannedText
    ) {
        for rule in brand.disclosures { check(rule, text, title) }
        if input.isMadeWithAI, let must = brand.aiDisclosure, !text.says(must), !title.says(must) {
            findings.append(
                QualityFinding(
                    .missingDisclosure, .error,
                    Saying("content_check.disclosure_ai", ["text": .text(must)]),
                    suggestion: Saying("content_advice.disclosure", ["text": .text(must)])))
        }
    }

    private mutating func find(
        _ terms: [String], _ text: ScannedText, _ others: [ScannedText],
        _ finding: (_ term: Int, _ words: String, _ place: Range<Int>?) -> QualityFinding
    ) {
        let index = TermIndex(terms)
        for match in index.matches(in: text) {
            findings.append(finding(match.term, text.quote(match.range), match.range))
        }
        for other in others {
            for match in index.matches(in: other) {
                findings.append(finding(match.term, other.quote(match.range), nil))
            }
        }
    }

    private mutating func check(_ rule: BrandRules.Disclosure, _ text: ScannedText, _ title: ScannedText) {
        guard !text.says(rule.text), !title.says(rule.text) else { return }
        let must = Saying.Value.text(rule.text), advice = Saying("content_advice.disclosure", ["text": must])
        guard let when = rule.when else {
            return findings.append(
                QualityFinding(
                    .missingDisclosure, .error, Saying("content_check.disclosure_always", ["text": must]),
                    suggestion: advice))
        }
        let words = ScannedText(when).words
        let place = Self.place(of: words, in: text), isInTitle = Self.place(of: words, in: title) != nil
        guard place != nil || isInTitle else { return }
        findings.append(
            QualityFinding(
                .missingDisclosure, .error,
                Saying("content_check.disclosure", ["when": .text(when), "text": must]),
                evidence: place.map(text.quote) ?? when, at: place, suggestion: advice))
    }

    /// Returns where the words of an occasion stand, with whatever endings.
    private static func place(of words: [String], in text: ScannedText) -> Range<Int>? {
        let tokens = text.tokens.filter { $0.kind != .sign }
        guard !words.isEmpty, words.count <= tokens.count else { return nil }
        let start = (0...tokens.count - words.count).first { start in
            words.indices.allSatisfy { isForm(tokens[start + $0].text, of: words[$0]) }
        }
        return start.map {
            tokens[$0].range.lowerBound..<tokens[$0 + words.count - 1].range.upperBound
        }
    }

    /// Returns whether one is the other with an ending of two letters at most: "partner" and "partners".
    private static func isForm(_ a: String, of b: String) -> Bool {
        if a == b { return true }
        guard b.utf8.count > 3, a.utf8.first == b.utf8.first, abs(a.utf8.count - b.utf8.count) <= 2 else {
            return false
        }
        return a.hasPrefix(b) || b.hasPrefix(a)
    }
}

extension ScannedText {
    /// Returns whether it has the words of a disclosure, each with the sign before it, such as that of a
    /// hashtag.
    func says(_ words: String) -> Bool {
        let wanted = ScannedText(words).tokens.filter { $0.kind != .sign }
        guard let first = wanted.first else { return true }
        let tokens = self.tokens.filter { $0.kind != .sign }
        return tokens.indices.contains { index in
            guard tokens[index].text == first.text, index + wanted.count <= tokens.count else { return false }
            return wanted.indices.allSatisfy {
                tokens[index + $0].text == wanted[$0].text
                    && (wanted[$0].mark == nil || wanted[$0].mark == tokens[index + $0].mark)
            }
        }
    }
}
