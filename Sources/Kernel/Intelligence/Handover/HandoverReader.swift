/// The wish for a person that a turn of a chat shows: because it asks for one, because its writer has had enough, or
/// because the same thing failed again.
package struct HandoverWish: Sendable {
    package enum Urgency: String, CaseIterable, Sendable {
        case low, normal, high, urgent
    }

    /// Whether the turn expressly asks for a person.
    package var asksForPerson: Bool
    package var isFrustrated: Bool
    /// Whether something that was asked or tried before is asked or tried again.
    package var isRepeatedFailure: Bool
    /// The probability that a person is asked for, 0–1; from one half it is taken as asked.
    package var confidence: Double
    /// Weightiest first, at most eight.
    package var evidence: [TextEvidence]
    package var urgency: Urgency
    /// The signs that the urgency is made of, weightiest first.
    package var urgencyFactors: [TextEvidence]
}

/// Reads whether a turn of a chat should go to a person.
///
/// Phrases in a dozen languages and a small linear model, trained from the module's examples when it is first
/// used, add up. The same turn gives the same answer on every machine.
package enum HandoverReader {
    /// Reads a turn; `earlier` are the same person's turns before it in this conversation, oldest first.
    package static func read(_ turn: String, earlier: [String] = []) -> HandoverWish {
        let reading = HandoverReading(turn)
        let repeated = reading.repeats(earlier)
        let asks = reading.requestWeight()
        let confidence = 1 / (1 + exactExp(-asks.sum))
        let frustration = reading.frustration()
        let factors = reading.urgency(
            asks: asks.sum >= 0, frustration: frustration.weight, repeated: repeated)
        var evidence = asks.evidence + frustration.evidence
        if let repeated { evidence.append(repeated) }
        evidence.sort { ($0.weight, $1.quote) > ($1.weight, $0.quote) }
        return HandoverWish(
            asksForPerson: asks.sum >= 0, isFrustrated: frustration.weight >= 1,
            isRepeatedFailure: repeated != nil, confidence: (confidence * 10_000).rounded() / 10_000,
            evidence: Array(evidence.prefix(8)), urgency: level(factors), urgencyFactors: factors)
    }

    private static func level(_ factors: [TextEvidence]) -> HandoverWish.Urgency {
        switch factors.reduce(0, { $0 + $1.weight }) {
        case ..<0.9: .low
        case ..<2: .normal
        case ..<3.2: .high
        default: .urgent
        }
    }

    static let model = train(HandoverExamples.all)

    static func train(_ examples: [(text: String, asks: Bool)]) -> SoftmaxModel {
        let rows = examples.map { text, asks in
            let reading = HandoverReading(text)
            return SoftmaxModel.Example(
                features: reading.features, bare: reading.features, label: asks ? 1 : 0)
        }
        return SoftmaxModel(training: rows, classCount: 2)
    }
}
