internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// The body of `PATCH /v1/error-patterns/{id}`.
private struct ErrorPatternBody: Declared {
    var status = ErrorPattern.Status.open

    static let schema = Schema<ErrorPatternBody>(
        "ErrorPatternRequest",
        [
            .choice(
                "status", \.status, .required,
                .about("Whether it is open, was seen to, or is to be told no more."))
        ])
}

/// `/v1/error-patterns`: what fails again and again, why, and what to do.
func errorPatternRoutes(_ routes: inout Routes) {
    routes.declare(ErrorPattern.resource)
    routes.declare(ErrorPatternBody.self)
    routes.events(
        "error_pattern",
        [
            "raised": "A component fails so often that its error pattern became a warning, or critical."
        ], ["component": .anyText, "category": .anyText, "count": .anyInteger, "severity": .anyText])
    routes.get(
        "/v1/error-patterns", .permission("quality:read"),
        "List errors of jobs, tools, services and imports as patterns, with count, cause and advice",
        query: ParameterDoc.list(ErrorPattern.resource), .list(ErrorPattern.resource)
    ) { call in
        .read { reader in
            let list = try ListQuery(
                ErrorPattern.resource, call.request.head.query, dialect: reader.dialect,
                computed: ["recommended_action"])
            let telling = try PatternTelling(call, reader)
            return try list.page(in: reader) { try telling.advice(on: $0, reader) }
        }
    }
    routes.get(
        "/v1/error-patterns/{id}", .permission("quality:read"), "Get an error pattern",
        .record(ErrorPattern.resource)
    ) { call in
        let id = try call.id("id", of: ErrorPattern.self)
        return .read { reader in
            let pattern = try ErrorPattern.resource.get(id, in: reader)
            return .record(pattern, extra: try PatternTelling(call, reader).members(pattern.advice))
        }
    }
    routes.patch(
        "/v1/error-patterns/{id}", .permission("quality:write"),
        "Resolve, ignore or open an error pattern",
        body: .json(.reference("ErrorPatternRequest")), .record(ErrorPattern.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ErrorPattern.self), call.body(ErrorPatternBody.self))
        return .write { tx in
            let pattern = try ErrorPattern.resource.get(id, in: tx)
            try call.checkVersion(pattern.version)
            let changed = try tx.errorPatterns.set(body.status, of: pattern, by: call.actor)
            return .record(changed, extra: try PatternTelling(call, tx).members(changed.advice))
        }
    }
}

/// Tells what is to be done about errors in the words of whoever calls: it follows from the pattern.
private struct PatternTelling {
    private let words: Wording
    private let zone: TimeZoneRules

    init(_ call: Call, _ reader: some Queryable) throws {
        (words, zone) = (try reader.wordings.find(for: call), try reader.agency.zone())
    }

    func members(_ advice: Saying) -> JSONObject {
        ["recommended_action": .string(advice.said(in: words, zone))]
    }

    /// Returns the advice on some patterns, by their ids.
    func advice(on ids: [String], _ reader: some Queryable) throws -> [String: JSONObject] {
        guard !ids.isEmpty else { return [:] }
        let found = try ErrorPattern.resource.all(
            where: "id IN \(list: ids)", suffix: "ORDER BY id", in: reader)
        return Dictionary(found.map { ($0.id.keyText, members($0.advice)) }) { first, _ in first }
    }
}
