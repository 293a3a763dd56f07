import JSON
import StandIns
import Testing

/// The content calendar: slots by rules, filled from what is approved, told of where nothing fills them, and read by
/// calendar programs.
@Suite(.ownThread) struct ContentCalendar {
    let server = BureauProcess.shared
    private static let start = "2027-01-04T09:00:00.000Z"

    private func box() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: Self.start)
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        return box
    }

    private func slots(
        _ owner: Caller, _ first: String = "2027-01-01", _ last: String = "2027-12-31"
    ) throws -> [JSON] {
        try owner.get("/v1/content-calendar?from=\(first)&to=\(last)").ok()["entries"]?.array ?? []
    }

    private func item(_ box: SandboxCaller, _ type: String, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "title": .string("About \(type)"), "type": .string(type), "subject": .string("About \(type)"),
            "body": "Words.", "status": "approved",
        ]
        for (name, value) in more.members { body[name] = value }
        return try box.owner.post("/v1/content-items", .object(body)).ok(201)
    }

    /// Content that speaks for a client fills no slot of the agency's, and goes to nobody unless that is
    /// said.
    private func clientsItem(_ box: SandboxCaller, _ type: String) throws -> JSON {
        try item(box, type, ["client_id": .string(box.owner.makeClient().id)])
    }

    @Test func `weekdays are for the fresh, weeks of the month for all, with quarters and named months`()
        throws
    {
        let slots = try slots(try server.quietAgency().owner)
        func of(_ scope: String) -> [JSON] { slots.filter { $0.text("scope") == scope } }
        func told(_ scope: String) -> [String] {
            of(scope).map { "\($0.text("date")) \($0.text("type")) \($0.text("theme"))" }
        }
        #expect(of("weekly").count == 157)
        #expect(of("weekly").allSatisfy { $0["audience"] == "fresh" })
        // The year begins on a Friday.
        let week = ["product_launch", "educational", "case_study"]
        let weekly = of("weekly").enumerated()
        #expect(weekly.allSatisfy { place, slot in slot.text("type") == week[place % 3] })
        #expect(
            Array(told("weekly").prefix(3)) == [
                "2027-01-01 product_launch Product updates", "2027-01-04 educational Educational tips",
                "2027-01-06 case_study Case studies",
            ])
        #expect(
            told("monthly").filter { $0.hasPrefix("2027-03") } == [
                "2027-03-01 company_news Company news",
                "2027-03-08 industry_insights Industry insights and trends",
                "2027-03-15 case_study Customer success stories", "2027-03-22 educational Educational tips",
                "2027-03-29 educational Educational tips",
            ])
        #expect(of("monthly").allSatisfy { $0["audience"] == "all" })
        let months = Dictionary(grouping: of("monthly")) { $0.text("date").prefix(7) }
        #expect(months.count == 12)
        for (month, weeks) in months {
            let fifth = month.hasSuffix("-02") ? [] : ["educational"]
            let types = ["company_news", "industry_insights", "case_study", "educational"] + fifth
            #expect(weeks.map { $0.text("type") } == types, "\(month)")
        }
        #expect(
            told("seasonal") == [
                "2027-01-05 educational New Year business planning",
                "2027-04-06 educational Spring growth strategies",
                "2027-07-06 educational Summer efficiency optimisation",
                "2027-10-05 educational Holiday-season automation",
            ])
        #expect(
            told("campaign") == [
                "2027-01-07 product_launch New Year, New Automation Goals",
                "2027-03-04 product_launch Spring Cleaning Your Business Processes",
                "2027-07-01 product_launch Summer Efficiency – Automate While You Vacation",
                "2027-11-04 product_launch Black Friday Special – Automation Deals",
            ])
        #expect(slots.allSatisfy { $0["status"] == "empty" && $0["kind"] == "slot" })
    }

    @Test func `an agency changes the rules, and the fifth week with them`() throws {
        let owner = try server.quietAgency().owner, path = "/v1/content-calendar-rules"
        func fifth() throws -> [String] {
            try slots(owner, "2027-01-29", "2027-01-31").filter { $0.text("scope") == "monthly" }
                .map { $0.text("type") }
        }
        #expect(try fifth() == ["educational"])
        let own: JSON = ["scope": "monthly", "week": 5, "type": "company_news", "theme": "What else"]
        let rule = try owner.post(path, own).ok(201)
        #expect(try fifth() == ["company_news"])
        try owner.patch("\(path)/\(rule.id)", ["enabled": false]).ok()
        #expect(try fifth() == ["educational"])
        // Or it has none, unless a rule of its own says otherwise.
        let config = "/v1/agents/lead_nurturing/config"
        try owner.patch(config, ["week_five": "none"]).ok()
        try owner.post("\(config)/publish").ok()
        #expect(try fifth() == [])
        try owner.patch("\(path)/\(rule.id)", ["enabled": true]).ok()
        #expect(try fifth() == ["company_news"])
        let mondays = try owner.every(path).filter { $0["weekday"] == 1 }
        #expect(mondays.count == 1)
        try owner.delete("\(path)/\(mondays[0].id)").ok(204)
        #expect(try slots(owner).filter { $0.text("scope") == "weekly" }.count == 105)
        for (body, faults) in [
            (["scope": "weekly", "type": "educational", "theme": "x"] as JSON, ["/weekday": "required"]),
            (
                ["scope": "monthly", "week": 6, "month": 2, "type": "poem", "theme": "x"],
                ["/week": "out_of_range", "/type": "invalid_choice"]
            ),
            (
                ["scope": "campaign", "month": 2, "quarter": 1, "type": "educational", "theme": "x"],
                ["/quarter": "conflict"]
            ),
        ] { #expect(try owner.post(path, body).faults() == faults) }
    }

    @Test func `a range that is none is refused`() throws {
        let owner = try server.quietAgency().owner
        for range in [
            "from=2027-02-30&to=2027-03-01", "from=2027-03-01&to=2027-02-01", "to=2027-01-01", "",
            "from=2027-01-01&to=soon", "from=2027-01-01&to=2027-01-02&page=2",
        ] {
            try owner.get("/v1/content-calendar?\(range)").problem(400, "invalid_parameter")
            try owner.get("/v1/content-calendar.ics?\(range)").problem(400, "invalid_parameter")
        }
        let long = try owner.get("/v1/content-calendar?from=2027-01-01&to=2029-01-01")
        #expect(try long.faults() == ["/to": "out_of_range"])
    }

    @Test
    func `approved items fill slots and go out on their day, once a week to each, and an empty slot is told`()
        throws
    {
        let box = try box()
        try box.owner.patch(
            "/v1/settings", ["frequency_caps": [["purpose": "nurture", "max": 1, "per": "P7D"]]]
        ).ok()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let contact = try box.owner.post("/v1/leads", lead(1)).ok(201).text("contact_id")
        let old = try box.owner.post(
            "/v1/leads", lead(2, ["known_since": "2026-10-01T00:00:00.000Z"])
        ).ok(201).text("contact_id")
        for type in ["educational", "case_study", "product_launch", "industry_insights"] {
            _ = try item(box, type)
        }
        let before = try slots(box.owner, "2027-01-05", "2027-01-08").map { $0.text("status") }
        // An item that Monday's slot may still take is not there for Tuesday's.
        #expect(before == ["empty", "filled", "filled", "empty", "filled"])
        try box.advance("PT25H")
        let today = try slots(box.owner, "2027-01-05", "2027-01-05")
        #expect(today.map { $0.text("status") } == ["sent"])
        try box.advance("P20D")
        let sent = try box.owner.every("/v1/messages?direction=outbound&contact_id=\(contact)")
            .filter { ["sent", "delivered"].contains($0.text("status")) }
        let days = sent.map { String($0.text("sent_at").prefix(10)) }.sorted()
        #expect(days == ["2027-01-05", "2027-01-12", "2027-01-19"])
        let cancelled = try box.owner.every("/v1/messages?status=cancelled&contact_id=\(contact)")
        #expect(cancelled.count == 1, "what could not leave for two weeks is news no more")
        // Content for all goes to whoever is known for long, too, and the weekdays' content does not.
        let older = try box.owner.every("/v1/messages?direction=outbound&status=sent&contact_id=\(old)")
        let topics = Set(older.map { $0.text("topic") })
        #expect(topics == ["educational", "product_launch", "industry_insights"], "\(older)")
        let alerts = try box.owner.every("/v1/alerts").filter { $0.text("kind") == "content_missing" }
        #expect(alerts.count == 1 && alerts[0]["agent"] == "content_distribution")
    }

    @Test func `a slot goes to the next item where the campaign of the first is over`() throws {
        let box = try box(), owner = box.owner
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        _ = try owner.post("/v1/leads", lead(1)).ok(201)
        let campaign = try owner.post("/v1/campaigns", ["name": "Spring", "objective": "leads"]).ok(201)
        try owner.post("/v1/campaigns/\(campaign.id)/activate").ok()
        let first = try item(box, "case_study", ["campaign_id": .string(campaign.id)])
        let second = try item(box, "case_study", ["title": "The next"])
        func filled() throws -> [JSON?] {
            try slots(owner, "2027-01-06", "2027-01-06").map { $0["content_item_id"] }
        }
        #expect(try filled() == [.string(first.id)])
        try owner.post("/v1/campaigns/\(campaign.id)/complete").ok()
        #expect(try filled() == [.string(second.id)])
        let file = try owner.get("/v1/content-calendar.ics?from=2027-01-06&to=2027-01-06").text
        #expect(file.contains("SUMMARY:The next") && !file.contains("SUMMARY:About case_study"))
        try box.advance("P3D")
        #expect(try owner.every("/v1/distributions").map { $0["content_item_id"] } == [.string(second.id)])
        #expect(try owner.get("/v1/content-items/\(first.id)").ok()["status"] == "approved")
        // Nor is one lost that an item had which reached nobody, and is gone.
        let segment: JSON = ["name": "None", "of": "leads", "static": true]
        let nobody = try owner.post("/v1/segments", segment).ok(201).id
        for title in ["Lost", "Found"] {
            let more: JSONObject = ["title": .string(title), "segment_id": .string(nobody)]
            let item = try item(box, "product_launch", more)
            _ = try owner.runAgent("content_distribution")
            let told = try slots(owner, "2027-01-07", "2027-01-07")
            #expect(told.map { $0["title"] } == [.string(title)] && told[0]["status"] == "sent")
            if title == "Lost" { try owner.delete("/v1/content-items/\(item.id)").ok(204) }
        }
    }

    @Test func `a post that came to stand on another day is in the calendar there`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-31T23:00:00.000Z"), owner = box.owner
        try box.readyToSend()
        try owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        let account = try owner.post("/v1/social-accounts", ["network": "linkedin", "name": "Acme"]).ok(201)
        let post = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "By hand",
                "scheduled_at": "2027-01-31T23:30:00.000Z",
            ]
        ).ok(201)
        func days(_ first: String, _ last: String) throws -> [String] {
            try slots(owner, first, last).filter { $0["kind"] == "post" }.map {
                "\($0.text("date")) \($0.text("status"))"
            }
        }
        #expect(try days("2027-01-01", "2027-01-31") == ["2027-01-31 scheduled"])
        try box.advance("PT10H")
        try owner.post("/v1/social-posts/\(post.id)/done", ["url": "https://example.com/1"]).ok()
        #expect(try days("2027-01-01", "2027-01-31").isEmpty)
        #expect(try days("2027-02-01", "2027-02-28") == ["2027-02-01 published"])
    }

    @Test func `an agent that only looks on leaves items where they are`() throws {
        let box = try box()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "observe"]
        ).ok()
        let item = try item(box, "educational")
        try box.advance("P2D")
        #expect(try box.owner.get("/v1/content-items/\(item.id)").ok()["status"] == "approved")
        #expect(try box.owner.every("/v1/distributions").isEmpty)
    }

    @Test func `an empty slot is told a week ahead, not sooner, until something is there for it`() throws {
        let box = try box(), owner = box.owner, path = "/v1/content-calendar-rules"
        for rule in try owner.every(path) { try owner.delete("\(path)/\(rule.id)").ok(204) }
        let rule: JSON = ["scope": "monthly", "week": 3, "type": "company_news", "theme": "What is new"]
        try owner.post(path, rule).ok(201)
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        _ = try item(box, "educational")
        func alerts() throws -> [JSON] { try owner.every("/v1/alerts?kind=content_missing&open=true") }
        try box.advance(to: "2027-01-07T12:00:00.000Z")
        #expect(try alerts().isEmpty, "it is eight days away")
        try box.advance(to: "2027-01-08T12:00:00.000Z")
        let told = try alerts()
        #expect(told.count == 1)
        #expect(told.first?.text("title").contains("2027-01-15: What is new") == true, "\(told)")
        _ = try item(box, "company_news")
        try box.advance("P1D")
        #expect(try alerts().isEmpty)
    }

    @Test func `whoever writes no content is not told that it is missing`() throws {
        let box = try box()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        _ = try clientsItem(box, "case_study")
        try box.advance("P3D")
        #expect(try box.owner.every("/v1/distributions").isEmpty)
        #expect(try box.owner.every("/v1/alerts").allSatisfy { $0.text("kind") != "content_missing" })
    }

    @Test func `a link opens the calendar without signing in until it is deleted`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let file = try owner.get("/v1/content-calendar.ics?from=2027-01-01&to=2027-03-31")
        #expect(file.status == 200)
        #expect(file.header("Content-Type")?.hasPrefix("text/calendar") == true)
        let text = file.text
        #expect(text.hasPrefix("BEGIN:VCALENDAR") && text.contains("SUMMARY:New Year business planning"))
        let path = "/v1/content-calendar/feeds"
        let feed = try owner.post(path, [:]).ok(201)
        let link = try #require(
            feed["url"]?.text?.firstRange(of: "/cal/").map { place in
                String(feed.text("url")[place.lowerBound...])
            })
        let nobody = server.anonymous
        let read = try nobody.get(link)
        #expect(read.status == 200 && read.text.hasPrefix("BEGIN:VCALENDAR"))
        try nobody.get(link + "x").problem(404, "not_found")
        try server.signUp().owner.delete("\(path)/\(feed.id)").problem(404, "not_found")
        #expect(try owner.every(path).map(\.id) == [feed.id])
        try owner.delete("\(path)/\(feed.id)").ok(204)
        try nobody.get(link).problem(404, "not_found")
    }

    @Test func `another program reads by the link what is planned, under names that stay and differ`()
        throws
    {
        let owner = try server.quietAgency().owner, segment = try owner.everybody()
        let mailing = try owner.mailCampaign([
            "name": "Big; news, all", "segment_id": .string(segment.id),
            "send_at": "2099-01-12T09:00:00.000Z",
        ])
        let account = try owner.socialAccount("x")
        let post = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "Tulips are early",
                "scheduled_at": "2099-02-03T09:30:00.000Z",
            ]
        ).ok(201)
        let milestones: JSON = [
            ["name": "Half way", "due_on": "2099-02-05"], ["name": "Nearly", "due_on": "2099-02-05"],
        ]
        let campaign = try owner.post(
            "/v1/campaigns",
            ["name": "Spring", "objective": "leads", "start_on": "2099-01-01", "milestones": milestones]
        ).ok(201)
        let url = try owner.post("/v1/content-calendar/feeds", [:]).ok(201).text("url")
        let link = String(url[try #require(url.firstRange(of: "/cal/")).lowerBound...])
        let reads = try (0..<2).map { _ in
            try Python.run("read_calendar.py", try server.anonymous.get(link).body)["days"]?.array ?? []
        }
        let days = reads[0], names = days.map { $0.text("uid") }
        #expect(Set(names).count == names.count, "\(names)")
        #expect(reads[1].map { $0.text("uid") } == names)
        let mail = try #require(days.first { $0.text("uid") == "\(mailing.id)@bureau" })
        #expect(mail["summary"] == "Big; news, all" && mail["start"] == "2099-01-12T09:00:00+00:00")
        let tulips = try #require(days.first { $0.text("uid") == "\(post.id)@bureau" })
        #expect(tulips["start"] == "2099-02-03T09:30:00+00:00" && tulips["whole_day"] == false)
        let whole = days.filter { $0.text("uid").hasPrefix(campaign.id) && $0["start"] == "2099-02-05" }
        #expect(whole.count == 2 && whole.allSatisfy { $0["whole_day"] == true }, "\(days)")
        // The slots of rules are there, too.
        #expect(days.contains { $0["summary"] == "New Year business planning" })
    }

    @Test func `what fills a slot is a decision that replays, and the messages name it`() throws {
        let box = try box()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let contact = try box.owner.post("/v1/leads", lead(1)).ok(201).text("contact_id")
        let foreign = try clientsItem(box, "case_study"), path = "/v1/content-items/\(foreign.id)"
        // Of a segment, too, only those are told who are fresh.
        let old = try box.owner.post(
            "/v1/leads", lead(2, ["known_since": "2026-10-01T00:00:00.000Z"])
        ).ok(201)
        #expect(old["lifecycle_stage"] == "nurturing")
        let all = try box.owner.post("/v1/segments", ["name": "All", "filter": ["all": []]]).ok(201)
        let first = try item(box, "case_study", ["segment_id": .string(all.id)])
        let second = try item(box, "case_study")
        for body in [[:], ["preview": true]] as [JSON] {
            #expect(try box.owner.post("\(path)/distribute", body).faults() == ["/segment_id": "required"])
        }
        try box.advance("P4D")
        let decisions = try box.owner.every("/v1/decisions?agent=content_distribution")
        #expect(decisions.map { $0["outcome"]?["content_item_id"] } == [.string(first.id)])
        let choice = try #require(decisions.first)
        let (outcome, subject) = (choice["outcome"], choice["subject"])
        #expect(outcome?.text("date") == "2027-01-06" && outcome?.text("audience") == "fresh")
        let rule = try box.owner.get("/v1/content-calendar-rules/\(subject?.id ?? "")").ok()
        #expect(rule.text("type") == "case_study" && rule["weekday"] == 3)
        #expect(try box.owner.post("/v1/decisions/\(choice.id)/replay").ok()["same"] == true)
        let sent = try box.owner.every("/v1/messages?direction=outbound&contact_id=\(contact)")
            .filter { $0["topic"] == "case_study" }
        #expect(sent.map { $0.text("decision_id") } == [choice.id])
        let distribution = try #require(try box.owner.every("/v1/distributions").first)
        #expect(distribution["skipped"] == [["code": "not_fresh", "count": 1]])
        #expect(distribution["planned"] == 1 && distribution["audience"] == "fresh")
        // A taken item waits no more: the next slot has the next one.
        try box.advance("P7D")
        let later = try box.owner.every("/v1/decisions?agent=content_distribution").filter {
            $0.id != choice.id
        }
        #expect(later.contains { $0["outcome"]?["content_item_id"] == .string(second.id) })
        for one in later {
            #expect(try box.owner.post("/v1/decisions/\(one.id)/replay").ok()["same"] == true)
        }
        #expect(try box.owner.get(path).ok()["status"] == "approved")
        let unfresh = try box.owner.every("/v1/messages?contact_id=\(old.text("contact_id"))")
        #expect(unfresh.isEmpty)
    }
}
