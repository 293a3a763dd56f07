internal import HTTPServer
package import JSON
internal import Records

/// The OpenAPI 3.1 document of the routes.
package enum OpenAPI {
    /// `permissions`: the list of them, each with what its holder may do.
    package static func document(_ routes: Routes, permissions: JSON, version: String) -> JSON {
        let schemas = components(routes)
        let examples = OpenAPIExamples(schemas, routes)
        var paths = JSONObject()
        for route in routes.all where !isPage(route) {
            var item = paths[route.pattern]?.object ?? [:]
            item[route.method.lowercased()] = operation(route, examples)
            paths[route.pattern] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Bureau", "version": .string(version),
                "description": "The system an AI marketing agency runs on: leads, agents, decisions, events.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "x-problems": .array((ProblemType.general + ProblemType.faultCodes).map(\.description)),
            "x-permissions": permissions,
            "security": [["bearer": []], ["api_key": []]],
            "paths": .object(paths),
            "webhooks": routes.describedWebhooks,
            "components": [
                "schemas": .object(schemas), "examples": .object(examples.components),
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer", "description": "An access token or an API key.",
                    ],
                    "api_key": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                ],
            ],
        ]
    }

    private static func components(_ routes: Routes) -> JSONObject {
        var schemas: JSONObject = ["Problem": problem]
        let parts = Set(routes.all.flatMap { route in route.answers.compactMap { part(of: $0, route) } })
        for (name, schema) in routes.schemas.sorted(by: { $0.name < $1.name }) {
            let schema = schema.value
            precondition(schemas[name] == nil || schemas[name] == schema, "two schemas are named \(name)")
            schemas[name] = schema
            if parts.contains(name), var part = schema.object {
                part["required"] = nil
                part["description"] = .string(
                    "The \(FieldTexts.noun(ofSchema: name)), or only the members that fields names.")
                schemas["\(name)Part"] = .object(part)
            }
        }
        return JSONObject(
            schemas.members.map { name, schema in
                let noun = FieldTexts.noun(ofSchema: name)
                var described = schema.described(as: noun, in: name).object ?? [:]
                if described["description"] == nil {
                    described.append("description", .string(FieldTexts.text(ofSchema: name, noun)))
                }
                return (name, .object(described))
            })
    }

    /// Returns whether a route serves browsers only. A route that answers programs too is documented, with
    /// both of its answers.
    private static func isPage(_ route: Route) -> Bool {
        !route.answers.isEmpty && route.answers.allSatisfy { $0.mediaType == "text/html" }
            && !route.pattern.hasPrefix("/v1")
    }

    /// Returns the name of the schema of a list's records where a caller may ask for some of their members only.
    private static func part(of answer: Answer, _ route: Route) -> String? {
        guard route.query.contains(where: { $0.name == "fields" }) else { return nil }
        let item = answer.schema?["properties"]?["data"]?["items"]?["$ref"]?.text
        return item?.split(separator: "/").last.map(String.init)
    }

    private static func operation(_ route: Route, _ examples: OpenAPIExamples) -> JSON {
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
        let content = bodyContent(route)
        if !content.isEmpty {
            var body: JSONObject = ["required": true, "content": .object(shown(content, route, examples))]
            if case .json(_, isOptional: true) = route.body { body["required"] = false }
            object.append("requestBody", .object(body))
        }
        var responses = JSONObject()
        for answer in route.answers {
            var response: JSONObject = ["description": .string(answer.about)]
            if let type = answer.mediaType {
                var content = responses["\(answer.status)"]?["content"]?.object ?? [:]
                let schema =
                    part(of: answer, route).map { JSON.page(of: .reference("\($0)Part")) } ?? answer.schema
                for (type, media) in shown([type: schema ?? [:]], route, examples).members {
                    content[type] = media
                }
                response.append("content", .object(content))
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

    /// Returns the schemas of a route's bodies, by media type.
    private static func bodyContent(_ route: Route) -> JSONObject {
        switch route.body {
        case .none: [:]
        case .json(let schema, _): ["application/json": schema]
        case .stream(let types): JSONObject(types.map { ($0, file($0)) })
        case .raw(_, .file):
            JSONObject(["application/octet-stream", "multipart/form-data"].map { ($0, file($0)) })
        case .raw(_, .text(let type)): [type: ["type": "string"], "application/octet-stream": .binary]
        case .raw(_, .form(let schema)):
            ["application/json": schema, "application/x-www-form-urlencoded": schema]
        case .raw(_, .anything):
            ["application/json": [:], "application/x-www-form-urlencoded": ["type": "object"]]
        }
    }

    private static func file(_ mediaType: String) -> JSON {
        guard mediaType == "multipart/form-data" else {
            return mediaType.hasPrefix("text/") ? ["type": "string"] : .binary
        }
        let file: JSON = ["type": "string", "format": "binary", "minLength": 1, "description": "The file."]
        return .schema(["file": file], required: ["file"])
    }

    /// Returns content with descriptions in its schemas, and with an example of each.
    private static func shown(
        _ content: JSONObject, _ route: Route, _ examples: OpenAPIExamples
    ) -> JSONObject {
        JSONObject(
            content.members.map { type, schema in
                let schema = schema.described(as: "record", in: "")
                var media: JSONObject = ["schema": schema]
                if let (key, example) = examples.example(of: schema, as: type, route) {
                    media.append(key, example)
                }
                return (type, .object(media))
            })
    }

    private static func parameters(_ route: Route) -> [JSON] {
        let segments = route.pattern.split(separator: "/").map(String.init)
        let path = zip([""] + segments, segments).filter { $1.hasPrefix("{") }.map {
            before, segment -> JSON in
            let name = String(segment.dropFirst().prefix { $0 != "}" })
            return [
                "name": .string(name), "in": "path", "required": true,
                "description": .string(FieldTexts.text(ofParameter: name, before: before)),
                "schema": ["type": "string"],
            ]
        }
        let query = route.query.map { doc -> JSON in
            var parameter: JSONObject = [
                "name": .string(doc.name), "in": .string(doc.place), "description": .string(doc.about),
                "schema": doc.schema,
            ]
            if doc.isRequired { parameter["required"] = true }
            return .object(parameter)
        }
        let idempotency: [JSON] =
            route.method == "POST" && route.keepsAnswers
            ? [
                [
                    "name": "Idempotency-Key", "in": "header",
                    "description":
                        "A key of your own: repeating the request with it within 24 hours gives the first answer again.",
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
            "recommended_action": ["type": "string", "description": "The recommended action."],
            "reference": [
                "type": "string", "description": "The number of the problem in guides, such as ERR_001.",
            ],
            "errors": [
                "type": "array",
                "items": .schema(
                    [
                        "pointer": ["type": "string"], "code": ["type": "string"],
                        "detail": ["type": "string"],
                        "choices": ["type": "array", "items": ["type": "string"]],
                        "max": [
                            "type": "integer", "description": "The most that the value may have.",
                        ],
                        "length": [
                            "type": "integer", "description": "The size of the value, in the unit of max.",
                        ],
                        "line": ["type": "integer"], "column": ["type": "integer"],
                    ], required: ["pointer", "code", "detail"]),
            ],
        ], required: ["type", "title", "status", "code", "request_id", "recommended_action"])
}

extension ProblemType {
    /// The description of a code, which refers people to the document's list of all codes.
    fileprivate var description: JSON {
        ["code": .string(code), "status": JSON(status), "title": .string(title), "remedy": .string(remedy)]
    }
}
