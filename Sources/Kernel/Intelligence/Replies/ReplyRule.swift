/// The meaning that a phrase of a reply speaks for. The names are shown as evidence.
enum ReplyRule: String, CaseIterable, Hashable, Sendable {
    case unsubscribe
    case unsubscribeException = "unsubscribe_exception"
    case bounce
    case away
    case interest, meeting
    case information = "wants_information"
    case refusal
    case later
    case referral
    case question
    case thanks
    case price, timing, competitor
    case noNeed = "no_need"
    case trust, authority, contract
    case negatedInterest = "negated_interest"
    /// The writer says what is wrong with their own marketing (`NeedsReader`).
    case need
    /// The writer praises something, and then says what speaks against it.
    case reservation
    /// The writer makes a request under data protection law (`PrivacyRequest`).
    case privacy

    /// The kind of objection that it is a sign of.
    var objection: ObjectionKind? { ObjectionKind(rawValue: rawValue) }

    /// Found in all texts in one pass; made once.
    static let phrases = PhraseSet<ReplyRule>(about: "unsubscribe", "replies")
}
