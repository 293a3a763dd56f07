internal import Intelligence
internal import JSON
internal import Records
internal import Telemetry
internal import Templates

/// The facts about a ticket when it is received.
struct TriageFacts: Sendable {
    var subject = "", body = ""
    /// The client's tier.
    var tier: String?
    /// The client's fee, as a multiple of what clients pay on average.
    var worth: Double?
    /// The number of the client's tickets that are open already, and of those that were escalated in the last
    /// month.
    var openTickets = 0, escalations = 0
    /// The agency's own rules.
    var rules: [TriageRule] = []
    /// The reader of tickets: the agency's own, once its people have corrected categories.
    var reader = TicketReader.standard
    var isOwnReader = false
}

/// The judgement of a ticket: what it is about, how urgent it is, and why. Its words are read by the local readers
/// alone, so that a ticket has a priority the moment that it is there.
struct TriageJudgement: Sendable {
    private(set) var category = "general"
    private(set) var priority = Ticket.Priority.normal
    private(set) var sentiment = Ticket.Sentiment.neutral
    private(set) var language: String?
    private(set) var intent = "request"
    private(set) var complexity = "simple"
    private(set) var confidence = 0.5
    private(set) var factors: [TriageFactor] = []

    static let model: JSON = ["name": "ticket_reader", "version": "1"]
    /// From here a language is taken as known.
    private static let languageMin = 0.3
    /// From here a client is worth more than others.
    private static let valuable = 2.0

    /// The urgency as a sum, and the least priority that it gets whatever the sum.
    private var sum = 0.0, floor = Ticket.Priority.low

    init(_ told: TriageFacts) {
        // Orders to a machine in the text change neither the category nor the priority.
        var facts = told
        facts.subject = InjectionCheck.withoutOrders(told.subject)
        facts.body = InjectionCheck.withoutOrders(told.body)
        let text = facts.subject + "\n\n" + facts.body
        let triage = facts.reader.read(subject: facts.subject, facts.body)
        let guess = LanguageGuess.of(text)
        language = guess.confidence >= Self.languageMin ? guess.language : nil
        sentiment = Ticket.Sentiment(rawValue: triage.sentiment.tone.rawValue) ?? .neutral
        intent = triage.intent.value.rawValue
        complexity = triage.complexity.value.rawValue
        (category, confidence) = (triage.category.value.rawValue, triage.category.confidence)
        weigh(triage)
        if facts.isOwnReader {
            factors.append(
                TriageFactor(
                    "own_categories", category, 0, Saying("evidence.own_categories")))
        }
        weigh(standing: facts)
        apply(facts.rules, to: text)
        priority = max(sum >= 2.5 ? .urgent : sum >= 1.1 ? .high : sum >= -0.9 ? .normal : .low, floor)
        if factors.isEmpty {
            factors.append(TriageFactor("no_sign", "", 0, Saying("evidence.nothing_urgent")))
        }
    }

    private mutating func add(_ name: String, _ value: String, _ contribution: Double, _ evidence: Saying) {
        factors.append(TriageFactor(name, value, contribution, evidence))
        sum += contribution
    }

    private mutating func weigh(_ triage: TicketTriage) {
        for sign in triage.urgency.factors {
            if sign.sign == "keyword" { floor = .high }
            add(
                sign.sign, sign.quote, sign.weight,
                sign.quote.isEmpty
                    ? Saying("evidence.sign_as_whole", ["sign": .text(sign.sign)])
                    : Saying("evidence.ticket_says", ["quote": .text(sign.quote)]))
        }
        if triage.urgency.value == .urgent { floor = max(floor, .urgent) }
        for word in triage.category.factors.prefix(3) {
            factors.append(
                TriageFactor(
                    "category_\(word.sign)", word.quote, 0,
                    Saying("evidence.category", ["category": .text(category)])))
        }
        for sign in triage.intent.factors.prefix(2) {
            factors.append(
                TriageFactor(
                    "intent", intent, 0, Saying("evidence.intent_said", ["quote": .text(sign.quote)])))
        }
        if sentiment != .neutral {
            let words = triage.sentiment.evidence.first?.quote ?? ""
            factors.append(
                TriageFactor(
                    "sentiment", sentiment.rawValue, 0,
                    Saying(
                        "evidence.sounds", ["quote": .text(words), "tone": .text(sentiment.rawValue)])))
        }
        if complexity != "simple" {
            add(
                "complexity", complexity, complexity == "complex" ? 0.3 : 0.1,
                Saying("evidence.complex"))
        }
    }

    private mutating func weigh(standing facts: TriageFacts) {
        if let tier = facts.tier, let points = ["enterprise": 0.5, "growth": 0.25][tier] {
            add("tier", tier, points, Saying("evidence.tier", ["tier": .text(tier)]))
        }
        if let worth = facts.worth, worth >= Self.valuable {
            let times = String((worth * 10).rounded() / 10)
            add("value", times, 0.5, Saying("evidence.worth", ["times": .text(times)]))
        }
        if facts.openTickets >= 3 {
            add("history", "\(facts.openTickets) open", 0.3, Saying("evidence.open_tickets"))
        }
        if facts.escalations > 0 {
            add("history", "\(facts.escalations) escalated", 0.6, Saying("evidence.escalated"))
        }
    }

    /// The agency's own rules have the last word about the category, and set a least priority.
    private mutating func apply(_ rules: [TriageRule], to text: String) {
        guard !rules.isEmpty else { return }
        let words = WordsOfText(text)
        for rule in rules {
            guard let found = words.first(of: rule.words) else { continue }
            if let wanted = rule.category { (category, confidence) = (wanted, 0.99) }
            if let least = rule.priority { floor = max(floor, least) }
            factors.append(
                TriageFactor(
                    "rule", rule.name, 0, Saying("evidence.rule", ["quote": .text("\(found)")])))
        }
    }
}
