import JSON
import StandIns
import Testing

/// The figures of connected services from which customer service tells clients how their campaigns stand.
@Suite(.ownThread) struct CampaignContext {
    let server = BureauProcess.shared
    private static let days: JSON = ["from": "2025-10-30", "to": "2025-11-02"]

    private func read(
        _ owner: Caller, _ provider: String, _ capability: String, of client: String, _ settings: JSONObject,
        _ url: String, _ credentials: JSON
    ) throws -> String {
        let made = try owner.post(
            "/v1/integrations",
            [
                "provider": .string(provider), "capability": .string(capability),
                "client_id": .string(client), "credentials": credentials,
                "settings": .object(JSONObject(settings.members + [("base_url", .string(url))])),
            ]
        ).ok(201)
        try owner.post("/v1/integrations/\(made.id)/sync?wait=PT60S", Self.days).ok()
        return made.id
    }

    /// Puts an ad of a client's, with so many clicks a day, into a campaign.
    private func ad(
        _ owner: Caller, of client: String, clicks: Double, into campaign: JSON
    ) throws -> String {
        let web = try GoogleAdsStandIn()
        for day in ["20251101", "20251102"] {
            web.days[day] = ["clicks": clicks, "cost": 12_340_000, "impressions": 1234]
        }
        for ad in ["111", "222"] { web.budgets[ad] = ["micros": 15_000_000] }
        let id = try read(
            owner, "google_ads", "advertising", of: client, web.settings, web.service.url, web.credentials)
        let ad = try #require(try owner.every("/v1/ad-campaigns?integration_id=\(id)").first)
        try owner.patch("/v1/ad-campaigns/\(ad.id)", ["campaign_id": .string(campaign.id)]).ok()
        return ad.id
    }

    private func campaign(_ owner: Caller, _ name: String, of client: String) throws -> JSON {
        let made = try owner.post(
            "/v1/campaigns",
            [
                "name": .string(name), "objective": "traffic", "client_id": .string(client),
                "start_on": "2025-11-01",
            ]
        ).ok(201)
        try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        return made
    }

    private func link(_ owner: Caller, _ campaign: JSON, _ mark: String, query: String = "") throws {
        try owner.post(
            "/v1/tracked-links",
            [
                "url": .string("https://www.example.com/spring\(query)"), "campaign_id": .string(campaign.id),
                "utm": ["source": "letter", "medium": "email", "campaign": .string(mark)],
            ]
        ).ok(201)
    }

    /// The answer of customer service to somebody of a client who asks about the campaign.
    private func answer(_ client: PortalClient, _ owner: Caller) throws -> JSON {
        let ticket = try client.admin.post(
            "/v1/portal/tickets",
            [
                "subject": "Our campaign",
                "body": "How is our ad campaign doing? Please tell me the results of the campaign.",
            ]
        ).ok(201)
        return try eventually("the answer") {
            try owner.every("/v1/tickets/\(ticket.id)/messages").first {
                $0["direction"] == "outbound" && $0["internal"] != true
            }
        }
    }

    private func visits(
        _ owner: Caller, _ campaign: JSON, by source: String = "google_analytics"
    ) throws -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: try owner.every(
                "/v1/metrics?campaign_id=\(campaign.id)&source=\(source)"
            ).map { ($0.text("date"), Int($0["value"]?.double ?? -1)) })
    }

    @Test
    func `a client is told visits by the campaign's links and clicks of its ads, never those of others`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        try agency.readyToMail()
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let (acme, beta) = (try agency.portalClient("Acme"), try agency.portalClient("Beta"))
        let spring = try campaign(owner, "Spring", of: acme.id)
        let autumn = try campaign(owner, "Autumn", of: acme.id)
        let winter = try campaign(owner, "Winter", of: beta.id)
        try link(owner, spring, "Spring & co")
        // Marks that an address has stay: this one is known by its own.
        try link(owner, spring, "unused", query: "?utm_campaign=Own%20mark")
        // Links that two campaigns share are neither's, and the names of another client's links do not
        // matter.
        for both in [spring, autumn] { try link(owner, both, "shared") }
        try link(owner, winter, "Spring & co")

        let web = try GoogleAnalyticsStandIn()
        web.days["20251101"] = ["sessions": 5000]
        web.marked["20251031"] = ["Spring & co": 700]
        web.marked["20251101"] = ["Spring & co": 40, "Own mark": 2, "shared": 900, "Other": 800]
        web.marked["20251102"] = ["Spring & co": 61]
        let analytics = try read(
            owner, "google_analytics", "analytics", of: acme.id, web.settings, web.service.url,
            web.credentials)
        let asked = try web.service.requests.compactMap { try JSONParser.parse($0.body)["dimensionFilter"] }
        #expect(
            asked.map { $0["filter"]?["inListFilter"]?["values"] } == [["Own mark", "Spring & co"]])
        #expect(try visits(owner, spring) == ["2025-11-01": 42, "2025-11-02": 61])
        let sums = try visits(owner, winter).count + visits(owner, autumn).count
        #expect(sums == 0, "nothing is anybody else's")

        let brand = try ad(owner, of: acme.id, clicks: 57, into: spring)
        // An ad in the account of another client is not told, though somebody has put it into the campaign.
        _ = try ad(owner, of: beta.id, clicks: 4000, into: spring)
        // Nor is a figure that is noted as another client's.
        try owner.post(
            "/v1/metrics",
            [
                "client_id": .string(beta.id), "campaign_id": .string(spring.id), "source": "crm",
                "metric": "leads", "date": "2025-11-01", "value": 321,
            ]
        ).ok(201)

        let told = try answer(acme, owner), text = told.text("text").replacing("\\", with: "")
        for part in [
            "Spring", "Sessions: 103 (Google Analytics", "Clicks: 114 (Google Ads", "2025 – ",
            "Impressions: 2,468",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        for part in ["8,114", "321", "700", "900", "5,000", "Winter"] {
            #expect(!text.contains(part), "\(part): \(text)")
        }
        let records = told["sources"]?.array ?? []
        #expect(records.count { $0["type"] == "ad_campaign" } == 1 && records.contains { $0.id == brand })
        let metrics = try owner.every("/v1/metrics?campaign_id=\(spring.id)&source=google_analytics")
        #expect(metrics.count == 2 && Set(metrics.map(\.id)).isSubset(of: records.map(\.id)))

        // A client whose campaign has no figure is told none.
        let other = try answer(beta, owner).text("text")
        #expect(other.contains("Winter"))
        for part in ["Spring", "Sessions", "Clicks", "103", "114", "321"] {
            #expect(!other.contains(part), "\(part): \(other)")
        }

        // Those days are read again: a changed figure takes the place of the old one.
        web.marked["20251101"]?["Spring & co"] = 45
        web.marked["20251102"] = nil
        try owner.post("/v1/integrations/\(analytics)/sync?wait=PT60S", Self.days).ok()
        #expect(try visits(owner, spring) == ["2025-11-01": 47, "2025-11-02": 0])
    }

    @Test func `Adobe's visits by a campaign's links are its figures, where the sites keep what links name`()
        throws
    {
        let owner = try server.quietAgency().owner, client = try owner.makeClient().id
        let spring = try campaign(owner, "Spring", of: client)
        try link(owner, spring, "Spring & co")
        let web = try AdobeAnalyticsStandIn()
        web.days["20251101"] = ["visits": 5000]
        web.marked["20251101"] = ["Spring & co": 40, "Other": 800]
        web.marked["20251102"] = ["Spring & co": 61]
        let id = try read(
            owner, "adobe_analytics", "analytics", of: client, web.settings, web.service.url, web.credentials)
        #expect(try visits(owner, spring, by: "adobe_analytics").isEmpty, "nobody has said where they are")
        var settings = web.settings
        settings["base_url"] = .string(web.service.url)
        settings["campaign_dimension"] = "variables/campaign"
        try owner.patch("/v1/integrations/\(id)", ["settings": .object(settings)]).ok()
        try owner.post("/v1/integrations/\(id)/sync?wait=PT60S", Self.days).ok()
        #expect(
            try visits(owner, spring, by: "adobe_analytics") == ["2025-11-01": 40, "2025-11-02": 61])
        let results = try owner.get("/v1/campaigns/\(spring.id)/results").ok()
        let figure = try #require(
            results["figures"]?.array?.first { $0["name"] == "adobe_analytics.sessions" })
        #expect(figure["value"] == 101 && figure["trace"]?.array?.count == 2)
        let own = try owner.every("/v1/metrics?source=adobe_analytics&metric=visits")
        #expect(own.map { $0["value"] } == [5000], "those of the client stay what they were")
    }

    @Test func `of a campaign that a trigger has paused its client is told, and its profile says when`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        try agency.readyToMail()
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let acme = try agency.portalClient("Acme")
        let spring = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "leads", "client_id": .string(acme.id),
                "end_on": "2040-02-29", "milestones": [["name": "Review", "due_on": "2040-01-20"]],
                "triggers": [
                    ["metric": "crm.leads", "op": "lt", "value": 5, "action": "pause"],
                    ["metric": "crm.leads", "op": "gt", "value": 50, "action": "notify"],
                ],
            ]
        ).ok(201)
        try owner.post("/v1/campaigns/\(spring.id)/activate").ok()
        func met() throws -> [JSON] {
            let campaigns = try owner.get("/v1/clients/\(acme.id)/profile").ok()["campaigns"]?.array ?? []
            #expect(campaigns.map(\.id) == [spring.id])
            #expect(campaigns.first?["milestones"]?[0]["due_on"] == "2040-01-20")
            return (campaigns.first?["triggers"]?.array ?? []).map { $0["met_at"] ?? .null }
        }
        #expect(try met() == [.null, .null])
        try owner.post(
            "/v1/metrics",
            [
                "campaign_id": .string(spring.id), "source": "crm", "metric": "leads",
                "date": "2026-01-03", "value": 3,
            ]
        ).ok(201)
        #expect(try owner.get("/v1/campaigns/\(spring.id)").ok()["paused_because"] == "trigger")
        let then = try met()
        #expect(then.count == 2 && then[0] != .null && then[1] == .null, "\(then)")
        // Another trigger that is added changes nothing of that.
        let triggers = try owner.get("/v1/campaigns/\(spring.id)").ok()["triggers"]?.array ?? []
        let more: JSON = ["metric": "crm.demos", "op": "gt", "value": 9, "action": "notify"]
        try owner.patch("/v1/campaigns/\(spring.id)", ["triggers": .array(triggers + [more])]).ok()
        #expect(try met() == then + [.null])
        let told = try answer(acme, owner), text = told.text("text").replacing("\\", with: "")
        for part in ["Spring is paused", "Leads: 3", "Review"] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        #expect(told["sources"]?.array?.contains { $0.id == spring.id } == true)
    }

    @Test
    func `a client's people who ask are told how campaigns stand, and a mail's sender waits for a person`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        try agency.readyToMail([:])
        try owner.patch("/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]).ok()
        let acme = try agency.portalClient("Acme")
        let made = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "sales", "client_id": .string(acme.record.id),
                "milestones": [["name": "Review", "due_on": "2040-01-20"]], "end_on": "2040-02-29",
            ]
        ).ok(201)
        try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        let figures = [("google_analytics", "sessions", 412), ("google_ads", "conversions", 31)]
        for (source, metric, value) in figures {
            try owner.post(
                "/v1/metrics",
                [
                    "campaign_id": .string(made.id), "source": .string(source), "metric": .string(metric),
                    "date": "2026-01-03", "value": JSON(value),
                ]
            ).ok(201)
        }
        let words = "How is our ad campaign doing? Please tell me the results of the campaign."
        let ticket = try acme.admin.post(
            "/v1/portal/tickets", ["subject": "Our campaign", "body": .string(words)]
        ).ok(201)
        let thread = try eventually("the answer") {
            let thread = try owner.every("/v1/tickets/\(ticket.id)/messages").filter {
                $0["direction"] == "outbound" && $0["internal"] != true
            }
            return thread.isEmpty ? nil : thread
        }
        let text = thread[0].text("text")
        for part in ["Spring runs until February 29", "412", "31", "Google Analytics", "Review"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(thread[0]["sources"]?.array?.contains { $0.id == made.id } == true)
        // Those words come by mail: anybody can write a sender.
        let contact = try #require(
            try owner.every("/v1/contacts?client_id=\(acme.record.id)").first { $0["email"] != .null })
        let mail = try owner.post(
            "/v1/tickets",
            [
                "subject": "Our campaign", "body": .string(words), "source": "email",
                "client_id": .string(acme.record.id), "contact_id": .string(contact.id),
            ]
        ).ok(201)
        let approval = try eventually("the question") {
            try owner.every("/v1/approvals?status=pending").first { $0["subject"]?.id == mail.id }
        }
        #expect(approval["preview"]?.text("text").contains("412") == true)
        #expect(try owner.get("/v1/tickets/\(mail.id)").ok()["first_response_at"] == .null)
        // Somebody else's campaign is nobody's to know.
        let beta = try agency.portalClient("Beta")
        let other = try beta.admin.post(
            "/v1/portal/tickets", ["subject": "Our campaign", "body": .string(words)]
        ).ok(201)
        try eventuallyTrue("a decision") {
            try !owner.every("/v1/decisions?subject_id=\(other.id)").filter {
                $0["agent"] == "customer_service"
            }.isEmpty
        }
        let said = try owner.every("/v1/tickets/\(other.id)/messages").map { $0.text("text") }.joined()
        #expect(!said.contains("Spring"))
    }
}
