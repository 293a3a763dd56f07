/// A sign that phrases in a message to support give: of its urgency, its complexity, or what it wants.
enum TicketSign: String, CaseIterable, Hashable, Sendable {
    /// The words that always raise: urgent, critical, broken, emergency.
    case keyword
    case outage
    /// Harm is being done; it goes on at this moment; only hours are left.
    case harm, now, imminent
    case trifle
    case loss, security, spending
    case deadline, blocked
    case threat, repetition
    case calm
    case praise
    case idea
    case steps
    case question, problem, request, complaint, cancellation

    static let phrases = PhraseSet<TicketSign>(about: "tickets", "harm", "frustration")
}
