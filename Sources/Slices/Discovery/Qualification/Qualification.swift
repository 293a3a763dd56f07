package import JSON
internal import Records

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
        /// The part of the record that decided it; given for unknown criteria, too.
        package let evidence: String
    }

    package struct Question: Hashable, Sendable {
        package let criterion: Name
        package let text: String
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
            let (state, evidence) = Self.judge(name, input, configuration)
            return Criterion(name: name, state: state, evidence: evidence)
        }
        let mandatory = criteria.filter(\.name.isMandatory)
        result =
            mandatory.contains { $0.state == .notMet }
            ? .disqualified : mandatory.allSatisfy { $0.state == .met } ? .qualified : .needsInformation
        questions = criteria.filter { $0.state == .unknown }.map {
            Question(criterion: $0.name, text: Self.question($0.name))
        }
        let known = criteria.filter { $0.state != .unknown }.reduce(0) { $0 + ($1.name.isMandatory ? 2 : 1) }
        confidence = (Double(known) / 9).rounded(places: 4)
    }

    /// The `outcome` of a qualification decision.
    package var outcome: JSON {
        [
            "result": .string(result.rawValue),
            "criteria": .array(
                criteria.map {
                    [
                        "name": .string($0.name.rawValue), "state": .string($0.state.rawValue),
                        "mandatory": .bool($0.name.isMandatory), "evidence": .string($0.evidence),
                    ]
                }),
            "questions": .array(
                questions.map { ["criterion": .string($0.criterion.rawValue), "text": .string($0.text)] }),
        ]
    }

    private static func judge(
        _ name: Name, _ input: ScoringInput, _ configuration: QualificationConfiguration
    ) -> (State, String) {
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
        State, String
    ) {
        guard let budget = input.budget else { return (.unknown, "No budget is known") }
        guard let least = RoughRates.dollars(configuration.budgetMin),
            let dollars = RoughRates.dollars(budget)
        else {
            return (.unknown, "A budget in \(budget.currency) cannot be compared")
        }
        return (
            dollars >= least ? .met : .notMet,
            "About \(Phrase.dollars(dollars)) per month; the minimum is \(Phrase.dollars(least))"
        )
    }

    private static func timeline(
        _ input: ScoringInput, _ configuration: QualificationConfiguration
    ) -> (
        State, String
    ) {
        guard let days = input.timelineDays else { return (.unknown, "No timeline is known") }
        let most = configuration.timelineDaysMax
        return (
            days <= most ? .met : .notMet,
            "Wants to start within \(Phrase.count(days, "day")); the maximum is \(most)"
        )
    }

    private static func authority(_ input: ScoringInput) -> (State, String) {
        switch input.authority {
        case true?: (.met, "The contact is a decision-maker")
        case false?: (.notMet, "The contact is not a decision-maker")
        case nil: (.unknown, "It is not known whether the contact is a decision-maker")
        }
    }

    private static func challenge(_ input: ScoringInput) -> (State, String) {
        let told = input.painPoints.filter { Optional($0).isStated }
        guard let first = told.first else { return (.unknown, "No pain point is known") }
        let more = told.count > 1 ? " and \(told.count - 1) more" : ""
        return (.met, "Mentioned \"\(first.prefix(80))\"\(more)")
    }

    private static func question(_ name: Name) -> String {
        switch name {
        case .budget: "What do you plan to spend on marketing each month?"
        case .timeline: "When would you like to start?"
        case .authority: "Who decides on marketing services at your company?"
        case .challenge: "What is hardest in your marketing at the moment?"
        case .gap: "What is missing from the way you do it today?"
        case .growth: "What do you want to reach in the next twelve months?"
        }
    }
}
