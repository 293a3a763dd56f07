internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy
internal import Wording

/// The body of `POST /v1/content-items/{id}/findings/{code}/override`.
private struct OverrideBody: Declared {
    var reason = ""
    var evidence: String?

    static let schema = Schema<OverrideBody>(
        "ContentFindingOverride",
        [
            .text(
                "reason", \.reason, max: 1000, .required, .example("The word is part of a product's name."),
                .about("Why the finding may pass.")),
            .text(
                "evidence", \.evidence, max: 300,
                .about("The evidence of the one finding that may pass; null: all of the code that there are.")
            ),
        ])
}

/// The members of content whose sentences are told in the reader's language.
let contentToldMembers = ToldMembers<ContentItem>(
    ["quality": QualityFinding.sentences], inner: ["detail", "suggestion"])

/// `/v1/content-items/{id}/check`, and what people let pass.
func qualityRoutes(_ routes: inout Routes) {
    routes.declare(OverrideBody.self)
    routes.schema("ContentQuality", qualitySchema)
    routes.post(
        "/v1/content-items/{id}/check", .permission("content_items:write"),
        "Check the quality of a content item; the report stays with it",
        .json(.reference("ContentQuality"), "The score, and what was found, each with its place.")
    ) { call in
        let id = try call.id("id", of: ContentItem.self)
        return judging(id, call) { tx, item in try tx.contentQuality.check(item) }
    }
    routes.post(
        "/v1/content-items/{id}/findings/{code}/override", .permission("content_items:write"),
        "Override findings about a content item; errors by those who may approve",
        body: .json(.reference("ContentFindingOverride")),
        .json(.reference("ContentQuality"), "The report, without their points.")
    ) { call in
        let (id, code) = (try call.id("id", of: ContentItem.self), try call.findingCode())
        let body = try call.body(OverrideBody.self)
        return judging(id, call) { tx, item in
            try call.checkVersion(item.version)
            let found = try tx.qualityOverrides.findings(code, evidence: body.evidence, of: item)
            if found.contains(where: { $0.severity == .error }) { try call.requireOverruling() }
            try tx.qualityOverrides.override(found, of: item, because: body.reason, by: call.actor)
            return try tx.contentQuality.check(item)
        }
    }
    routes.delete(
        "/v1/content-items/{id}/findings/{code}/override", .permission("content_items:write"),
        "End the override of findings about a content item",
        .json(.reference("ContentQuality"), "The report, with their points.")
    ) { call in
        let (id, code) = (try call.id("id", of: ContentItem.self), try call.findingCode())
        return judging(id, call) { tx, item in
            try call.checkVersion(item.version)
            try tx.qualityOverrides.end(code, of: item, by: call.actor)
            return try tx.contentQuality.check(item)
        }
    }
}

/// Answers with the report that a write makes of an item, whose spelling is read before: no other write waits for that.
private func judging(
    _ id: ContentItemID, _ call: Call,
    _ judge: @escaping @Sendable (Transaction, ContentItem) throws -> JSON
) -> Outcome {
    .task {
        try call.read { try $0.contentQuality.spelt(id) }?.lookUp()
        return try await call.commit { tx in
            let item = try ContentItem.resource.get(id, in: tx)
            return .json(try told(judge(tx, item), to: call, in: tx))
        }
    }
}

/// Returns a report in the words of whoever calls.
private func told(_ report: JSON, to call: Call, in tx: Transaction) throws -> JSON {
    let words = try tx.wordings.find(for: call)
    guard !words.areStandard else { return report }
    return report.told(["detail", "suggestion"], among: QualityFinding.sentences, in: words)
}

extension Call {
    fileprivate func findingCode() throws(Problem) -> QualityFinding.Code {
        guard let code = parameters["code"].flatMap(QualityFinding.Code.init(rawValue:)) else {
            throw Problem(.notFound)
        }
        return code
    }

    fileprivate func requireOverruling() throws(Problem) {
        guard principal?.permissions.contains("approvals:decide") != true else { return }
        throw Problem(.forbidden, "To let an error pass needs the permission approvals:decide.")
    }
}

private let pictureRegion: JSON = {
    let points: JSON = ["type": "integer", "description": "In points of the picture, upright."]
    let ratio: JSON = ["type": "number", "description": "A contrast, as WCAG has it: from 1 to 21."]
    let file: JSON = ["type": "string", "description": "The picture, among the files."]
    return .schema(
        [
            "file_id": file, "x": points, "y": points, "width": points, "height": points,
            "ratio": ratio, "needed": ratio,
        ], required: ["file_id", "x", "y", "width", "height", "ratio", "needed"]
    ).merging([
        "type": ["object", "null"],
        "description": "The place in a picture, with the contrast that it has and needs; null: in none.",
    ])
}()

private let qualitySchema: JSON = {
    let place: JSON = ["type": ["integer", "null"], "description": "A place in the body, in characters."]
    let finding = JSON.schema(
        [
            "code": ["type": "string", "enum": JSON(QualityFinding.Code.allCases.map(\.rawValue))],
            "severity": ["type": "string", "enum": JSON(QualityFinding.Severity.allCases.map(\.rawValue))],
            "detail": .anyText,
            "evidence": [
                "type": "string",
                "description":
                    "The words in question; of a piece that is alike its id, and empty where something is missing.",
            ],
            "start": place, "end": place, "suggestion": .anyText,
            "overridden": ["type": "boolean", "description": "Whether people let it pass."],
            "region": pictureRegion,
            "rules": [
                "type": "array",
                "items": .schema(
                    [
                        "country": .anyText,
                        "law": ["type": "string", "description": "The law and its section: UWG, § 6."],
                    ], required: ["country", "law"]),
                "description": "The countries by whose law it is judged, with that law.",
            ],
        ],
        required: [
            "code", "severity", "detail", "evidence", "start", "end", "suggestion", "overridden", "region",
            "rules",
        ])
    return .schema(
        [
            "score": ["type": "integer", "minimum": 0, "maximum": 100],
            "findings": [
                "type": "array", "items": finding, "description": "The findings, the gravest first.",
            ],
            "spelling": .schema(
                [
                    "language": ["type": "string", "description": "The language that it is in."],
                    "checked": [
                        "type": "boolean",
                        "description":
                            "Whether its words were looked up: not without a dictionary of the language.",
                    ],
                ], required: ["language", "checked"]
            ).merging(["description": "How its spelling was looked at."]),
            "checked_at": .anyInstant,
            "of_version": ["type": "integer", "description": "The version of the item that was checked."],
            "decision_id": .anyText,
        ], required: ["score", "findings", "checked_at", "of_version", "decision_id"])
}()
