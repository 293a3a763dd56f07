import Cryptography
import JSON
import StandIns
import Testing

extension Isolation {
    /// Creates a webhook endpoint with a finished delivery, so that neither changes any more.
    func delivered(to agency: Agency) throws {
        let hooks = try StandIn { _ in StandInAnswer() }
        let body: JSON = ["url": .string(hooks.url), "events": ["deal.won"]]
        let webhook = try agency.owner.post("/v1/webhooks", body).ok(201)
        let delivery = try agency.owner.post("/v1/webhooks/\(webhook.id)/test").ok(202)
        // On a machine that is very busy two attempts may run out of time; the third comes five minutes later.
        try eventuallyTrue("the delivery", within: .seconds(420)) {
            try agency.owner.get("/v1/webhook-deliveries/\(delivery.id)").ok().text("status") == "delivered"
        }
    }

    /// Creates a lead without an address, and waits for the issue that it is.
    func foundIssue(of agency: Agency) throws {
        let lead = try agency.owner.post("/v1/leads", ["company": "Without an address"]).ok(201)
        try eventuallyTrue("the issue") {
            try !agency.owner.every("/v1/quality-issues?subject_id=\(lead.id)").isEmpty
        }
    }

    /// Creates a sync with a CRM, a run of it, and a conflict.
    func synced(_ agency: Agency) throws {
        let crm = try CRMStandIn()
        let id = crm.add(person("conflict", ["name": "Base"]))
        try agency.owner.post(
            "/v1/connectors", CRMStandIn.document.merging(["name": "synced_crm"])
        ).ok(201)
        let integration = try agency.connect(
            "custom.synced_crm", crm.url, credentials: ["token": .string(CRMStandIn.token)], capability: "crm"
        )
        let sync = try agency.owner.post(
            "/v1/syncs", Syncing.body(integration, ["conflict": "review"])
        ).ok(201)
        for _ in 0..<2 {
            let run = try agency.owner.ended("/v1/syncs/\(sync.id)/run")
            #expect(run.text("status") == "completed", "\(run)")
            let lead = try agency.owner.get("/v1/leads?email=conflict@x.example").ok().items[0]
            try agency.owner.patch("/v1/leads/\(lead.id)", ["contact_name": "Ours"]).ok()
            crm.change(id, ["name": "Theirs"], at: CRMStandIn.stamp(2))
        }
    }

    /// Creates a competitor, a finding with a report about the market, and a reading of metrics.
    func studied(by agency: Agency) throws {
        try agency.owner.post("/v1/competitors", ["name": "Rival"]).ok(201)
        try agency.owner.patch("/v1/agents/market_research/config", ["cases_min": 10]).ok()
        try agency.owner.post("/v1/agents/market_research/config/publish").ok()
        let bodies = (0..<24).map { number -> JSON in
            let industry = number < 12 ? "technology" : "retail"
            return lead(
                700 + number,
                ["status": number < 12 ? "won" : "lost", "industry": .string(industry)])
        }
        try agency.makeLeads(bodies)
        let run = try agency.owner.ended(
            "/v1/agents/market_research/runs", ["parameters": ["task": "synthesis"]])
        #expect(run["result"]?["findings"]?.array?.isEmpty == false, "\(run)")
        let (web, client) = (try GoogleAnalyticsStandIn(), try agency.owner.makeClient())
        let integration = try agency.connect(
            "google_analytics", web.service.url, credentials: web.credentials, settings: web.settings,
            capability: "analytics")
        try agency.owner.patch(
            "/v1/integrations/\(integration.id)", ["client_id": .string(client.id)]
        ).ok()
        try agency.owner.ended(
            "/v1/integrations/\(integration.id)/sync",
            ["from": "2025-11-01", "to": "2025-11-02"])
        let ads = try GoogleAdsStandIn()
        ads.days["20251101"] = ["clicks": 5, "cost": 12_340_000, "impressions": 100]
        ads.budgets["111"] = ["micros": 15_000_000]
        let advertising = try agency.connect(
            "google_ads", ads.service.url, credentials: ads.credentials, settings: ads.settings,
            capability: "advertising")
        try agency.owner.ended(
            "/v1/integrations/\(advertising.id)/sync", ["from": "2025-11-01", "to": "2025-11-02"])
    }

    /// Creates a segment, and content that is planned for it, far ahead, with a link to the calendar.
    func distributed(by agency: Agency) throws {
        let filter: JSON = ["field": "industry", "op": "eq", "value": "retail"]
        try agency.owner.post("/v1/review-rules", ["requirement": "A call to action"]).ok(201)
        let segment = try agency.owner.post("/v1/segments", ["name": "Shops", "filter": filter]).ok(201)
        try agency.owner.post("/v1/campaigns", ["name": "Spring", "objective": "sales"]).ok(201)
        try agency.owner.post("/v1/tracked-links", ["url": "https://www.example.com/"]).ok(201)
        let account = try agency.owner.post("/v1/social-accounts", ["network": "x", "name": "Acme"]).ok(201)
        let post = try agency.owner.post(
            "/v1/social-posts", ["account_id": .string(account.id), "text": "Hello"]
        ).ok(201)
        let path = "/v1/social-posts/\(post.id)"
        try agency.owner.post("\(path)/publish").ok(202)
        try eventuallyTrue("a person's turn") {
            try agency.owner.get(path).ok().text("status") == "awaiting_person"
        }
        try agency.owner.post("\(path)/done", ["url": "https://x.com/acme/status/1"]).ok()
        try agency.owner.post("\(path)/metrics", ["likes": 3]).ok(201)
        let linkedIn = try LinkedInStandIn()
        let page = try agency.connectNetwork(
            "linkedin", linkedIn.service.url, ["access_token": .string(linkedIn.token)],
            ["author": .string(linkedIn.author)])
        let standing = try agency.publish(page, "Hello")
        try agency.post(standing, is: "published")
        try agency.owner.post("/v1/social-posts/\(standing)/remove").ok(202)
        try agency.owner.post("/v1/brands", ["name": "Acme", "banned": ["cheap"]]).ok(201)
        _ = try agency.owner.mailCampaign(["segment_id": .string(segment.id)])
        let ads = try MetaAdsStandIn()
        let advertising = try agency.connect(
            "meta_ads", ads.service.url, credentials: ads.credentials, settings: ads.settings,
            capability: "advertising")
        try agency.owner.post(
            "/v1/ad-audiences",
            [
                "name": "Shops", "integration_id": .string(advertising.id),
                "segment_id": .string(segment.id),
            ]
        ).ok(201)
        let item = try agency.owner.post(
            "/v1/content-items",
            [
                "title": "News", "type": "company_news", "subject": "News", "body": "News.",
                "status": "published", "segment_id": .string(segment.id),
            ]
        ).ok(201)
        let distribution = try agency.owner.post(
            "/v1/content-items/\(item.id)/distribute", ["at": "2099-01-01T00:00:00.000Z"]
        ).ok(202)
        try eventuallyTrue("the plan") {
            try agency.owner.get("/v1/distributions/\(distribution.id)").ok()["matched"] != 0
        }
        try agency.owner.post("/v1/content-calendar/feeds", [:]).ok(201)
    }

    /// Creates an enrolment with an open task, and an experiment with the mail after it.
    func enrolled(_ lead: JSON, of agency: Agency) throws {
        let template = try agency.owner.post(
            "/v1/templates", ["name": "A word", "subject": "A word", "body": "Hello."]
        ).ok(201)
        let steps: JSON = [
            ["channel": "task", "title": "Call"],
            ["channel": "email", "delay": "P1D", "template_id": .string(template.id)],
        ]
        let sequence = try agency.owner.post("/v1/sequences", ["name": "Call", "steps": steps]).ok(201)
        let variants = ["a", "b"].map { name -> JSON in
            ["name": .string(name), "template_id": .string(template.id)]
        }
        let experiment: JSON = [
            "name": "Words", "sequence_id": .string(sequence.id), "step_id": "s2",
            "variants": .array(variants),
        ]
        try agency.owner.post("/v1/experiments", experiment).ok(201)
        try agency.owner.post(
            "/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(lead.id)]
        ).ok(201)
        try eventuallyTrue("the task") {
            try !agency.owner.get("/v1/outreach-tasks?status=open").ok().items.isEmpty
        }
    }

    /// Asks every list to go on from places of another agency's, of other lists, and that are cut, altered or made up:
    /// each is refused, or leads to rows of the caller's own.
    func tryCursors(of agency: Agency, as stranger: Agency, in operations: [Operation]) throws {
        let lists = operations.filter { operation in
            let parameters = operation.json["parameters"]?.array ?? []
            return operation.method == "GET" && operation.parameters.isEmpty && !operation.isPublic
                && !operation.path.hasSuffix("/stream") && !operation.path.hasSuffix("/export")
                && parameters.contains { $0["name"] == "cursor" }
        }.map { $0.path + ($0.requiredQuery.isEmpty ? "?" : $0.requiredQuery + "&") }
        _ = try stranger.makeLeads((1...3).map { lead($0) })
        // A cursor for each order in which some list is.
        var cursors: [String: String] = [:], given: [String: String] = [:]
        for list in lists {
            guard let cursor = try agency.owner.get("\(list)limit=1").json["next_cursor"]?.text,
                let order = Base64.decodeURL(cursor).flatMap({ try? JSONParser.parse($0) })?[0].text
            else { continue }
            (given[list], cursors[order]) = (cursor, cursor)
        }
        #expect(Set(cursors.keys).isSuperset(of: ["-id", "row", "-row", "name", "position"]))
        #expect(given.count > 30)
        for list in lists {
            let own = try stranger.owner.get("\(list)limit=200")
            guard own.status == 200 else { continue }
            let theirs = Set(try agency.owner.get("\(list)limit=200").json.items.map(\.id))
                .subtracting(own.json.items.map(\.id))
            @discardableResult
            func leads(_ cursor: String) throws -> Bool {
                let answer = try stranger.owner.get("\(list)limit=200&cursor=\(cursor)")
                if answer.status != 200 { try answer.problem(400, "invalid_cursor") }
                #expect(theirs.isDisjoint(with: answer.json.items.map(\.id)), "\(list): \(cursor)")
                return answer.status == 200
            }
            if let cursor = given[list] {
                #expect(try leads(cursor), "\(list) refuses \(cursor)")
                var altered = Array(cursor.utf8)
                let middle = altered.count / 2, isX = altered[middle] == UInt8(ascii: "x")
                altered[middle] = UInt8(ascii: isX ? "y" : "x")
                try leads(String(decoding: altered, as: UTF8.self))
                #expect(try !leads(String(cursor.dropLast(3))), "\(list) takes half of \(cursor)")
            }
            for (order, cursor) in cursors where try leads(cursor) {
                for value in [.integer(.max), .integer(-1), "\0x", .null, [["x"]]] as [JSON] {
                    try leads(base64URL(JSON.array([.string(order), value]).bytes))
                }
            }
        }
    }

    /// Returns the records as their agency reads them, apart from members that only lists have.
    func records(_ ids: [String: String], of agency: Agency) throws -> [String: JSON] {
        try agency.waitForJudgements()
        return try ids.filter { id in
            !id.key.hasPrefix("/v1/admin")
                && !["merges", "sessions", "contact-identities", "enrollments", "facts"].contains {
                    id.key.hasSuffix($0)
                }
        }
        .reduce(into: [:]) {
            // Whether mail arrives, and how good the data are, is judged just after a record has come in; services
            // are told again who is on an audience half a minute after somebody has withdrawn their consent.
            let isTold = $1.key.hasSuffix("/ad-audiences")
            $0["\($1.key)/\($1.value)"] = try agency.owner.get("\($1.key)/\($1.value)").json.merging(
                isTold
                    ? ["version": nil, "updated_at": nil, "synced_at": nil]
                    : ["email_status": nil, "quality_score": nil])
        }
    }
}
