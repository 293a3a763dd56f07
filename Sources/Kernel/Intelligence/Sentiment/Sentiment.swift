/// The sentiment of a short text: good, bad or neither, and what its writer feels.
///
/// Words, phrases and pictures with a value each add up; words before them turn, strengthen or weaken them. No
/// model is asked, and nothing is learned: the same text gives the same answer on every machine.
package struct Sentiment: Sendable {
    package enum Tone: String, CaseIterable, Sendable {
        case negative, neutral, positive
    }

    /// -1 to 1
    package var score: Double
    package var tone: Tone
    package var emotions: [Emotion]
    /// Weightiest first, at most eight; the weight is what each adds, before all are brought to -1…1.
    package var evidence: [TextEvidence]
    /// The language whose words were looked up first; nil where the text shows none.
    package var language: String?
    /// However unsure.
    package var languageGuess: LanguageGuess

    /// From here on a tone is heard: one faint word alone (of worth 1) is none.
    private static let audible = 0.28
    /// From here a guessed language is the one whose words count.
    private static let languageMin = 0.4

    package static func read(_ text: String) -> Sentiment {
        let own = OwnWords.of(text)
        let read = ReadText(own, wordsMax: 600)
        let guess = LanguageGuess.of(read)
        let language = guess.confidence >= languageMin ? guess.language : nil
        var reading = SentimentReading(text: read, language: language ?? "en")
        reading.readPhrases()
        reading.readWords()
        if language == nil { reading.readForeignWords() }
        for (quote, valence) in Emoticons.all(in: own) { reading.add(quote, "picture", Double(valence)) }
        let score = reading.score()
        var emotions = reading.emotions()
        if score > 0.3 { emotions.removeAll { $0 == .anger } }
        if score < -0.1 { emotions.removeAll { $0 == .joy } }
        return Sentiment(
            score: score,
            tone: score >= audible ? .positive : score <= -audible ? .negative : .neutral,
            emotions: emotions, evidence: reading.strongest(), language: language,
            languageGuess: guess)
    }
}
