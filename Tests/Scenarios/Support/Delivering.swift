import JSON
import Testing

/// An agency's work for its clients.
extension Caller {
    func project(
        _ client: JSON, _ more: JSONObject = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = ["client_id": .string(client.id), "name": "Website"]
        for (key, value) in more.members { body[key] = value }
        return try post("/v1/projects", .object(body)).ok(201, sourceLocation: sourceLocation)
    }

    func task(
        _ project: JSON, _ title: String, _ more: JSONObject = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = ["project_id": .string(project.id), "title": .string(title)]
        for (key, value) in more.members { body[key] = value }
        return try post("/v1/tasks", .object(body)).ok(201, sourceLocation: sourceLocation)
    }

    func deliverable(
        _ project: JSON, _ more: JSONObject = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = ["project_id": .string(project.id), "name": "Logo"]
        for (key, value) in more.members { body[key] = value }
        return try post("/v1/deliverables", .object(body)).ok(201, sourceLocation: sourceLocation)
    }

    func file(
        _ name: String = "logo.txt", _ text: String = "a drawing",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try post("/v1/files?name=\(name)", raw: Array(text.utf8), type: "text/plain")
            .ok(201, sourceLocation: sourceLocation)
    }

    /// Brings a deliverable one step on.
    func step(
        _ deliverable: JSON, _ step: String, _ body: JSON? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try post("/v1/deliverables/\(deliverable.id)/\(step)", body).ok(200, sourceLocation: sourceLocation)
    }
}
