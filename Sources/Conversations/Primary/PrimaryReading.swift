internal import Intelligence
internal import JSON

/// What the primary agent makes of a turn, by rules: it answers from what is written down, is polite, notes what is
/// told of a need, or gives the conversation to a person. It never guesses.
struct PrimaryReading: Sendable {
    enum Action: Sendable {
        case politeness(SmallTalk)
        case answer(AnswerFinder.Answer)
        case handOver(HandoverReason)
        /// It says nothing that needs an answer.
        case silence
    }

    struct Facts: Sendable {
        var text: String
        /// Their turns before, oldest first.
        var earlier: [String] = []
        var articles: [AnswerFinder.Text] = []
        /// What does not work, if that is what they ask about.
        var incident: AnswerFinder.Text?
        var isImportant = false
        var isWishToBeLeftAlone = false
    }

    let action: Action
    let urgency: HandoverPlan.Urgency
    /// From 0 to 1.
    let confidence: Double
    let factors: JSON

    /// Rules have no answer to it.
    var isUnknown: Bool {
        guard case .handOver(.unknownAnswer) = action else { return false }
        return true
    }

    /// Important customers get an answer of the agent's only where it is this sure.
    private static let sureForImportant = 0.75

    init(_ facts: Facts) {
        let wish = HandoverRequest.read(facts.text, earlier: facts.earlier)
        let answer = AnswerFinder().answer(to: facts.text, from: facts.articles)
        var factors = wish.evidence.map { ("\($0.sign)", $0.quote, $0.weight) }
        let isOfPerson = wish.asksForPerson || wish.isFrustrated || wish.isRepeatedFailure
        urgency = isOfPerson ? HandoverPlan.Urgency(rawValue: wish.urgency.rawValue) ?? .normal : .normal
        if facts.isWishToBeLeftAlone {
            (action, confidence) = (.silence, 1)
        } else if wish.asksForPerson {
            (action, confidence) = (.handOver(.askedForHuman), wish.confidence)
        } else if wish.isFrustrated {
            (action, confidence) = (.handOver(.frustration), 0.8)
        } else if let talk = SmallTalk(facts.text) {
            (action, confidence) = (.politeness(talk), 0.95)
            factors.append(("small_talk", talk.rawValue, 1))
        } else if let incident = facts.incident {
            let known = AnswerFinder.Answer(
                text: incident, passage: incident.body, confidence: 1, matched: [])
            (action, confidence) = (.answer(known), 1)
            factors.append(("incident", incident.title, 1))
        } else if wish.isRepeatedFailure {
            (action, confidence) = (.handOver(.repeatedFailure), 0.8)
        } else if let answer {
            factors.append(("article", answer.text.title, answer.confidence))
            if facts.isImportant, answer.confidence < Self.sureForImportant {
                (action, confidence) = (.handOver(.importantCustomer), answer.confidence)
            } else {
                (action, confidence) = (.answer(answer), answer.confidence)
            }
        } else {
            (action, confidence) = (.handOver(.unknownAnswer), 0.6)
            factors.append(("no_article", "Nothing that is written down answers it", 1))
        }
        self.factors = .array(
            factors.map { name, evidence, weight in
                [
                    "name": .string(name), "value": true, "weight": .number(weight),
                    "contribution": .number(weight), "evidence": .string(evidence),
                ]
            })
    }
}
