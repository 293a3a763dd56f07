/// The next step with a lead: a stable code for programs, a sentence for people. Chosen from the record alone; it names
/// no person.
package struct NextAction: Hashable, Sendable {
    package enum Code: String, CaseIterable, Sendable {
        case findContact = "find_contact"
        case findDecisionMaker = "find_decision_maker"
        case research
        case askForDetails = "ask_for_details"
        case call
        case write
        case nurture
        case followUp = "follow_up"
        case bookMeeting = "book_meeting"
        case followUpProposal = "follow_up_proposal"
        case closeDeal = "close_deal"
        case onboard
        case revisit
        case nothing
    }

    package let code: Code
    package let text: String

    package init(for input: ScoringInput, _ score: LeadScore) {
        (code, text) = Self.byStage(input) ?? Self.byPriority(input, score)
    }

    private static func byStage(_ input: ScoringInput) -> (Code, String)? {
        switch input.status {
        case "contacted": (.followUp, "Follow up on the first message")
        case "engaged": (.bookMeeting, "Book a meeting to assess their needs")
        case "proposal": (.followUpProposal, "Follow up on the proposal")
        case "negotiation": (.closeDeal, "Settle the open points and send the contract")
        case "won": (.onboard, "Hand over to onboarding")
        case "lost": (.revisit, "Check back in six months")
        case "disqualified": (.nurture, "Keep in touch by newsletter; no sales contact for now")
        case "archived": (.nothing, "Nothing to do")
        default: nil
        }
    }

    private static func byPriority(_ input: ScoringInput, _ score: LeadScore) -> (Code, String) {
        let canWrite = input.email.map { !$0.isDisposable } ?? false
        guard canWrite || input.hasPhone else {
            return (.findContact, "Find an email address or a phone number")
        }
        let unknown = [
            input.budget == nil ? "budget" : nil, input.timelineDays == nil ? "timeline" : nil,
            input.authority == nil ? "who decides" : nil,
        ].compactMap { $0 }
        if score.priority == .low {
            return score.confidence < 0.4
                ? (.research, "Research the company before contacting them")
                : (.nurture, "Add to the nurture sequence")
        }
        if !input.hasContactName { return (.findDecisionMaker, "Find out who decides on marketing") }
        if score.priority == .medium, !unknown.isEmpty {
            return (.askForDetails, "Ask about \(list(unknown))")
        }
        let topic = unknown.isEmpty ? "to agree on a first meeting" : "and ask about \(list(unknown))"
        return input.hasPhone ? (.call, "Call \(topic)") : (.write, "Write a personal email \(topic)")
    }

    private static func list(_ items: [String]) -> String {
        items.count < 2 ? items.joined() : items.dropLast().joined(separator: ", ") + " and " + items.last!
    }
}
