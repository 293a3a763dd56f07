import JSON
import Testing

/// Agents, outside services and workflows each say in a schema how they are set, and are held to it.
@Suite(.ownThread) struct ConfigurationSchemas {
    let server = BureauProcess.shared

    @Test func `every agent's defaults are as its schema says, and what is beyond it is refused`() throws {
        let (agency, check) = (try server.quietAgency(), SchemaCheck(document: [:]))
        var tried = 0
        for agent in try agency.owner.every("/v1/agents") {
            let path = "/v1/agents/\(agent.text("name"))/config"
            let form = try agency.owner.get(path).ok()
            let (schema, defaults) = (form["schema"] ?? .null, form["defaults"] ?? .null)
            #expect(check.faults(of: defaults, against: schema) == [], "\(path)")
            for (name, property) in schema["properties"]?.object?.members ?? [] {
                guard let most = property["maximum"]?.int, most < Int64.max, property["type"] == "integer"
                else { continue }
                let beyond: JSONObject = [name: .integer(most + 1)]
                #expect(try agency.owner.patch(path, .object(beyond)).status == 422, "\(path) \(name)")
                tried += 1
            }
        }
        #expect(tried >= 5, "they have something to set")
    }

    @Test func `what a provider's schema asks for is enough, all of it is needed, and nothing else is taken`()
        throws
    {
        let owner = try server.quietAgency().owner
        let providers = try owner.every("/v1/integration-providers")
        #expect(providers.count >= 12)
        for provider in providers {
            let name = provider.text("name")
            var parts: [String: [String: JSON]] = [:]
            for part in ["settings", "credentials"] {
                let schema = try #require(provider["schema"]?["properties"]?[part], "\(name)")
                #expect(schema["additionalProperties"] == false)
                let beside = (provider["schema"]?["allOf"]?.array ?? []).filter {
                    $0["if"]?["properties"]?["capability"]?["const"] == provider["capabilities"]?[0]
                }.flatMap { $0["then"]?["properties"]?[part]?["required"]?.array ?? [] }
                for needed in (schema["required"]?.array ?? []) + beside {
                    let field = needed.text ?? ""
                    parts[part, default: [:]][field] = Self.sample(schema["properties"]?[field] ?? .null)
                }
            }
            func body(_ parts: [String: [String: JSON]]) -> JSON {
                var body: JSONObject = [
                    "provider": .string(name), "capability": provider["capabilities"]?[0] ?? .null,
                ]
                for (part, values) in parts {
                    body[part] = .object(JSONObject(values.map { ($0.key, $0.value) }))
                }
                return .object(body)
            }
            func isEnough(_ parts: [String: [String: JSON]]) throws {
                let made = try owner.post("/v1/integrations", body(parts)).ok(201)
                try owner.delete("/v1/integrations/\(made.id)").ok(204)
            }
            // Each of several sets of credentials may let us in.
            let ways = (provider["schema"]?["properties"]?["credentials"]?["anyOf"]?.array ?? []).map {
                ($0["required"]?.array ?? []).compactMap(\.text)
            }
            for way in ways.dropFirst() {
                var other = parts
                for field in way { other["credentials", default: [:]][field] = "sample-12345" }
                try isEnough(other)
            }
            let usual = ways.first ?? []
            for field in usual { parts["credentials", default: [:]][field] = "sample-12345" }
            try isEnough(parts)
            for (part, values) in parts {
                for field in values.keys {
                    var less = parts
                    less[part]?[field] = nil
                    let faults = try owner.post("/v1/integrations", body(less)).faults()
                    let needed = part == "credentials" && usual.contains(field) ? usual[0] : field
                    #expect(faults == ["/\(part)/\(needed)": "required"], "\(name)")
                }
            }
            for part in ["settings", "credentials"] {
                var more = parts
                more[part, default: [:]]["colour"] = "red"
                let faults = try owner.post("/v1/integrations", body(more)).faults()
                #expect(faults == ["/\(part)/colour": "unknown_field"], "\(name)")
            }
        }
    }

    private static func sample(_ schema: JSON) -> JSON {
        if let example = schema["examples"]?.array?.first ?? schema["enum"]?.array?.first { return example }
        return switch schema["type"]?.text {
        case "integer": schema["minimum"] ?? 1
        case "boolean": true
        case "array": []
        default:
            switch schema["format"]?.text {
            case "uri": "https://service.example.com"
            case "email": "olive@agency.example"
            default: "sample-12345"
            }
        }
    }

    @Test func `a workflow's schema names all that a node may hold, and its example is a workflow`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let components = document["components"]
        let nodes = try #require(components?["schemas"]?["WorkflowCreate"]?["properties"]?["nodes"])
        let items = try #require(nodes["items"])
        #expect(items["additionalProperties"] == false && items["required"] == ["id", "type"])
        let kinds = Set(items["properties"]?["type"]?["enum"]?.array?.compactMap(\.text) ?? [])
        #expect(
            kinds == [
                "agent", "tool", "condition", "wait", "approval", "parallel", "map", "sub_workflow",
            ])
        let owner = try server.quietAgency().owner
        var body = components?["examples"]?["WorkflowCreate"]?["value"]?.object ?? [:]
        body.remove("client_id")
        let made = try owner.post("/v1/workflows", .object(body)).ok(201)
        #expect(made["nodes"] == body["nodes"] && made["edges"] == body["edges"])
        body["nodes"] = [["id": "score", "type": "wait", "for": "PT1H", "colour": "red"]]
        body["start"] = "score"
        body["edges"] = []
        #expect(
            try owner.post("/v1/workflows", .object(body)).faults() == ["/nodes/0/colour": "unknown_field"])
    }
}
