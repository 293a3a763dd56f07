import JSON
import Testing

/// Each stage of a lead's age has touches of its own kinds, in its own rhythm.
@Suite(.ownThread) struct NurtureStages {
    let server = BureauProcess.shared

    /// A sandbox whose agency has something to tell of every kind.
    private func box() throws -> SandboxCaller {
        let box = try server.nurturing()
        try box.publishSuccess()
        try box.publish("A new office", "company_news")
        try box.publish("Reports by the hour", "product_launch")
        try box.publish("Fewer people call first", "industry_insights")
        return box
    }

    /// Expects that somebody got these mails: the first a day after the start, and each so many days after another;
    /// returns the text of each.
    private func texts(
        of lead: JSON, in box: SandboxCaller, are mails: [String], every interval: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String: String] {
        let touches = try box.touches(of: lead), days = box.days(of: touches)
        let got = try box.mails(of: touches)
        #expect(got == mails, "\(got) on \(days)", sourceLocation: sourceLocation)
        #expect(
            days == mails.indices.map { 1 + $0 * interval }, "\(days)", sourceLocation: sourceLocation)
        return Dictionary(zip(got, touches.map { $0.text("subject") + "\n" + $0.text("text") })) { _, last in
            last
        }
    }

    /// Expects what is new at the agency and in what it sells, and nothing else.
    private func expectNews(_ text: String?, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = text ?? ""
        #expect(
            text.contains("A new office") && text.contains("Reports by the hour"), "\(text)",
            sourceLocation: sourceLocation)
        #expect(
            !text.contains("Fewer people call first"), "what others do is no news of the agency",
            sourceLocation: sourceLocation)
    }

    @Test func `warm leads get insights, a success and a demonstration, every two weeks`() throws {
        let box = try box()
        let quiet = try box.makeLead(1, knownFor: 40), eager = try box.makeLead(2, knownFor: 40)
        try box.owner.post(
            "/v1/contacts/\(eager.text("contact_id"))/activities", ["type": "demo_request"]
        ).ok(201)
        try box.advance("P46D")
        let cold = try texts(
            of: quiet, in: box, are: ["tip", "warm insight", "warm story", "product demo"], every: 14)
        let touches = try box.touches(of: eager), days = box.days(of: touches)
        let names = try box.mails(of: touches)
        #expect(
            names.first == "warm show" && Set(names) == ["warm show", "warm story", "warm insight", "tip"])
        // The hour at which they asked is liked from then on, and may be a little before or after that of the others.
        #expect(zip(days, days.dropFirst()).allSatisfy { (13...15).contains($1 - $0) }, "\(days)")
        let told = touches.map { $0.text("subject") + "\n" + $0.text("text") }
        let warm = Dictionary(zip(names, told)) { _, last in last }
        for told in [cold, warm] {
            #expect(told["warm insight"]?.contains("Fewer people call first: Words.") == true)
            let story = told["warm story"] ?? ""
            #expect(story.contains("Beta Works") && story.contains("Twice the enquiries"), "\(story)")
        }
        #expect(cold["product demo"]?.contains("show you what we do, with Example Company 1") == true)
        #expect(warm["warm show"]?.contains("show you how it would look for Example Company 2") == true)
        for lead in [quiet, eager] {
            #expect(try box.enrollment(of: lead)?.text("touch_every") == "P14D")
        }
    }

    @Test func `nurtured leads get what is new at the agency and the season, once a month`() throws {
        let box = try box(), lead = try box.makeLead(1, knownFor: 120)
        try box.advance("P95D")
        let told = try texts(
            of: lead, in: box, are: ["company news", "cold question", "company news", "season"], every: 30)
        expectNews(told["company news"])
        #expect(told["season"]?.contains("In spring it is worth looking") == true, "it is April")
        #expect(try box.enrollment(of: lead)?.text("touch_every") == "P30D")
    }

    @Test func `dormant leads are won back with what is new, an offer and trends, once a quarter`() throws {
        let box = try box(), lead = try box.makeLead(1, knownFor: 400)
        try box.owner.post(
            "/v1/special-offers",
            [
                "name": "Audit", "valid_from": "2027-01-01", "valid_until": "2027-12-31",
                "stages": ["dormant"],
                "words": [["locale": "en", "title": "An audit at half the price", "text": "For 450 euros."]],
            ]
        ).ok(201)
        try box.advance("P190D")
        let told = try texts(of: lead, in: box, are: ["whats new", "offer", "trend"], every: 91)
        expectNews(told["whats new"])
        #expect(told["whats new"]?.contains("If something of it is of use") == true, "and they are asked")
        let offer = told["offer"] ?? ""
        #expect(offer.contains("An audit at half the price") && offer.contains("For 450 euros."), "\(offer)")
        #expect(told["trend"]?.contains("Fewer people call first: Words.") == true)
        #expect(try box.enrollment(of: lead)?.text("touch_every") == "P91D")
    }

    @Test func `each morning those of every stage who are due get what their stage is for, once`() throws {
        let box = try server.nurturing(), owner = box.owner, agent = "/v1/agents/lead_nurturing"
        // Nobody is taken up as they come.
        try owner.patch(agent, ["state": "disabled"]).ok()
        let stages: [(age: Int, sequence: String, every: JSON, first: String)] = [
            (0, "new_lead", .null, "welcome"), (40, "cold_lead", "P14D", "tip"),
            (120, "cold_lead", "P30D", "cold question"), (400, "dormant_lead", "P91D", "dormant question"),
            (800, "dormant_lead", "P365D", "last word"),
        ]
        let leads = try stages.enumerated().map { try box.makeLead($0, knownFor: $1.age) }
        try box.advance("PT1M")
        try owner.patch(agent, ["state": "active"]).ok()
        #expect(try owner.every("/v1/enrollments").isEmpty)
        try box.advance("P3D")
        let runs = try owner.every("/v1/agent-runs?agent=lead_nurturing&status=succeeded")
            .filter { $0["trigger"] == "schedule" && $0.text("created_at") > "2027-01-05" }
            .sorted { $0.id < $1.id }
        let hours = runs.map { String($0.text("created_at").prefix(13)) }
        #expect(hours == ["2027-01-05T09", "2027-01-06T09", "2027-01-07T09"], "once a day: \(hours)")
        #expect(runs.map { $0["result"]?["changed"] } == [5, 0, 0], "all of them at once, and once")
        let keys = Dictionary(
            try owner.every("/v1/sequences?kind=nurture").map { ($0.id, $0.text("key")) }
        ) { $1 }
        for (lead, stage) in zip(leads, stages) {
            let enrolled = try owner.every("/v1/enrollments?lead_id=\(lead.id)")
            #expect(enrolled.map { keys[$0.text("sequence_id")] } == [stage.sequence], "\(stage.age)")
            #expect(enrolled.first?["touch_every"] == stage.every, "\(stage.age)")
            #expect(try box.mails(of: box.touches(of: lead)).first == stage.first, "\(stage.age)")
        }
    }

    // MARK: What the sequences hold

    /// The mails of a seeded sequence, in order, each with the stage for which alone it is meant.
    private func mails(_ key: String, _ agency: Agency) throws -> [(mail: String, stage: String?)] {
        let templates = try agency.owner.every("/v1/templates?kind=nurture")
        let names = Dictionary(templates.map { ($0.id, $0.text("name")) }) { $1 }
        let sequence = try #require(
            try agency.owner.every("/v1/sequences?kind=nurture").first { $0.text("key") == key })
        return (sequence["steps"]?.array ?? []).map { step in
            let name = names[step.text("template_id")] ?? "none"
            return (String(name.trimmingPrefix("Nurture: ")), step["condition"]?["value"]?.text)
        }
    }

    @Test func `the warm and the cold sequence hold what the stages of their leads are for`() throws {
        let agency = try server.quietAgency()
        let warm = try mails("warm_lead", agency), cold = try mails("cold_lead", agency)
        #expect(
            warm.map(\.mail) == ["warm show", "resource", "warm story", "warm insight", "warm question"])
        #expect(warm.allSatisfy { $0.stage == nil }, "whoever is in it is warm")
        // Up to the ninetieth day demonstrations, successes and insights; then news, the season and offers.
        let early = cold.filter { $0.stage == "warm" }.map(\.mail)
        #expect(early == ["tip", "warm insight", "warm story", "product demo"])
        let late = cold.filter { $0.stage == nil }.map(\.mail)
        #expect(late.first == "company news" && cold.count == early.count + late.count)
        #expect(Set(late) == ["company news", "resource", "cold question", "season", "offer"])
        #expect(late.count { $0 == "company news" } >= 4 && late.count { $0 == "season" } >= 3)
    }

    @Test func `whoever has not asked is given insights, education or successes before anything is sold`()
        throws
    {
        let agency = try server.quietAgency()
        let selling: Set = ["demo", "product demo", "warm show", "invitation", "offer"]
        for (key, given) in [
            ("new_lead", ["welcome", "story", "education"]),
            ("cold_lead", ["tip", "warm insight", "warm story"]), ("dormant_lead", ["whats new"]),
        ] {
            let mails = try mails(key, agency).map(\.mail)
            #expect(Array(mails.prefix { !selling.contains($0) }) == given, "\(key)")
        }
        // Tools of the agency's own are part of what goes on for months.
        for key in ["warm_lead", "cold_lead"] {
            #expect(try mails(key, agency).contains { $0.mail == "resource" }, "\(key)")
        }
    }
}
