internal import Agents
internal import JSON
internal import Records
internal import Routing
internal import Templates
internal import Tenancy
internal import Wording

func coachingRoutes(_ routes: inout Routes, _ agent: CustomerServiceAgent) {
    routes.get(
        "/v1/ticket-figures/coaching", .permission("tickets:read"),
        "Get suggestions for coaching: skills to learn, solutions that work, and what to improve",
        named: "get_support_coaching",
        .json(["type": "object"], "Figures, gaps and recommendations.")
    ) { call in
        try call.allowQuery()
        return .read { reader in
            let settings = agent.settings(from: try reader.agentConfigurations.published(agent).values)
                .settings
            let coaching = try reader.coaching.coaching(),
                review = try reader.coaching.serviceReview(settings),
                words = try reader.wordings.find(for: call)
            return .json([
                "people": .array(coaching.people.map { coaching.json(of: $0, in: words) }),
                "best_practices": try reader.coaching.bestPractices(in: words),
                "benchmarks": .array(review.benchmarks.map { $0.json(in: words) }),
                "recommendations": .array(review.recommendations.map { $0.json(in: words) }),
                "responses": try reader.coaching.responseCriteria(settings, coaching),
            ])
        }
    }
}

extension Coaching {
    func json(of person: String, in words: Wording) -> JSON {
        let own = figures[person] ?? HelpMetrics(), theirs = said[person] ?? Said()
        let resolved = own[.resolved], isKnown = resolved >= HelpMeasure.sampleMin
        var object: JSONObject = ["assignee_id": .string(person), "solved": JSON(resolved)]
        for measure in HelpMeasure.allCases {
            object.append(
                measure.rawValue,
                [
                    "value": .hundredths(measure.mean(own)), "sample": JSON(measure.sample(own)),
                    "team": .hundredths(measure.mean(team)),
                ])
        }
        object.append(
            "findings",
            [
                "value": .hundredths(theirs.rate), "sample": JSON(theirs.messages),
                "team": .hundredths(saidByTeam.rate),
                "kinds": .object(
                    JSONObject(theirs.findings.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
            ])
        object.append("gaps", isKnown ? .array(gaps(of: person).map { $0.json(in: words) }) : .null)
        object.append(
            "reason",
            isKnown
                ? .null
                : .string(
                    words(
                        "coaching.too_few",
                        ["needed": .number(HelpMeasure.sampleMin), "known": .number(resolved)])))
        return .object(object)
    }
}

extension SkillGap {
    fileprivate func json(in words: Wording) -> JSON {
        let (category, measure): (String?, String) =
            switch skill {
            case .category(let name, let measure): (name, measure.rawValue)
            case .wording: (nil, "findings")
            }
        return [
            "category": JSON(category), "measure": .string(measure), "value": .hundredths(value),
            "sample": JSON(sample), "others": .hundredths(others), "others_sample": JSON(othersSample),
            "learn_from": JSON(learnFrom), "recommended_action": .string(action.said(in: words)),
        ]
    }
}
