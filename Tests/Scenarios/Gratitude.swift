import JSON
import Testing

/// Clients are thanked for what was reached, with its figures, at a good moment, and not too often.
@Suite(.ownThread) struct Gratitude {
    let server = BureauProcess.shared

    private func thanking(from start: String = "2027-01-05T10:00:00.000Z") throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: start)
        try box.readyToSend()
        try box.keepSchedules(of: "client_management")
        try box.owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        return box
    }

    private func client(_ box: SandboxCaller, _ name: String, tier: String = "growth") throws -> JSON {
        try box.owner.makeClient([
            "name": .string(name), "tier": .string(tier),
            "contact_email": .string("\(name.lowercased())@example.org"),
        ])
    }

    private func sent(_ box: SandboxCaller, _ client: JSON, _ topic: String) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound&client_id=\(client.id)&topic=\(topic)")
            .filter { $0.text("status") == "sent" }
    }

    private func day(_ box: SandboxCaller) throws -> String { try String(box.now().prefix(10)) }

    @Test func `a goal that is reached is told once, with the figure, its record and what comes next`() throws
    {
        let box = try thanking(), acme = try client(box, "Acme")
        func figure(_ value: Double) throws -> String {
            try box.owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(acme.id), "source": "crm", "metric": "enquiries",
                    "date": .string(try day(box)), "value": .number(value),
                ]
            ).ok(201).id
        }
        _ = try figure(40)
        for (target, name) in [(100, "Enquiries"), (500, "Five hundred")] {
            try box.owner.post(
                "/v1/goals",
                [
                    "client_id": .string(acme.id), "metric": "crm.enquiries", "target": JSON(target),
                    "name": .string(name), "by": "2040-06-30",
                ]
            ).ok(201)
        }
        try box.advance("P35D")
        let record = try figure(113)
        try box.advance("P2D")
        let told = try sent(box, acme, "goal_reached")
        #expect(told.count == 1)
        let message = try #require(told.first)
        for part in ["113", "40", "To build on this, here is your next goal: Five hundred", "500 is the aim"]
        {
            #expect(message.text("text").contains(part), "\(message)")
        }
        #expect(message["sources"]?.array?.contains { $0.id == record } == true)
        #expect(message.text("purpose") == "marketing")
        let packages = try box.owner.every("/v1/packages").map { $0.text("name") }
        let isForSale = packages.contains { message.text("text").contains($0) }
        #expect(!packages.isEmpty && !isForSale, "it is about the client, and sells nothing")
        try box.advance("P1D")
        _ = try figure(120)
        try box.advance("P5D")
        #expect(try sent(box, acme, "goal_reached").count == 1)
        #expect(try box.owner.told("goal.reached").count == 1)
    }

    @Test func `a campaign's target is told once, and a campaign that is over thanked for once`() throws {
        let box = try thanking(), acme = try client(box, "Acme"), owner = box.owner
        func figure(_ metric: String, _ value: Int, of campaign: JSON) throws -> String {
            try owner.post(
                "/v1/metrics",
                [
                    "source": "google_ads", "metric": .string(metric), "date": .string(try day(box)),
                    "value": JSON(value), "campaign_id": .string(campaign.id),
                ]
            ).ok(201).id
        }
        let spring = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "sales", "client_id": .string(acme.id),
                "kpis": [
                    ["metric": "google_ads.conversions", "target": 50],
                    ["metric": "google_ads.sessions", "target": 900],
                ],
            ]
        ).ok(201)
        try owner.post("/v1/campaigns/\(spring.id)/activate").ok()
        _ = try figure("conversions", 49, of: spring)
        try box.advance("P35D")
        #expect(try sent(box, acme, "campaign_target").isEmpty, "it is not reached yet")
        let record = try figure("conversions", 8, of: spring)
        try box.advance("P2D")
        let told = try sent(box, acme, "campaign_target")
        #expect(told.map { $0.text("subject") } == ["Target reached: Conversions"])
        for part in ["Spring", "57", "50", "Google Ads"] {
            #expect(told.first?.text("text").contains(part) == true, "\(part)")
        }
        #expect(told.first?["sources"]?.array?.contains { $0.id == record } == true)
        _ = try figure("sessions", 1000, of: spring)
        try owner.post("/v1/campaigns/\(spring.id)/complete").ok()
        try box.advance("P20D")
        #expect(try sent(box, acme, "campaign_thanks").isEmpty, "thirty days of rest")
        try box.advance("P14D")
        let thanks = try sent(box, acme, "campaign_thanks")
        #expect(thanks.map { $0.text("subject") } == ["Spring is complete"])
        let text = thanks.first?.text("text") ?? ""
        #expect(text.contains("Sessions 1,000, where 900 was the aim (Google Ads)"), "\(text)")
        #expect(!text.contains("Conversions"), "that was told")
        let packages = try owner.every("/v1/packages").map { $0.text("name") }
        for text in (told + thanks).map({ $0.text("text") }) {
            #expect(text.contains("To build on this, a next goal may be worth setting"), "\(text)")
            #expect(!packages.isEmpty && !packages.contains { text.contains($0) }, "it sells nothing")
        }
        try box.advance("P60D")
        #expect(try sent(box, acme, "campaign_thanks").count == 1)
        #expect(try sent(box, acme, "campaign_target").count == 1)
    }

    @Test func `an anniversary waits for a good moment, a fortnight at most, and nobody is told twice`()
        throws
    {
        let box = try thanking()
        let names = ["Calm", "Urgent", "Pressing", "Cross", "Low", "Debtor"]
        let clients = try names.map { try client(box, $0) }
        try box.advance("P360D")
        func ticket(_ client: JSON, _ more: JSONObject) throws -> String {
            var fields = more
            fields["client_id"] = .string(client.id)
            return try box.owner.ticket("It is broken", "An error.", fields).id
        }
        func resolve(_ ticket: String) throws {
            try box.owner.post("/v1/tickets/\(ticket)/resolve", ["resolution": "Works."]).ok()
        }
        // Each bad moment: two urgent tickets, a complaint, a low score and an overdue invoice.
        let urgent = try clients[1...2].map { try ticket($0, ["priority": "urgent"]) }
        try resolve(ticket(clients[3], ["priority": "normal", "category": "complaint"]))
        let survey = try box.owner.post(
            "/v1/surveys", ["name": "Help", "kind": "csat", "question": "How is it?"]
        ).ok(201)
        try box.owner.post(
            "/v1/survey-responses",
            ["survey_id": .string(survey.id), "client_id": .string(clients[4].id), "score": 2]
        ).ok(201)
        let invoice = try box.owner.invoice(clients[5], [item(10_000)], ["due_on": "2028-01-01"])
        try box.advance("P8D")
        func counts() throws -> [Int] { try clients.map { try sent(box, $0, "client_anniversary").count } }
        #expect(try counts() == [1, 0, 0, 0, 0, 0])
        try resolve(urgent[0])
        try box.advance("P3D")
        #expect(try counts() == [1, 1, 0, 0, 0, 0])
        // A complaint and a score are over after a fortnight; a ticket and an invoice when somebody acts.
        try box.advance("P20D")
        #expect(try counts() == [1, 1, 0, 1, 1, 0])
        try resolve(urgent[1])
        try box.owner.pay(invoice, 10_000).ok(201)
        try box.advance("P5D")
        #expect(try counts() == [1, 1, 0, 1, 1, 0], "after a fortnight it comes never")
    }

    @Test func `a project that is done is thanked for after thirty days of rest, and one that was is not`()
        throws
    {
        let box = try thanking(from: "2026-12-27T10:00:00.000Z"), acme = try client(box, "Acme")
        let old = try box.owner.post(
            "/v1/projects", ["client_id": .string(acme.id), "name": "Old", "status": "completed"]
        ).ok(201)
        #expect(old["completed_at"] == .null)
        let project = try box.owner.project(acme, ["name": "Site"])
        try box.advance("P3D")
        try box.owner.patch("/v1/projects/\(project.id)", ["status": "completed"]).ok()
        try box.advance("P10D")
        #expect(try sent(box, acme, "project_completed").isEmpty, "the welcome was less than 30 days ago")
        try box.advance("P20D")
        let told = try sent(box, acme, "project_completed")
        #expect(told.map { $0.text("subject") } == ["Site is done"])
        let text = try #require(told.first?.text("text"))
        #expect(text.contains("With this, 2 goals and projects of yours are done in all."))
        #expect(text.contains("Our work together is young"))
        #expect(text.contains("To build on this, a next goal may be worth setting"), "none is recorded")
        try box.advance("P40D")
        #expect(try sent(box, acme, "project_completed").count == 1)
        // A year that was full in December, within the rest after another thanks, is told of in January.
        let shop = try box.owner.project(acme, ["name": "Shop"])
        try box.advance("P267D")
        try box.owner.patch("/v1/projects/\(shop.id)", ["status": "completed"]).ok()
        try box.advance("P29D")
        #expect(try day(box) == "2027-12-31" && sent(box, acme, "project_completed").count == 2)
        #expect(try sent(box, acme, "client_anniversary").isEmpty)
        try box.advance("P4D")
        #expect(try sent(box, acme, "client_anniversary").first?.text("text").contains("for a year") == true)
    }

    @Test
    func `thanks are worded by the length of the relationship: a first year, some years, five and more`()
        throws
    {
        let box = try thanking(), acme = try client(box, "Acme")
        let (large, small) = (
            try client(box, "Large", tier: "enterprise"), try client(box, "Small", tier: "starter")
        )
        func newest(_ client: JSON? = nil) throws -> String {
            try sent(box, client ?? acme, "client_anniversary").max { $0.id < $1.id }?.text("text") ?? ""
        }
        try box.advance("P368D")
        #expect(try newest().contains("If you want to go further"), "the closing is that of the tier")
        #expect(try newest(large).contains("When would it suit you to look ahead together?"))
        #expect(try !newest(large).contains("If you want to go further"))
        #expect(try newest(small).contains("We are glad to go on from here with you."))
        #expect(try newest().contains("for a year now") && newest().contains("Our work together is young"))
        try box.advance("P366D")
        #expect(try newest().contains("for 2 years now"))
        #expect(try newest().contains("Thank you for the years in which you have stayed with us."))
        #expect(try !newest().contains("Our work together is young"))
        for year in ["P365D", "P365D", "P366D"] { try box.advance(year) }
        #expect(try newest().contains("for 5 years now") && newest().contains("After so many years"))
        #expect(try sent(box, acme, "client_anniversary").count == 5)
    }

    @Test func `an agency thanks in words of its own, with the figures of the records`() throws {
        let box = try thanking(), acme = try client(box, "Acme"), owner = box.owner
        let body =
            "Dear friends, {{ thanks.text }}{% if thanks.topic == \"project_completed\" %} Cheers!{% endif %}"
        let template: JSON = [
            "name": "Thanks", "kind": "gratitude", "subject": "Hooray: {{ thanks.subject }}",
            "body": .string(body),
        ]
        // The template has to name the result that was reached.
        let empty = template.merging(["body": "Thank you. {{ thanks.closing }}"])
        #expect(try owner.post("/v1/templates", empty).faults() == ["/body": "required"])
        let own = try owner.post("/v1/templates", template).ok(201)
        let project = try owner.project(acme, ["name": "Site *2*"])
        try box.advance("P3D")
        try owner.patch("/v1/projects/\(project.id)", ["status": "completed"]).ok()
        try box.advance("P30D")
        let told = try #require(try sent(box, acme, "project_completed").first)
        #expect(told.text("subject") == "Hooray: Site *2* is done" && told.text("template_id") == own.id)
        let text = told.text("text")
        #expect(text.contains("Dear friends, Site *2* is done") && text.contains("Cheers!"), "\(text)")
        #expect(!text.contains("Our work together") && !text.contains("glad to go on"))
        #expect(told["sources"]?.array?.map(\.id) == [project.id])
    }

    @Test func `thanks and the welcome go by the channel that the client asked for at its onboarding`() throws
    {
        let box = try thanking(), owner = box.owner
        let ann = try owner.post(
            "/v1/contacts", ["name": "Ann", "email": "ann@acme.example", "phone": "+15550000002"]
        ).ok(201)
        let acme = try owner.makeClient(["name": "Acme", "contact_id": .string(ann.id)])
        let begun = try #require(try owner.every("/v1/onboardings?client_id=\(acme.id)").first)
        try owner.post(
            "/v1/onboardings/\(begun.id)/steps/preferences/complete", ["answers": ["channel": "sms"]]
        ).ok()
        let project = try owner.project(acme, ["name": "Site"])
        try box.advance("P6D")
        let welcome = try #require(try sent(box, acme, "welcome_series").first)
        #expect(welcome.text("channel") == "sms" && welcome.text("recipient") == "+15550000002")
        try owner.patch("/v1/projects/\(project.id)", ["status": "completed"]).ok()
        // To advertise by text message takes a consent: until then thanks would go by mail.
        try owner.post(
            "/v1/consents",
            [
                "contact_id": .string(ann.id), "channel": "sms", "source": "call", "lawful_basis": "consent",
            ]
        ).ok(201)
        try box.advance("P27D")
        let told = try sent(box, acme, "project_completed")
        #expect(told.map { $0.text("channel") } == ["sms"])
        #expect(told.first?.text("text").contains("Site is done") == true)
        try owner.patch("/v1/contacts/\(ann.id)/preferences", ["channel": "email"]).ok()
        try box.advance("P335D")
        #expect(try sent(box, acme, "client_anniversary").map { $0.text("channel") } == ["email"])
    }

    @Test func `a deadline that is near is told with what waits for the client, and what comes after it`()
        throws
    {
        let box = try thanking(), (acme, beta) = (try client(box, "Acme"), try client(box, "Beta"))
        func begun(_ client: JSON) throws -> JSON {
            try #require(try box.owner.every("/v1/onboardings?client_id=\(client.id)").first)
        }
        let path = try "/v1/onboardings/\(begun(beta).id)/steps"
        for key in ["account_setup", "preferences", "success_metrics", "requirements"] {
            try box.owner.post("\(path)/\(key)/skip", ["reason": "By mail."]).ok()
        }
        try box.advance("P31D")
        let soon = try box.owner.get("/v1/sandboxes/\(box.id)/clock").ok().text("now").prefix(8) + "28"
        let project = try box.owner.project(
            acme,
            [
                "name": "Site", "due_on": "2027-03-04",
                "milestones": [
                    ["name": "Launch", "due_on": .string(String(soon))],
                    ["name": "Training", "due_on": "2027-03-12"], ["name": "Review", "due_on": "2027-05-20"],
                ],
            ])
        let shop = try box.owner.project(beta, ["name": "Shop", "due_on": .string(String(soon))])
        let draft = try box.owner.deliverable(project, ["name": "Draft"])
        for step in ["submit", "review"] {
            _ = try box.owner.step(draft, step, step == "review" ? ["passed": true] : nil)
        }
        try box.advance("P27D")
        let told = try sent(box, acme, "upcoming_milestone")
        #expect(told.count == 1)
        let step = try begun(acme)["steps"]?.array?.first { $0["key"] == "account_setup" }?.text("title")
        let parts = ["Launch", "Draft", try #require(step), "What comes next: Site is to be done by"]
        for part in parts { #expect(told.first?.text("text").contains(part) == true, "\(part)") }
        #expect(told.first?["sources"]?.array?.contains { $0.id == project.id } == true)
        // The client is left alone for thirty days now: what falls into them is told along, and nothing beyond.
        #expect(told.first?.text("text").contains("; Training in Site, on") == true, "\(told)")
        #expect(told.first?.text("text").contains("Review") == false)
        let other = try sent(box, beta, "upcoming_milestone")
        #expect(other.map { $0.text("subject") } == ["Soon: Shop"])
        for part in ["Shop is to be done soon", "There is nothing for you to prepare."] {
            #expect(other.first?.text("text").contains(part) == true, "\(part)")
        }
        #expect(other.first?["sources"]?.array?.map(\.id) == [shop.id])
    }

    @Test func `thanks name the deadlines of the days in which the client is left alone after them`() throws {
        let box = try thanking(), acme = try client(box, "Acme"), owner = box.owner
        try owner.post(
            "/v1/goals",
            [
                "client_id": .string(acme.id), "metric": "crm.enquiries", "target": 500,
                "name": "Five hundred", "by": "2040-06-30",
            ]
        ).ok(201)
        let project = try owner.project(acme, ["name": "Site"])
        let shop = try owner.project(
            acme,
            [
                "name": "Shop", "due_on": "2027-06-30",
                "milestones": [["name": "Launch", "due_on": "2027-02-25"]],
            ])
        try box.advance("P3D")
        try owner.patch("/v1/projects/\(project.id)", ["status": "completed"]).ok()
        try box.advance("P30D")
        let told = try #require(try sent(box, acme, "project_completed").first)
        for part in ["your next goal: Five hundred", "What comes next: Launch in Shop, on"] {
            #expect(told.text("text").contains(part), "\(told)")
        }
        #expect(!told.text("text").contains("Shop is to be done"), "that is told in its time")
        #expect(told["sources"]?.array?.contains { $0.id == shop.id } == true)
        #expect(try sent(box, acme, "upcoming_milestone").isEmpty)
    }

    @Test func `whom to thank for what is a decision that replays, and so is to leave them alone`() throws {
        let box = try thanking(), acme = try client(box, "Acme")
        let project = try box.owner.project(acme, ["name": "Site"])
        try box.advance("P3D")
        try box.owner.patch("/v1/projects/\(project.id)", ["status": "completed"]).ok()
        let contact = try box.owner.get("/v1/clients/\(acme.id)").ok().text("contact_id")
        func choices() throws -> [JSON] {
            try box.owner.every("/v1/decisions?agent=client_management&subject_id=\(contact)")
                .sorted { $0.text("created_at") < $1.text("created_at") }
        }
        try box.advance("P10D")
        #expect(try choices().map { $0["outcome"]?["reason"] } == ["recently_thanked"], "once, not every day")
        try box.advance("P20D")
        let both = try choices()
        #expect(both.map { $0["outcome"]?["topic"] } == [.null, "project_completed"])
        #expect(both.last?["outcome"]?["key"] == .string("project_completed/\(project.id)"))
        let told = try #require(try sent(box, acme, "project_completed").first)
        #expect(told.text("decision_id") == both.last?.id)
        for choice in both {
            #expect(try box.owner.post("/v1/decisions/\(choice.id)/replay").ok()["same"] == true)
        }
        // The health of the client goes on being judged by its own decisions, of which this is none.
        let health = try box.owner.every("/v1/decisions?agent=client_management&subject_id=\(acme.id)")
        #expect(!health.isEmpty && health.allSatisfy { $0["outcome"]?["health"] != nil })
        #expect(try box.owner.get("/v1/clients/\(acme.id)").ok()["health"] != .null)
    }
}
