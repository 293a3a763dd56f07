import Cryptography
import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// The services whose connectors come with the product, over HTTP.
@Suite(.ownThread) struct BuiltInConnectors {
    let server = BureauProcess.shared

    private struct Connected {
        let provider: String, url: String
        let credentials: JSON, settings: JSONObject
        let object: String
        var capability = "crm"
    }

    private func text(_ text: String) -> JSON { .string(text) }

    @Test func `agents have five kinds of service, each behind tools of the gate`() throws {
        let owner = try server.quietAgency().owner
        let providers = try owner.every("/v1/integration-providers")
        let tools = Dictionary(
            uniqueKeysWithValues: try owner.every("/v1/tools").map { ($0.text("name"), $0) })
        // The kind, some of its services, and by which tool an agent's work reaches for it.
        let kinds: [(String, [String], String)] = [
            ("analytics", ["google_analytics", "adobe_analytics"], "read_metrics"),
            ("crm", ["hubspot", "salesforce", "pipedrive"], "ask_connector"),
            ("email_sending", ["smtp", "postmark", "mailgun"], "send_message"),
            ("social_publishing", ["linkedin", "facebook", "x"], "publish_social_post"),
            ("advertising", ["google_ads", "meta_ads"], "set_ad_budget"),
        ]
        for (kind, names, tool) in kinds {
            let able = Set(
                providers.filter { $0["capabilities"]?.array?.contains(.string(kind)) == true }
                    .map { $0.text("name") })
            #expect(able.isSuperset(of: names), "\(kind): \(able.sorted())")
            #expect(tools[tool] != nil, "\(tool)")
        }
        // Jobs read figures once for all agents, which see what was read, so that none holds the tool itself; a budget
        // is set once a person has agreed to an agent's order.
        let agents = try owner.every("/v1/agents")
        for agent in ["budget_allocation", "campaign_manager", "campaign_planning", "client_management"] {
            let permissions = agents.first { $0.text("name") == agent }?["permissions"]?.array ?? []
            #expect(permissions.contains("metrics:read"), "\(agent)")
        }
        for tool in ["ask_connector", "send_message", "publish_social_post", "order_ad_budget"] {
            #expect(agents.contains { $0["tools"]?.array?.contains(.string(tool)) == true }, "\(tool)")
        }
        // A capability without a service is named as such, and nothing is made up.
        let faults = try owner.post(
            "/v1/integrations", ["provider": "google_ads", "capability": "email_sending", "credentials": [:]]
        ).faults()
        #expect(faults["/capability"] == "invalid_choice", "\(faults)")
    }

    @Test func `each is connected, tested, and has its records with a mapping`() throws {
        let agency = try server.signUp()
        let (hub, pipe, deck) = (try HubSpotStandIn(), try PipedriveStandIn(), try ApideckStandIn())
        let (asana, trello, jira) = (try AsanaStandIn(), try TrelloStandIn(), try JiraStandIn())
        let force = try SalesforceStandIn()
        let all = [
            Connected(
                provider: "hubspot", url: hub.service.url,
                credentials: ["access_token": text(hub.token), "client_secret": text(hub.clientSecret)],
                settings: [:], object: "contacts"),
            Connected(
                provider: "salesforce", url: force.service.url, credentials: force.credentials,
                settings: force.settings, object: "leads"),
            Connected(
                provider: "pipedrive", url: pipe.service.url, credentials: ["api_token": text(pipe.token)],
                settings: [:], object: "persons"),
            Connected(
                provider: "apideck", url: deck.service.url,
                credentials: ["api_key": text(deck.apiKey), "app_id": text(deck.appID)], settings: [:],
                object: "contacts"),
            Connected(
                provider: "asana", url: asana.service.url, credentials: ["access_token": text(asana.token)],
                settings: ["workspace": "99", "project": "1201"], object: "tasks", capability: "projects"),
            Connected(
                provider: "trello", url: trello.service.url,
                credentials: [
                    "key": text(trello.key), "token": text(trello.token), "secret": text(trello.secret),
                ],
                settings: ["board": text(trello.board), "list": text(trello.list)], object: "cards",
                capability: "projects"),
            Connected(
                provider: "jira", url: jira.service.url,
                credentials: ["email": text(jira.email), "api_token": text(jira.token)],
                settings: ["project": "OPS"], object: "issues", capability: "projects"),
        ]
        for one in all {
            let made = try agency.connect(
                one.provider, one.url, credentials: one.credentials, settings: one.settings,
                capability: one.capability)
            let told = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
            #expect(told["ok"] == true, "\(one.provider): \(told)")
            let objects = try agency.owner.every("/v1/integrations/\(made.id)/objects")
            let object = try #require(objects.first { $0.text("name") == one.object })
            let pairs = object["suggested_mapping"]?.array ?? []
            #expect(pairs.contains { $0["key"] == true } && pairs.count >= 3, "\(one.provider)")
            // Salesforce has no hooks: it is asked.
            let hasHooks = made["hook_url"] != .null
            #expect(made["status"] == "active" && hasHooks == (one.provider != "salesforce"))
        }
        let limits = try agency.owner.every("/v1/integrations").filter { $0.text("provider") == "apideck" }
        #expect(limits.first?["limits"]?["month"] == 2500)
    }

    @Test func `what is missing or wrong is named where it is`() throws {
        let agency = try server.signUp(), hub = try HubSpotStandIn()
        func faults(
            _ provider: String, _ credentials: JSON, _ settings: JSON, _ capability: String
        ) throws -> [String: String] {
            try agency.owner.post(
                "/v1/integrations",
                [
                    "provider": .string(provider), "capability": .string(capability), "settings": settings,
                    "credentials": credentials,
                ]
            ).faults()
        }
        let url: JSON = ["base_url": .string(hub.service.url)]
        #expect(try faults("hubspot", [:], url, "crm") == ["/credentials/access_token": "required"])
        #expect(
            try faults("trello", ["key": "a"], ["board": "b"], "projects") == [
                "/credentials/token": "required"
            ])
        #expect(
            try faults("asana", ["access_token": "a"], [:], "projects") == ["/settings/project": "required"])
        #expect(
            try faults("jira", ["email": "a@x.example"], ["project": "OPS"], "projects") == [
                "/settings/base_url": "required", "/credentials/email": "required",
            ])
        #expect(
            try faults("hubspot", ["access_token": "a"], url, "projects") == ["/capability": "invalid_choice"]
        )
        let wrong = try agency.connect(
            "hubspot", hub.service.url, credentials: ["access_token": "other"], capability: "crm")
        let told = try agency.owner.post("/v1/integrations/\(wrong.id)/test").ok()
        #expect(
            told["ok"] == false && told["code"] == "unauthenticated" && !told.serialized.contains("other"))
    }

    @Test func `HubSpot's owner lets us in by consent, and its token is renewed`() throws {
        let (agency, hub, consent) = (
            try server.signUp(), try HubSpotStandIn(), try OAuthStandIn { $0.token = "pat-na1-x" }
        )
        let made = try agency.connect(
            "hubspot", hub.service.url,
            credentials: [
                "client_id": text(consent.settings.clientID),
                "client_secret": text(consent.settings.clientSecret),
            ],
            settings: ["authorize_url": text(consent.authorizeURL), "token_url": text(consent.tokenURL)],
            capability: "crm")
        #expect(made["status"] == "disabled")
        let path = "/v1/integrations/\(made.id)"
        let begun = try agency.owner.post("\(path)/connect").ok()
        let back = try #require(consent.wayBack(from: begun.text("authorize_url")))
        let query = try #require(back.split(separator: "?").last)
        #expect(try server.anonymous.get("/v1/oauth/callback?\(query)").status == 200)
        #expect(try agency.owner.get(path).ok()["status"] == "active")
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(consent.grants == ["authorization_code"])
    }

    @Test func `a hook of HubSpot is proven by its signature over address, body and time`() throws {
        let (agency, hub) = (try server.signUp(), try HubSpotStandIn())
        let made = try agency.connect(
            "hubspot", hub.service.url,
            credentials: ["access_token": text(hub.token), "client_secret": text(hub.clientSecret)],
            capability: "crm")
        let url = "http://127.0.0.1:\(server.port)" + made.text("hook_url"),
            now = Int64(Date.now.timeIntervalSince1970 * 1000)
        let events = HubSpotStandIn.changed("507", "firstname", at: now)
        for wrong in [
            hub.hook(events, to: url, at: now, secret: "other"), hub.hook(events, to: url + "x", at: now),
            hub.hook(events, to: url, at: now - 400_000),
        ] {
            try server.deliver(wrong, to: made).problem(401, "signature_invalid")
        }
        let hook = hub.hook(events, to: url, at: now)
        #expect(try server.deliver(hook, to: made).ok() == ["received": true])
        #expect(try server.deliver(hook, to: made).ok()["duplicate"] == true)
        let receipts = try agency.owner.every("/v1/hook-receipts?integration_id=\(made.id)")
        #expect(receipts.map { $0.text("type") } == ["contact.propertyChange"])
    }

    @Test func `Asana introduces its hook once, and is believed by that secret alone`() throws {
        let (agency, asana) = (try server.signUp(), try AsanaStandIn())
        let made = try agency.connect(
            "asana", asana.service.url, credentials: ["access_token": text(asana.token)],
            settings: ["project": "1201"], capability: "projects")
        let event = AsanaStandIn.changed("9000", "completed", at: "2026-01-15T10:00:00.000Z")
        try server.deliver(asana.hook(event), to: made).problem(401, "signature_invalid")
        let met = try server.deliver(asana.greeting(), to: made)
        #expect(met.status == 200 && met.header("X-Hook-Secret") == asana.secret)
        #expect(try server.deliver(asana.greeting(), to: made).status == 200)
        try server.deliver(asana.greeting(secret: "another"), to: made).problem(401, "signature_invalid")
        #expect(try server.deliver(asana.hook(event), to: made).ok()["received"] == true)
        #expect(try server.deliver(asana.hook(["events": []]), to: made).ok()["received"] == true)
        let told = try agency.owner.post("/v1/integrations/\(made.id)/subscribe").ok()
        #expect(told["ok"] == true)
        let asked = try #require(asana.service.requests.last { $0.method == "POST" })
        #expect(asked.target == "/api/1.0/webhooks" && asked.text.contains(made.text("hook_url")))
    }

    @Test func `Trello's hook is asked for and proven over its address`() throws {
        let (agency, trello) = (try server.signUp(), try TrelloStandIn())
        let made = try agency.connect(
            "trello", trello.service.url,
            credentials: [
                "key": text(trello.key), "token": text(trello.token), "secret": text(trello.secret),
            ],
            settings: ["board": text(trello.board)], capability: "projects")
        #expect(try server.anonymous.get(made.text("hook_url")).status == 200)
        let url = "http://127.0.0.1:\(server.port)" + made.text("hook_url"),
            event = TrelloStandIn.changed("c1", action: "a1")
        try server.deliver(trello.hook(event, to: url + "?x"), to: made).problem(401, "signature_invalid")
        #expect(try server.deliver(trello.hook(event, to: url), to: made).ok()["received"] == true)
    }

    @Test func `a client's own system is connected with its settings, headers and hooks, as data`() throws {
        let agency = try server.signUp()
        let name = Mutex<String?>("Acme Works")
        let web = try ServiceStandIn { request in
            guard request.header("X-Shop") == "north", request.header("Authorization") == "Bearer s1" else {
                return StandInAnswer(401, "{}")
            }
            guard let name = name.withLock({ $0 }) else { return StandInAnswer(418, "{}") }
            let told: JSON = ["rows": [["id": 7, "name": .string(name)]]]
            return StandInAnswer(200, told.serialized)
        }
        let document: JSON = [
            "name": "own_erp", "title": "ERP", "auth": ["kind": "bearer", "credential": "token"],
            "credentials": [
                ["name": "hook_key", "required": false, "proves_hooks": true, "about": "The key."]
            ],
            "settings": [["name": "shop", "required": true, "about": "The shop."]],
            "headers": ["X-Shop": "{{ settings.shop }}"], "limits": ["minute": 30],
            "errors": [["status": 418, "code": "quota_exhausted", "wait": 60]],
            "test": ["path": "/rows"],
            "objects": [
                [
                    "name": "customers", "local": "companies", "id": "/id",
                    "list": ["path": "/rows", "items": "/rows"],
                    "fields": [["name": "name", "local": "name", "key": true]],
                ]
            ],
            "hooks": [
                "proof": [
                    "kind": "signature", "header": "X-Sign", "over": ["body"], "credential": "hook_key",
                ], "events": "", "type": "/kind", "objects": [["object": "customers", "id": "/id"]],
            ],
        ]
        _ = try agency.owner.post("/v1/connectors", document).ok(201)
        let bad = document.merging([
            "name": "other", "headers": ["X-Shop": "{{ settings.store }}", "X-Split": "a\r\nB: c"],
            "hooks": ["proof": ["credential": "none"]],
            "errors": [["code": "odd"]],
        ])
        #expect(
            try agency.owner.post("/v1/connectors", bad).faults() == [
                "/headers/X-Shop": "unknown_name", "/headers/X-Split": "wrong_type",
                "/hooks/proof/credential": "invalid_choice", "/errors/0/code": "invalid_choice",
            ])
        let made = try agency.connect(
            "custom.own_erp", web.url, credentials: ["token": "s1", "hook_key": "k"],
            settings: ["shop": "north"],
            capability: "crm")
        #expect(try agency.owner.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)
        #expect(made["limits"]?["minute"] == 30 && made.text("hook_url").contains("custom.own_erp"))
        // Its customers come in, and what its hook tells of after that.
        try agency.owner.patch("/v1/integrations/\(made.id)", ["pacing": "burst"]).ok()
        let sync: JSON = [
            "integration_id": .string(made.id), "object": "customers", "local": "companies",
            "direction": "pull", "conflict": "newest", "every": nil,
        ]
        let started = try agency.owner.post("/v1/syncs", sync).ok(201)
        let run = try agency.owner.ended("/v1/syncs/\(started.id)/run", [:])
        #expect(run["pulled"]?["created"] == 1, "\(run)")
        name.withLock { $0 = "Acme Robotics" }
        let body = Array(#"{"id": 7, "kind": "customer.renamed"}"#.utf8)
        func hook(_ code: String) -> StandInHook {
            StandInHook([("Content-Type", "application/json"), ("X-Sign", code)], body)
        }
        try server.deliver(hook("00"), to: made).problem(401, "signature_invalid")
        try server.deliver(hook(Hex.encode(HMAC.sha256(key: Array("k".utf8), body))), to: made).ok()
        try eventuallyTrue("the new name") {
            try agency.owner.every("/v1/companies").map { $0.text("name") } == ["Acme Robotics"]
        }
        // An answer means what the document says of it.
        name.withLock { $0 = nil }
        let spent = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        #expect(spent["ok"] == false && spent.text("code") == "quota_exhausted", "\(spent)")
    }
}
