import JSON
import Testing

@Suite(.ownThread) struct TicketPromises {
    let server = BureauProcess.shared

    private func told(_ box: SandboxCaller, _ type: String) throws -> [String] {
        try box.owner.every("/v1/events").filter { $0.text("type") == type }
            .compactMap { $0["subject"]?.text("id") }
    }

    /// A sandbox in which nothing but promises happens.
    private func quietBox(startAt: String = "2027-01-05T10:00:00.000Z") throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: startAt)
        try box.quieten()
        return box
    }

    private func policy(_ box: SandboxCaller, _ fields: JSONObject) throws {
        var body: JSONObject = ["name": "p", "first_response": "PT1H", "resolution": "PT8H"]
        for (key, value) in fields.members { body[key] = value }
        try box.owner.post("/v1/sla-policies", .object(body)).ok(201)
    }

    @Test func `what is late is warned of, breached and escalated once, and an answer stops the first clock`()
        throws
    {
        let box = try quietBox()
        try policy(box, ["priority": "urgent"])
        let late = try box.owner.ticket("a", "b", ["priority": "urgent"])
        let answered = try box.owner.ticket("c", "d", ["priority": "urgent"])
        let sla = try #require(late["sla"])
        #expect(sla.text("first_response_due_at") == "2027-01-05T11:00:00.000Z")
        #expect(sla.text("resolution_due_at") == "2027-01-05T18:00:00.000Z" && sla["breached"] == false)
        #expect(late.text("next_due_at") == "2027-01-05T11:00:00.000Z")
        try box.owner.post("/v1/tickets/\(answered.id)/messages", ["text": "Not this.", "internal": true]).ok(
            201)
        try box.owner.post("/v1/tickets/\(answered.id)/messages", ["text": "On it."]).ok(201)
        try box.advance("PT47M59S")
        #expect(try told(box, "ticket.sla_warned").isEmpty)
        try box.advance("PT1S")
        #expect(try told(box, "ticket.sla_warned") == [late.id])
        #expect(try told(box, "ticket.sla_breached").isEmpty)
        try box.advance("PT12M1S")
        let now = try box.owner.get("/v1/tickets/\(late.id)").ok()
        #expect(now["sla"]?["breached"] == true && now["escalation"]?["level"] == 1)
        #expect(try box.owner.get("/v1/tickets/\(answered.id)").ok()["sla"]?["breached"] == false)
        #expect(
            try told(box, "ticket.sla_breached") == [late.id] && told(box, "ticket.escalated") == [late.id])
        // The second clock of both.
        try box.owner.post("/v1/tickets/\(answered.id)/resolve", ["resolution": "Done."]).ok()
        try box.advance("PT8H")
        #expect(try told(box, "ticket.sla_breached") == [late.id, late.id])
        try box.advance("P7D")
        #expect(try told(box, "ticket.sla_breached").count == 2 && told(box, "ticket.sla_warned").count == 2)
        let figures = try box.owner.get("/v1/ticket-figures").ok()
        #expect(figures["sla_breached"] == ["first_response": 1, "resolution": 1])
        #expect(figures["sla_met"] == ["first_response": 1, "resolution": 1])
    }

    @Test func `whoever has a ticket is reminded before its deadline, at four fifths of the time`() throws {
        let box = try server.quietAgency().sandbox("live")
        let person = try #require(try box.owner.every("/v1/users").first)
        try policy(box, [:])
        let ticket = try box.owner.ticket("a", "b", ["assignee_id": .string(person.id)])
        func reminders() throws -> [String] {
            try box.owner.every("/v1/notifications").filter { $0.text("kind") == "ticket_due" }
                .map { $0.text("title") }
        }
        try box.advance("PT47M59S")
        #expect(try reminders().isEmpty)
        try box.advance("PT1S")
        #expect(try reminders() == ["The first response to ticket \(ticket["number"]?.int ?? 0) is due soon"])
        #expect(try told(box, "ticket.sla_breached").isEmpty, "the deadline is still ahead")
    }

    @Test func `an escalation goes to the lead of the team that its policy names, who is notified`() throws {
        let box = try server.quietAgency().sandbox("live")
        let person = try #require(try box.owner.every("/v1/users").first), lead = JSON.string(person.id)
        let heads = try box.owner.post(
            "/v1/teams",
            ["name": "Heads", "lead_id": lead, "categories": ["none"], "members": [["user_id": lead]]]
        ).ok(201)
        try policy(box, ["escalates_to": .string(heads.id)])
        let ticket = try box.owner.ticket("a", "b", ["category": "y"])
        try box.advance("PT1H")
        let late = try box.owner.get("/v1/tickets/\(ticket.id)").ok()
        #expect(late.text("team_id") == heads.id && late.text("assignee_id") == person.id)
        let titles = try box.owner.every("/v1/notifications").filter {
            $0.text("kind") == "ticket_escalated"
        }.map { $0.text("title") }
        #expect(titles == ["Ticket \(ticket["number"]?.int ?? 0) was escalated"])
    }

    @Test func `nights, weekends and the time in which a client is waited for do not count`() throws {
        let box = try quietBox(startAt: "2027-01-08T16:00:00.000Z")
        try box.owner.patch(
            "/v1/settings", ["business_hours": ["days": [1, 2, 3, 4, 5], "from": "09:00", "to": "17:00"]]
        ).ok()
        try policy(
            box, ["priority": "high", "first_response": "PT2H", "resolution": "PT4H", "hours": "business"])
        let ticket = try box.owner.ticket("a", "b", ["priority": "high"]), path = "/v1/tickets/\(ticket.id)"
        #expect(ticket["sla"]?.text("first_response_due_at") == "2027-01-11T10:00:00.000Z")
        #expect(ticket["sla"]?.text("resolution_due_at") == "2027-01-11T12:00:00.000Z")
        let waiting = try box.owner.patch(path, ["status": "waiting_on_client"]).ok()
        #expect(waiting["next_due_at"] == .null)
        try box.advance("P3D")
        #expect(try told(box, "ticket.sla_breached").isEmpty && told(box, "ticket.sla_warned").isEmpty)
        let open = try box.owner.patch(path, ["status": "open"]).ok()
        // One hour of Friday and seven of Monday have passed meanwhile.
        #expect(open["sla"]?.text("first_response_due_at") == "2027-01-12T10:00:00.000Z")
        #expect(open["sla"]?.text("resolution_due_at") == "2027-01-12T12:00:00.000Z")
        try box.advance("P1D")
        #expect(try told(box, "ticket.sla_breached") == [ticket.id, ticket.id])
    }

    @Test func `business hours follow the agency's clocks, also where these are put forward`() throws {
        let box = try quietBox(startAt: "2027-03-26T15:30:00.000Z")
        try box.owner.patch(
            "/v1/settings",
            [
                "time_zone": "Europe/Berlin",
                "business_hours": ["days": [1, 2, 3, 4, 5], "from": "09:00", "to": "17:00"],
            ]
        ).ok()
        try policy(box, ["first_response": "PT1H", "hours": "business"])
        // Friday, 16:30 in Berlin; on Monday, 9:30 there is an hour earlier by UTC than it was.
        let ticket = try box.owner.ticket("a", "b")
        #expect(ticket["sla"]?.text("first_response_due_at") == "2027-03-29T07:30:00.000Z")
    }

    @Test func `what a client of the highest tier asks is due sooner at each priority, and stands first`()
        throws
    {
        let owner = try server.quietAgency().owner
        func client(_ tier: String) throws -> JSON {
            .string(try owner.post("/v1/clients", ["name": .string(tier), "tier": .string(tier)]).ok(201).id)
        }
        let (growth, enterprise) = (try client("growth"), try client("enterprise"))
        for priority in ["urgent", "high", "normal", "low"] {
            func ask(_ client: JSON) throws -> JSON {
                try owner.ticket("Report", "Please.", ["priority": .string(priority), "client_id": client])
            }
            let (other, theirs) = (try ask(growth), try ask(enterprise))
            for due in ["first_response_due_at", "resolution_due_at"] {
                #expect(theirs["sla"]?.text(due) ?? "" < other["sla"]?.text(due) ?? "", "\(priority) \(due)")
            }
            // Theirs came later.
            let open = "/v1/tickets?priority=\(priority)&sort=next_due_at"
            #expect(try owner.get(open).ok()["data"]?.array?.map(\.id) == [theirs.id, other.id])
        }
    }

    @Test func `the most exact policy applies, also after the priority has changed`() throws {
        let box = try quietBox()
        try policy(box, ["first_response": "PT20H", "resolution": "P9D"])
        try policy(box, ["priority": "high", "first_response": "PT5H"])
        try policy(box, ["tier": "enterprise", "first_response": "PT4H"])
        try policy(box, ["priority": "high", "tier": "enterprise", "first_response": "PT2H"])
        try policy(box, ["kind": "billing", "first_response": "PT10H"])
        let client = try box.owner.post("/v1/clients", ["name": "Acme", "tier": "enterprise"]).ok(201)
        func due(_ more: JSONObject) throws -> String {
            try box.owner.ticket("a", "b", more)["sla"]?.text("first_response_due_at") ?? ""
        }
        let acme = JSON.string(client.id)
        #expect(try due(["priority": "low", "category": "x"]) == "2027-01-06T06:00:00.000Z")
        #expect(try due(["priority": "low", "category": "billing"]) == "2027-01-05T20:00:00.000Z")
        #expect(try due(["priority": "high", "category": "x"]) == "2027-01-05T15:00:00.000Z")
        #expect(try due(["priority": "low", "client_id": acme]) == "2027-01-05T14:00:00.000Z")
        #expect(try due(["priority": "high", "client_id": acme]) == "2027-01-05T12:00:00.000Z")
        let ticket = try box.owner.ticket("a", "b", ["priority": "low", "category": "x"])
        let raised = try box.owner.patch("/v1/tickets/\(ticket.id)", ["priority": "high"]).ok()
        #expect(raised["sla"]?.text("first_response_due_at") == "2027-01-05T15:00:00.000Z")
        try box.advance("PT5H1S")
        #expect(try box.owner.get("/v1/tickets/\(ticket.id)").ok()["sla"]?["breached"] == true)
    }

    @Test func `what is late goes to the team that its policy names, and to whoever leads it`() throws {
        let agency = try server.quietAgency(), box = try agency.sandbox("live")
        let user = try #require(try box.owner.every("/v1/users").first)
        let team = try box.owner.post(
            "/v1/teams", ["name": "Lead", "lead_id": .string(user.id), "categories": ["x"]]
        )
        .ok(201)
        try policy(box, ["escalates_to": .string(team.id)])
        let ticket = try box.owner.ticket("a", "b", ["category": "y"])
        #expect(ticket["assignee_id"] == .null)
        try box.advance("PT1H")
        let late = try box.owner.get("/v1/tickets/\(ticket.id)").ok()
        #expect(late.text("team_id") == team.id && late.text("assignee_id") == user.id)
        #expect(late["escalation"]?.text("reason") == "sla_breached: first_response")
    }

    @Test func `a policy has durations that can be kept, and without one nothing is promised`() throws {
        let owner = try server.quietAgency().owner
        #expect(
            try owner.post("/v1/sla-policies", ["name": "p", "first_response": "soon", "resolution": "PT0S"])
                .faults() == ["/first_response": "invalid_duration", "/resolution": "invalid_duration"])
        for policy in try owner.every("/v1/sla-policies") {
            #expect(policy["standard"] == true)
            try owner.patch("/v1/sla-policies/\(policy.id)", ["status": "off"]).ok()
        }
        let sla = try owner.ticket("a", "b")["sla"]
        #expect(sla?["first_response_due_at"] == .null && sla?["breached"] == false)
    }

    @Test func `a new agency promises by priority, until it has a policy of its own`() throws {
        let box = try quietBox()
        let urgent = try box.owner.ticket("a", "b", ["priority": "urgent"])
        #expect(urgent["sla"]?.text("first_response_due_at") == "2027-01-05T11:00:00.000Z")
        try policy(box, ["first_response": "PT20H", "resolution": "P9D"])
        let other = try box.owner.ticket("a", "b", ["priority": "urgent"])
        #expect(other["sla"]?.text("first_response_due_at") == "2027-01-06T06:00:00.000Z")
        let standard = try #require(
            try box.owner.every("/v1/sla-policies").first { $0.text("name") == "Urgent" })
        let own = try box.owner.patch("/v1/sla-policies/\(standard.id)", ["first_response": "PT3H"]).ok()
        #expect(own["standard"] == false)
        let third = try box.owner.ticket("a", "b", ["priority": "urgent"])
        #expect(third["sla"]?.text("first_response_due_at") == "2027-01-05T13:00:00.000Z")
    }

    @Test func `holidays do not count`() throws {
        let box = try quietBox(startAt: "2027-05-05T16:00:00.000Z")
        let hours: JSON = ["days": [1, 2, 3, 4, 5], "from": "09:00", "to": "17:00"]
        try box.owner.patch(
            "/v1/settings", ["business_hours": hours.merging(["holidays": ["2027-05-06", "05-07"]])]
        ).ok()
        #expect(
            try box.owner.patch(
                "/v1/settings", ["business_hours": hours.merging(["holidays": ["2027-02-30"]])]
            ).faults() == ["/business_hours/holidays/0": "invalid_date"])
        try policy(box, ["first_response": "PT2H", "hours": "business"])
        let ticket = try box.owner.ticket("a", "b")
        #expect(ticket["sla"]?.text("first_response_due_at") == "2027-05-10T10:00:00.000Z")
    }

    @Test func `who has what was taken further is reminded, and it goes on along its path`() throws {
        let agency = try server.quietAgency(), box = try agency.sandbox("live")
        let team = try box.owner.post("/v1/teams", ["name": "Heads", "categories": ["x"]]).ok(201)
        #expect(
            try box.owner.post(
                "/v1/sla-policies",
                [
                    "name": "p", "first_response": "PT1H", "resolution": "P9D",
                    "escalation_path": ["team_00000000000000000000000000"],
                ]
            ).faults() == ["/escalation_path/0": "unknown_reference"])
        try policy(
            box,
            ["resolution": "P9D", "remind_every": "PT2H", "escalation_path": [.string(team.id)]])
        let ticket = try box.owner.ticket("a", "b", ["category": "y"]), path = "/v1/tickets/\(ticket.id)"
        try box.advance("PT1H")
        #expect(try box.owner.get(path).ok()["escalation"]?["level"] == 1)
        try box.advance("PT2H")
        let further = try box.owner.get(path).ok()
        #expect(further["escalation"]?["level"] == 2 && further.text("team_id") == team.id)
        #expect(try told(box, "ticket.escalated").count == 2)
        #expect(try told(box, "ticket.escalation_reminded").count == 1)
        try box.advance("PT2H")
        #expect(try told(box, "ticket.escalation_reminded").count == 2)
        #expect(try told(box, "ticket.escalated").count == 2, "the path has ended")
        try box.owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
        try box.advance("P1D")
        #expect(try told(box, "ticket.escalation_reminded").count == 2)
    }
}
