internal import Agents
internal import JSON
internal import Records
internal import Routing

func coachingRoutes(_ routes: inout Routes, _ agent: CustomerServiceAgent) {
    routes.get(
        "/v1/ticket-figures/coaching", .permission("tickets:read"),
        "Get suggestions for coaching: skills to learn, solutions that work, and what to improve",
        named: "get_support_coaching",
        .json(["type": "object"], "Figures, gaps and recommendations.")
    ) { call in
        try call.allowQuery()
        return .read { reader in
            let settings = agent.settings(from: try reader.agents.publishedConfiguration(agent).values)
                .settings
            let coaching = try reader.coaching.coaching(),
                review = try reader.coaching.serviceReview(settings)
            return .json([
                "people": .array(coaching.people.map(coaching.json)),
                "best_practices": try reader.coaching.bestPractices(),
                "benchmarks": .array(review.benchmarks.map(\.json)),
                "recommendations": .array(review.recommendations.map(\.json)),
                "responses": try reader.coaching.responseCriteria(settings, coaching),
            ])
        }
    }
}

extension Coaching {
    func json(of person: String) -> JSON {
        let own = figures[person] ?? HelpMetrics(), words = said[person] ?? Said()
        let solved = own[.solved], isKnown = solved >= HelpMeasure.sampleMin
        var object: JSONObject = ["assignee_id": .string(person), "solved": JSON(solved)]
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
                "value": .hundredths(words.rate), "sample": JSON(words.messages),
                "team": .hundredths(saidByTeam.rate),
                "kinds": .object(
                    JSONObject(words.findings.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
            ])
        object.append("gaps", isKnown ? .array(gaps(of: person).map(\.json)) : .null)
        object.append(
            "reason",
            isKnown
                ? .null
                : .string("\(HelpMeasure.sampleMin) resolved tickets are needed; there are \(solved) so far.")
        )
        return .object(object)
    }
}

extension SkillGap {
    fileprivate var json: JSON {
        let (category, measure): (String?, String) =
            switch skill {
            case .category(let name, let measure): (name, measure.rawValue)
            case .wording: (nil, "findings")
            }
        return [
            "category": JSON(category), "measure": .string(measure), "value": .hundredths(value),
            "sample": JSON(sample), "others": .hundredths(others), "others_sample": JSON(othersSample),
            "learn_from": JSON(learnFrom), "recommended_action": .string(action),
        ]
    }
}
