import JSON
import StandIns
import Testing

/// Responses to forms of LinkedIn and Facebook become leads: each once, whichever way it comes.
@Suite(.ownThread) struct NetworkLeadForms {
    let server = BureauProcess.shared

    /// An agency whose forms at LinkedIn are read.
    private final class Line {
        let agency: Agency, web: LinkedInStandIn
        let integration: JSON
        private var number = 0

        init(_ server: BureauProcess, _ more: JSONObject = [:], isOn: Bool = true) throws {
            (agency, web) = (try server.quietAgency(), try LinkedInStandIn())
            var settings: JSONObject = [
                "author": .string(web.author), "lead_forms": .bool(isOn),
                "ad_account": .string(LinkedInLeadShelf.account),
            ]
            for (name, value) in more.members { settings[name] = value }
            integration = try agency.connect(
                "linkedin", web.service.url,
                credentials: [
                    "access_token": .string(web.token), "client_secret": .string(LinkedInLeadShelf.secret),
                ], settings: settings, capability: "social_publishing")
            try agency.rest()
        }

        var leads: LinkedInLeadShelf { web.leads }
        var owner: Caller { agency.owner }

        /// Has the network asked now: what was changed of an integration may be what it waits for.
        func ask() throws {
            number += 1
            try owner.patch("/v1/integrations/\(integration.id)", ["name": .string("Line \(number)")]).ok()
            try agency.rest()
        }

        func tell(_ hook: StandInHook) throws {
            try agency.server.deliver(hook, to: integration).ok()
            try agency.hooksWorkedOn()
        }

        func responses(_ query: String = "") throws -> [JSON] {
            try owner.every("/v1/lead-form-responses\(query)").sorted { $0.id < $1.id }
        }
        func all() throws -> [JSON] { try owner.every("/v1/leads").sorted { $0.id < $1.id } }
        func fill(_ id: String, _ number: Int = 1) {
            leads.fill(
                id,
                LinkedInLeadShelf.person(
                    "Ann", "Lee", "ann\(number)@northwind\(number).example", "Northwind \(number)"))
        }
    }

    @Test func `a response of a form is a lead with form, answers, hidden fields and consent, once`() throws {
        let line = try Line(server, ["lead_consents": true])
        line.leads.fill(
            "r-1",
            LinkedInLeadShelf.person("Ann", "Lee", "Ann@Northwind.example", "Northwind")
                + [(5, LinkedInLeadShelf.said("A new shop")), (6, LinkedInLeadShelf.chose(2))])
        try line.tell(line.leads.notice("r-1"))
        let lead = try #require(try line.all().first)
        #expect(lead["company"] == "Northwind" && lead["contact_name"] == "Ann Lee")
        #expect(lead["email"] == "ann@northwind.example" && lead["source"] == "linkedin_form")
        let response = try #require(try line.responses().first)
        #expect(response["lead_id"] == .string(lead.id) && response["outcome"] == "created")
        #expect(response["way"] == "hook" && response["kind"] == "COMPANY")
        #expect(response["remote_id"] == "r-1" && response["submitted_at"] != .null)
        let answers = try #require(response["answers"]?.array)
        #expect(answers.map { $0.text("value") }.suffix(2) == ["A new shop", "More"])
        #expect(answers[2]["field"] == "workEmail" && answers[4]["question"] == "What do you need?")
        #expect(response["hidden_fields"] == [["name": "utm_source", "value": "linkedin"]])
        #expect(response["consents"] == [["text": "You may send me news by e-mail.", "accepted": true]])
        let form = try line.owner.get("/v1/lead-forms/\(response.text("form_id"))").ok()
        #expect(form["name"] == "Guide to retail" && form["network"] == "linkedin")
        let consent = try #require(
            try line.owner.every("/v1/consents?contact_id=\(lead.text("contact_id"))").first)
        #expect(consent["evidence"] == "You may send me news by e-mail." && consent["status"] == "granted")
        #expect(consent["source"] == "linkedin form: Guide to retail")
        #expect(consent["given_at"] == response["submitted_at"])
        // The hook comes twice, and a look finds the response, too.
        try line.tell(line.leads.notice("r-1"))
        try line.tell(line.leads.notice("r-1", "UPDATED"))
        try line.ask()
        try line.ask()
        #expect(try line.responses().count == 1 && line.all().count == 1)
        #expect(!line.agency.server.log.contains(LinkedInLeadShelf.secret))
    }

    @Test func `what the hook misses is read page by page, and what is shown late comes later, once`() throws
    {
        let line = try Line(server)
        line.leads.setPage(2)
        for number in 1...5 { line.fill("r-\(number)", number) }
        line.leads.fill(
            "s-1", LinkedInLeadShelf.person("Bo", "Ek", "bo@fjord.example", "Fjord"),
            campaign: "urn:li:sponsoredCampaign:44")
        line.fill("r-late", 9)
        line.leads.showLate("r-late")
        try line.ask()
        #expect(try line.all().count == 6)
        #expect(try line.responses("?way=reading").count == 6)
        // A look that breaks off in the middle loses nothing, and doubles nothing.
        line.leads.showLate("r-late", false)
        line.fill("r-6", 6)
        line.web.service.next(
            .cutWithin(StandInAnswer(200, "{")), when: { $0.target.contains("leadFormResponses?") })
        try line.ask()
        try line.ask()
        #expect(try line.all().count == 8)
        #expect(Set(try line.responses().map { $0.text("remote_id") }).count == 8)
        // Each look reads all of the owners', with the address of our hook told before.
        let hooks = line.leads.hooks
        #expect(hooks.count == 2 && Set(hooks.map { $0.text("leadType") }) == ["COMPANY", "SPONSORED"])
        #expect(hooks.allSatisfy { $0.text("webhook").hasSuffix(line.integration.text("hook_url")) })
    }

    @Test func `a person who is known stays one lead, and what was missing of it is filled in`() throws {
        let line = try Line(server)
        let known = try line.owner.post(
            "/v1/leads", ["company": "Northwind", "email": "ann@northwind.example", "source": "fair"]
        ).ok(201)
        line.leads.fill(
            "r-1",
            LinkedInLeadShelf.person("Ann", "Lee", "ann@northwind.example", "Northwind Ltd")
                + [(7, LinkedInLeadShelf.said("+1 415 555 2671"))])
        // Another form of the same person's, below an advertisement.
        line.leads.fill(
            "r-2", LinkedInLeadShelf.person("Ann", "Lee", "ann@northwind.example", "Northwind Ltd"),
            campaign: "urn:li:sponsoredCampaign:44")
        try line.ask()
        let all = try line.all()
        #expect(all.count == 1 && all.first?.id == known.id)
        #expect(all[0]["company"] == "Northwind" && all[0]["source"] == "fair", "what was there stays")
        #expect(all[0]["contact_name"] == "Ann Lee" && all[0]["phone"] == "+14155552671")
        #expect(try line.responses().map { $0.text("outcome") } == ["known", "known"])
    }

    @Test func `a test form makes no lead, nor does one without an address, nor what is taken back`() throws {
        let line = try Line(server)
        line.leads.fill(
            "t-1", LinkedInLeadShelf.person("Test", "Lead", "test@linkedin.example", "Test"), isTest: true)
        line.leads.fill(
            "r-1", [(1, LinkedInLeadShelf.said("Ann")), (3, LinkedInLeadShelf.said("no address"))])
        line.fill("r-2")
        try line.ask()
        #expect(try line.all().count == 1)
        let outcomes = Dictionary(
            uniqueKeysWithValues: try line.responses().map { ($0.text("remote_id"), $0) })
        #expect(outcomes["t-1"]?["outcome"] == "test" && outcomes["t-1"]?["lead_id"] == .null)
        #expect(outcomes["r-1"]?["outcome"] == "refused" && outcomes["r-1"]?["reason"] == "no_address")
        // A box that is not named as agreeing to advertising is kept, and is no consent.
        #expect(try line.owner.every("/v1/consents").isEmpty)
        #expect(outcomes["r-2"]?["consents"]?.array?.count == 1)
        try line.tell(line.leads.notice("r-2", "DELETED"))
        let gone = try #require(try line.responses().first { $0["remote_id"] == "r-2" })
        #expect(gone["outcome"] == "withdrawn" && gone["answers"] == .null)
        try line.tell(line.leads.notice("never-there"))
        #expect(try line.responses().count == 3)
    }

    @Test func `LinkedIn is answered its challenge alone, and what is not signed by it is refused`() throws {
        let line = try Line(server)
        let hook = line.integration.text("hook_url")
        let challenge = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
        let answer = try server.anonymous.get("\(hook)?challengeCode=\(challenge)")
        let told = try answer.ok()
        #expect(told["challengeCode"] == .string(challenge))
        #expect(
            told["challengeResponse"]
                == "d8b942b183eb72815a905c33f1c9b4e0b6afbef12d6ddd66cdc7f132dadbc263")
        #expect(answer.header("Content-Type")?.hasPrefix("application/json") == true)
        // A body as a challenge would have us sign it.
        let body = #"hmacsha256={"leadGenFormResponse":"urn:li:leadGenFormResponse:r-1"}"#
        let escaped = body.utf8.map { String($0, radix: 16) }.map { "%" + ($0.count < 2 ? "0" : "") + $0 }
        #expect(try server.anonymous.get("\(hook)?challengeCode=\(escaped.joined())").status == 403)
        #expect(try server.anonymous.get(hook).status == 403)
        line.fill("r-1")
        try server.deliver(line.leads.notice("r-1", secret: "another"), to: line.integration).problem(401)
        var unsigned = line.leads.notice("r-1")
        unsigned.headers.removeAll { $0.name == "X-LI-Signature" }
        try server.deliver(unsigned, to: line.integration).problem(401)
        #expect(try line.owner.every("/v1/hook-receipts").isEmpty && line.all().isEmpty)
    }

    @Test func `forms are not read before that is wished, and who may not read them is told`() throws {
        let line = try Line(server, isOn: false)
        line.fill("r-1")
        try line.ask()
        try line.tell(line.leads.notice("r-1"))
        #expect(try line.all().isEmpty && line.leads.hooks.isEmpty)
        #expect(try line.owner.every("/v1/hook-receipts").map { $0.text("status") } == ["ignored"])
        line.leads.forbid(true)
        var settings = line.integration["settings"]?.object ?? [:]
        settings["lead_forms"] = true
        try line.owner.patch("/v1/integrations/\(line.integration.id)", ["settings": .object(settings)]).ok()
        try line.agency.rest()
        let alert = try #require(
            try line.owner.every("/v1/alerts").first { $0["kind"] == "lead_forms_unreachable" })
        line.leads.forbid(false)
        try line.ask()
        #expect(try line.all().count == 1)
        let after = try line.owner.get("/v1/alerts/\(alert.id)").ok()
        #expect(after["resolved_at"] != .null)
    }

    @Test func `leads are counted by form, campaign and post, with what has become of them`() throws {
        let line = try Line(server)
        let account = try line.owner.post(
            "/v1/social-accounts",
            ["network": "linkedin", "name": "Acme", "integration_id": .string(line.integration.id)]
        ).ok(201)
        let post = try line.agency.post(try line.agency.publish(account, "Our guide"), is: "published")
        let campaign = "urn:li:sponsoredCampaign:44"
        for number in 1...3 {
            line.leads.fill(
                "s-\(number)",
                LinkedInLeadShelf.person(
                    "P", "\(number)", "p\(number)@firm\(number).example", "Firm \(number)"),
                campaign: campaign, post: number < 3 ? post.text("remote_id") : nil)
        }
        line.fill("r-1", 7)
        line.leads.fill(
            "t-1", LinkedInLeadShelf.person("T", "T", "t@t.example", "T"), campaign: campaign, isTest: true)
        try line.ask()
        func rows(_ by: String) throws -> [JSON] {
            try line.owner.get("/v1/lead-form-figures?by=\(by)").ok()["rows"]?.array ?? []
        }
        let forms = try rows("form")
        #expect(forms.map { $0.text("name") } == ["Ask for a demo", "Guide to retail"])
        #expect(forms[0]["responses"] == 4 && forms[0]["created"] == 3 && forms[0]["tests"] == 1)
        #expect(forms[0]["leads"] == 3 && forms[0]["won"] == 0)
        let campaigns = try rows("campaign")
        #expect(campaigns[0]["key"] == .string(campaign) && campaigns[0]["name"] == "Spring ads")
        #expect(campaigns[0]["leads"] == 3 && campaigns[1]["key"] == .null && campaigns[1]["leads"] == 1)
        let below = try #require(try rows("post").first { $0["key"] == post["remote_id"] })
        #expect(below["leads"] == 2 && below["name"] == .string(post.id))
        #expect(try line.responses("?social_post_id=\(post.id)").count == 2)
        try line.owner.get("/v1/lead-form-figures?by=hour").problem(400)
        // Whom it is about may have it erased: what they wrote goes, what was counted stays.
        let lead = try #require(try line.all().first { $0["email"] == "p1@firm1.example" })
        try line.owner.post("/v1/privacy/erase", ["email": "p1@firm1.example"]).ok()
        let erased = try #require(try line.responses("?lead_id=\(lead.id)").first)
        #expect(erased["answers"] == .null && erased["hidden_fields"] == .null)
        #expect(try rows("form")[0]["responses"] == 4)
    }

    @Test func `forms of a page of Facebook are leads likewise, by its hook and by reading`() throws {
        let agency = try server.quietAgency(), web = try GraphPublishingStandIn()
        let integration = try agency.connect(
            "facebook", web.service.url,
            credentials: [
                "access_token": .string(web.token), "app_secret": .string(MetaLeadShelf.secret),
                "verify_token": .string(MetaLeadShelf.verifyToken),
            ], settings: ["page_id": .string(web.page), "lead_forms": true], capability: "social_publishing")
        try agency.rest()
        #expect(web.leads.subscriptions == ["leadgen"])
        let hook = integration.text("hook_url")
        let shaken = try server.anonymous.get(
            "\(hook)?hub.mode=subscribe&hub.challenge=42&hub.verify_token=\(MetaLeadShelf.verifyToken)")
        #expect(shaken.status == 200)
        web.leads.fill(
            "9001",
            [
                ("full_name", "Ann Lee"), ("email", "ann@northwind.example"),
                ("company_name", "Northwind"), ("what_do_you_need?", "A shop"),
            ],
            more: [
                "campaign_id": "11", "campaign_name": "Spring", "ad_id": "77",
                "custom_disclaimer_responses": [["checkbox_key": "news", "is_checked": "1"]],
            ])
        try server.deliver(web.leads.notice("9001"), to: integration).ok()
        try agency.hooksWorkedOn()
        let lead = try #require(try agency.owner.every("/v1/leads").first)
        #expect(lead["contact_name"] == "Ann Lee" && lead["source"] == "facebook_form")
        web.leads.fill(
            "9002", [("full_name", "<test lead: dummy data for full_name>"), ("email", "t@fb.example")])
        web.leads.fill("9003", [("full_name", "Bo Ek"), ("email", "bo@fjord.example")])
        try agency.owner.patch("/v1/integrations/\(integration.id)", ["name": "Page"]).ok()
        try agency.rest()
        let responses = try agency.owner.every("/v1/lead-form-responses").sorted {
            $0.text("remote_id") < $1.text("remote_id")
        }
        #expect(responses.map { $0.text("outcome") } == ["created", "test", "created"])
        #expect(responses.map { $0.text("way") } == ["hook", "reading", "reading"])
        #expect(responses[0]["campaign_name"] == "Spring")
        #expect(responses[0]["consents"] == [["text": "news", "accepted": true]])
        #expect(try agency.owner.every("/v1/leads").count == 2)
        // Another page's notices are not ours.
        try server.deliver(web.leads.notice("9009", page: "556"), to: integration).ok()
        #expect(try agency.owner.every("/v1/lead-form-responses").count == 3)
    }
}
