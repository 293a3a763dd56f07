import JSON
import Testing

/// Agents that plan posts, as whoever runs an agency calls them.
extension Caller {
    static let networkAgents = [
        "instagram_agent", "linkedin_agent", "twitter_agent", "tiktok_agent", "facebook_agent",
        "youtube_agent",
    ]
    static let coordinator = "social_media_coordinator"

    /// Wakes the coordinator and the agents of all networks.
    func wakeSocialAgents(_ autonomy: String = "approve") throws {
        for name in [Self.coordinator] + Self.networkAgents {
            try patch("/v1/agents/\(name)", ["state": "active", "autonomy": .string(autonomy)]).ok()
        }
    }

    func setAgent(_ name: String, _ values: JSON) throws {
        try patch("/v1/agents/\(name)/config", values).ok()
        try post("/v1/agents/\(name)/config/publish").ok()
    }

    /// Runs an agent to its end, and returns its result.
    func runAgent(_ name: String = Caller.coordinator, _ parameters: JSON = [:]) throws -> JSON {
        let run = try ended("/v1/agents/\(name)/runs", ["parameters": parameters])
        #expect(run["status"] == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    /// Connects a network where posts are rehearsed.
    func connectInBox(
        _ provider: String, _ url: String, _ credentials: JSON, _ settings: JSONObject
    ) throws -> JSON {
        try post(
            "/v1/integrations",
            [
                "provider": .string(provider), "capability": "social_publishing", "credentials": credentials,
                "settings": JSON.object(settings).merging(["base_url": .string(url)]),
            ]
        ).ok(201)
    }

    func socialAccount(_ network: String, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = ["network": .string(network), "name": .string("Acme on \(network)")]
        for (name, value) in more.members { body[name] = value }
        return try post("/v1/social-accounts", .object(body)).ok(201)
    }

    /// A piece that people have approved.
    func approvedPiece(_ title: String, _ body: String, _ more: JSONObject = [:]) throws -> JSON {
        var given: JSONObject = [
            "title": .string(title), "body": .string(body), "format": "social", "status": "approved",
        ]
        for (name, value) in more.members { given[name] = value }
        return try post("/v1/content-items", .object(given)).ok(201)
    }

    /// The posts of a piece, the first first.
    func posts(of piece: JSON) throws -> [JSON] {
        try every("/v1/social-posts?content_item_id=\(piece.id)").sorted {
            ($0.text("scheduled_at"), $0.id) < ($1.text("scheduled_at"), $1.id)
        }
    }

    func pendingApprovals() throws -> [JSON] { try every("/v1/approvals?status=pending") }

    /// Says yes to the one thing that is asked.
    func approveAll() throws {
        for approval in try pendingApprovals() { try post("/v1/approvals/\(approval.id)/approve").ok() }
    }
}
