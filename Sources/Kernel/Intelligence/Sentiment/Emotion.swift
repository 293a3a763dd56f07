internal import Lexicons

/// A writer's emotion.
package enum Emotion: String, CaseIterable, Hashable, Sendable {
    case anger, worry, gratitude, joy, disappointment

    static let phrases: PhraseSet<Emotion> = {
        let emotions = Lexicon("emotions"), frustration = Lexicon("frustration")
        return PhraseSet(
            groups: allCases.map { emotion in
                let lines =
                    emotion == .anger
                    ? frustration.lines("frustration") : emotions.lines(emotion.rawValue)
                return (emotion, lines.joined(separator: "\n"))
            })
    }()
}
