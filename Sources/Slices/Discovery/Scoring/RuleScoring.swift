internal import Intelligence
internal import Lexicons
internal import Records

/// Scores by fixed rules, before a tenant has outcomes to learn from: six factors of 0–1, each worth its weight in
/// points. What is not known earns nothing, so that learning more never lowers a score; the confidence says how little
/// was known. The points make a probability, together with what few outcomes and the agency's own fields add. The
/// score is made from the probability, so that the two always rank leads alike.
package struct RuleScoring: Sendable {
    /// Changes whenever a rule below does.
    package static let version = "3"

    package let configuration: ScoringConfiguration

    package init(_ configuration: ScoringConfiguration = ScoringConfiguration()) {
        self.configuration = configuration
    }

    package func score(
        _ input: ScoringInput, conversion: ConversionEstimate = ConversionEstimate(),
        history: ScoringKnowledge.Stage = .notEnoughHistory
    ) -> LeadScore {
        let judged = factors(input), additions = conversion.additions(input)
        let points = judged.reduce(0) { $0 + $1.contribution }
        let probability = conversion.probability(points: points, additions)
        let score = LearnedScoring.score(probability, baseRate: conversion.baseRate)
        return LeadScore(
            score: score, priority: configuration.priority(score), conversionProbability: probability,
            confidence: input.completeness.rounded(places: 4), factors: shared(score, judged, additions),
            model: .rules(version: Self.version, history: history))
    }

    /// Divides the score's points among the factors, in proportion to what each contributed.
    private func shared(
        _ score: Int, _ judged: [LeadScore.Factor], _ additions: [LogisticModel.Contribution]
    ) -> [LeadScore.Factor] {
        var columns: [ScoreFactor: [LogisticModel.Contribution]] = [:]
        for addition in additions {
            columns[LearnedScoring.factor(of: addition.column), default: []].append(addition)
        }
        let raw = judged.map { factor in
            let added = (columns[factor.name] ?? []).reduce(0) { $0 + $1.logOdds } / ConversionEstimate.slope
            return max(0, factor.contribution + added)
        }
        let total = raw.reduce(0, +)
        return zip(judged, raw).map { factor, points in
            let share = total > 0 ? points / total : factor.weight / 100
            let told = (columns[factor.name] ?? []).sorted {
                (-$0.logOdds.magnitude, $0.column) < (-$1.logOdds.magnitude, $1.column)
            }.filter { $0.logOdds.magnitude >= ScoreEvidence.effectMin }
            return LeadScore.Factor(
                name: factor.name, value: factor.value, weight: factor.weight,
                contribution: (Double(score) * share).rounded(places: 2),
                rests: ScoreEvidence(factor.rests.facts, learned: Array(told.prefix(3))))
        }
    }

    /// The score before it is rounded.
    func points(_ input: ScoringInput) -> Double { factors(input).reduce(0) { $0 + $1.contribution } }

    private func factors(_ input: ScoringInput) -> [LeadScore.Factor] {
        ScoreFactor.allCases.map { factor in
            let (value, facts) = judge(factor, input)
            let weight = configuration.weight(factor)
            return LeadScore.Factor(
                name: factor, value: value, weight: weight, contribution: (weight * value).rounded(places: 2),
                rests: ScoreEvidence(facts))
        }
    }

    private func judge(_ factor: ScoreFactor, _ input: ScoringInput) -> (value: Double, facts: [ScoreFact]) {
        let judgement =
            switch factor {
            case .companySize: companySize(input)
            case .industry: industry(input)
            case .technology: technology(input)
            case .onlinePresence: onlinePresence(input)
            case .engagement: engagement(input)
            case .budget: budget(input)
            }
        let facts = judgement.1.isEmpty ? [.nothing(factor)] : judgement.1
        return (min(1, max(0, judgement.0)).rounded(places: 4), facts)
    }
}

// The factors. Each figure and each sign only ever raises its factor.

private func companySize(_ input: ScoringInput) -> (Double, [ScoreFact]) {
    let revenue = input.annualRevenue.flatMap(RoughRates.dollars)
    let byPeople = input.employeeCount.map {
        Curve.rising(Double($0), [(0, 0), (1, 0.1), (10, 0.35), (50, 0.6), (250, 0.85), (1000, 1)])
    }
    let byRevenue = revenue.map {
        Curve.rising($0, [(0, 0), (100_000, 0.1), (1e6, 0.35), (1e7, 0.65), (5e7, 0.9), (1e8, 1)])
    }
    let facts = [input.employeeCount.map(ScoreFact.employees), revenue.map(ScoreFact.revenue)]
    return (max(byPeople ?? 0, byRevenue ?? 0), facts.compactMap(\.self))
}

private func industry(_ input: ScoringInput) -> (Double, [ScoreFact]) {
    guard input.industry.isStated, let name = input.industry.map({ Words.trimmed($0) }) else {
        return (0, [])
    }
    let fit = IndustryFit(name)
    return (fit.value, [.industry(name, fit: fit)])
}

private func technology(_ input: ScoringInput) -> (Double, [ScoreFact]) {
    let tools = input.technologies
    if !tools.isEmpty {
        return (0.4 + 0.15 * Double(tools.count), [.tools(Array(tools.prefix(5)))])
    }
    if input.industry.map({ IndustryFit($0) }) == .technology {
        return (0.4, [.technologyCompany])
    }
    return input.hasWebsite ? (0.2, [.toolsUnknown]) : (0, [])
}

private func onlinePresence(_ input: ScoringInput) -> (Double, [ScoreFact]) {
    var value = 0.0
    var found: [ScoreFact] = []
    func add(_ condition: Bool, _ points: Double, _ fact: ScoreFact) {
        guard condition else { return }
        value += points
        found.append(fact)
    }
    add(input.hasWebsite, 0.35, .website)
    add(input.hasLinkedIn, 0.25, .linkedIn)
    if let email = input.email {
        if email.isDisposable {
            found.append(.disposableEmail)
        } else if email.isRole || email.isFreeMail {
            add(true, 0.1, email.isRole ? .sharedEmail : .freeEmail)
        } else {
            add(true, 0.2, .companyEmail)
        }
    }
    add(input.hasPhone, 0.1, .phone)
    add(input.hasContactName, 0.05, .namedContact)
    add(input.contactTitle.isStated, 0.05, .title)
    return (value, found)
}

private func engagement(_ input: ScoringInput) -> (Double, [ScoreFact]) {
    var value = 0.0
    var found: [ScoreFact] = []
    func add(_ points: Double, _ fact: ScoreFact) {
        value += points
        found.append(fact)
    }
    let done = input.engagement
    if done.meetings > 0 { add(done.meetings == 1 ? 0.4 : 0.6, .meetings(done.meetings)) }
    if done.replies > 0 { add(done.replies == 1 ? 0.35 : 0.5, .replies(done.replies)) }
    if let score = done.score, score > 0 {
        add(min(0.5, score / 200), .engaged(Int(score.rounded())))
    }
    if done.opens > 0 { add(min(0.1, 0.02 * Double(done.opens)), .opens(done.opens)) }
    let stages = ["contacted": 0.05, "engaged": 0.3, "proposal": 0.5, "negotiation": 0.6]
    if let points = stages[input.status] { add(points, .stage(input.status)) }
    if let source = input.source, input.source.isStated {
        let words = Words(source)
        let warm = SourceWords.warm.contains { words.containsPart($0) }
        let inbound = SourceWords.inbound.contains { words.containsPart($0) }
        add(warm ? 0.4 : inbound ? 0.35 : 0.1, .source(Words.trimmed(source)))
    }
    if !input.painPoints.isEmpty {
        add(0.15, .painPoints(input.painPoints.count))
    }
    return (value, found)
}

private func budget(_ input: ScoringInput) -> (Double, [ScoreFact]) {
    var value = 0.0
    var found: [ScoreFact] = []
    if let budget = input.budget {
        if let dollars = RoughRates.dollars(budget) {
            value += Curve.rising(
                dollars, [(0, 0), (1000, 0.2), (3000, 0.5), (5000, 0.7), (10_000, 0.9), (15_000, 1)])
            found.append(.budget(dollars))
        } else {
            found.append(.currency(budget.currency))
        }
    }
    if input.authority == true {
        value += 0.1
        found.append(.decides)
    }
    if let days = input.timelineDays, days <= 183 {
        value += 0.1
        found.append(.starts(days: max(0, days)))
    }
    return (value, found)
}

/// Parts of the words that lists call the sources of leads by.
private enum SourceWords {
    private static let lexicon = Lexicon("sources", in: ResourceTable.texts)
    static let warm = lexicon.words("warm").sorted(), inbound = lexicon.words("inbound").sorted()
}

/// The fit of an industry. The first three are the segments an agency aims at by default.
enum IndustryFit {
    case technology, commerce, services, regulated, other, publicSector

    init(_ name: String) {
        let words = Words(name)
        self = Self.phrases.first { $0.1.isFound(in: words) }?.0 ?? .other
    }

    /// The segment that a name stands for as a whole: "technology", and not "software". `nil`: it stands for none.
    init?(segment name: String) {
        guard let fit = Self.segments[Words(name).text] else { return nil }
        self = fit
    }

    /// Whether an agency aims at it by default.
    var isTarget: Bool { [.technology, .commerce, .services].contains(self) }

    private static let segments: [String: IndustryFit] = {
        let fits: [String: IndustryFit] = [
            "technology": .technology, "commerce": .commerce, "services": .services,
        ]
        let known = Lexicon("industries", in: ResourceTable.texts).namedPhrases("segments").flatMap { line in
            fits[line.name].map { fit in line.phrases.map { ($0, fit) } } ?? []
        }
        return Dictionary(known, uniquingKeysWith: { first, _ in first })
    }()

    /// The first whose words are found counts.
    private static let phrases: [(IndustryFit, PhraseList)] = {
        let lexicon = Lexicon("industries", in: ResourceTable.texts)
        let sections: [(IndustryFit, String)] = [
            (.technology, "technology"), (.commerce, "commerce"), (.services, "services"),
            (.publicSector, "public"), (.regulated, "regulated"),
        ]
        return sections.map { ($0, PhraseList(lexicon.phrases($1))) }
    }()

    var value: Double {
        switch self {
        case .technology, .commerce: 1
        case .services: 0.9
        case .regulated: 0.6
        case .other: 0.4
        case .publicSector: 0.3
        }
    }

    var reason: String {
        switch self {
        case .technology, .commerce, .services: "a target segment"
        case .regulated: "a segment with steady demand"
        case .other: "a segment without a track record"
        case .publicSector: "long sales cycles, small budgets"
        }
    }
}

/// A line through points, level before the first and after the last.
enum Curve {
    static func rising(_ x: Double, _ points: [(x: Double, y: Double)]) -> Double {
        guard let after = points.firstIndex(where: { $0.x >= x }) else { return points[points.count - 1].y }
        guard after > 0 else { return points[0].y }
        let (start, end) = (points[after - 1], points[after])
        return start.y + (end.y - start.y) * (x - start.x) / (end.x - start.x)
    }
}

/// Figures and lists in evidence.
enum Phrase {
    /// `$5,000`, `$1.2M`
    static func dollars(_ value: Double) -> String {
        if value >= 999_500_000 { return "$\(short(value / 1e9))B" }
        if value >= 999_500 { return "$\(short(value / 1e6))M" }
        var digits = String(Int64(max(0, value).rounded()))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return "$\(digits)"
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// "One, two and three"
    static func list(_ items: [String]) -> String {
        guard let first = items.first else { return "" }
        let text =
            items.count < 2
            ? first : items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static func short(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return tenths % 10 == 0 || tenths >= 1000 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }
}
