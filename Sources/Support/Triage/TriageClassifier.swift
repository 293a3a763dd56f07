internal import JSON
internal import Records
internal import Telemetry

/// What is known of a ticket when it comes in.
package struct TriageFacts: Sendable {
    package var subject = "", body = ""
    /// Of the client.
    package var tier: String?
    /// How many of the client's are open already, and how many were taken further in the last month.
    package var openTickets = 0, escalations = 0
    /// The agency's own rules.
    package var rules: [TriageRule] = []

    package init() {}
}

/// One reason for a judgement.
package struct TriageFactor: Hashable, Sendable {
    package var name: String, value: String
    /// What it adds to the urgency.
    package var contribution: Double
    package var evidence: String

    var json: JSON {
        [
            "name": .string(name), "value": .string(value), "weight": .number(abs(contribution)),
            "contribution": .number(contribution), "evidence": .string(evidence),
        ]
    }
}

/// What a ticket is about, how much it presses, and why.
package struct TriageJudgement: Sendable {
    package var category = "general"
    package var priority = Ticket.Priority.normal
    package var sentiment = Ticket.Sentiment.neutral
    package var language: String?
    package var intent = "request"
    package var confidence = 0.5
    package var factors: [TriageFactor] = []
}

/// Reads a ticket: by rules and words here; a trained one has the same face.
package struct TriageClassifier: Sendable {
    package let name: String, version: String
    package let judge: @Sendable (TriageFacts) -> TriageJudgement

    package init(
        name: String, version: String, judge: @escaping @Sendable (TriageFacts) -> TriageJudgement
    ) {
        (self.name, self.version, self.judge) = (name, version, judge)
    }

    /// The one that works without a model.
    package static let words = TriageClassifier(name: "triage_words", version: "1") { facts in
        WordTriage(facts).judgement
    }
}

/// Triage by words: their sum is how much a ticket presses.
private struct WordTriage {
    private let facts: TriageFacts
    private let words: [String]
    /// With a space around each word.
    private let text: String
    private var factors: [TriageFactor] = []
    private var floor = Ticket.Priority.low

    init(_ facts: TriageFacts) {
        self.facts = facts
        words = Array(TextFolding.searchTokens(facts.subject + " \n " + facts.body).prefix(3000))
        text = " " + words.joined(separator: " ") + " "
    }

    var judgement: TriageJudgement {
        var work = self
        return work.judge()
    }

    private mutating func judge() -> TriageJudgement {
        var result = TriageJudgement()
        weighKeywords()
        let category = weighRules(category())
        (result.category, result.confidence) = (category.name, category.confidence)
        result.sentiment = weighSentiment()
        result.language = language()
        result.intent = weighIntent(result.sentiment)
        weighStanding()
        let sum = factors.reduce(0) { $0 + $1.contribution }
        let own: Ticket.Priority = sum >= 4 ? .urgent : sum >= 2 ? .high : sum > -0.5 ? .normal : .low
        result.priority = max(own, floor)
        if factors.isEmpty {
            factors.append(
                TriageFactor(
                    name: "no_sign", value: "", contribution: 0, evidence: "Nothing in it presses."))
        }
        result.factors = factors
        return result
    }

    private mutating func add(_ name: String, _ value: String, _ contribution: Double, _ evidence: String) {
        factors.append(
            TriageFactor(name: name, value: value, contribution: contribution, evidence: evidence))
    }

    private func has(_ phrase: String) -> Bool { text.contains(" \(phrase) ") }

    /// Words that press; `not urgent` does not.
    private mutating func weighKeywords() {
        var seen: Set<String> = []
        for (index, word) in words.enumerated() {
            guard let meaning = TriageWords.keywords[word], seen.insert(meaning).inserted else { continue }
            let before = words[max(0, index - 2)..<index]
            if before.contains(where: TriageWords.negations.contains) {
                add("keyword_denied", word, 0, "It says that it is not \(word).")
                continue
            }
            floor = max(floor, .high)
            add("keyword", word, 2, "It says “\(word)”.")
        }
        for phrase in TriageWords.pressing where has(phrase) {
            add("urgency", phrase, 1, "It says “\(phrase)”.")
        }
    }

    private func category() -> (name: String, confidence: Double) {
        let counts = TriageWords.categories.map { name, phrases in
            (name, phrases.reduce(0) { $0 + (has($1) ? 1 : 0) })
        }
        let total = counts.reduce(0) { $0 + $1.1 }
        guard total > 0,
            let best = counts.enumerated().max(by: {
                ($0.element.1, -$0.offset) < ($1.element.1, -$1.offset)
            })?.element
        else { return ("general", 0.4) }
        return (best.0, min(0.95, 0.5 + 0.5 * Double(best.1) / Double(total + 1)))
    }

    /// The agency's own rules have the last word about the category, and set a least priority.
    private mutating func weighRules(
        _ guess: (name: String, confidence: Double)
    ) -> (name: String, confidence: Double) {
        var category = guess
        for rule in facts.rules {
            let found = rule.words.first { word in
                let phrase = TextFolding.searchTokens(word).joined(separator: " ")
                return !phrase.isEmpty && has(phrase)
            }
            guard let found else { continue }
            if let wanted = rule.category { category = (wanted, 0.99) }
            if let least = rule.priority { floor = max(floor, least) }
            add("rule", rule.name, 0, "It says “\(found)”, for which the agency has a rule.")
        }
        return category
    }

    private mutating func weighSentiment() -> Ticket.Sentiment {
        let bad = TriageWords.angry.filter(has), good = TriageWords.glad.filter(has)
        if bad.count > good.count {
            add("sentiment", "negative", min(1.5, 0.75 * Double(bad.count)), "It says “\(bad[0])”.")
            return .negative
        }
        if good.count > bad.count {
            add("sentiment", "positive", -0.5, "It says “\(good[0])”.")
            return .positive
        }
        return .neutral
    }

    private func language() -> String? {
        let counts = TriageWords.languages.map { code, marks in
            (code, words.reduce(0) { $0 + (marks.contains($1) ? 1 : 0) })
        }
        guard let best = counts.max(by: { $0.1 < $1.1 }), best.1 > 0 else { return nil }
        return best.0
    }

    private mutating func weighIntent(_ sentiment: Ticket.Sentiment) -> String {
        if TriageWords.cancelling.contains(where: has) {
            add("intent", "cancel", 2, "Somebody wants to leave.")
            return "cancel"
        }
        if sentiment == .negative { return "complaint" }
        if factors.contains(where: { $0.name == "keyword" || $0.name == "urgency" }) {
            return "report_problem"
        }
        if sentiment == .positive, !facts.body.contains("?") { return "praise" }
        if (facts.subject + facts.body).contains("?") || TriageWords.asking.contains(where: has) {
            add("intent", "question", -0.25, "It asks something.")
            return "question"
        }
        return "request"
    }

    private mutating func weighStanding() {
        switch facts.tier {
        case "enterprise"?: add("tier", "enterprise", 1, "A client of the highest tier.")
        case "growth"?: add("tier", "growth", 0.5, "A client of the middle tier.")
        default: break
        }
        if facts.openTickets >= 3 {
            add("history", "\(facts.openTickets) open", 0.5, "The client has others open.")
        }
        if facts.escalations > 0 {
            add("history", "\(facts.escalations) escalated", 1, "Earlier ones had to be taken further.")
        }
    }
}
