internal import JSON
internal import Lexicons
internal import Records
internal import Templates

/// Whether a record speaks of something: a custom field of that name, or one of a few phrases in the
/// pain points, the notes and the tags. Only plain words count; anything else leaves it unknown.
struct Mentions: Sendable {
    /// Words in the name of a custom field.
    private let fields: PhraseList
    /// A denial is looked for first.
    private let phrases: PhraseList, denials: PhraseList
    private let nothingKnown: Saying

    private init(_ subject: String, nothingKnown: Saying) {
        fields = PhraseList(Self.lexicon.phrases("\(subject) fields"))
        phrases = PhraseList(Self.lexicon.phrases(subject))
        denials = PhraseList(Self.lexicon.phrases("no \(subject)"))
        self.nothingKnown = nothingKnown
    }

    private static let lexicon = Lexicon("qualification", in: ResourceTable.texts)

    static let gap = Mentions("gap", nothingKnown: Saying("qualification.no_gap"))
    static let growth = Mentions("growth", nothingKnown: Saying("qualification.no_growth"))

    func judge(_ input: ScoringInput) -> (Qualification.State, Saying) {
        for (key, value) in input.custom.members.sorted(by: { $0.key < $1.key }) {
            guard fields.isFound(in: Words(key)), let isMet = Self.affirms(value) else { continue }
            return (
                isMet ? .met : .notMet,
                Saying("qualification.field", ["field": .text(key), "value": .text(Self.shown(value))])
            )
        }
        for text in input.painPoints + [input.notes ?? ""] + input.ownTags {
            let words = Words(text)
            if let denial = denials.first(in: words) {
                return (.notMet, Saying("qualification.speaks_of", ["words": .text("\(denial)")]))
            }
            if let phrase = phrases.first(in: words) {
                return (.met, Saying("qualification.speaks_of", ["words": .text("\(phrase)")]))
            }
        }
        return (.unknown, nothingKnown)
    }

    private static let unknown = Set(lexicon.phrases("unknown")), no = Set(lexicon.phrases("no"))

    /// `nil` when the value says neither.
    private static func affirms(_ value: JSON) -> Bool? {
        switch value {
        case .bool(let flag): return flag
        case .integer(let number): return number > 0
        case .number(let number): return number > 0
        case .string(let text):
            let words = Words(text)
            if words.isEmpty || unknown.contains(words.text) { return nil }
            return !no.contains(words.text)
        case .null, .array, .object: return nil
        }
    }

    private static func shown(_ value: JSON) -> String { String((value.text ?? value.serialized).prefix(80)) }
}
