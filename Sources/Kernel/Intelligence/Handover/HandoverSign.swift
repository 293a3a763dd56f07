/// The meaning of a phrase in a turn of a chat for handing it to a person.
enum HandoverSign: String, CaseIterable, Hashable, Sendable {
    case request, denial
    /// Sounds like a request, and is none.
    case lookalike
    case frustration
    case repetition
    case haste
    case loss
    case threat
    case delicate

    static let phrases = PhraseSet<HandoverSign>(about: "handover", "frustration")
}
