import JSON
import Testing

/// A chat on an agency's page, in a sandbox.
struct HandoverChat: Sendable {
    let box: SandboxCaller
    let server: BureauProcess
    private let key: String

    init(_ box: SandboxCaller, _ server: BureauProcess, booking: String) throws {
        (self.box, self.server) = (box, server)
        let hours: JSON = ["days": [1, 2, 3, 4, 5], "from": "09:00", "to": "17:00"]
        try box.owner.patch(
            "/v1/settings", ["booking_url": .string(booking), "business_hours": hours, "quiet_hours": .null]
        ).ok()
        key = try box.owner.post(
            "/v1/integrations", ["provider": "web_chat", "capability": "chat"]
        ).ok(201).text("public_key")
    }

    /// The conversation that something is said in.
    func say(_ text: String, visitor: String = "v1", _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = ["visitor_id": .string(visitor), "text": .string(text)]
        for (name, value) in more.members { body[name] = value }
        let said = try server.anonymous.post("/v1/chat/\(key)/messages", .object(body)).ok(201)
        return ["id": said["conversation_id"] ?? .null]
    }

    func say(_ text: String, _ more: JSONObject) throws -> JSON { try say(text, visitor: "v1", more) }

    func read(_ conversation: JSON) throws -> JSON {
        try box.owner.get("/v1/conversations/\(conversation.id)").ok()
    }

    /// The conversation, once somebody waits in it.
    func waiting(_ conversation: JSON) throws -> JSON {
        try box.advance("PT0S")
        let read = try read(conversation)
        try #require(read.text("handler") == "waiting_for_human")
        return read
    }

    /// Returns the agents' words, oldest first.
    func spoken(_ conversation: JSON) throws -> [JSON] {
        try box.owner.every("/v1/conversations/\(conversation.id)/messages")
            .filter { ["agent", "system"].contains($0["author"]?.text("type")) }
            .sorted { ($0.text("created_at"), $0.id) < ($1.text("created_at"), $1.id) }
    }

    func events(_ type: String) throws -> Int {
        try box.owner.every("/v1/events?type=\(type)").count
    }
}
