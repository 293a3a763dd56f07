import Foundation
import JSON
import StandIns
import Testing

/// A campaign that rests or is completed: what it holds meanwhile, and that nothing of it leaves once it is over.
@Suite(.ownThread) struct CompletedCampaigns {
    let server = BureauProcess.shared

    private func campaign(_ owner: Caller) throws -> (id: JSON, path: String) {
        let made = try owner.post("/v1/campaigns", ["name": "Spring", "objective": "leads"]).ok(201)
        try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        return (.string(made.id), "/v1/campaigns/\(made.id)")
    }

    private func state(_ owner: Caller, _ post: JSON) throws -> JSON {
        try owner.get("/v1/social-posts/\(post.id)").ok()
    }

    @Test func `posts that a completed campaign has not published are cancelled, and none is planned for it`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let account = try owner.post("/v1/social-accounts", ["network": "x", "name": "Acme on X"]).ok(201)
        let (id, path) = try campaign(owner)
        func body(_ text: String, _ more: JSON = [:]) -> JSON {
            (["account_id": .string(account.id), "text": .string(text), "campaign_id": id] as JSON)
                .merging(more)
        }
        func post(_ text: String, _ more: JSON = [:]) throws -> JSON {
            try owner.post("/v1/social-posts", body(text, more)).ok(201)
        }
        let comesAgain: JSON = ["every": "P60D", "max": 3]
        let stands = try post(
            "Tulips are here.", ["scheduled_at": "2027-01-05T11:00:00.000Z", "recycle": comesAgain])
        let asked = try post(
            "Roses are next.", ["scheduled_at": "2027-01-05T11:10:00.000Z", "recycle": comesAgain])
        let later = try post("Dahlias come last.", ["scheduled_at": "2027-01-08T11:00:00.000Z"])
        let draft = try post("Nobody has finished this.")
        try box.advance("PT1H15M")
        try owner.post("/v1/social-posts/\(stands.id)/done", ["url": "https://x.com/acme/status/1"]).ok()
        try box.advance("PT1M")
        // One waits for its day, one is to come again, and one is held as the campaign rests.
        let held = try post("The shop is open.", ["scheduled_at": "2027-01-05T11:20:00.000Z"])
        try owner.post("\(path)/pause").ok()
        try box.advance("PT10M")
        #expect(try state(owner, held)["status"] == "held")
        let waiting = try owner.every("/v1/social-posts?status=scheduled")
        #expect(waiting.count == 2 && waiting.contains { $0.id == later.id })
        try owner.post("\(path)/complete").ok()
        for one in waiting + [held] {
            let over = try state(owner, one)
            #expect(over["status"] == "cancelled" && over["reasons"]?[0].text("code") == "campaign_completed")
        }
        #expect(try owner.every("/v1/events?type=social_post.cancelled").count == 3)
        #expect(try state(owner, stands)["status"] == "published")
        #expect(try state(owner, draft)["status"] == "draft")
        // A person may have published it already, and says so; it does not come again.
        #expect(try state(owner, asked)["status"] == "awaiting_person")
        try owner.post("/v1/social-posts/\(asked.id)/done", ["url": "https://x.com/acme/status/2"]).ok()
        // Nothing is planned for it any more, until it is taken out of it.
        let draftPath = "/v1/social-posts/\(draft.id)", moment: JSON = "2027-01-09T11:00:00.000Z"
        try owner.post("\(draftPath)/schedule", ["at": moment]).problem(409, "conflict")
        try owner.post("\(draftPath)/publish", [:]).problem(409, "conflict")
        let refused = try owner.post("/v1/social-posts", body("Once more.", ["scheduled_at": moment]))
        #expect(try refused.faults() == ["/campaign_id": "conflict"])
        try owner.patch(draftPath, ["campaign_id": nil]).ok()
        #expect(try owner.post("\(draftPath)/schedule", ["at": moment]).ok()["status"] == "scheduled")
        try box.advance("P70D")
        #expect(try state(owner, draft)["status"] == "awaiting_person")
        let all = try owner.every("/v1/social-posts?campaign_id=\(id.text ?? "")")
        #expect(all.count == 5 && all.count { $0["status"] == "published" } == 2, "\(all.map(\.serialized))")
    }

    @Test func `a thread of which parts stand is told to its end, and what has not begun is cancelled`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, web = try XStandIn()
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let (id, path) = try campaign(owner)
        let limit = XStandIn.refusal(429, "Too many", headers: [("Retry-After", "3")])
        web.service.next(.wait({}), .answer(limit))
        let thread = try agency.publish(
            account, "One", ["campaign_id": id, "format": "thread", "thread": ["Two", "Three"]])
        let later = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "Later.", "campaign_id": id,
                "scheduled_at": "2040-01-05T11:00:00.000Z",
            ]
        ).ok(201)
        try agency.post(thread, is: "held")
        #expect(web.posts.map(\.text) == ["One"])
        try owner.post("\(path)/complete").ok()
        #expect(try state(owner, later)["status"] == "cancelled")
        let whole = try agency.post(thread, is: "published")
        #expect(web.posts.map(\.text) == ["One", "Two", "Three"])
        #expect(whole.text("remote_id") == web.posts[0].id)
    }

    @Test func `a thread whose hour was missed is told to its end by a person, not cancelled`() throws {
        let start = Date.now, clock = try MovedClock(at: start)
        let server = try BureauProcess.start(variables: clock.variables)
        let agency = try server.quietAgency(), web = try XStandIn()
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        let (id, path) = try campaign(agency.owner)
        let limit = XStandIn.refusal(429, "Too many", headers: [("Retry-After", "60")])
        web.service.next(.wait({}), .answer(limit))
        let thread = try agency.publish(
            account, "One", ["campaign_id": id, "format": "thread", "thread": ["Two", "Three"]])
        try agency.post(thread, is: "held")
        try clock.move(to: start.addingTimeInterval(2 * 3600))
        let owner = server.caller(try agency.signIn().text("access_token"))
        let threadPath = "/v1/social-posts/\(thread)"
        // A workflow that waits for a time is woken by work.
        let other = try owner.post(
            "/v1/social-posts", ["account_id": .string(account.id), "text": "Meanwhile"]
        ).ok(201)
        try owner.post("/v1/social-posts/\(other.id)/publish", [:]).ok(202)
        func wait(for id: String, _ status: JSON) throws {
            try eventuallyTrue("\(status) of \(id)") {
                try owner.get("/v1/social-posts/\(id)").ok()["status"] == status
            }
        }
        try wait(for: other.id, "published")
        try wait(for: thread, "missed")
        try owner.post("\(path)/complete").ok()
        #expect(try owner.get(threadPath).ok()["status"] == "missed")
        #expect(try owner.every("/v1/events?type=social_post.cancelled").isEmpty)
        try owner.post("\(threadPath)/publish", [:]).ok(202)
        try wait(for: thread, "published")
        #expect(web.posts.map(\.text).filter { $0 != "Meanwhile" } == ["One", "Two", "Three"])
    }

    @Test func `mails that a completed campaign has not sent are cancelled, and none is scheduled for it`()
        throws
    {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try makeLeads(3, owner)
        let (id, path) = try campaign(owner)
        let sending = try owner.mailCampaign(["campaign_id": id])
        let later = try owner.mailCampaign(["campaign_id": id])
        let draft = try owner.mailCampaign(["campaign_id": id])
        try owner.post("\(path)/pause").ok()
        try owner.mailCampaign(sending, "schedule").ok()
        try owner.mailCampaign(later, "schedule", ["send_at": "2027-01-20T12:00:00.000Z"]).ok()
        try box.advance("P2D")
        let held = try messages(owner, "held")
        #expect(held.count == 3)
        #expect(held.allSatisfy { $0["reasons"]?[0].text("code") == "campaign_paused" })
        try owner.post("\(path)/complete").ok()
        #expect(try owner.status(ofMailCampaign: sending) == "cancelled")
        #expect(try owner.status(ofMailCampaign: later) == "cancelled")
        #expect(try owner.status(ofMailCampaign: draft) == "draft")
        try box.advance("PT1M")
        #expect(try messages(owner, "held").isEmpty && messages(owner, "cancelled").count == 3)
        try owner.mailCampaign(draft, "schedule").problem(409, "conflict")
        try owner.patch("/v1/email-campaigns/\(draft.id)", ["campaign_id": nil]).ok()
        try owner.mailCampaign(draft, "schedule").ok()
        try box.advance("P2D")
        #expect(try messages(owner, "sent").count == 3, "those of the one that was taken out")
    }

    @Test func `content of a campaign that rests is held, on a blog and by mail, and ends with it`() throws {
        let box = try server.mailSandbox(), owner = box.owner, web = try WordPressStandIn()
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        try makeLeads(3, owner)
        let blog = try owner.post(
            "/v1/integrations",
            [
                "provider": "wordpress", "capability": "blog_publishing", "credentials": web.credentials,
                "settings": ["base_url": .string(web.service.url)],
            ]
        ).ok(201)
        let (id, path) = try campaign(owner)
        func item(_ title: JSON) throws -> String {
            let made = try owner.post(
                "/v1/content-items",
                [
                    "title": title, "type": "educational", "subject": title, "body": "Five.",
                    "status": "approved", "campaign_id": id,
                ]
            ).ok(201)
            return "/v1/content-items/\(made.id)"
        }
        let (itemPath, mailed) = (try item("Five ways"), try item("Five mails"))
        try owner.post("\(path)/pause").ok()
        try owner.post("\(itemPath)/publish", ["integration_id": .string(blog.id)]).ok(202)
        let distribution = try owner.post("\(mailed)/distribute", [:]).ok(202)
        try box.advance("PT2H")
        let held = try messages(owner, "held")
        #expect(held.count == 3)
        #expect(held.allSatisfy { $0["reasons"]?[0].text("code") == "campaign_paused" })
        let piece = try owner.get(itemPath).ok()
        #expect(piece["publishing"] == "held")
        #expect(piece["publishing_reasons"]?[0].text("code") == "campaign_paused")
        // The blog gets it once the campaign goes on; mails go with it, and what is left ends with the campaign.
        try owner.post("/v1/brakes", ["scope": "channel", "id": "email", "reason": "Wait."]).ok(201)
        try owner.post("\(path)/resume").ok()
        try box.advance("PT1H")
        #expect(try owner.get(itemPath).ok()["publishing"] == "captured")
        #expect(try messages(owner, "held").allSatisfy { $0["reasons"]?[0].text("code") == "brake" })
        try owner.post("\(path)/pause").ok()
        let late = try item("Late ways"), toBlog: JSON = ["integration_id": .string(blog.id)]
        try owner.post("\(late)/publish", toBlog).ok(202)
        try box.advance("PT1M")
        #expect(try owner.get(late).ok()["publishing"] == "held")
        try owner.post("\(path)/complete").ok()
        let over = try owner.get(late).ok()
        #expect(over["publishing"] == "failed")
        #expect(over["publishing_reasons"]?[0].text("code") == "campaign_completed")
        try owner.post("\(late)/publish", toBlog).problem(409, "conflict")
        try owner.post("\(mailed)/distribute", [:]).problem(409, "conflict")
        try owner.patch(late, ["campaign_id": nil]).ok()
        try owner.post("\(late)/publish", toBlog).ok(202)
        try box.advance("PT1M")
        #expect(try owner.get(late).ok()["publishing"] == "captured")
        #expect(try owner.get("/v1/distributions/\(distribution.id)").ok()["status"] == "cancelled")
        #expect(try messages(owner, "held").isEmpty && messages(owner, "cancelled").count == 3)
    }

    @Test func `a text message whose content has come into a campaign that is over is taken back`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let reader = try owner.post(
            "/v1/leads", lead(1, ["email": nil, "phone": "+15550000021"])
        ).ok(201)
        try owner.post(
            "/v1/consents",
            [
                "contact_id": reader["contact_id"] ?? .null, "channel": "sms", "source": "web form",
                "lawful_basis": "consent",
            ]
        ).ok(201)
        let (id, path) = try campaign(owner)
        try owner.post("\(path)/complete").ok()
        let made = try owner.post(
            "/v1/content-items",
            [
                "title": "Ways", "type": "educational", "subject": "Ways", "body": "Five ways.",
                "status": "approved",
            ]
        ).ok(201)
        let later: JSON = ["channel": "sms", "at": "2027-01-20T15:00:00.000Z"]
        let distribution = try owner.post("/v1/content-items/\(made.id)/distribute", later).ok(202)
        try owner.patch("/v1/content-items/\(made.id)", ["campaign_id": id]).ok()
        try box.advance(to: "2027-01-20T15:10:00.000Z")
        #expect(try messages(owner, "held").isEmpty)
        let back = try messages(owner, "cancelled")
        #expect(back.map { $0["channel"] } == ["sms"])
        #expect(back.first?["reasons"]?[0].text("code") == "campaign_completed")
        #expect(try owner.get("/v1/distributions/\(distribution.id)").ok()["status"] == "completed")
    }

    @Test func `agents tell nothing on networks of a campaign that is over`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        _ = try owner.socialAccount("linkedin")
        try owner.wakeSocialAgents("autopilot")
        let (id, path) = try campaign(owner)
        let before = try owner.approvedPiece("Tulips", "Tulips are here.", ["campaign_id": id])
        _ = try owner.runAgent()
        let planned = try owner.posts(of: before)
        #expect(!planned.isEmpty && planned.allSatisfy { $0["campaign_id"] == id })
        try owner.post("\(path)/complete").ok()
        #expect(try owner.posts(of: before).allSatisfy { $0["status"] == "cancelled" })
        let after = try owner.approvedPiece("Roses", "Roses are next.", ["campaign_id": id])
        #expect(try owner.runAgent()["reason"] == "nothing_approved")
        let asked = try owner.ended(
            "/v1/agents/\(Caller.coordinator)/runs",
            ["parameters": ["content_item_id": .string(after.id)]])
        #expect(asked["status"] == "failed" && asked["error"]?["code"] == "not_approved")
        #expect(try owner.posts(of: after).isEmpty)
    }

    private func makeLeads(_ count: Int, _ owner: Caller) throws {
        let operations = (0..<count).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
    }

    private func messages(_ owner: Caller, _ status: String) throws -> [JSON] {
        try owner.every("/v1/messages?direction=outbound&status=\(status)")
    }
}
