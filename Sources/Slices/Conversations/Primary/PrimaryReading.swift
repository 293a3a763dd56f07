internal import Agents
internal import Intelligence
internal import JSON
internal import Lexicons
internal import Records
internal import Templates

/// The primary agent's reading of a message, by rules: it answers from what is written down, is polite, notes needs
/// that it is told of, or gives the conversation to a person. It never guesses.
struct PrimaryReading: Sendable {
    enum Action: Sendable {
        case politeness(SmallTalk)
        case answer(AnswerFinder.Answer)
        /// One of these articles may answer; the visitor is asked which one they mean.
        case choice([AnswerFinder.Answer])
        case handOver(HandoverReason)
        /// It says nothing that needs an answer.
        case silence
    }

    struct Facts: Sendable {
        var text: String
        /// Their turns before, oldest first.
        var earlier: [String] = []
        /// The articles that may answer, the likeliest first.
        var articles: [AnswerFinder.Answer] = []
        /// The articles that the agent last asked them to choose from.
        var offered: [AnswerFinder.Answer] = []
        /// The incident that they ask about, if there is one.
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

    /// Whether the rules know two answers and cannot tell which one is meant.
    var isChoice: Bool {
        guard case .choice = action else { return false }
        return true
    }

    /// Important customers get an answer of the agent's only where it is this sure.
    private static let sureForImportant = 0.75

    /// Returns the offered article that they choose, by its number or its title.
    private static func choice(
        of text: String, among offered: [AnswerFinder.Answer]
    ) -> AnswerFinder.Answer? {
        guard !offered.isEmpty else { return nil }
        let said = TextFolding.searchTokens(text).filter { !fillers.contains($0) }
        if let title = offered.first(where: { TextFolding.searchTokens($0.text.title) == said }) {
            return title
        }
        guard said.count == 1, let number = ordinals[said[0]], number <= offered.count else {
            // A single offer is accepted with a plain yes.
            return offered.count == 1 && said.count == 1 && yes.contains(said[0]) ? offered[0] : nil
        }
        return offered[number - 1]
    }

    private static let lexicon = Lexicon("choices", in: ResourceTable.texts)
    private static let ordinals = lexicon.values("ordinals").merging(["1": 1, "2": 2]) { $1 }
    private static let yes = lexicon.words("yes"), fillers = lexicon.words("fillers")

    init(_ facts: Facts) {
        let wish = HandoverReader.read(facts.text, earlier: facts.earlier)
        let answer = facts.articles.first
        var factors: [(String, Saying, Double)] = wish.evidence.map {
            ("\($0.sign)", .quoted($0.quote), $0.weight)
        }
        let isOfPerson = wish.asksForPerson || wish.isFrustrated || wish.isRepeatedFailure
        urgency = isOfPerson ? HandoverPlan.Urgency(rawValue: wish.urgency.rawValue) ?? .normal : .normal
        if facts.isWishToBeLeftAlone {
            (action, confidence) = (.silence, 1)
        } else if wish.asksForPerson {
            (action, confidence) = (.handOver(.askedForHuman), wish.confidence)
        } else if wish.isFrustrated {
            (action, confidence) = (.handOver(.frustration), 0.8)
        } else if let chosen = Self.choice(of: facts.text, among: facts.offered) {
            (action, confidence) = (.answer(chosen), 0.9)
            factors.append(("chosen", .quoted(chosen.text.title), 1))
        } else if let talk = SmallTalk(facts.text) {
            (action, confidence) = (.politeness(talk), 0.95)
            factors.append(
                ("small_talk", Saying("evidence.small_talk", ["kind": .text(talk.rawValue)]), 1))
        } else if let incident = facts.incident {
            let known = AnswerFinder.Answer(
                text: incident, passage: incident.body, confidence: 1, matched: [])
            (action, confidence) = (.answer(known), 1)
            factors.append(("incident", .quoted(incident.title), 1))
        } else if wish.isRepeatedFailure {
            (action, confidence) = (.handOver(.repeatedFailure), 0.8)
        } else if let answer, answer.confidence >= AnswerFinder.confidenceMin {
            factors.append(("article", .quoted(answer.text.title), answer.confidence))
            if facts.isImportant, answer.confidence < Self.sureForImportant {
                (action, confidence) = (.handOver(.importantCustomer), answer.confidence)
            } else {
                (action, confidence) = (.answer(answer), answer.confidence)
            }
        } else if let answer, answer.confidence >= AnswerFinder.doubtMin, !facts.isImportant {
            let two = facts.articles.prefix(2).filter { $0.confidence >= AnswerFinder.doubtMin / 2 }
            (action, confidence) = (.choice(two), answer.confidence)
            for one in two { factors.append(("perhaps", .quoted(one.text.title), one.confidence)) }
        } else {
            (action, confidence) = (.handOver(.unknownAnswer), 0.6)
            factors.append(("no_article", Saying("evidence.nothing_written"), 1))
        }
        self.factors = .array(
            factors.map { name, evidence, weight in
                let factor: JSON = [
                    "name": .string(name), "value": true, "weight": .number(weight),
                    "contribution": .number(weight),
                ]
                return factor.saying("evidence", evidence)
            })
    }
}
