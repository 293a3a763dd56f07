/// The meaning of a reply to a sales mail. The names are stored.
package enum ReplyClass: String, CaseIterable, Hashable, Sendable {
    case interested, question, objection
    case notNow = "not_now"
    case notInterested = "not_interested"
    case referral
    case outOfOffice = "out_of_office"
    case unsubscribe, bounce, other
}

/// A reason not to buy.
package enum ObjectionKind: String, CaseIterable, Hashable, Sendable {
    case price, timing
    /// Somebody does it already: another supplier, or their own people.
    case competitor
    case noNeed = "no_need"
    case trust, authority, contract
}
