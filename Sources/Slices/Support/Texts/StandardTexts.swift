internal import Messages

/// The texts that support writes by itself where an agency has no template of the kind.
extension StandardText {
    static let acknowledgement = StandardText(.ticketAcknowledgement)
    static let answer = StandardText(.ticketAnswer)
    static let delay = StandardText(.ticketDelay)
    static let escalation = StandardText(.ticketEscalation)
    static let survey = StandardText(.surveyInvitation)
}
