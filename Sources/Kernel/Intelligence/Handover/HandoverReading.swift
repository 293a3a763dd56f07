internal import Lexicons

/// A turn of a chat as the check for handovers reads it.
struct HandoverReading {
    let text: ReadText
    /// By sign, the places of its phrases; requests only where nothing takes them back.
    let signs: [HandoverSign: [Range<Int>]]
    let features: TextFeatures

    init(_ turn: String) {
        text = ReadText(OwnWords.of(turn), wordsMax: 400)
        var signs = text.places(of: HandoverSign.phrases)
        let quoted = text.quotedWords()
        let taken = (signs[.denial] ?? []) + (signs[.lookalike] ?? [])
        if let requests = signs[.request] {
            let meant = requests.filter { request in
                !request.allSatisfy(quoted.contains) && !taken.contains { Self.covers($0, request) }
            }
            signs[.request] = meant.isEmpty ? nil : meant
        }
        self.signs = signs
        features = TextFeatures(text, wordsMax: 120)
    }

    /// Returns whether a phrase covers a request. One that begins behind another phrase is a wish of its own: `no bots,
    /// I want a person`.
    private static func covers(_ taken: Range<Int>, _ request: Range<Int>) -> Bool {
        taken.overlaps(request)
            && (taken.lowerBound <= request.lowerBound || taken.upperBound >= request.upperBound - 1)
    }

    // MARK: A request

    func requestWeight() -> (sum: Double, evidence: [TextEvidence]) {
        var sum = -1.75
        var evidence: [TextEvidence] = []
        func add(_ sign: HandoverSign, _ weight: Double) {
            guard let place = signs[sign]?.first else { return }
            sum += weight
            evidence.append(TextEvidence(text.quote(place), sign.rawValue, weight))
        }
        add(.request, 3.8)
        if signs[.request] == nil {
            add(.denial, -2)
            add(.lookalike, -1.2)
        }
        add(.delicate, 0.5)
        let logits = HandoverReader.model.logits(features)
        let words = max(-1.8, min(1.8, (logits[1] - logits[0]) * 0.6))
        sum += words
        if words > 0.5 { evidence.append(TextEvidence("", "words", words)) }
        return (sum, evidence.filter { $0.weight > 0 })
    }

    // MARK: Frustration

    func frustration() -> (weight: Double, evidence: [TextEvidence]) {
        var weight = 0.0
        var evidence: [TextEvidence] = []
        for (index, place) in (signs[.frustration] ?? []).enumerated() where !isDenied(place) {
            let share = index == 0 ? 1.0 : 0.4
            weight += share
            evidence.append(
                TextEvidence(text.quote(place), HandoverSign.frustration.rawValue, share))
        }
        if text.capitalsShare() > 0.6, text.words.count > 2 {
            weight += 0.6
            evidence.append(TextEvidence("", "capitals", 0.6))
        }
        let marks = text.words.count { $0.kind == .mark && $0.folded == "!" }
        if marks > 1 {
            weight += 0.4
            evidence.append(TextEvidence(String(repeating: "!", count: min(marks, 5)), "marks", 0.4))
        }
        return (weight, evidence)
    }

    /// `not annoyed`, `gar nicht enttäuscht`
    private func isDenied(_ place: Range<Int>) -> Bool {
        let before = text.words[max(0, place.lowerBound - 2)..<place.lowerBound]
        return before.contains {
            $0.sentence == text.words[place.lowerBound].sentence && Self.negations.contains($0.folded)
        }
    }

    private static let negations = Lexicon("frustration").words("negation")

    // MARK: Repetition

    /// Returns the evidence that this failed before: words, or the same turn again.
    func repeats(_ earlier: [String]) -> TextEvidence? {
        if let place = signs[.repetition]?.first {
            return TextEvidence(text.quote(place), HandoverSign.repetition.rawValue, 1)
        }
        let own = Self.content(text)
        guard own.count > 2 else { return nil }
        for turn in earlier.suffix(6).reversed() {
            let other = Self.content(ReadText(turn, wordsMax: 400))
            let shared = own.intersection(other).count
            if other.count > 2, shared * 10 >= own.union(other).count * 7 {
                return TextEvidence(turn, "same_turn", 1)
            }
        }
        return nil
    }

    private static func content(_ text: ReadText) -> Set<String> {
        Set(text.words.filter { $0.kind != .mark && $0.folded.utf8.count > 2 }.map(\.folded))
    }

    // MARK: Urgency

    func urgency(asks: Bool, frustration: Double, repeated: TextEvidence?) -> [TextEvidence] {
        var factors: [TextEvidence] = []
        if asks { factors.append(TextEvidence("", "asks_for_person", 1)) }
        if frustration >= 1 { factors.append(TextEvidence("", "frustration", min(1.2, 0.8 * frustration))) }
        if let repeated { factors.append(TextEvidence(repeated.quote, "repeated_failure", 0.9)) }
        let weights: [(HandoverSign, Double)] = [
            (.loss, 2.2), (.threat, 1.3), (.haste, 1.2), (.delicate, 0.6),
        ]
        for (sign, weight) in weights {
            guard let place = signs[sign]?.first, !isDenied(place) else { continue }
            factors.append(TextEvidence(text.quote(place), sign.rawValue, weight))
        }
        return factors.sorted { $0.weight > $1.weight }
    }
}
