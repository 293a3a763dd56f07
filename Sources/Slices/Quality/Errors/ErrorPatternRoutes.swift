internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

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
            try ListQuery(ErrorPattern.resource, call.request.head.query, dialect: reader.dialect).page(
                in: reader)
        }
    }
    routes.get(
        "/v1/error-patterns/{id}", .permission("quality:read"), "Get an error pattern",
        .record(ErrorPattern.resource)
    ) { call in
        let id = try call.id("id", of: ErrorPattern.self)
        return .read { .record(try ErrorPattern.resource.get(id, in: $0)) }
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
            return .record(try tx.errorPatterns.set(body.status, of: pattern, by: call.actor))
        }
    }
}
