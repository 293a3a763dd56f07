internal import JSON
internal import Lexicons
internal import Records
internal import Templates

/// Checks a deliverable's text, passage by passage, and its files against what its project requires. What a
/// deliverable claims about itself does not count: repetitions of a requirement's own words are taken out first.
struct RequirementCheck {
    struct Finding {
        let text: String
        let isMet: Bool
        /// The passage that shows that the requirement is met; what was looked for where no passage does.
        let evidence: Saying

        var json: JSON {
            ["text": .string(text), "met": .bool(isMet), "evidence": .string(evidence.english)]
        }
    }

    let findings: [Finding]

    init(_ requirements: [String], text: String, files: [(name: String, mediaType: String)]) {
        let content = Content(text, without: requirements)
        findings = requirements.map { Self.find(Requirement($0), $0, in: content, files) }
    }

    private static func find(
        _ wanted: Requirement, _ text: String, in content: Content,
        _ files: [(name: String, mediaType: String)]
    ) -> Finding {
        if let length = wanted.words {
            let isMet = wanted.isMost ? content.wordCount <= length : content.wordCount >= length
            return Finding(
                text: text, isMet: isMet && content.wordCount > 0,
                evidence: Saying("deliverable_check.words", ["count": .number(content.wordCount)]))
        }
        // The best passage has the required form and covers the largest share of the required subject.
        var best: (passage: Content.Passage, share: Double)?
        for (index, passage) in content.passages.enumerated() {
            guard wanted.forms.allSatisfy({ $0.holds(passage, at: index, wanted.count) }) else { continue }
            let share = wanted.share(of: passage.words)
            if share > best?.share ?? 0 { best = (passage, share) }
        }
        if let best, best.share >= wanted.shareMin {
            return Finding(text: text, isMet: true, evidence: .quoted(best.passage.excerpt))
        }
        for file in files {
            let words = TextFolding.searchTokens("\(file.name) \(file.mediaType)")
            if wanted.share(of: words) >= wanted.shareMin,
                wanted.forms.allSatisfy({ $0 == .image || $0 == .video })
            {
                return Finding(
                    text: text, isMet: true,
                    evidence: Saying("deliverable_check.file", ["name": .text(file.name)]))
            }
        }
        let missed = wanted.topics.filter { topic in !content.passages.contains { $0.words.speak(of: topic) }
        }
        return Finding(text: text, isMet: false, evidence: lack(missed, wanted.forms))
    }

    /// The words of the subject that no passage shows, or else a form.
    private static func lack(_ topics: [String], _ forms: [Requirement.Form]) -> Saying {
        let form = forms.count == 1 ? forms[0].rawValue.replacing(" ", with: "_") : "other"
        let lacks = topics.isEmpty ? forms.map(\.rawValue) : topics
        guard !lacks.isEmpty else { return Saying("deliverable_check.in_parts") }
        return Saying(
            "deliverable_check.lacks",
            ["form": .text(topics.isEmpty ? form : "other"), "words": .text(lacks.joined(separator: ", "))])
    }
}

/// A requirement, taken apart into what it asks for.
private struct Requirement {
    /// The form that a passage must have.
    enum Form: String, CaseIterable {
        case callToAction = "call to action", opening, table, list, heading, link, quote, question, image,
            video,
            contact, price

        func holds(_ passage: Content.Passage, at index: Int, _ count: Int?) -> Bool {
            switch self {
            case .opening: passage.kind == .prose && index <= 1 && passage.words.count >= 8
            case .table: passage.kind == .table && passage.rows >= max(1, count ?? 1)
            case .list: passage.kind == .list && passage.rows >= max(2, count ?? 2)
            case .heading: passage.kind == .heading
            case .callToAction: passage.kind != .table && passage.words.contains { Self.calls.contains($0) }
            case .link: passage.raw.contains("](") || passage.raw.contains("http")
            case .quote: passage.kind == .quote || passage.raw.contains("“") || passage.raw.contains("„")
            case .question: passage.raw.contains("?")
            case .price: passage.raw.contains { "$€£¥".contains($0) } || passage.raw.contains("EUR")
            case .image: passage.raw.contains("![")
            case .video: passage.raw.lowercased().contains("video")
            case .contact: passage.raw.contains("@") || passage.raw.filter(\.isNumber).count >= 7
            }
        }

        /// The verbs that begin a call to action.
        private static let calls = lexicon.folded("calls")

        private static let signs: [(Form, [String])] = allCases.map { form in
            (form, lexicon.phrases(form.rawValue).map { TextFolding.searchTokens($0).joined(separator: " ") })
        }

        static func asked(_ words: [String]) -> (forms: [Form], words: Set<String>) {
            let text = " " + words.joined(separator: " ") + " "
            var forms: [Form] = [], used: Set<String> = []
            for (form, phrases) in signs {
                guard let phrase = phrases.first(where: { text.contains(" \($0) ") }) else { continue }
                forms.append(form)
                // The word for a price names the form and the subject at once.
                if form != .price { used.formUnion(phrase.split(separator: " ").map(String.init)) }
            }
            return (forms, used)
        }
    }

    let forms: [Form]
    /// The words of the subject, folded.
    let topics: [String]
    /// The required number of rows or points.
    let count: Int?
    /// The required number of words in all; `isMost` says whether that is the most or the least.
    let words: Int?, isMost: Bool

    init(_ text: String) {
        let tokens = TextFolding.searchTokens(text)
        let asked = Form.asked(tokens)
        let number = tokens.lazy.compactMap { Int($0) ?? Self.numbers[$0] }.first
        let isLength = !Self.lengthWords.isDisjoint(with: tokens)
        words = isLength ? number : nil
        isMost = !Self.mostWords.isDisjoint(with: tokens)
        forms = asked.forms
        count = number
        topics = tokens.filter {
            !asked.words.contains($0) && !Self.common.contains($0) && Int($0) == nil
                && Self.numbers[$0] == nil
        }
    }

    /// Returns the share of the subject that the words cover.
    func share(of words: [String]) -> Double {
        guard !topics.isEmpty else { return forms.isEmpty ? 0 : 1 }
        return Double(topics.count { words.speak(of: $0) }) / Double(topics.count)
    }

    /// A passage of the right form has to cover half of the subject.
    var shareMin: Double { 0.5 }

    private static let numbers = lexicon.values("numbers")
    /// Words that say that a number is one of words, and that it is the most.
    private static let lengthWords = lexicon.folded("length"), mostWords = lexicon.folded("most")
    /// Words that say nothing about the subject.
    private static let common = lexicon.folded("common")
}

/// A text, divided into passages.
private struct Content {
    enum Kind { case prose, table, list, heading, quote }

    struct Passage {
        let kind: Kind
        let raw: String
        let words: [String]
        /// The number of rows of a table, without its head, or of points of a list.
        let rows: Int

        var excerpt: String {
            let line = raw.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return line.count > 160 ? line.prefix(159) + "…" : line
        }
    }

    let passages: [Passage]
    let wordCount: Int

    /// Divides the text; repetitions of `requirements`, and claims to have met them, are taken out.
    init(_ text: String, without requirements: [String]) {
        let wanted = requirements.map { TextFolding.searchTokens($0) }.filter { $0.count >= 2 }
        var passages: [Passage] = []
        for block in Self.blocks(text) {
            var words = TextFolding.searchTokens(block)
            let before = words.count
            for phrase in wanted { words.removeEvery(phrase) }
            // A passage that mostly repeats the requirements' words is a claim, not content.
            let isClaim =
                words.count < before
                && (words.count <= before / 2 || !Set(words).isDisjoint(with: Self.claims))
            guard !isClaim, !words.isEmpty else { continue }
            passages.append(Self.passage(block, words))
        }
        self.passages = passages
        wordCount = passages.reduce(0) { $0 + $1.words.count }
    }

    private static let claims = lexicon.folded("claims")

    private static func blocks(_ text: String) -> [String] {
        var blocks: [String] = [], lines: [Substring] = []
        func close() {
            if !lines.isEmpty { blocks.append(lines.joined(separator: "\n")) }
            lines = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isBlank = line.allSatisfy(\.isWhitespace)
            if isBlank || line.hasPrefix("#") { close() }
            if !isBlank { lines.append(line) }
            if line.hasPrefix("#") { close() }
        }
        close()
        return blocks
    }

    private static func passage(_ block: String, _ words: [String]) -> Passage {
        let lines = block.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        func count(_ isOne: (Substring) -> Bool) -> Int { lines.count(where: isOne) }
        let cells = count { $0.contains("|") },
            points = count { line in
                ["- ", "* ", "+ ", "• "].contains { line.hasPrefix($0) }
                    || line.prefix { $0.isNumber }.count > 0
                        && line.drop { $0.isNumber }.hasPrefix(". ")
            }
        let kind: Kind =
            if lines[0].hasPrefix("#") { .heading } else if cells >= 2 { .table } else if points >= 2 {
                .list
            } else if lines[0].hasPrefix(">") { .quote } else { .prose }
        let rules = count { $0.contains("--") && $0.contains("|") }
        let rows = kind == .table ? max(0, cells - rules - (rules > 0 ? 1 : 0)) : points
        return Passage(kind: kind, raw: block, words: words, rows: rows)
    }
}

extension [String] {
    /// Returns whether one of the words is a form of `topic`.
    fileprivate func speak(of topic: String) -> Bool {
        contains { word in
            if word == topic { return true }
            let (short, long) = word.count <= topic.count ? (word, topic) : (topic, word)
            guard short.count >= 4, long.count - short.count <= 3 else { return false }
            let shared = zip(short, long).prefix { $0 == $1 }.count
            return shared >= Swift.max(4, short.count - 1)
        }
    }

    fileprivate mutating func removeEvery(_ phrase: [String]) {
        var place = 0
        while place + phrase.count <= count {
            if self[place..<(place + phrase.count)].elementsEqual(phrase) {
                removeSubrange(place..<(place + phrase.count))
            } else {
                place += 1
            }
        }
    }
}

private let lexicon = Lexicon("requirements", in: ResourceTable.texts)

extension Lexicon {
    fileprivate func folded(_ section: String) -> Set<String> {
        Set(words(section).flatMap { TextFolding.searchTokens($0) })
    }
}
