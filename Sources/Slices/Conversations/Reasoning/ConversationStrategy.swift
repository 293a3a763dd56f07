internal import Agents
internal import JSON
internal import Messages
internal import Records
internal import Templates

/// The best way to take a conversation on, from the analysis of its customer: what fits, what comes next, and
/// when it should go to a person.
struct ConversationStrategy: Sendable {
    enum Approach: String, Sendable {
        /// A person has it.
        case leaveToPerson = "leave_to_person"
        /// They wait for one.
        case bridgeTheWait = "bridge_the_wait"
        /// They want to hear nothing.
        case silence
        case escalate
        /// Something failed before, and is asked again.
        case clarify
        /// They complain, or want to leave.
        case calm
        case careful
        case answer

        /// The things to do, in this order.
        var steps: [String] {
            switch self {
            case .leaveToPerson: ["stay_silent"]
            case .bridgeTheWait: ["keep_informed", "offer_call"]
            case .silence: ["stay_silent", "send_no_marketing"]
            case .escalate: ["hand_over", "alert_staff", "offer_call"]
            case .clarify: ["ask_what_is_meant", "offer_articles", "hand_over_if_it_fails_again"]
            case .calm: ["acknowledge", "answer_from_articles", "hand_over_if_it_gets_worse"]
            case .careful: ["answer_from_articles", "hand_over_if_it_gets_worse"]
            case .answer: ["answer_from_articles"]
            }
        }
    }

    static let version = "1"
    let analysis: CustomerAnalysis
    let approach: Approach
    /// The urgency with which it would go to a person.
    let urgency: HandoverPlan.Urgency

    init(_ facts: ConversationFacts) {
        let analysis = CustomerAnalysis(facts)
        self.analysis = analysis
        let signs = Set(analysis.signs)
        approach =
            switch facts.handler {
            case .human: .leaveToPerson
            case .waitingForHuman: .bridgeTheWait
            case .agent where facts.turns.last?.isWishToBeLeftAlone == true: .silence
            case .agent where signs.contains(.asksForPerson) || analysis.risk == .high: .escalate
            case .agent where signs.contains(.repeatedFailure): .clarify
            case .agent where ["complaint", "cancellation"].contains(analysis.intent): .calm
            case .agent: analysis.risk == .medium ? .careful : .answer
            }
        urgency =
            signs.contains(.urgent) && analysis.risk == .high
            ? .urgent : signs.contains(.urgent) || analysis.risk == .high ? .high : .normal
    }

    var outcome: JSON {
        [
            "approach": .string(approach.rawValue), "steps": JSON(approach.steps),
            "handover_urgency": .string(urgency.rawValue), "risk": .string(analysis.risk.rawValue),
        ]
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: analysis.confidence,
            factors: .array([analysis.facts.handlerFactor] + analysis.factors),
            model: ["name": "rules", "version": .string(Self.version)], inputs: analysis.facts.json)
    }
}

extension ConversationFacts {
    /// The factor of a decision that says who has the conversation.
    var handlerFactor: JSON {
        let factor: JSON = [
            "name": "handler", "value": .string(handler.rawValue), "weight": 1, "contribution": 1,
        ]
        return factor.saying(
            "evidence", Saying("evidence.who_has_it", ["handler": .text(handler.rawValue)]))
    }
}
