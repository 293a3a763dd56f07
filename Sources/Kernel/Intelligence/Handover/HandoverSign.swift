/// What phrases in a turn of a chat say about handing it to a person.
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

    static let phrases = PhraseSet<HandoverSign>([
        .request: [
            HandoverPhrases.english, HandoverPhrases.german, HandoverPhrases.romance,
            HandoverPhrases.others,
        ].joined(separator: "\n"),
        .denial: HandoverPhrases.denial,
        .lookalike: HandoverPhrases.lookalike,
        .frustration: FrustrationPhrases.frustration,
        .repetition: FrustrationPhrases.repetition,
        .haste: FrustrationPhrases.haste,
        .loss: FrustrationPhrases.loss,
        .threat: FrustrationPhrases.threat,
        .delicate: FrustrationPhrases.delicate,
    ])
}
