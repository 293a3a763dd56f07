import JSON
import StandIns
import Testing

/// The agents of networks work by schedule, event and call alike, and say why.
@Suite(.ownThread) struct AgentTriggers {
    let server = BureauProcess.shared

    /// Expects that each agent has found work by each way in which it is woken, and has decided with reasons.
    private func expectWork(of agents: [String], in owner: Caller) throws {
        for name in agents {
            let runs = try owner.every("/v1/agent-runs?agent=\(name)")
            #expect(runs.allSatisfy { $0["status"] == "succeeded" }, "\(name)")
            let busy = runs.filter { ($0["result"]?["processed"]?.int ?? 0) > 0 }
            #expect(Set(busy.map { $0.text("trigger") }) == ["schedule", "event", "manual"], "\(name)")
            let reasoned = try owner.every("/v1/decisions?agent=\(name)").filter {
                try owner.get("/v1/decisions/\($0.id)").ok()["factors"]?.array?.isEmpty == false
            }
            #expect(!reasoned.isEmpty, "\(name)")
        }
    }

    /// A piece that people look at and approve, of which agents hear.
    private func approve(
        _ owner: Caller, _ title: String, _ body: String, _ more: JSONObject
    ) throws -> JSON {
        var given: JSONObject = ["title": .string(title), "body": .string(body)]
        for (name, value) in more.members { given[name] = value }
        let item = try owner.post("/v1/content-items", .object(given)).ok(201)
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        return try owner.post("/v1/content-items/\(item.id)/review", ["passed": true]).ok()
    }

    private static let networks: [(name: String, settings: JSONObject)] = [
        ("instagram", ["ig_user_id": "1"]), ("linkedin", ["author": "urn:li:organization:1"]), ("x", [:]),
        ("tiktok", [:]), ("facebook", ["page_id": "1"]), ("youtube", [:]),
    ]

    @Test func `each network's agent plans by schedule, event and call, and a sandbox captures its posts`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try owner.wakeSocialAgents("autopilot")
        try owner.patch("/v1/agents/\(Caller.coordinator)", ["state": "disabled"]).ok()
        let accounts = try Self.networks.map { name, settings in
            let integration = try owner.connectInBox(
                name, "http://127.0.0.1:9", ["access_token": "t"], settings)
            return try owner.socialAccount(name, ["integration_id": .string(integration.id)]).id
        }
        let file = try owner.upload(SampleMedia.mp4(1080, 1920, seconds: 20), "garden.mp4").id
        let film: JSONObject = [
            "format": "video", "media": [["file_id": .string(file), "alt_text": "A garden."]],
        ]
        let heard = try approve(owner, "Roses", "Roses are cut in March.", film)
        try box.advance("PT0S")
        // A person chooses who may see a film on TikTok.
        try owner.approveAll()
        for post in try owner.posts(of: heard) where post["status"] == "draft" {
            let path = "/v1/social-posts/\(post.id)"
            try owner.patch(path, ["options": ["privacy_level": "SELF_ONLY"]]).ok()
            try owner.post("\(path)/schedule", ["at": "2027-01-06T18:00:00.000Z"]).ok()
        }
        let found = try owner.approvedPiece("Tulips", "Tulips are planted in autumn.", film)
        try box.advance("P7D")
        let asked = try owner.approvedPiece("Lilies", "Lilies like the sun.", film)
        for name in Caller.networkAgents {
            _ = try owner.runAgent(name, ["content_item_id": .string(asked.id)])
        }
        try expectWork(of: Caller.networkAgents, in: owner)
        for name in Caller.networkAgents {
            let subjects = try owner.every("/v1/decisions?agent=\(name)").map { $0["subject"]?["id"]?.text }
            #expect(Set(subjects).isSuperset(of: [heard.id, found.id, asked.id]), "\(name)")
        }
        try box.advance("P14D")
        let captured = try owner.every("/v1/social-posts").filter { $0["captured"] == true }
        #expect(Set(captured.map { $0.text("account_id") }) == Set(accounts))
        #expect(captured.allSatisfy { $0["status"] == "published" && $0["remote_id"] == .null })
    }
}
