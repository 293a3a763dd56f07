/// A message to support as triage reads it.
struct TicketReading {
    let source: String
    let text: ReadText
    let signs: [TicketSign: [Range<Int>]]

    init(_ source: String) {
        self.source = source
        text = ReadText(source)
        signs = text.places(of: TicketSign.phrases)
    }

    func evidence(_ sign: TicketSign, _ weight: Double) -> TextEvidence? {
        signs[sign]?.first.map { TextEvidence(text.quote($0), sign.rawValue, weight) }
    }

    // MARK: Urgency

    func urgency(_ score: Double) -> TicketTriage.Finding<TicketTriage.Urgency> {
        var factors: [TextEvidence] = []
        let weights: [(TicketSign, Double)] = [
            (.outage, 3), (.security, 3), (.spending, 2.6), (.loss, 2.6), (.harm, 2.6), (.imminent, 1),
            (.blocked, 1.2), (.deadline, 1.1), (.threat, 0.7), (.repetition, 0.7), (.calm, -2),
            (.praise, -1.2),
            (.idea, -1.4), (.trifle, -1.3),
        ]
        let pressing = signs[.keyword] ?? []
        for (sign, weight) in weights {
            // "ASAP" counts once.
            if sign == .deadline,
                signs[sign]?.first.map({ place in pressing.contains { $0.overlaps(place) } }) == true
            {
                continue
            }
            evidence(sign, weight).map { factors.append($0) }
        }
        // Something that is wrong at this moment is more urgent than something that was wrong.
        let isHarmful = [.outage, .security, .spending, .loss, .harm].contains { signs[$0] != nil }
        if isHarmful, let now = evidence(.now, 0.8) { factors.append(now) }
        let keyword = signs[.keyword]?.first { !isCalmed($0) }
        if let keyword { factors.append(TextEvidence(text.quote(keyword), "keyword", 1.6)) }
        if score < -0.4 { factors.append(TextEvidence("", "sentiment", 0.5)) }
        if text.words.count(where: { $0.folded == "!" }) > 0, score < 0.1 {
            factors.append(TextEvidence("!", "marks", 0.3))
        }
        if text.capitalsShare() > 0.7 { factors.append(TextEvidence("", "capitals", 0.4)) }
        let sum = factors.reduce(0) { $0 + $1.weight }
        var urgency: TicketTriage.Urgency =
            switch sum {
            case 2.5...: .urgent
            case 1.1..<2.5: .high
            case -0.9..<1.1: .normal
            default: .low
            }
        if keyword != nil, urgency.rawValue > TicketTriage.Urgency.high.rawValue { urgency = .high }
        let edges = [2.5, 1.1, -0.9].map { abs(sum - $0) }.min()!
        return TicketTriage.Finding(
            value: urgency, confidence: rounded(0.5 + 0.45 * min(1, edges)),
            factors: factors.sorted { abs($0.weight) > abs($1.weight) })
    }

    /// `not urgent`, `keine Eile`
    private func isCalmed(_ place: Range<Int>) -> Bool {
        (signs[.calm] ?? []).contains { $0.overlaps(place) }
    }

    // MARK: Complexity

    func complexity() -> TicketTriage.Finding<TicketTriage.Complexity> {
        var factors: [TextEvidence] = []
        for place in (signs[.steps] ?? []).prefix(3) {
            factors.append(TextEvidence(text.quote(place), "technical_or_many", 0.8))
        }
        let questions = text.words.count { $0.folded == "?" }
        if questions > 1 {
            factors.append(
                TextEvidence("\(questions) questions", "questions", 0.4 * Double(min(questions, 4))))
        }
        let length = text.words.count
        if length > 60 {
            factors.append(TextEvidence("\(length) words", "length", min(1.5, Double(length) / 100)))
        }
        if let repeated = evidence(.repetition, 0.6) { factors.append(repeated) }
        if let threat = evidence(.threat, 0.6) { factors.append(threat) }
        let sum = factors.reduce(0) { $0 + $1.weight }
        let value: TicketTriage.Complexity = sum < 0.8 ? .simple : sum < 2 ? .moderate : .complex
        let edge = min(abs(sum - 0.8), abs(sum - 2))
        return TicketTriage.Finding(
            value: value, confidence: rounded(0.5 + 0.4 * min(1, edge)),
            factors: factors.sorted { $0.weight > $1.weight })
    }

    // MARK: Intent

    func intent(_ score: Double) -> TicketTriage.Finding<TicketTriage.Intent> {
        var sums = [Double](repeating: 0, count: TicketTriage.Intent.allCases.count)
        var factors: [[TextEvidence]] = sums.map { _ in [] }
        func add(_ intent: TicketTriage.Intent, _ sign: TicketSign, _ weight: Double) {
            let index = TicketTriage.Intent.allCases.firstIndex(of: intent)!
            for (place, share) in zip(signs[sign] ?? [], [1, 0.3]) {
                sums[index] += weight * share
                factors[index].append(TextEvidence(text.quote(place), sign.rawValue, weight * share))
            }
        }
        add(.question, .question, 1.2)
        add(.problem, .problem, 1.5)
        add(.problem, .outage, 1.2)
        add(.problem, .security, 1.5)
        add(.problem, .blocked, 0.7)
        add(.problem, .spending, 0.6)
        add(.request, .request, 1.4)
        add(.request, .idea, 1.6)
        add(.complaint, .complaint, 2.2)
        add(.complaint, .threat, 0.6)
        add(.praise, .praise, 1.8)
        add(.cancellation, .cancellation, 3.2)
        func lift(_ intent: TicketTriage.Intent, _ weight: Double, _ quote: String, _ sign: String) {
            let index = TicketTriage.Intent.allCases.firstIndex(of: intent)!
            sums[index] += weight
            factors[index].append(TextEvidence(quote, sign, weight))
        }
        if text.words.contains(where: { $0.folded == "?" }) { lift(.question, 0.8, "?", "marks") }
        if score > 0.4, signs[.problem] == nil { lift(.praise, score, "", "sentiment") }
        if score < -0.3 { lift(.complaint, -score * 0.6, "", "sentiment") }
        // In doubt somebody wants something.
        sums[2] += 0.3
        let shares = softmax(sums)
        let best = shares.indices.max { shares[$0] < shares[$1] }!
        return TicketTriage.Finding(
            value: TicketTriage.Intent.allCases[best], confidence: rounded(shares[best]),
            factors: factors[best].sorted { $0.weight > $1.weight })
    }
}

/// To four places: what a person reads, and no bit more than is meant.
private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
