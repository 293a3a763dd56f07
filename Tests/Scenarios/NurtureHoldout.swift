import JSON
import Testing

/// What nurture brings against doing nothing, and how many are asked about at once.
@Suite(.ownThread) struct NurtureHoldout {
    let server = BureauProcess.shared

    @Test func `a drawn share gets nothing, for good, and the lift is told with its interval`() throws {
        let box = try server.nurturing(["holdout_percent": 20])
        let operations = (0..<100).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance("P6D")
        let contacts = try box.owner.every("/v1/contacts")
        let out = Set(contacts.filter { $0["held_out"] == true }.map(\.id))
        #expect((5...38).contains(out.count) && contacts.allSatisfy { $0["held_out"] != .null })
        let sent = try box.owner.every("/v1/messages?direction=outbound&status=sent")
        let reached = Set(sent.map { $0.text("contact_id") })
        #expect(reached.count >= 40 && reached.isDisjoint(with: out))
        let figures = try box.owner.get("/v1/nurture-figures").ok()
        let lift = try #require(figures["lift"])
        #expect(lift["treated"]?.int == Int64(100 - out.count) && lift["held_out"]?.int == Int64(out.count))
        let (low, difference, high) = (lift["low"]?.double, lift["difference"]?.double, lift["high"]?.double)
        #expect(try #require(low) <= #require(difference) && #require(difference) <= #require(high))
        #expect(lift["sure"] == false && lift.text("goal") == "converted")
        #expect(figures["sequences"]?.array?.first?["enrolled"]?.int == Int64(100 - out.count))
        // Drawn once: another share changes nothing for those who were drawn.
        let config = "/v1/agents/lead_nurturing/config"
        try box.owner.patch(config, ["holdout_percent": 0]).ok()
        try box.owner.post("\(config)/publish").ok()
        let one = try #require(
            try box.owner.every("/v1/leads").first { out.contains($0.text("contact_id")) })
        _ = try box.owner.post(
            "/v1/agents/lead_nurturing/runs?wait=PT10S", ["parameters": ["lead_id": .string(one.id)]])
        #expect(try box.choice(of: one)["outcome"]?.text("reason") == "held_out")
        // An answer counts for the group of whoever gave it.
        try box.owner.post(
            "/v1/contacts/\(one.text("contact_id"))/activities", ["type": "message_reply"]
        ).ok(201)
        let replied = try box.owner.get("/v1/nurture-figures?goal=replied").ok()["lift"]
        #expect(replied?["rate_held_out"]?.double ?? 0 > 0 && replied?["rate_treated"]?.double == 0)
        try box.owner.get("/v1/nurture-figures?goal=luck").problem(400, "invalid_parameter")
    }

    @Test func `in approve one question a day stands for all; a yes sends, and a no sends nothing`() throws {
        let box = try server.nurturing()
        try box.owner.patch("/v1/agents/lead_nurturing", ["autonomy": "approve"]).ok()
        let leads = try (0..<30).map { try box.makeLead($0) }
        try box.advance("P1DT12H")
        let pending = try box.owner.every("/v1/approvals?status=pending")
        let question = try #require(pending.first)
        #expect(pending.count == 1)
        #expect(question["preview"]?["count"] == 30 && question["preview"]?["examples"]?.array?.count == 3)
        #expect(try leads.allSatisfy { try box.touches(of: $0).isEmpty })
        // Whoever has unsubscribed meanwhile gets nothing, whatever a person says.
        try box.owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[0]["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        try box.owner.post("/v1/approvals/\(question.id)/approve", [:]).ok()
        try box.advance("P1D")
        #expect(try leads.map { try box.touches(of: $0).count } == [0] + Array(repeating: 1, count: 29))
        try box.advance("P2D")
        let next = try #require(try box.owner.every("/v1/approvals?status=pending").first)
        #expect(next["preview"]?["skipped"]?["no_evidence"] == 29)
        try box.owner.post("/v1/approvals/\(next.id)/reject", ["reason": "not now"]).ok()
        try box.advance("P1D")
        #expect(try leads.dropFirst().allSatisfy { try box.touches(of: $0).count == 1 })
    }
}
