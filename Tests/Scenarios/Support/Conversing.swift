import JSON
import StandIns
import Testing

extension Agency {
    /// The only conversation on a channel, once there is one.
    func conversation(
        on channel: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let found = try eventually("a conversation on \(channel)", sourceLocation: sourceLocation) {
            let all = try owner.every("/v1/conversations?channel=\(channel)")
            return all.isEmpty ? nil : all
        }
        try #require(found.count == 1, sourceLocation: sourceLocation)
        return found[0]
    }

    /// A sandbox with a line to WhatsApp, on which a customer has said hello: its door, and the conversation.
    func sandboxOnWhatsApp(
        _ graph: GraphStandIn
    ) throws -> (box: SandboxCaller, door: JSON, conversation: JSON) {
        let box = try sandbox()
        try box.quieten()
        let door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "whatsapp", "capability": "chat", "credentials": graph.credentials,
                "settings": JSON.object(graph.settings).merging(["base_url": .string(graph.service.url)]),
            ]
        ).ok(201)
        try server.deliver(graph.message("wamid.1", "Hello"), to: door).ok()
        try box.advance("PT0S")
        return (box, door, try #require(try box.owner.every("/v1/conversations?channel=whatsapp").first))
    }

    func said(in conversation: JSON) throws -> [JSON] {
        try owner.every("/v1/conversations/\(conversation.id)/messages")
    }

    /// Says something in a conversation.
    @discardableResult
    func answer(
        _ conversation: JSON, _ text: String, _ more: JSONObject = [:], as caller: Caller? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = ["text": .string(text)]
        for (name, value) in more.members { body[name] = value }
        return try (caller ?? owner).post(
            "/v1/conversations/\(conversation.id)/messages", .object(body)
        ).ok(201, sourceLocation: sourceLocation)
    }

    /// Waits until its records have been judged, which begins a moment after each change.
    func waitForJudgements() throws {
        try eventuallyTrue("the end of its checks") {
            try ["addresses.check", "quality.check"].allSatisfy { kind in
                try owner.every("/v1/jobs?kind=\(kind)").allSatisfy {
                    ["completed", "failed", "cancelled", "dead"].contains($0.text("state"))
                }
            }
        }
    }

    /// Waits until none of its jobs is due: what has been done so far has had all its effects.
    func rest() throws {
        try waitForJudgements()
        try eventuallyTrue("the end of its jobs") {
            try ["available", "running"].allSatisfy { try owner.every("/v1/jobs?state=\($0)").isEmpty }
        }
    }

    /// The version that a draft is written to.
    func tag(of conversation: JSON) throws -> String {
        let answer = try owner.get("/v1/conversations/\(conversation.id)")
        return try #require(answer.header("ETag"))
    }

    /// Waits until what came in has been worked on.
    func hooksWorkedOn(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try eventually("the hooks to be worked on", sourceLocation: sourceLocation) {
            try owner.every("/v1/hook-receipts").contains { $0.text("status") == "received" } ? nil : true
        }
    }
}
