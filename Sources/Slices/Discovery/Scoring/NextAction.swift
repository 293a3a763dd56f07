package import Templates

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

    /// The topics to ask about.
    private enum Topic: String, CaseIterable, Sendable { case budget, timeline, authority }

    package let code: Code
    /// Its words: those of its code, unless it has others.
    private let step: String
    private let topics: [Topic]

    private init(_ code: Code, step: String? = nil, about topics: [Topic] = []) {
        (self.code, self.step, self.topics) = (code, step ?? code.rawValue, topics)
    }

    package init(for input: ScoringInput, _ score: LeadScore) {
        self = Self.byStage(input) ?? Self.byPriority(input, score)
    }

    private static func byStage(_ input: ScoringInput) -> NextAction? {
        switch input.status {
        case "contacted": NextAction(.followUp)
        case "engaged": NextAction(.bookMeeting)
        case "proposal": NextAction(.followUpProposal)
        case "negotiation": NextAction(.closeDeal)
        case "won": NextAction(.onboard)
        case "lost": NextAction(.revisit)
        case "disqualified": NextAction(.nurture, step: "keep_in_touch")
        case "archived": NextAction(.nothing)
        default: nil
        }
    }

    private static func byPriority(_ input: ScoringInput, _ score: LeadScore) -> NextAction {
        let canWrite = input.email.map { !$0.isDisposable } ?? false
        guard canWrite || input.hasPhone else { return NextAction(.findContact) }
        let unknown: [Topic?] = [
            input.budget == nil ? .budget : nil, input.timelineDays == nil ? .timeline : nil,
            input.authority == nil ? .authority : nil,
        ]
        let topics = unknown.compactMap(\.self)
        if score.priority == .low { return NextAction(score.confidence < 0.4 ? .research : .nurture) }
        if !input.hasContactName { return NextAction(.findDecisionMaker) }
        if score.priority == .medium, !topics.isEmpty { return NextAction(.askForDetails, about: topics) }
        return NextAction(input.hasPhone ? .call : .write, about: topics)
    }
}

// MARK: As people say it

extension NextAction {
    /// The sentence as it is stored, and as programs read it.
    package var text: String { Self.texts[self] ?? said.english }

    /// The sentence in the words of whoever reads it.
    package var said: Saying {
        let step = Saying.Value.text(step)
        guard !topics.isEmpty else { return Saying("score.next", ["step": step]) }
        let known = topics.map(\.rawValue).joined(separator: "_")
        let asked = Saying("score.topics", ["topics": .text(known)])
        return Saying("score.next_ask", ["step": step, "topics": .saying(asked)])
    }

    /// Returns what a stored sentence is made of; `nil`: it is the word of whoever has overruled a score.
    package static func saying(of text: String) -> Saying? { sayings[text] }

    /// All that there are: they are few, and their words are looked up for each of many leads.
    private static let texts: [NextAction: String] = {
        let plain = Code.allCases.map { NextAction($0) } + [NextAction(.nurture, step: "keep_in_touch")]
        let subsets = (1..<(1 << Topic.allCases.count)).map { chosen in
            Topic.allCases.enumerated().filter { chosen & (1 << $0.offset) != 0 }.map(\.element)
        }
        let asking = [Code.askForDetails, .call, .write].flatMap { code in
            subsets.map { NextAction(code, about: $0) }
        }
        return Dictionary((plain + asking).map { ($0, $0.said.english) }) { first, _ in first }
    }()

    private static let sayings: [String: Saying] = Dictionary(texts.map { ($1, $0.said) }) { first, _ in first
    }
}
