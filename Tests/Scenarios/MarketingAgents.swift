import JSON
import StandIns
import Testing

/// Nurturing, content and what the stages of a lead's life ask for pass one check: what holds one of them holds all,
/// by the same reason, and lets them go again.
@Suite(.ownThread) struct MarketingAgents {
    let server = BureauProcess.shared

    /// Why marketing waits, by the code of the reason.
    enum Pause: String, CaseIterable {
        case conversation = "active_conversation"
        case person = "human_support_requested"
        case refusal = "no_consent"
        case night = "quiet_hours"
        case cap = "frequency_cap"

        /// Whether somebody has to have written before.
        var needsMail: Bool { self == .conversation || self == .person }
    }

    /// An agency with somebody new, and somebody whom lifecycle management has just taken to another stage.
    private struct Story {
        let box: SandboxCaller
        var people: [JSON] = []

        var owner: Caller { box.owner }

        /// Returns the agents' messages to somebody.
        func marketing(_ lead: JSON) throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))").filter {
                $0.text("purpose") == "marketing" && $0["author"]?.text("type") == "agent"
            }
        }

        func conversation(_ lead: JSON) throws -> JSON {
            try #require(
                try owner.every("/v1/conversations?contact_id=\(lead.text("contact_id"))").first {
                    $0.text("channel") == "email"
                })
        }

        func settings(_ name: String, _ value: JSON) throws {
            try owner.patch("/v1/settings", .object([name: value])).ok()
        }

        func patchContacts(_ body: JSON) throws {
            for lead in people { try owner.patch("/v1/contacts/\(lead.text("contact_id"))", body).ok() }
        }
    }

    /// On the 5th of January at half past six, before anything is written.
    private func story(hearing: Bool) throws -> Story {
        var story = Story(box: try server.nurturing())
        let (box, owner) = (story.box, story.box.owner)
        try owner.patch("/v1/settings", ["time_zone": "UTC", "frequency_caps": []]).ok()
        try owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        try owner.patch("/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]).ok()
        try owner.post(
            "/v1/content-items",
            [
                "title": "Reports by the hour", "type": "company_news", "subject": "Reports",
                "body": "We now report by the hour.", "status": "published",
            ]
        ).ok(201)
        let old = try box.makeLead(2, knownFor: 0, ["known_since": "2026-01-04T00:00:00.000Z"])
        #expect(old.text("lifecycle_stage") == "nurturing")
        try box.advance("PT21H30M")
        story.people = [try box.makeLead(1), try owner.get("/v1/leads/\(old.id)").ok()]
        #expect(story.people.map { $0.text("lifecycle_stage") } == ["fresh", "dormant"])
        let moved = try owner.every("/v1/events?type=lead.lifecycle_changed")
        #expect(moved.map { $0["subject"]?.id } == [old.id])
        try story.patchContacts(["time_zone": "UTC"])
        if hearing { try hear(story) }
        try owner.patch("/v1/agents/lead_nurturing", ["state": "active", "autonomy": "autopilot"]).ok()
        for lead in story.people {
            let run = try owner.post(
                "/v1/agents/lead_nurturing/runs", ["parameters": ["lead_id": .string(lead.id)]])
            #expect([200, 202].contains(run.status))
        }
        try box.advance("PT1M")
        let keys = try story.people.map { try box.choice(of: $0)["outcome"]?.text("sequence") }
        #expect(keys == ["new_lead", "dormant_lead"])
        return story
    }

    private func hear(_ story: Story) throws {
        let postmark = try PostmarkStandIn()
        let door = try story.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        for (number, lead) in story.people.enumerated() {
            let mail = postmark.mail(
                "m\(number)", from: lead.text("email"), text: "Thank you, I have read it.")
            try server.deliver(mail, to: door).ok()
        }
        try story.box.advance("PT0S")
    }

    /// Lets content be planned for half past six of the next day, half an hour before the pause begins.
    private func plan(_ story: Story) throws {
        try story.box.advance("PT22H59M")
        let item = try story.owner.post(
            "/v1/content-items",
            [
                "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five ways.",
                "status": "approved",
            ]
        ).ok(201)
        try story.owner.post(
            "/v1/content-items/\(item.id)/distribute", ["at": "2027-01-06T06:30:00.000Z"]
        ).ok(202)
        try story.box.advance("PT30M")
        for lead in story.people {
            #expect(try story.marketing(lead).allSatisfy { $0.text("status") == "held" }, "nothing has left")
        }
    }

    private func begin(_ pause: Pause, _ story: Story) throws {
        switch pause {
        case .conversation: break
        case .person:
            for lead in story.people {
                let path = "/v1/conversations/\(try story.conversation(lead).id)"
                try story.owner.post("\(path)/handover", ["reason": "They asked for one."]).ok(202)
                try story.owner.post("\(path)/messages", ["text": "Here I am."]).ok(201)
                try story.owner.post("\(path)/close").ok()
            }
        case .refusal: try story.patchContacts(["do_not_contact": true])
        case .night: try story.settings("quiet_hours", ["from": "06:00", "to": "22:00"])
        case .cap:
            for lead in story.people {
                try story.owner.post(
                    "/v1/messages",
                    [
                        "contact_id": .string(lead.text("contact_id")), "subject": "Hello", "body": "A word.",
                        "purpose": "marketing",
                    ]
                ).ok(202)
            }
            try story.box.advance("PT1M")
            try story.settings("frequency_caps", [["purpose": "marketing", "max": 1, "per": "P7D"]])
        }
    }

    private func end(_ pause: Pause, _ story: Story) throws {
        switch pause {
        case .conversation, .person: break
        case .refusal: try story.patchContacts(["do_not_contact": false])
        case .night: try story.settings("quiet_hours", nil)
        case .cap: try story.settings("frequency_caps", [])
        }
        try story.box.advance("P2D")
    }

    @Test(arguments: Pause.allCases)
    func `nurturing, content and a new stage are held by the same reason, and let go again`(
        pause: Pause
    ) throws {
        let story = try story(hearing: pause.needsMail)
        try plan(story)
        try begin(pause, story)
        try story.box.advance("PT4H30M")
        let agents: Set = ["lead_nurturing", "content_distribution"]
        for lead in story.people {
            let path = "/v1/contacts/\(lead.text("contact_id"))/sendability?channel=email&purpose=marketing"
            let said = try story.owner.get(path).ok()["reasons"]?.array?.map { $0.text("code") }
            #expect(said == [pause.rawValue])
            let held = try story.marketing(lead)
            #expect(Set(held.compactMap { $0["author"]?.id }) == agents)
            for message in held {
                #expect(message.text("status") == "held", "\(message)")
                let codes = message["reasons"]?.array?.map { $0.text("code") }
                #expect(codes == [pause.rawValue], "\(message)")
            }
        }
        try end(pause, story)
        for lead in story.people {
            let sent = try story.marketing(lead).filter { $0.text("status") == "sent" }
            #expect(Set(sent.compactMap { $0["author"]?.id }) == agents)
            let causes = sent.map { [$0["cause"]?.id, $0.text("subject")] }
            #expect(Set(causes).count == causes.count, "late, and once")
        }
    }

    @Test(arguments: [
        ("unsubscribed", "unsubscribe", "unsubscribed"), ("in_sales_process", "deal_stage", "in_sequence"),
    ])
    func `who has unsubscribed, or is sold to, hears from none of them, and each says so`(
        code: String, exit: String, reason: String
    ) throws {
        let story = try story(hearing: false)
        for lead in story.people {
            if code == "unsubscribed" {
                try story.owner.post(
                    "/v1/suppressions",
                    ["channel": "email", "address": lead["email"] ?? .null, "reason": "unsubscribe"]
                ).ok(201)
            } else {
                try story.owner.post(
                    "/v1/deals",
                    [
                        "lead_id": .string(lead.id), "name": "Ads", "value": dollars(1),
                        "stage": "negotiation",
                    ]
                ).ok(201)
            }
        }
        let item = try story.owner.post(
            "/v1/content-items",
            [
                "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five ways.",
                "status": "approved",
            ]
        ).ok(201)
        let sent = try story.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        try story.box.advance("P10D")
        let distribution = try story.owner.get("/v1/distributions/\(sent.id)").ok()
        #expect(distribution["skipped"] == [["code": .string(code), "count": 2]])
        for lead in story.people {
            #expect(try story.marketing(lead).isEmpty)
            let path = "/v1/contacts/\(lead.text("contact_id"))/sendability?channel=email&purpose=marketing"
            let said = try story.owner.get(path).ok()["reasons"]?.array?.map { $0.text("code") }
            #expect(said?.contains(code) == true, "\(said ?? [])")
            #expect(try story.box.enrollment(of: lead)?.text("exit_reason") == exit)
            #expect(try story.box.choice(of: lead)["outcome"]?.text("reason") == reason)
        }
    }
}
