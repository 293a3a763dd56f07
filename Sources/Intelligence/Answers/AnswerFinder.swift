/// Finds in what an agency has written down the passage that answers a question, or says that there is none.
///
/// A word counts for more the fewer of the texts have it: from once, if all do, to twice. A text's score is the share
/// of the question's weight that it covers, words of its title counting one and a half times.
package struct AnswerFinder: Sendable {
    package struct Text: Sendable {
        package let id: String, title: String
        /// Plain text.
        package let body: String

        package init(id: String, title: String, body: String) {
            (self.id, self.title, self.body) = (id, title, body)
        }
    }

    package struct Answer: Sendable {
        package let text: Text
        /// The sentences that answer, in the order of the text.
        package let passage: String
        /// From 0 to 1: how much of what was asked the text is about.
        package let confidence: Double
        /// The words of the question that the text has.
        package let matched: [String]

        package init(text: Text, passage: String, confidence: Double, matched: [String]) {
            (self.text, self.passage, self.confidence, self.matched) = (text, passage, confidence, matched)
        }
    }

    /// Below it nothing is answered: a guess is worse than a person.
    package static let confidenceMin = 0.5
    private static let sentencesMax = 3
    private static let passageMax = 700

    package init() {}

    /// The best of the texts, if it is good enough.
    package func answer(to question: String, from texts: [Text]) -> Answer? {
        let asked = QuestionWords(question)
        guard !asked.isEmpty, !texts.isEmpty else { return nil }
        let read = texts.map {
            (text: $0, title: Set(QuestionWords($0.title).stems), body: QuestionWords.stems(in: $0.body))
        }
        let weights = asked.stems.map { stem in
            let having = read.count { $0.title.contains(stem) || $0.body.contains(stem) }
            return 2 - Double(having) / Double(texts.count)
        }
        let total = weights.reduce(0, +)
        var best: (index: Int, score: Double, matched: [String])?
        for (index, candidate) in read.enumerated() {
            var (score, matched) = (0.0, [String]())
            for (stem, weight) in zip(asked.stems, weights) {
                let isInTitle = candidate.title.contains(stem)
                guard isInTitle || candidate.body.contains(stem) else { continue }
                score += weight * (isInTitle ? 1.5 : 1)
                matched.append(stem)
            }
            if score > best?.score ?? 0 { best = (index, score, matched) }
        }
        guard let best else { return nil }
        let confidence = min(1, best.score / total)
        // Half of what was asked must be there, and of longer questions more than one word.
        let covered = Double(best.matched.count) / Double(asked.stems.count)
        guard confidence >= Self.confidenceMin, covered >= 0.5,
            best.matched.count > 1 || asked.stems.count < 3
        else { return nil }
        let text = read[best.index].text
        return Answer(
            text: text, passage: Self.passage(of: text.body, about: Set(best.matched)),
            confidence: confidence,
            matched: best.matched)
    }

    /// The sentence that has most of the words, and those around it, as long as the whole stays short.
    private static func passage(of body: String, about stems: Set<String>) -> String {
        let sentences = sentences(of: body)
        guard sentences.count > sentencesMax else { return shortened(sentences.joined(separator: " ")) }
        let hits = sentences.map { sentence in
            QuestionWords.stems(in: sentence).intersection(stems).count
        }
        let centre = hits.indices.max { (hits[$0], -$0) < (hits[$1], -$1) } ?? 0
        // What follows explains more often than what goes before.
        let start = min(centre, sentences.count - sentencesMax)
        return shortened(sentences[start..<start + sentencesMax].joined(separator: " "))
    }

    private static func shortened(_ text: String) -> String {
        text.count <= passageMax ? text : text.prefix(passageMax - 1) + "…"
    }

    /// Split after a full stop, a question or an exclamation mark before white space, and at the ends of paragraphs.
    static func sentences(of text: String) -> [String] {
        var (result, current, ends) = ([String](), "", false)
        func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
        for character in text {
            if character.isNewline || ends && character.isWhitespace {
                if !isBlank(current) { result.append(current) }
                (current, ends) = ("", false)
                continue
            }
            current.append(character)
            ends = character == "." || character == "!" || character == "?"
        }
        if !isBlank(current) { result.append(current) }
        return result
    }
}
