internal import Agents
package import JSON
internal import Records
package import Templates

/// Whether a lead meets the criteria, as far as its record tells: budget, timeline and authority decide,
/// the others inform. What the record does not tell becomes a question.
package struct Qualification: Hashable, Sendable {
    /// Changes whenever a rule does.
    package static let version = "2"

    package enum Result: String, Choice {
        case qualified, disqualified
        case needsInformation = "needs_information"
    }

    package enum State: String, Sendable {
        case met
        case notMet = "not_met"
        case unknown
    }

    package enum Name: String, CaseIterable, Sendable {
        case budget, timeline, authority, challenge, gap, growth

        package var isMandatory: Bool { self == .budget || self == .timeline || self == .authority }
    }

    package struct Criterion: Hashable, Sendable {
        package let name: Name
        package let state: State
        /// The part of the record that decided it, in the words of whoever reads it; given for unknown criteria, too.
        package let said: Saying

        /// The part of the record in English, for programs.
        package var evidence: String { said.english }
    }

    package struct Question: Hashable, Sendable {
        package let criterion: Name

        /// The question in the words of whoever reads it.
        package var said: Saying {
            Saying("qualification.ask", ["criterion": .text(criterion.rawValue)])
        }

        package var text: String { said.english }
    }

    package let result: Result
    /// One of each `Name`, in their order.
    package let criteria: [Criterion]
    /// One for each unknown criterion.
    package let questions: [Question]
    /// 0–1: the share of the criteria that are known, mandatory ones counting double.
    package let confidence: Double

    package init(
        _ input: ScoringInput, _ configuration: QualificationConfiguration = QualificationConfiguration()
    ) {
        criteria = Name.allCases.map { name in
            let (state, said) = Self.judge(name, input, configuration)
            return Criterion(name: name, state: state, said: said)
        }
        let mandatory = criteria.filter(\.name.isMandatory)
        result =
            mandatory.contains { $0.state == .notMet }
            ? .disqualified : mandatory.allSatisfy { $0.state == .met } ? .qualified : .needsInformation
        questions = criteria.filter { $0.state == .unknown }.map { Question(criterion: $0.name) }
        let known = criteria.filter { $0.state != .unknown }.reduce(0) { $0 + ($1.name.isMandatory ? 2 : 1) }
        confidence = (Double(known) / 9).rounded(places: 4)
    }

    /// The `outcome` of a qualification decision.
    package var outcome: JSON {
        [
            "result": .string(result.rawValue),
            "criteria": .array(
                criteria.map { criterion in
                    let judged: JSON = [
                        "name": .string(criterion.name.rawValue),
                        "state": .string(criterion.state.rawValue),
                        "mandatory": .bool(criterion.name.isMandatory),
                    ]
                    return judged.saying("evidence", criterion.said)
                }),
            "questions": .array(
                questions.map { question in
                    JSON.object(["criterion": .string(question.criterion.rawValue)])
                        .saying("text", question.said)
                }),
        ]
    }

    private static func judge(
        _ name: Name, _ input: ScoringInput, _ configuration: QualificationConfiguration
    ) -> (State, Saying) {
        switch name {
        case .budget: budget(input, configuration)
        case .timeline: timeline(input, configuration)
        case .authority: authority(input)
        case .challenge: challenge(input)
        case .gap: Mentions.gap.judge(input)
        case .growth: Mentions.growth.judge(input)
        }
    }

    private static func budget(
        _ input: ScoringInput, _ configuration: QualificationConfiguration
    ) -> (
        State, Saying
    ) {
        guard let budget = input.budget else { return (.unknown, Saying("qualification.no_budget")) }
        guard let least = RoughRates.dollars(configuration.budgetMin),
            let dollars = RoughRates.dollars(budget)
        else {
            return (
                .unknown, Saying("qualification.other_currency", ["currency": .text(budget.currency)])
            )
        }
        return (
            dollars >= least ? .met : .notMet,
            Saying(
                "qualification.budget",
                ["budget": .number(whole(dollars)), "least": .number(whole(least))])
        )
    }

    /// No budget that is meant is as large.
    private static func whole(_ dollars: Double) -> Int { Int(min(dollars, 1e15).rounded()) }

    private static func timeline(
        _ input: ScoringInput, _ configuration: QualificationConfiguration
    ) -> (
        State, Saying
    ) {
        guard let days = input.timelineDays else { return (.unknown, Saying("qualification.no_timeline")) }
        let most = configuration.timelineDaysMax
        return (
            days <= most ? .met : .notMet,
            Saying("qualification.timeline", ["days": .number(days), "most": .number(most)])
        )
    }

    private static func authority(_ input: ScoringInput) -> (State, Saying) {
        let state: State = input.authority.map { $0 ? .met : .notMet } ?? .unknown
        let decides = input.authority.map(Saying.Value.flag) ?? .text("unknown")
        return (state, Saying("qualification.authority", ["decides": decides]))
    }

    private static func challenge(_ input: ScoringInput) -> (State, Saying) {
        let told = input.painPoints.filter { Optional($0).isStated }
        guard let first = told.first else { return (.unknown, Saying("qualification.no_challenge")) }
        return (
            .met,
            Saying(
                "qualification.challenge",
                ["text": .text(String(first.prefix(80))), "more": .number(told.count - 1)])
        )
    }
}
