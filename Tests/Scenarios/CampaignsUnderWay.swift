import JSON
import Testing

/// A campaign that is under way with somebody is known before anything else is sent to them: what would come on top
/// waits, names the campaign, and goes by itself.
@Suite(.ownThread) struct CampaignsUnderWay {
    let server = BureauProcess.shared

    private func reasons(_ owner: Caller, _ lead: JSON, _ purpose: String = "marketing") throws -> [JSON] {
        let path = "/v1/contacts/\(lead.text("contact_id"))/sendability?channel=email&purpose=\(purpose)"
        return try owner.get(path).ok()["reasons"]?.array ?? []
    }

    private func subjects(_ owner: Caller, to lead: JSON, _ status: String = "sent") throws -> [String] {
        try owner.every(
            "/v1/messages?direction=outbound&status=\(status)&contact_id=\(lead.text("contact_id"))"
        ).sorted { ($0.text("sent_at"), $0.id) < ($1.text("sent_at"), $1.id) }.map { $0.text("subject") }
    }

    /// A marketing mail to one person, written by hand.
    private func write(_ owner: Caller, to lead: JSON, _ subject: String) throws {
        try owner.post(
            "/v1/messages",
            [
                "contact_id": .string(lead.text("contact_id")), "subject": .string(subject),
                "body": "A word.",
                "purpose": "marketing",
            ]
        ).ok(202)
    }

    private func campaign(_ owner: Caller, _ name: String) throws -> JSON {
        try owner.mailCampaign([
            "name": .string(name), "template_id": .string(try owner.mailTemplate(name).id),
        ])
    }

    @Test func `a touch that would come on top of a campaign waits, names it, and goes by itself`() throws {
        let box = try server.nurturing(), owner = box.owner
        let lead = try box.makeLead(1), other = try campaign(owner, "Spring offer")
        #expect(try reasons(owner, lead).isEmpty)
        try owner.mailCampaign(other, "schedule").ok()
        try box.advance("PT10M")
        #expect(try subjects(owner, to: lead) == ["Spring offer"])
        let found = try reasons(owner, lead)
        #expect(found.map { $0.text("code") } == ["campaign_under_way"])
        #expect(found[0].text("detail").contains("“Spring offer”"))
        #expect(found[0].text("until").hasPrefix("2027-01-07T09"), "three days after its mail")
        #expect(try reasons(owner, lead, "transactional").isEmpty)
        // The welcome of the first day is held by the campaign's name, and leaves late, once.
        try box.advance("P2D")
        let held = try owner.every("/v1/messages?status=held&contact_id=\(lead.text("contact_id"))")
        #expect(held.count == 1 && held[0]["cause"]?["type"] == "enrollment")
        #expect(held[0]["reasons"]?.array?.first?.text("detail").contains("“Spring offer”") == true)
        try box.advance("P2D")
        let left = try subjects(owner, to: lead)
        #expect(left.count == 2 && left[1].hasPrefix("Welcome"), "\(left)")
        #expect(try reasons(owner, lead).isEmpty)
    }

    @Test func `of two campaigns at once the first goes first, and the other some days later, once`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let leads = try (0..<5).map { try owner.post("/v1/leads", lead($0)).ok(201) }
        let (one, two) = (try campaign(owner, "One"), try campaign(owner, "Two"))
        try owner.mailCampaign(one, "schedule").ok()
        try box.advance("PT1M")
        try owner.mailCampaign(two, "schedule").ok()
        try box.advance("P2D")
        for lead in leads { #expect(try subjects(owner, to: lead) == ["One"]) }
        #expect(try owner.status(ofMailCampaign: two) == "sending")
        try box.advance("P2D")
        for lead in leads { #expect(try subjects(owner, to: lead) == ["One", "Two"]) }
        #expect(try owner.status(ofMailCampaign: two) == "sent")
        // An agency may set how many days lie between: none.
        #expect(
            try owner.patch("/v1/settings", ["sending": ["campaign_rest_days": 15]]).faults()
                == ["/sending/campaign_rest_days": "out_of_range"])
        try owner.patch("/v1/settings", ["sending": ["campaign_rest_days": 0]]).ok()
        #expect(try reasons(owner, leads[0]).isEmpty)
        try owner.mailCampaign(try campaign(owner, "Three"), "schedule").ok()
        try box.advance("PT1H")
        for lead in leads { #expect(try subjects(owner, to: lead) == ["One", "Two", "Three"]) }
    }

    @Test func `whoever is to get a campaign's mail later gets no other before, unless it is called off`()
        throws
    {
        let box = try server.mailSandbox(), owner = box.owner
        let person = try owner.post("/v1/leads", lead(1)).ok(201)
        try owner.patch("/v1/contacts/\(person.text("contact_id"))/preferences", ["hour": 20]).ok()
        let evening = try campaign(owner, "Evening news")
        try owner.mailCampaign(evening, "schedule").ok()
        try box.advance("PT5M")
        #expect(try owner.status(ofMailCampaign: evening) == "sending" && subjects(owner, to: person).isEmpty)
        try write(owner, to: person, "By hand")
        try box.advance("PT1M")
        #expect(try subjects(owner, to: person, "held") == ["By hand"])
        #expect(try reasons(owner, person).map { $0.text("code") } == ["campaign_under_way"])
        try owner.mailCampaign(evening, "cancel").ok()
        try box.advance("PT1M")
        #expect(try subjects(owner, to: person) == ["By hand"], "the campaign is over")
    }

    @Test func `what goes to many waits for a sequence that somebody has just heard from`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let template = try owner.mailTemplate("First step")
        let sequence = try owner.post(
            "/v1/sequences",
            [
                "name": "Outreach to shops",
                "steps": [
                    ["channel": "email", "delay": "PT1M", "template_id": .string(template.id)],
                    ["channel": "email", "delay": "P30D", "template_id": .string(template.id)],
                ],
            ]
        ).ok(201)
        let (busy, free) = (
            try owner.post("/v1/leads", lead(1, ["status": "qualified"])).ok(201),
            try owner.post("/v1/leads", lead(2)).ok(201)
        )
        try owner.post("/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(busy.id)]).ok(201)
        try box.advance("PT1H")
        #expect(try subjects(owner, to: busy) == ["First step"])
        try owner.mailCampaign(try campaign(owner, "News"), "schedule").ok()
        try box.advance("PT1H")
        #expect(try subjects(owner, to: free) == ["News"] && subjects(owner, to: busy) == ["First step"])
        let held = try owner.every("/v1/messages?status=held&contact_id=\(busy.text("contact_id"))")
        let reason = try #require(held.first?["reasons"]?.array?.first)
        #expect(reason.text("code") == "in_sequence" && reason.text("detail").contains("“Outreach to shops”"))
        try box.advance("P3D")
        #expect(try subjects(owner, to: busy) == ["First step", "News"])
    }
}
