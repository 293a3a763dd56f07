internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Templates
internal import Wording

/// The agency's figures beside what it aims at.
struct Benchmark: Sendable {
    let measure: HelpMeasure
    let figures: HelpMetrics
    let target: Double

    /// `nil` where too little is known.
    var isMet: Bool? { measure.mean(figures).map { !measure.isBetter(target, than: $0) } }

    func json(in words: Wording) -> JSON {
        let sample = measure.sample(figures), isKnown = isMet != nil
        return [
            "measure": .string(measure.rawValue), "value": .hundredths(measure.mean(figures)),
            "sample": JSON(sample), "target": .hundredths(target), "met": isMet.map(JSON.bool) ?? .null,
            "reason": isKnown
                ? .null
                : .string(
                    words(
                        "review.too_few",
                        ["needed": .number(HelpMeasure.sampleMin), "known": .number(sample)])),
        ]
    }
}

/// A possible improvement, and the evidence for it.
struct Recommendation: Sendable {
    enum Kind: String, Sendable {
        case belowTarget = "below_target"
        case missedTargets = "broken_promises"
        case missingArticle = "missing_article"
        case predictedIssue = "predicted_issue"
    }

    let kind: Kind
    let action: Saying
    let evidence: JSON

    func json(in words: Wording) -> JSON {
        [
            "kind": .string(kind.rawValue), "recommended_action": .string(action.said(in: words)),
            "evidence": evidence,
        ]
    }
}

extension CustomerServiceSettings {
    func target(_ measure: HelpMeasure) -> Double {
        switch measure {
        case .firstResponse: 60 * Double(targetFirstResponse)
        case .resolution: 60 * Double(targetResolution)
        case .reopened: targetReopened
        case .satisfaction: targetSatisfaction
        }
    }
}

extension Benchmark {
    /// Where a target is missed, the category that is furthest from it.
    func recommendation(_ categories: [String: HelpMetrics]) -> Recommendation? {
        guard isMet == false else { return nil }
        let worst = categories.compactMap { name, figures in
            measure.mean(figures).map { (name: name, value: $0, sample: measure.sample(figures)) }
        }
        .sorted { $0.name < $1.name }
        .max { measure.isBetter($0.value, than: $1.value) }
        guard let worst, measure.isBetter(target, than: worst.value) else { return nil }
        return Recommendation(
            kind: .belowTarget,
            action: Saying("review.start_with", ["category": .text(worst.name)]),
            evidence: [
                "measure": .string(measure.rawValue), "category": .string(worst.name),
                "value": .hundredths(worst.value), "sample": JSON(worst.sample),
                "target": .hundredths(target),
            ])
    }
}

extension CoachingStore {
    private var gapsMax: Int { 5 }
    /// Of the tickets about something.
    private var brokenMin: Double { 0.2 }

    func serviceReview(
        _ settings: CustomerServiceSettings
    ) throws -> (benchmarks: [Benchmark], recommendations: [Recommendation]) {
        let categories = try helpMetrics(by: "category")
        let whole = categories.values.reduce(HelpMetrics(), +)
        let benchmarks = HelpMeasure.allCases.map {
            Benchmark(measure: $0, figures: whole, target: settings.target($0))
        }
        return (
            benchmarks,
            try benchmarks.compactMap { $0.recommendation(categories) } + missedTargets(categories)
                + missingArticles() + predictedIssues()
        )
    }

    private func missedTargets(_ categories: [String: HelpMetrics]) throws -> [Recommendation] {
        try TicketSLA.Clock.allCases.flatMap { clock in
            let prefix = "tickets.breached.\(clock.rawValue)."
            return try tx.counters.all(prefix: prefix).sorted { $0.key < $1.key }.compactMap {
                key, broken -> Recommendation? in
                let name = String(key.dropFirst(prefix.count))
                let created = categories[name]?[.created] ?? 0
                let rate = Double(broken) / Double(max(1, created))
                guard created >= HelpMeasure.sampleMin, rate >= brokenMin else { return nil }
                return Recommendation(
                    kind: .missedTargets,
                    action: Saying("review.more_people", ["category": .text(name)]),
                    evidence: [
                        "category": .string(name), "clock": .string(clock.rawValue),
                        "breached": JSON(broken), "sample": JSON(created), "rate": .hundredths(rate),
                    ])
            }
        }
    }

    private func missingArticles() throws -> [Recommendation] {
        try KnowledgeGap.resource.all(
            where: "status = 'open' AND asked > 1", suffix: "ORDER BY asked DESC, id LIMIT \(gapsMax)",
            in: tx
        ).map { gap in
            Recommendation(
                kind: .missingArticle,
                action: Saying("review.write_article"),
                evidence: ["knowledge_gap_id": JSON(gap.id), "asked": JSON(gap.asked)])
        }
    }

    private func predictedIssues() throws -> [Recommendation] {
        let forecast = try tx.supportQueue.forecast()
        return forecast.bottlenecks.prefix(gapsMax).map {
            Recommendation(kind: .predictedIssue, action: $0.action, evidence: $0.json(in: forecast))
        }
    }
}
