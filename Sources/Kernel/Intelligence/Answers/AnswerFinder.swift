/// Finds the passages of an agency's texts that answer a question, with the confidence of each, or none.
///
/// A question is divided into the things that it mentions (`AnswerTerms`). A thing counts the more, the fewer texts
/// mention it. A text is scored by the sentence that mentions most of the question, together with its title; other
/// wordings of what it answers count as titles. Different words for the same thing are found by their concept, in
/// another language too; typing errors and compounds are found by their runs of three letters. The confidence was
/// fitted on questions that were written for this purpose, some of which no text answers.
package struct AnswerFinder: Sendable {
    package struct Text: Sendable {
        package let id: String, title: String
        /// Plain text.
        package let body: String
        /// Questions that the text answers, in the words in which somebody asked them.
        package var wordings: [String] = []
        package var tags: [String] = []
        /// The language as ISO 639-1; `nil` where it has to be guessed.
        package var language: String?
        /// A text whose revision is unchanged is not read again.
        package var revision = 0

        package init(id: String, title: String, body: String) {
            (self.id, self.title, self.body) = (id, title, body)
        }
    }

    package struct Answer: Sendable {
        package let text: Text
        /// The sentences that answer, in the order of the text.
        package let passage: String
        /// The probability that the text answers what was asked, from 0 to 1.
        package let confidence: Double
        /// The words of the question that the text speaks of.
        package let matched: [String]

        package init(text: Text, passage: String, confidence: Double, matched: [String]) {
            (self.text, self.passage, self.confidence, self.matched) = (text, passage, confidence, matched)
        }
    }

    /// The least confidence with which a text is given as the answer: handing over to a person is better than a guess.
    package static let confidenceMin = 0.65
    /// The least confidence with which the visitor is asked whether they mean a text.
    package static let doubtMin = 0.3

    private let texts: [Entry]
    /// The number of texts that contain each term.
    private let holders: [Int32]
    private let vocabulary: [String: Int32]
    private let runs: LetterRuns

    /// Reads the texts, apart from those that `old` has read already.
    package init(of texts: [Text], reusing old: AnswerFinder? = nil) {
        var builder = Builder(vocabulary: old?.vocabulary ?? [:]), read: [String: Entry] = [:]
        for entry in old?.texts ?? [] { read[entry.text.id] = entry }
        self.texts = texts.map { text in
            if let entry = read[text.id], entry.text.revision == text.revision { return entry }
            return builder.entry(text)
        }
        var holders = [Int32](repeating: 0, count: builder.vocabulary.count)
        for entry in self.texts { for term in entry.all { holders[Int(term)] += 1 } }
        (self.holders, vocabulary) = (holders, builder.vocabulary)
        runs = LetterRuns(builder.vocabulary)
    }

    package var isEmpty: Bool { texts.isEmpty }

    /// Returns the texts that may answer the question, the likeliest first. `language` is ISO 639-1.
    package func answers(to question: String, language: String? = nil, limit: Int = 3) -> [Answer] {
        matches(of: question, language).prefix(limit).map {
            Answer(
                text: texts[$0.index].text, passage: texts[$0.index].passage(at: $0.sentence),
                confidence: ($0.confidence * 10_000).rounded() / 10_000, matched: $0.matched)
        }
    }

    func matches(of question: String, _ language: String? = nil) -> [Match] {
        guard !texts.isEmpty else { return [] }
        let guess = LanguageGuess.of(question)
        let known = guess.confidence >= Self.languageMin ? guess.language : language
        var best: [Int: Match] = [:]
        for part in Self.parts(of: question) {
            for match in matches(AnswerTerms(part, language: known), known)
            where match.confidence > best[match.index]?.confidence ?? 0 {
                best[match.index] = match
            }
        }
        var order = best.values.sorted { ($0.confidence, $1.index) > ($1.confidence, $0.index) }
        guard let first = order.first else { return [] }
        // Where two texts fit equally well, neither is given as the answer.
        let isDisputed = order.dropFirst().contains {
            $0.confidence > 0.85 * first.confidence && (first.isForeign || !$0.isForeign)
        }
        if isDisputed { order[0].confidence = min(first.confidence, Self.confidenceMin - 0.01) }
        return order
    }

    /// The least confidence with which a guessed language is used.
    private static let languageMin = 0.5
    /// A message with more words is also read question by question.
    private static let shortMax = 30, partsMax = 4

    /// Returns the whole of a short message, and also each question of a longer one.
    private static func parts(of question: String) -> [String] {
        let sentences = sentences(of: question)
        let asks = sentences.filter { $0.contains("?") }
        let isShort = ReadText(question, wordsMax: shortMax + 1).words.count <= shortMax
        guard sentences.count > 1 else { return [question] }
        let parts = (asks.isEmpty ? sentences : asks).prefix(partsMax)
        return (isShort ? [question] : []) + parts
    }
}

// MARK: Weighing

extension AnswerFinder {
    struct Match {
        let index: Int
        var confidence = 0.0
        var sentence = 0
        var matched: [String] = []
        var features: [Double] = []
        /// Whether the text is in another language than the question.
        var isForeign = false
    }

    /// A thing that the question mentions, and the terms that stand for it.
    private struct Asked {
        let unit: AnswerTerms.Unit
        /// The terms in the texts, each with what it adds to the score of a text that has it.
        var terms: [(term: Int32, worth: Double)] = []
        /// The most that it can add.
        var weight = 0.0

        func worth(in terms: Set<Int32>) -> Double {
            var best = 0.0
            for (term, worth) in self.terms where worth > best && terms.contains(term) { best = worth }
            return best
        }
    }

    private struct Scored {
        var match: Match
        var sum: Double, title: Double, strange: Double, missing: Double
    }

    private func matches(_ question: AnswerTerms, _ language: String?) -> [Match] {
        let asked = question.units.prefix(24).map(asked)
        let whole = asked.reduce(0) { $0 + $1.weight }
        guard whole > 0 else { return [] }
        let named = Set(asked.flatMap { $0.terms.map(\.term) })
        var scored: [Scored] = []
        for (index, entry) in texts.enumerated() where !entry.all.isDisjoint(with: named) {
            var match = Match(index: index)
            var sum = 0.0, found: [Double] = []
            let title = asked.map { $0.worth(in: entry.title) }, all = asked.map { $0.worth(in: entry.all) }
            for (place, sentence) in entry.sentences.enumerated() {
                let worths = asked.indices.map { index -> Double in
                    guard all[index] > 0 else { return 0 }
                    let own = max(title[index], 0.95 * asked[index].worth(in: sentence))
                    guard own < 0.9 * all[index] else { return own }
                    let next = place + 1 < entry.sentences.count ? entry.sentences[place + 1] : []
                    let last = place > 0 ? entry.sentences[place - 1] : []
                    let near = max(asked[index].worth(in: last), asked[index].worth(in: next))
                    return max(own, 0.75 * near, 0.45 * all[index])
                }
                let total = worths.reduce(0, +)
                if total > sum + 1e-9 { (sum, found, match.sentence) = (total, worths, place) }
            }
            var covered = cover(entry.titleUnits, by: named)
            for wording in entry.wordings {
                let share = cover(wording.units, by: named)
                let worths = asked.map { $0.worth(in: wording.terms) }
                let total = worths.reduce(0, +) * (0.4 + 0.6 * share)
                if total > sum { (sum, found) = (total, worths) }
                covered = max(covered, share * total / whole)
            }
            guard sum > 0 else { continue }
            match.matched = zip(asked, found).filter { $1 >= 0.4 * $0.weight }.flatMap { $0.0.unit.stems }
            let strange = zip(asked, found).count { $0.unit.isName && $1 < 0.4 * $0.weight }
            let missing = asked.count { $0.terms.isEmpty && !$0.unit.concepts.isEmpty && !$0.unit.isWeak }
            let isForeign = language != nil && entry.language != nil && entry.language != language
            match.isForeign = isForeign
            scored.append(
                Scored(
                    match: match, sum: sum * (isForeign ? 0.93 : 1), title: covered, strange: Double(strange),
                    missing: Double(missing)))
        }
        let order = scored.sorted { $0.sum > $1.sum }
        return order.prefix(8).map { one in
            // A translation of the best text is not a rival of it.
            let rival = order.first {
                $0.match.index != one.match.index && (one.match.isForeign || !$0.match.isForeign)
            }
            var match = one.match
            match.features = [
                one.sum / (whole + Self.doubt), min(one.sum, 2.5) / 2.5, one.title,
                max(-1, min(1, (one.sum - (rival?.sum ?? 0)) / max(one.sum, 0.1))), one.strange,
                min(one.missing, 2), one.match.isForeign ? 1 : 0,
            ]
            match.confidence = Self.confidence(match.features)
            return match
        }
    }

    /// A question that mentions little gives little certainty that it is answered.
    private static let doubt = 0.4
    /// The coefficients were fitted by logistic regression on questions and texts that were written for this purpose.
    static let intercept = -5.1, weights = [5.8, 4.1, 3.6, 1.7, -2.9, -0.2, -0.9]

    private static func confidence(_ features: [Double]) -> Double {
        let logit = zip(weights, features).reduce(intercept) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exactExp(-logit))
    }

    /// Returns the share of a title's things that the question mentions.
    private func cover(_ units: [[Int32]], by named: Set<Int32>) -> Double {
        var whole = 0.0, covered = 0.0
        for unit in units {
            let weight = unit.map { rarity(of: Int(holders[Int($0)])) }.max() ?? 0
            whole += weight
            if unit.contains(where: named.contains) { covered += weight }
        }
        return whole > 0 ? covered / whole : 0
    }

    private func asked(_ unit: AnswerTerms.Unit) -> Asked {
        var asked = Asked(unit: unit)
        func add(_ term: Int32, _ strength: Double) {
            asked.terms.append((term, strength * rarity(of: Int(holders[Int(term)]))))
        }
        for stem in unit.stems { vocabulary[stem].map { add($0, 1) } }
        for concept in unit.concepts {
            vocabulary["§" + concept.name].map { add($0, concept.isWeak ? 0.6 : 0.85) }
        }
        if asked.terms.isEmpty {
            for word in unit.words {
                for stem in QuestionWords.stems(meantBy: word) { vocabulary[stem].map { add($0, 0.75) } }
            }
            for stem in unit.stems { for (term, likeness) in runs.like(stem) { add(term, 0.8 * likeness) } }
        }
        // A thing that no text mentions suggests that no text answers, the more so if it is a name or a technical
        // term.
        let kind = unit.isWeak ? 0.45 : unit.isName ? 1.2 : unit.concepts.isEmpty ? 0.75 : 1
        let most = asked.terms.map(\.worth).max() ?? 1
        asked.terms = asked.terms.map { ($0.term, $0.worth * kind) }
        asked.weight = kind * max(most, 0.3)
        return asked
    }

    /// Returns the weight of a term: 1 where at most one text has it, 0.3 where all have it.
    private func rarity(of holders: Int) -> Double {
        let count = Double(texts.count + 1)
        guard texts.count > 1 else { return 1 }
        let share = exactLog(count / (Double(max(1, holders)) + 0.5)) / exactLog(count / 1.5)
        return 0.3 + 0.7 * max(0, min(1, share))
    }
}

// MARK: Texts

extension AnswerFinder {
    private struct Entry: Sendable {
        let text: Text
        var language: String?
        /// The terms of the title and of the tags.
        var title: Set<Int32> = [], titleUnits: [[Int32]] = []
        var wordings: [(terms: Set<Int32>, units: [[Int32]])] = []
        var sentences: [Set<Int32>] = []
        var all: Set<Int32> = []
        var parts: [String] = []

        private static let sentencesMax = 3, passageMax = 700

        /// Returns the sentence and those after it, as long as the whole stays short: the explanation more often
        /// follows than precedes.
        func passage(at place: Int) -> String {
            let start = max(0, min(place, parts.count - Self.sentencesMax))
            let text = parts[start..<min(parts.count, start + Self.sentencesMax)].joined(separator: " ")
            return text.count <= Self.passageMax ? text : text.prefix(Self.passageMax - 1) + "…"
        }
    }

    private struct Builder {
        var vocabulary: [String: Int32]

        private static let sentencesMax = 400, wordingsMax = 50

        mutating func entry(_ text: Text) -> Entry {
            var entry = Entry(text: text)
            let guess = LanguageGuess.of(text.title + ". " + text.body.prefix(400))
            entry.language = text.language ?? (guess.confidence >= 0.5 ? guess.language : nil)
            let title = AnswerTerms(text.title, language: entry.language)
            entry.titleUnits = units(title)
            entry.title = Set(entry.titleUnits.joined())
            for tag in text.tags {
                entry.title.formUnion(units(AnswerTerms(tag, language: entry.language)).joined())
            }
            for wording in text.wordings.prefix(Self.wordingsMax) {
                let guess = LanguageGuess.of(wording)
                let units = units(
                    AnswerTerms(wording, language: guess.confidence >= 0.5 ? guess.language : nil))
                entry.wordings.append((Set(units.joined()), units))
            }
            entry.parts = AnswerFinder.sentences(of: text.body)
            for part in entry.parts.prefix(Self.sentencesMax) {
                let terms = AnswerTerms(part, language: entry.language)
                entry.sentences.append(Set(units(terms).joined()))
            }
            if entry.sentences.isEmpty { entry.sentences = [[]] }
            entry.all = entry.sentences.reduce(into: entry.title) { $0.formUnion($1) }
            for wording in entry.wordings { entry.all.formUnion(wording.terms) }
            return entry
        }

        private mutating func units(_ terms: AnswerTerms) -> [[Int32]] {
            terms.units.map { unit in unit.names.map { term($0) } }
        }

        private mutating func term(_ name: String) -> Int32 {
            if let known = vocabulary[name] { return known }
            vocabulary[name] = Int32(vocabulary.count)
            return Int32(vocabulary.count - 1)
        }
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
