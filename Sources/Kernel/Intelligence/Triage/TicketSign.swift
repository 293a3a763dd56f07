/// What phrases in a message to support say about how it presses, how involved it is, and what it wants.
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

    static let phrases = PhraseSet<TicketSign>([
        .keyword: TicketPhrases.keyword, .outage: TicketPhrases.outage, .loss: FrustrationPhrases.loss,
        .security: TicketPhrases.security, .spending: TicketPhrases.spending,
        .deadline: TicketPhrases.deadline, .blocked: TicketPhrases.blocked,
        .threat: FrustrationPhrases.threat, .repetition: FrustrationPhrases.repetition,
        .calm: TicketPhrases.calm, .praise: TicketPhrases.praise, .idea: TicketPhrases.idea,
        .harm: HarmPhrases.harm, .now: HarmPhrases.now, .imminent: HarmPhrases.imminent,
        .trifle: HarmPhrases.trifle,
        .steps: TicketPhrases.steps, .question: TicketPhrases.question, .problem: TicketPhrases.problem,
        .request: TicketPhrases.request, .complaint: TicketPhrases.complaint,
        .cancellation: TicketPhrases.cancellation,
    ])
}
