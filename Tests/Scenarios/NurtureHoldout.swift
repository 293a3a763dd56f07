import JSON
import Testing

/// Nurture is measured against doing nothing, and so many are asked about at once.
@Suite(.ownThread) struct NurtureHoldout {
    let server = BureauProcess.shared

    @Test func `a drawn share gets nothing, for good, and the lift is told with its interval`() throws {
        let box = try server.nurturing(["holdout_percent": 20])
        try bulk(box, 100)
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

    @Test func `what people do counts for their group, and a difference is sure once chance is ruled out`()
        throws
    {
        // The choice alone draws: nobody has to be written to.
        let box = try server.nurturing(["holdout_percent": 20]), owner = box.owner
        try owner.patch("/v1/agents/lead_nurturing", ["autonomy": "observe"]).ok()
        let operations = (0..<700).map { number -> JSON in
            ["op": "create", "body": lead(number, ["known_since": .string(SandboxCaller.before(400))])]
        }
        for part in [operations[..<350], operations[350...]] {
            try owner.post("/v1/leads/bulk", ["operations": .array(Array(part))]).ok()
        }
        try box.advance("P1D")
        func lift(_ goal: String) throws -> JSON {
            try owner.get("/v1/nurture-figures?goal=\(goal)").ok()["lift"] ?? .null
        }
        let before = try lift("replied")
        let (treated, heldOut) = (before["treated"]?.int ?? 0, before["held_out"]?.int ?? 0)
        #expect(treated + heldOut == 700 && heldOut >= 100 && before["sure"] == false)
        #expect(before["low"]?.double ?? 1 < 0 && before["high"]?.double ?? -1 > 0)
        let out = Set(try owner.every("/v1/contacts").filter { $0["held_out"] == true }.map(\.id))
        let leads = try owner.every("/v1/leads")
        let kept = leads.filter { !out.contains($0.text("contact_id")) }
        let left = try #require(leads.first { out.contains($0.text("contact_id")) })
        func act(_ lead: JSON, _ type: String) throws {
            try owner.post(
                "/v1/contacts/\(lead.text("contact_id"))/activities", ["type": .string(type)]
            ).ok(201)
        }
        for lead in kept.prefix(60) { try act(lead, "message_reply") }
        for goal in ["replied", "reactivated"] {
            let lift = try lift(goal)
            #expect(lift["sure"] == true && lift["low"]?.double ?? 0 > 0, "\(goal): \(lift)")
            #expect(abs((lift["difference"]?.double ?? 0) - 60 / Double(treated)) < 1e-9)
        }
        try act(kept[60], "referral_made")
        let referred = try lift("referred")
        #expect(abs((referred["rate_treated"]?.double ?? 0) - 1 / Double(treated)) < 1e-9)
        #expect(referred["rate_held_out"] == 0 && referred["sure"] == false)
        // One of each group buys, and one does not.
        for (lead, stage) in [(kept[61], "won"), (kept[62], "lost"), (left, "won")] {
            let deal = try owner.post(
                "/v1/deals",
                ["lead_id": .string(lead.id), "name": "Ads", "value": dollars(1), "stage": "negotiation"]
            ).ok(201)
            try owner.patch("/v1/deals/\(deal.id)", ["stage": .string(stage)]).ok()
        }
        try box.advance("PT1M")
        let bought = try lift("converted")
        #expect(abs((bought["rate_treated"]?.double ?? 0) - 1 / Double(treated)) < 1e-9)
        #expect(abs((bought["rate_held_out"]?.double ?? 0) - 1 / Double(heldOut)) < 1e-9)
        #expect(bought["sure"] == false && bought["low"]?.double ?? 1 < 0 && bought["high"]?.double ?? -1 > 0)
        // Each of the four has an interval about its difference, which excludes chance where it is sure alone.
        for goal in ["replied", "reactivated", "referred", "converted"] {
            let lift = try lift(goal)
            let (low, high) = (try #require(lift["low"]?.double), try #require(lift["high"]?.double))
            let difference = try #require(lift["difference"]?.double)
            #expect(low < difference && difference < high && high - low < 1, "\(goal): \(lift)")
            #expect(lift["treated"]?.int == treated && lift["held_out"]?.int == heldOut, "\(goal)")
            #expect(lift["sure"] == .bool(low > 0), "\(goal): \(lift)")
        }
    }

    private func bulk(_ box: SandboxCaller, _ count: Int) throws {
        let operations = (0..<count).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
    }

    private func heldOut(_ box: SandboxCaller) throws -> Set<String> {
        Set(try box.owner.every("/v1/contacts?held_out=true").map(\.id))
    }

    /// The people to whom something of a subject was sent.
    private func reached(_ box: SandboxCaller, _ subject: String = "News") throws -> Set<String> {
        Set(
            try box.owner.every("/v1/messages?direction=outbound&status=sent")
                .filter { $0.text("subject") == subject }.map { $0.text("contact_id") })
    }

    @Test func `an email campaign leaves out whoever was drawn to get nothing, and its preview says so`()
        throws
    {
        let box = try server.nurturing(["holdout_percent": 20]), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try bulk(box, 60)
        try box.advance("PT1M")
        let out = try heldOut(box)
        #expect(!out.isEmpty)
        let campaign = try owner.mailCampaign(), preview = try owner.mailCampaign(campaign, "preview").ok()
        #expect(preview["members"] == 60 && preview["sendable"] == JSON(60 - out.count))
        #expect(preview["excluded"] == [["code": "held_out", "count": JSON(out.count)]])
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("P3D")
        let reached = try reached(box)
        #expect(reached.count == 60 - out.count && reached.isDisjoint(with: out))
        // A client hears of what is for clients.
        let client = try owner.makeClient()
        let bought = try #require(out.first)
        try owner.patch("/v1/contacts/\(bought)", ["client_id": .string(client.id)]).ok()
        #expect(try owner.mailCampaign(campaign, "preview").ok()["sendable"] == JSON(61 - out.count))
    }

    @Test func `whoever is drawn while a campaign's mail waits for their hour does not get it either`()
        throws
    {
        let box = try server.nurturing(["holdout_percent": 20]), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        for number in 0..<40 {
            let lead = try box.makeLead(number)
            try owner.patch("/v1/contacts/\(lead.text("contact_id"))/preferences", ["hour": 20]).ok()
        }
        let campaign = try owner.mailCampaign()
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("PT1H")
        #expect(try owner.get("/v1/email-campaigns/\(campaign.id)").ok()["planned"] == 40)
        try owner.patch("/v1/agents/lead_nurturing", ["state": "active"]).ok()
        _ = try owner.post("/v1/agents/lead_nurturing/runs?wait=PT10S", [:])
        let out = try heldOut(box)
        #expect(!out.isEmpty)
        try box.advance("P2D")
        let reached = try reached(box), told = try owner.get("/v1/email-campaigns/\(campaign.id)").ok()
        #expect(reached.count == 40 - out.count && reached.isDisjoint(with: out))
        #expect(told["excluded"] == [["code": "held_out", "count": JSON(out.count)]])
        #expect(told["status"] == "sent")
    }

    @Test func `whom content reaches before their sequence is chosen is drawn first, and a preview draws nobody`()
        throws
    {
        let box = try server.nurturing(["holdout_percent": 20]), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        try owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        try bulk(box, 100)
        try box.advance("PT1H")
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "News", "type": "company_news", "subject": "News", "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
        let path = "/v1/content-items/\(item.id)/distribute", campaign = try owner.mailCampaign()
        #expect(try owner.post(path, ["preview": true]).ok()["would_send"] == 100, "nobody is compared yet")
        try owner.patch("/v1/agents/lead_nurturing", ["state": "active"]).ok()
        let preview = try owner.post(path, ["preview": true]).ok()
        try owner.post(path, [:]).ok(202)
        try box.advance("PT1M")
        let out = try heldOut(box)
        #expect(!out.isEmpty && preview["skipped"] == [["code": "held_out", "count": JSON(out.count)]])
        #expect(try owner.every("/v1/contacts?held_out=false").count == 100 - out.count)
        let lift = try owner.get("/v1/nurture-figures").ok()["lift"]
        #expect(lift?["held_out"] == JSON(out.count) && lift?["treated"] == JSON(100 - out.count))
        let mails = try owner.mailCampaign(campaign, "preview").ok()
        #expect(mails["excluded"] == preview["skipped"])
        try box.advance("P2D")
        #expect(try heldOut(box) == out)
        let reached = try reached(box)
        #expect(reached.count >= 40 && reached.isDisjoint(with: out))
    }

    @Test func `merged with whoever is held out, a person hears nothing until the merge is undone`() throws {
        let box = try server.nurturing(["holdout_percent": 20]), owner = box.owner
        try bulk(box, 60)
        try box.advance("PT1H")
        let out = try heldOut(box), leads = try owner.every("/v1/leads")
        let gone = try #require(leads.first { out.contains($0.text("contact_id")) })
        let kept = try #require(leads.first { !out.contains($0.text("contact_id")) })
        #expect(try box.enrollment(of: kept)?["status"] == "active")
        let merge = try owner.post(
            "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
        ).ok().text("merge_id")
        #expect(try box.enrollment(of: kept)?["exit_reason"] == "stage", "in the same moment")
        let segment = try owner.post(
            "/v1/segments",
            ["name": "One", "static": true, "of": "contacts", "members": [kept["contact_id"] ?? .null]]
        ).ok(201)
        let campaign = try owner.mailCampaign(["segment_id": .string(segment.id)])
        let nobody: JSON = [["code": "held_out", "count": 1]]
        #expect(try owner.mailCampaign(campaign, "preview").ok()["excluded"] == nobody)
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "News", "type": "company_news", "subject": "News", "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
        let path = "/v1/content-items/\(item.id)/distribute"
        let some: JSON = ["segment_id": .string(segment.id), "preview": true]
        #expect(try owner.post(path, some).ok()["skipped"] == nobody)
        try box.advance("P40D")
        #expect(try box.touches(of: kept).isEmpty)
        #expect(try box.choice(of: kept)["outcome"]?.text("reason") == "held_out")
        try owner.post("/v1/leads/merges/\(merge)/undo").ok()
        #expect(try owner.mailCampaign(campaign, "preview").ok()["sendable"] == 1)
        try box.advance("P40D")
        #expect(try !box.touches(of: kept).isEmpty && box.touches(of: gone).isEmpty)
    }

    @Test func `two steps on one day are two questions, each with its own mails as they would leave`() throws {
        let box = try server.nurturing()
        try box.owner.patch("/v1/agents/lead_nurturing", ["autonomy": "approve"]).ok()
        func pending() throws -> [JSON] { try box.owner.every("/v1/approvals?status=pending") }
        let first = try box.makeLead(1)
        try box.advance("P1DT12H")
        let welcome = try #require(try pending().first)
        try box.owner.post("/v1/approvals/\(welcome.id)/approve", [:]).ok()
        try box.advance("PT12H")
        let second = try box.makeLead(2)
        try box.advance("P1DT12H")
        // The first one's second touch and the second one's first fall on the same day, in the same sequence.
        let both = try pending()
        #expect(both.count == 2 && Set(both.map { $0.text("title") }).count == 2, "\(both)")
        #expect(both.allSatisfy { $0["preview"]?["count"] == 1 })
        let examples = both.compactMap { $0["preview"]?["examples"]?.array?.first }
        let byContact = Dictionary(examples.map { ($0.text("contact_id"), $0) }) { $1 }
        for (number, lead) in [first, second].enumerated() {
            let example = try #require(byContact[lead.text("contact_id")])
            let words = example.text("subject") + example.text("text")
            #expect(words.contains("Example Company \(number + 1)") && !words.contains("{{"), "\(words)")
            #expect(example.text("to") == "Jane Example" && example.text("channel") == "email")
        }
        // A yes to one is no yes to the other.
        let one = try #require(both.first { $0.text("title") == welcome.text("title") })
        try box.owner.post("/v1/approvals/\(one.id)/approve", [:]).ok()
        try box.advance("P1D")
        #expect(try box.touches(of: first).count == 1 && box.touches(of: second).count == 1)
        let sent = try #require(try box.touches(of: second).first)
        #expect(sent["subject"] == byContact[second.text("contact_id")]?["subject"])
        #expect(sent["text"]?.text?.contains("Example Company 2") == true)
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
        for example in question["preview"]?["examples"]?.array ?? [] {
            let lead = try #require(leads.first { $0["contact_id"] == example["contact_id"] })
            let words = example.text("subject") + example.text("text")
            #expect(words.contains(lead.text("company")) && !words.contains("{{"), "\(words)")
        }
        #expect(try leads.allSatisfy { try box.touches(of: $0).isEmpty })
        // A lead who has unsubscribed meanwhile gets nothing, whatever a person says.
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
