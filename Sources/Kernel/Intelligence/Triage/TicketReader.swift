/// Reads messages to support. What people corrected belongs to the tenant whose people they are: a reader that
/// learned from it is that tenant's own, and the standard one knows the module's examples alone.
package struct TicketReader: Sendable {
    package static let standard = TicketReader(corrections: [])

    private let model: TextCategories

    private init(corrections: [TicketCorrection], sharpness: Double? = nil) {
        let learned = corrections.map { (text: $0.text, label: $0.category.rawValue, weight: Float(8)) }
        model = TextCategories(TicketExamples.all + learned, sharpness: sharpness)
    }

    /// Returns a reader that learned from corrections, too. A trial takes over how sure this one is of a category: to
    /// find that out takes three quarters of the training.
    package func learning(from corrections: [TicketCorrection], isTrial: Bool = false) -> TicketReader {
        guard !corrections.isEmpty else { return self }
        return TicketReader(corrections: corrections, sharpness: isTrial ? model.sharpness : nil)
    }

    /// Reads a message; the subject counts as its first sentence.
    package func read(subject: String = "", _ body: String) -> TicketTriage {
        let own = OwnWords.of(body)
        let reading = TicketReading(subject.isEmpty ? own : subject + "\n\n" + own)
        let sentiment = Sentiment.read(reading.source)
        let intent = reading.intent(sentiment.score)
        return TicketTriage(
            category: category(reading, intent), urgency: reading.urgency(sentiment.score),
            complexity: reading.complexity(), intent: intent, sentiment: sentiment)
    }

    private func category(
        _ reading: TicketReading, _ intent: TicketTriage.Finding<TicketTriage.Intent>
    ) -> TicketTriage.Finding<TicketTriage.Category> {
        guard !reading.text.words.isEmpty else {
            return TicketTriage.Finding(value: .general, confidence: 0.5, factors: [])
        }
        let found = model.judge(reading.text)
        var category = TicketTriage.Category(rawValue: found.label)
        var confidence = found.confidence
        var factors = found.evidence
        if reading.signs[.idea] != nil, intent.value != .problem, intent.value != .complaint {
            factors.insert(reading.evidence(.idea, 2)!, at: 0)
            category = .featureRequest
            confidence = max(0.7, found.scores[category.rawValue] ?? 0)
        } else if intent.value == .complaint, intent.confidence > 0.6, found.confidence < 0.6 {
            category = .complaint
            confidence = intent.confidence
            factors = intent.factors + factors
        }
        return TicketTriage.Finding(value: category, confidence: confidence, factors: factors)
    }
}
