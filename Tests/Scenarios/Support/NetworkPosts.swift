import JSON
import StandIns
import Testing

/// Accounts on social networks that are stood in for, and what is published there.
extension Agency {
    /// Connects an account at a stand-in.
    func connectNetwork(
        _ network: String, _ url: String, _ credentials: JSON, _ settings: JSONObject = [:]
    ) throws -> JSON {
        let integration = try connect(
            network, url, credentials: credentials, settings: settings, capability: "social_publishing")
        return try owner.post(
            "/v1/social-accounts",
            [
                "network": .string(network), "name": .string("Acme on \(network)"),
                "integration_id": .string(integration.id),
            ]
        ).ok(201)
    }

    /// Writes a post and publishes it now.
    func publish(_ account: JSON, _ text: String, _ more: JSONObject = [:]) throws -> String {
        var body: JSONObject = ["account_id": .string(account.id), "text": .string(text)]
        for (name, value) in more.members { body[name] = value }
        let id = try owner.post("/v1/social-posts", .object(body)).ok(201).id
        try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
        return id
    }

    /// Waits until a post is in one of these states.
    @discardableResult
    func post(
        _ id: String, is states: String..., within limit: Duration = .seconds(60),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try eventually("\(states) of a post", within: limit, sourceLocation: sourceLocation) {
            let post = try owner.get("/v1/social-posts/\(id)").ok()
            return states.contains(post.text("status")) ? post : nil
        }
    }

    /// Uploads a file, and names it as part of a post.
    func medium(_ bytes: [UInt8], _ name: String, altText: String = "What it shows.") throws -> JSON {
        ["file_id": .string(try owner.upload(bytes, name).id), "alt_text": .string(altText)]
    }
}
