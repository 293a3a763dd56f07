internal import Intelligence
internal import JSON

/// The subject and language of a message, as local readers tell them.
struct MatterReading: Sendable {
    /// `nil` where the reader is not sure.
    let category: String?
    let tags: [String]
    /// ISO 639-1; `nil` where it is not clear.
    let language: String?
    let confidence: Double

    /// From here a category is taken as known.
    private static let sureFrom = 0.5

    /// From here a language is taken as known.
    private static let languageFrom = 0.6

    init(_ text: String) {
        let triage = TicketReader.standard.read(text)
        let guess = triage.sentiment.languageGuess
        language = guess.confidence >= Self.languageFrom ? guess.language : nil
        confidence = triage.category.confidence
        category = confidence >= Self.sureFrom ? triage.category.value.rawValue : nil
        var tags: [String] = []
        // A greeting wants nothing yet.
        if SmallTalk(text) == nil { tags.append(triage.intent.value.rawValue) }
        if triage.sentiment.tone != .neutral { tags.append(triage.sentiment.tone.rawValue) }
        if triage.urgency.value.rawValue <= TicketTriage.Urgency.high.rawValue { tags.append("urgent") }
        if let language { tags.append(language) }
        self.tags = tags
    }

    var json: JSON {
        ["category": JSON(category), "tags": JSON(tags), "confidence": .number(confidence)]
    }
}
