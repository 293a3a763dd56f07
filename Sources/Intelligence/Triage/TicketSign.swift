/// What phrases in a message to support say about how it presses, how involved it is, and what it wants.
enum TicketSign: String, CaseIterable, Hashable, Sendable {
    /// The words that always raise: urgent, critical, broken, emergency.
    case keyword
    case outage
    case loss, security, spending
    case deadline, blocked
    case threat, repetition
    case calm
    case praise
    case idea
    case steps
    case question, problem, request, complaint, cancellation

    static let phrases = PhraseSet<TicketSign>([
        .keyword: TicketPhrases.keyword, .outage: TicketPhrases.outage, .loss: FrustrationPhrases.loss,
        .security: TicketPhrases.security, .spending: TicketPhrases.spending,
        .deadline: TicketPhrases.deadline, .blocked: TicketPhrases.blocked,
        .threat: FrustrationPhrases.threat, .repetition: FrustrationPhrases.repetition,
        .calm: TicketPhrases.calm, .praise: TicketPhrases.praise, .idea: TicketPhrases.idea,
        .steps: TicketPhrases.steps, .question: TicketPhrases.question, .problem: TicketPhrases.problem,
        .request: TicketPhrases.request, .complaint: TicketPhrases.complaint,
        .cancellation: TicketPhrases.cancellation,
    ])
}
