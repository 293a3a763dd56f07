internal import HTTPServer
package import JSON

/// The OpenAPI 3.1 document of the routes.
package enum OpenAPI {
    package static func document(_ routes: Routes, version: String) -> JSON {
        var paths = JSONObject()
        for route in routes.all where !isPage(route) {
            var item = paths[route.pattern]?.object ?? [:]
            item[route.method.lowercased()] = operation(route)
            paths[route.pattern] = .object(item)
        }
        var schemas: JSONObject = ["Problem": problem]
        let parts = Set(routes.all.flatMap { route in route.answers.compactMap { part(of: $0, route) } })
        for (name, schema) in routes.schemas.sorted(by: { $0.name < $1.name }) {
            let schema = schema.value
            precondition(schemas[name] == nil || schemas[name] == schema, "two schemas are named \(name)")
            schemas[name] = schema
            if parts.contains(name), var part = schema.object {
                part["required"] = nil
                part["description"] = .string("A \(name), or those of its members that fields names.")
                schemas["\(name)Part"] = .object(part)
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Bureau", "version": .string(version),
                "description": "The system an AI marketing agency runs on: leads, agents, decisions, events.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [["bearer": []], ["api_key": []]],
            "paths": .object(paths),
            "webhooks": routes.describedWebhooks,
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer", "description": "An access token or an API key.",
                    ],
                    "api_key": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                ],
            ],
        ]
    }

    private static func isPage(_ route: Route) -> Bool {
        route.answers.contains { $0.mediaType == "text/html" } && !route.pattern.hasPrefix("/v1")
    }

    /// What the records of a list are of which a caller may ask for some members only.
    private static func part(of answer: Answer, _ route: Route) -> String? {
        guard route.query.contains(where: { $0.name == "fields" }) else { return nil }
        let item = answer.schema?["properties"]?["data"]?["items"]?["$ref"]?.text
        return item?.split(separator: "/").last.map(String.init)
    }

    private static func operation(_ route: Route) -> JSON {
        var object: JSONObject = [
            "operationId": .string(route.operationID), "summary": .string(route.summary),
            "tags": [.string(route.tag)],
        ]
        switch route.access {
        case .anyone: object.append("security", [])
        case .permission(let permission):
            object.append("description", .string("Needs the permission `\(permission.name)`."))
        case .portal(let permission):
            object.append(
                "description", .string("For clients; needs the permission `\(permission.name)`."))
        case .platformAdmin: object.append("description", "For platform administrators.")
        case .tenant, .signedIn: break
        }
        let parameters = parameters(route)
        if !parameters.isEmpty { object.append("parameters", .array(parameters)) }
        switch route.body {
        case .none: break
        case .json(let schema, let isOptional):
            object.append(
                "requestBody",
                ["required": .bool(!isOptional), "content": ["application/json": ["schema": schema]]])
        case .stream(let types):
            let content = types.reduce(into: JSONObject()) { $0.append($1, ["schema": file($1)]) }
            object.append("requestBody", ["required": true, "content": .object(content)])
        case .raw: object.append("requestBody", ["required": true, "content": ["*/*": ["schema": [:]]]])
        }
        var responses = JSONObject()
        for answer in route.answers {
            var response: JSONObject = ["description": .string(answer.about)]
            if let type = answer.mediaType {
                var media = responses["\(answer.status)"]?["content"]?.object ?? [:]
                let schema =
                    part(of: answer, route).map { JSON.page(of: .reference("\($0)Part")) } ?? answer.schema
                media[type] = .object(schema.map { ["schema": $0] } ?? [:])
                response.append("content", .object(media))
            }
            responses["\(answer.status)"] = .object(response)
        }
        responses["default"] = [
            "description": "A problem document (RFC 9457).",
            "content": ["application/problem+json": ["schema": .reference("Problem")]],
        ]
        object.append("responses", .object(responses))
        return .object(object)
    }

    private static func file(_ mediaType: String) -> JSON {
        // OpenAPI 3.1 leaves the schema of bytes open.
        guard mediaType == "multipart/form-data" else { return [:] }
        return .schema(["file": ["type": "string", "format": "binary", "minLength": 1]], required: ["file"])
    }

    private static func parameters(_ route: Route) -> [JSON] {
        let names = route.pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            $0.dropFirst().prefix { $0 != "}" }
        }
        let path = names.map { name -> JSON in
            ["name": .string(String(name)), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let query = route.query.map { doc -> JSON in
            [
                "name": .string(doc.name), "in": .string(doc.place), "description": .string(doc.about),
                "schema": doc.schema,
            ]
        }
        let idempotency: [JSON] =
            route.method == "POST" && route.keepsAnswers
            ? [
                [
                    "name": "Idempotency-Key", "in": "header",
                    "description":
                        "Repeating a request with the same key gives the first answer; kept for 24 hours.",
                    "schema": [
                        "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$",
                        "format": "idempotency-key",
                    ],
                ]
            ] : []
        return path + query + idempotency
    }

    private static let problem: JSON = .schema(
        [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "code": ["type": "string"], "request_id": ["type": "string"],
            "reference": ["type": "string", "description": "The number that guides call it by, as ERR_001."],
            "errors": [
                "type": "array",
                "items": .schema(
                    [
                        "pointer": ["type": "string"], "code": ["type": "string"],
                        "detail": ["type": "string"],
                        "choices": ["type": "array", "items": ["type": "string"]],
                        "line": ["type": "integer"], "column": ["type": "integer"],
                    ], required: ["pointer", "code", "detail"]),
            ],
        ], required: ["type", "title", "status", "code", "request_id"])
}
