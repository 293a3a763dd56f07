internal import Database
internal import JSON
internal import Jobs
internal import Records

/// A criterion by which the answers of customer service and of people are judged: its target, and whether it is met.
struct ResponseCriterion: Sendable {
    let name: String
    /// The measured value; `nil` where too little is known.
    let value: Double?
    let sample: Int
    let target: Double
    var moreIsBetter = false

    var isMet: Bool? { value.map { moreIsBetter ? $0 >= target : $0 <= target } }

    var json: JSON {
        [
            "name": .string(name), "value": .hundredths(value), "sample": JSON(sample),
            "target": .hundredths(target), "met": isMet.map(JSON.bool) ?? .null,
            "reason": isMet == nil
                ? .string("\(HelpMeasure.sampleMin) are needed; \(sample) are known.") : .null,
        ]
    }

    static func share(
        _ name: String, _ part: Int, of sample: Int, target: Double, moreIsBetter: Bool = false
    ) -> Self {
        Self(
            name: name, value: sample < HelpMeasure.sampleMin ? nil : Double(part) / Double(sample),
            sample: sample, target: target, moreIsBetter: moreIsBetter)
    }
}

extension CoachingStore {
    func responseCriteria(_ settings: CustomerServiceSettings, _ coaching: Coaching) throws -> JSON {
        let outcomes = try tx.counters.all(prefix: "tickets.assistance.")
        func outcome(_ name: String) -> Int { outcomes["tickets.assistance.\(name)"] ?? 0 }
        let judged = outcome("confirmed") + outcome("denied")
        let said = try tx.counters.all(prefix: saidByItself)
        let findings = said.filter { $0.key.hasPrefix(saidByItself + "findings.") }.values.reduce(0, +)
        let automated = [
            ResponseCriterion.share(
                "helped", outcome("confirmed"), of: judged, target: settings.targetHelped, moreIsBetter: true),
            .share(
                "findings", findings, of: said[saidByItself + "messages"] ?? 0,
                target: settings.targetFindings),
        ]
        let team = coaching.team, words = coaching.saidByTeam
        let human =
            HelpMeasure.allCases.map { measure in
                ResponseCriterion(
                    name: measure.rawValue, value: measure.mean(team), sample: measure.sample(team),
                    target: settings.target(measure), moreIsBetter: measure == .satisfaction)
            } + [.share("findings", words.found, of: words.messages, target: settings.targetFindings)]
        return [
            "automated": .array(automated.map(\.json)), "human": .array(human.map(\.json)),
        ]
    }
}

/// The counters of what customer service answered by itself, and of what looked wrong in it.
let saidByItself = "tickets.said_by_itself."
