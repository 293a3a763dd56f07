internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// `/v1/review-rules`, and `/v1/deliverable-quality`: how reviews of deliverables go, month by month.
func reviewRuleRoutes(_ routes: inout Routes) {
    routes.standard(ReviewRule.resource, read: "deliverables:read", write: "deliverables:write", patch: false)
    for (verb, status, summary) in [
        ("adopt", ReviewRule.Status.adopted, "Adopt a rule: reviews check it from now on"),
        ("dismiss", .dismissed, "Dismiss a rule: reviews do not check it, and do not propose it again"),
    ] {
        routes.post(
            "/v1/review-rules/{id}/\(verb)", .permission("deliverables:write"), summary,
            .record(ReviewRule.resource)
        ) { call in
            let id = try call.id("id", of: ReviewRule.self)
            return .write { tx in
                let rule = try ReviewRule.resource.get(id, in: tx)
                try call.checkVersion(rule.version)
                return .record(try tx.deliverables.turn(rule, to: status, by: call.actor))
            }
        }
    }
    routes.schema("DeliverableQuality", qualitySchema)
    routes.get(
        "/v1/deliverable-quality", .permission("deliverables:read"),
        "Get the metrics of reviews of deliverables, by month and type", named: "get_deliverable_quality",
        query: [
            .query(
                "months", "How many months are told, this one included; 12 without it.",
                ["type": "integer", "minimum": 1, "maximum": 36])
        ], .json(.reference("DeliverableQuality"), "The trend.")
    ) { call in
        try call.allowQuery("months")
        guard let months = Int(call.query("months") ?? "12"), (1...36).contains(months) else {
            throw Problem(.invalidParameter, "months must be a number from 1 to 36.")
        }
        return .read { reader in
            let today = try reader.agency.tenant().today(reader.now)
            let first = today.year * 12 + today.month - 1 - (months - 1)
            let month = CivilDate(year: first / 12, month: first % 12 + 1, day: 1).iso.prefix(7)
            return .json(QualityTrend(try reader.deliverables.reviews(since: String(month))).json)
        }
    }
}

/// The reviews of each month and type, and what they found.
struct QualityTrend {
    private struct Key: Hashable { let month: String, type: String? }

    private var reviews: [Key: [PastReview]] = [:]

    init(_ all: [PastReview]) {
        for review in all { reviews[Key(month: review.month, type: review.type), default: []].append(review) }
    }

    var json: JSON {
        let keys = reviews.keys.sorted { ($0.month, $0.type ?? "") < ($1.month, $1.type ?? "") }
        let rows = keys.map { key -> JSON in
            let own = reviews[key] ?? []
            var findings: [String: Int] = [:], missed: [String: Int] = [:]
            for review in own {
                for name in review.findings { findings[name, default: 0] += 1 }
                for name in review.missed { missed[name, default: 0] += 1 }
            }
            let score = own.reduce(0) { $0 + $1.score } / Double(max(1, own.count))
            return [
                "month": .string(key.month), "type": JSON(key.type), "reviews": JSON(own.count),
                "passed": JSON(own.count(where: \.passes)),
                "score": .number((score * 1000).rounded() / 1000), "findings": Self.list(findings),
                "missed": Self.list(missed),
            ]
        }
        return ["trend": .array(rows)]
    }

    private static func list(_ counts: [String: Int]) -> JSON {
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return .array(order.map { ["name": .string($0.key), "count": JSON($0.value)] })
    }
}

private let qualitySchema: JSON = {
    func list(_ about: String) -> JSON {
        [
            "type": "array", "description": .string(about),
            "items": .schema(["name": .anyText, "count": .anyInteger], required: ["name", "count"]),
        ]
    }
    let row = JSON.schema(
        [
            "month": ["type": "string", "description": "The month, such as 2027-01."],
            "type": ["type": ["string", "null"], "description": "The type of the deliverables."],
            "reviews": ["type": "integer", "description": "How many versions were reviewed by the rules."],
            "passed": ["type": "integer", "description": "How many of them had no fault."],
            "score": ["type": "number", "description": "Their mean score, from 0 to 1."],
            "findings": list("How often each factor failed, the most frequent first."),
            "missed": list("How often each requirement was missed, the most frequent first."),
        ], required: ["month", "type", "reviews", "passed", "score", "findings", "missed"])
    return .schema(
        ["trend": ["type": "array", "items": row, "description": "The months, the oldest first."]],
        required: ["trend"])
}()
