internal import Templates

/// The ways in which people help, and who could learn what from whom.
struct Coaching: Sendable {
    /// The number of messages that somebody has sent, and of the findings in them, by kind.
    struct Said: Hashable, Sendable {
        var messages = 0
        var findings: [String: Int] = [:]

        var found: Int { findings.values.reduce(0, +) }
        /// `nil` where too little is known.
        var rate: Double? {
            messages < HelpMeasure.sampleMin ? nil : Double(found) / Double(messages)
        }
    }

    /// The metrics of people's tickets, by assignee, including those who have left.
    var figures: [String: HelpMetrics] = [:]
    var byCategory: [String: [String: HelpMetrics]] = [:]
    var said: [String: Said] = [:]
    /// The people who are still there, in order.
    var people: [String] = []

    /// Findings to a message, above others'.
    private static let findingsMargin = 0.2

    var team: HelpMetrics { figures.values.reduce(HelpMetrics(), +) }

    var saidByTeam: Said { Self.sum(said.values) }

    /// Where somebody does clearly worse than the others; the best there is whom to learn from.
    func gaps(of person: String) -> [SkillGap] {
        let categories = byCategory.sorted { $0.key < $1.key }
        return categories.flatMap { category, figures -> [SkillGap] in
            guard let own = figures[person] else { return [] }
            let others = figures.values.reduce(HelpMetrics(), +) - own
            return HelpMeasure.allCases.compactMap { measure in
                guard let value = measure.mean(own), let other = measure.mean(others),
                    measure.isClearlyWorse(value, than: other)
                else { return nil }
                return SkillGap(
                    skill: .category(category, measure), value: value, sample: measure.sample(own),
                    others: other, othersSample: measure.sample(others),
                    learnFrom: best(measure, figures, than: value))
            }
        } + [wording(of: person)].compactMap(\.self)
    }

    private func best(
        _ measure: HelpMeasure, _ figures: [String: HelpMetrics], than value: Double
    ) -> String? {
        var best: (person: String, value: Double)?
        for person in people {
            guard let mean = figures[person].flatMap(measure.mean),
                measure.isBetter(mean, than: best?.value ?? value)
            else { continue }
            best = (person, mean)
        }
        return best?.person
    }

    private func wording(of person: String) -> SkillGap? {
        let others = Self.sum(said.filter { $0.key != person }.values)
        guard let own = said[person], let value = own.rate, let other = others.rate,
            value >= other + Self.findingsMargin
        else { return nil }
        let kinds = own.findings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let best = people.filter { $0 != person }
            .compactMap { id in said[id]?.rate.map { (id: id, rate: $0) } }.min { $0.rate < $1.rate }
        return SkillGap(
            skill: .wording(Array(kinds.prefix(3))), value: value, sample: own.messages, others: other,
            othersSample: others.messages, learnFrom: best.flatMap { $0.rate < value ? $0.id : nil })
    }

    private static func sum(_ parts: some Sequence<Said>) -> Said {
        parts.reduce(into: Said()) { sum, part in
            sum.messages += part.messages
            sum.findings.merge(part.findings, uniquingKeysWith: +)
        }
    }
}

/// A skill that somebody could improve, by their metrics beside the others'.
struct SkillGap: Sendable {
    enum Skill: Hashable, Sendable {
        case category(String, HelpMeasure)
        /// The most frequent findings in their messages.
        case wording([String])
    }

    let skill: Skill
    let value: Double, sample: Int
    let others: Double, othersSample: Int
    let learnFrom: String?

    /// The action that a person should take.
    var action: Saying {
        switch skill {
        case .category(let name, let measure):
            Saying("coaching.train", ["measure": .text(measure.rawValue), "category": .text(name)])
        case .wording(let kinds):
            Saying("coaching.check_replies", ["kinds": .text(kinds.joined(separator: ", "))])
        }
    }
}
