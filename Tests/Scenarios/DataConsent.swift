import Foundation
import JSON
import Testing

/// People decide what may be done with their data, besides being written to.
@Suite(.ownThread) struct DataConsent {
    let server = BureauProcess.shared

    private func say(
        _ agency: Agency, _ lead: JSON, _ purpose: String, _ status: String
    ) throws -> JSON {
        try agency.owner.post(
            "/v1/consents",
            [
                "contact_id": lead["contact_id"] ?? .null, "purpose": .string(purpose),
                "status": .string(status), "source": "form",
            ]
        ).ok(201)
    }

    private func refused(_ agency: Agency, _ id: String, by agent: String) throws -> [JSON] {
        try agency.owner.every("/v1/refusals").filter {
            $0.text("code") == "no_consent" && $0["subject"]?.id == id && $0.text("agent") == agent
        }
    }

    @Test func `collecting, enriching and profiling are purposes without a channel`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead()
        for purpose in ["data_collection", "enrichment", "profiling"] {
            let consent = try say(agency, lead, purpose, "granted")
            #expect(consent.text("purpose") == purpose && consent["channel"] == .null)
            try agency.owner.post(
                "/v1/consents",
                [
                    "contact_id": lead["contact_id"] ?? .null, "purpose": .string(purpose),
                    "channel": "email", "source": "form",
                ]
            ).problem(422, "conflict")
        }
        #expect(try say(agency, lead, "marketing", "granted").text("channel") == "email")
        let purposes = try agency.owner.every("/v1/consents?contact_id=\(lead.text("contact_id"))")
        #expect(purposes.count == 4)
        try agency.owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": lead["contact_id"] ?? .null, "subject": "Hi", "body": "Hi.",
                "purpose": "profiling",
            ]
        ).problem(422, "invalid_choice")
    }

    @Test(arguments: [("lead_scoring", "profiling"), ("lead_qualification", "profiling")])
    func `whoever withdrew consent is not profiled, with a stated reason, until they consent again`(
        _ agent: String, _ purpose: String
    ) throws {
        let agency = try server.quietAgency()
        let (one, two) = (try agency.makeLead(1), try agency.makeLead(2))
        _ = try say(agency, one, purpose, "withdrawn")
        _ = try say(agency, two, purpose, "withdrawn")
        _ = try say(agency, two, purpose, "granted")
        // The agent is switched on only now, since the import would otherwise start a run before the withdrawal.
        try agency.owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
        func decided(_ lead: JSON) throws -> Int {
            try agency.owner.every("/v1/decisions?subject_id=\(lead.id)&agent=\(agent)").count
        }
        func work(_ lead: JSON) throws {
            let run = try agency.owner.ended(
                "/v1/agents/\(agent)/runs", ["parameters": ["lead_id": .string(lead.id)]])
            #expect(run.text("status") == "succeeded", "\(run.serialized)")
        }
        for lead in [one, two] { try work(lead) }
        #expect(try decided(one) == 0 && decided(two) == 1)
        #expect(try refused(agency, one.id, by: agent).count == 1)
        #expect(try refused(agency, two.id, by: agent).isEmpty)
        // A run over all leads leaves them alone as well.
        let run = try agency.owner.ended("/v1/agents/\(agent)/runs", ["parameters": [:]])
        #expect(run.text("status") == "succeeded")
        #expect(try decided(one) == 0)
        let place = "/v1/contacts/\(one.text("contact_id"))/sendability?channel=email&purpose=transactional"
        #expect(try agency.owner.get(place).ok()["basis"]?["status"] == .null, "sending is another matter")
        _ = try say(agency, one, purpose, "granted")
        try work(one)
        #expect(try decided(one) == 1)
    }

    @Test func `whoever does not want to be enriched gets no tags and no company`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead(1, ["pain_points": ["too few enquiries"]])
        _ = try say(agency, lead, "enrichment", "withdrawn")
        let before = try agency.waitForJudgement(of: lead)
        try agency.owner.patch("/v1/agents/lead_generation", ["state": "active"]).ok()
        let run = try agency.owner.ended("/v1/agents/lead_generation/runs", ["parameters": [:]])
        #expect(run.text("status") == "succeeded")
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok() == before)
        #expect(try refused(agency, lead.id, by: "lead_generation").count == 1)
    }

    @Test func `where the law requires consent first, nobody is profiled without it`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["country": "KR"]).ok()
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let lead = try agency.makeLead()
        _ = try agency.owner.ended("/v1/leads/\(lead.id)/score")
        #expect(try refused(agency, lead.id, by: "lead_scoring").count == 1)
        _ = try say(agency, lead, "profiling", "granted")
        _ = try agency.score(lead.id)
    }

    @Test(arguments: ["update", "skip", "create"])
    func `an import adds nothing to whoever does not want data collected, and says so`(
        _ dedupe: String
    ) throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead(1)
        _ = try say(agency, lead, "data_collection", "withdrawn")
        let before = try agency.waitForJudgement(of: lead)
        let rows = [
            csvRow(
                1, ["E-Mail": lead.text("email"), "Company": lead.text("company"), "Phone": "+14155552671"]),
            csvRow(2),
        ]
        let state = try agency.imported(csv(csvHeader, rows), query: "?dedupe=\(dedupe)")
        #expect(state["created"] == 1 && state["updated"] == 0)
        #expect((state["failed"]?.int ?? 0) + (state["skipped"]?.int ?? 0) == 1)
        let errors = try agency.owner.get("/v1/imports/\(state.id)/errors").text
        #expect(errors.contains("no_consent"), "\(errors)")
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok() == before)
        #expect(try agency.owner.every("/v1/leads").count == 2)
    }
}

/// Each agent says what it cannot do to those who rely on it.
@Suite(.ownThread) struct AgentsLimits: SellingSteps {
    let server = BureauProcess.shared

    @Test func `each agent at work says what it cannot do, and those not built say one thing`() throws {
        let agency = try server.signUp()
        var said: Set<String> = [], reasons: Set<String> = []
        for agent in try agency.owner.every("/v1/agents") {
            guard agent["reason"] == .null else {
                reasons.insert(agent.text("reason"))
                #expect(agent.text("state") == "standby")
                continue
            }
            let cannot = agent["cannot"]?.array?.compactMap(\.text) ?? []
            #expect(!cannot.isEmpty && cannot.allSatisfy { $0.hasSuffix(".") }, "\(agent.text("name"))")
            for text in cannot { #expect(said.insert(text).inserted, "each for itself: \(text)") }
        }
        #expect(reasons == ["The agent is planned for a later release."])
        let listed = try server.command("agents", "list", "--tenant", agency.tenant.text("slug"))
        #expect(listed.output.components(separatedBy: "not built").count == 2, "\(listed.output)")
        #expect(listed.output.contains("lead_scoring") && listed.output.contains("tiktok_agent"))
    }

    @Test func `a client reads them in the portal, and whoever has a proposal on its page`() throws {
        let agency = try agency()
        try agency.owner.patch("/v1/agents/sales_automation", ["state": "active"]).ok()
        let client = try agency.portalClient("Acme", roles: ["viewer"])
        let page = try client.people["viewer"]!.get("/v1/portal/agents").ok()["data"]?.array ?? []
        #expect(page.contains { $0.text("name") == "sales_automation" })
        for agent in page {
            #expect(Set(agent.object?.keys ?? []) == ["name", "title", "purpose", "cannot"])
            let cannot = agent["cannot"]?.array ?? []
            #expect(!cannot.isEmpty)
        }
        #expect(!page.contains { $0.text("name") == "tiktok_agent" }, "it does not work for them")
        let german = try client.people["viewer"]!.get("/v1/portal/agents", ["Accept-Language": "de"]).ok()
        let sales = try #require(german["data"]?.array?.first { $0.text("name") == "sales_automation" })
        #expect(sales.text("title") == "Vertrieb" && sales.text("purpose").hasPrefix("Bringt "))
        #expect(sales["cannot"]?.array?.first?.text?.hasPrefix("Er kann") == true)
        try agency.owner.patch("/v1/agents/sales_automation", ["state": "disabled"]).ok()
        let without = try client.people["viewer"]!.get("/v1/portal/agents").ok()["data"]?.array ?? []
        #expect(without.count == page.count - 1)
        try agency.owner.patch("/v1/agents/sales_automation", ["state": "active"]).ok()
        let place = try sent(agency).path
        let html = try server.anonymous.get(place, self.html).text
        let limits = page.filter { $0.text("name") == "sales_automation" }.flatMap {
            $0["cannot"]?.array ?? []
        }
        for limit in limits {
            let text = (limit.text ?? "").replacingOccurrences(of: "'", with: "&#39;")
            #expect(html.contains(text), "\(text)")
        }
    }
}
