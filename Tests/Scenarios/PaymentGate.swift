import JSON
import StandIns
import Testing

/// Payment services behind the gate: each request is a call, with its invoice, its client and its reason.
@Suite(.ownThread) struct PaymentGate {
    let server = BureauProcess.shared

    @discardableResult
    private func connect(_ owner: Caller, _ stripe: StripeStandIn, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "provider": "stripe", "capability": "payments",
            "settings": ["base_url": .string(stripe.service.url)],
            "credentials": [
                "secret_key": .string(stripe.secretKey), "webhook_secret": .string(stripe.webhookSecret),
            ],
        ]
        for (key, value) in more.members { body[key] = value }
        return try owner.post("/v1/integrations", .object(body)).ok(201)
    }

    /// Where whoever has an invoice's link asks to pay.
    private func pay(_ invoice: JSON) throws -> Answer {
        let token = try #require(invoice.text("public_url").split(separator: "/p/").last)
        return try server.anonymous.post("/p/\(token)/pay")
    }

    /// The calls of a tool, the oldest first.
    private func calls(_ owner: Caller, _ tool: String = "create_payment_link") throws -> [JSON] {
        try owner.every("/v1/tool-calls?tool=\(tool)").sorted { $0.id < $1.id }
    }

    private func broken() -> ServiceStandIn.Turn {
        .answer(StripeStandIn.failure(500, "api_error", "Sorry."))
    }

    @Test func `a payment link is a tool that sends, by the agency's payment services, and nobody's to call`()
        throws
    {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let made = try connect(agency.owner, stripe)
        let tool = try agency.owner.get("/v1/tools/create_payment_link").ok()
        #expect(tool["class"] == "sends" && tool["providers"] == [.string(made.id)])
        let node: JSON = ["id": "n", "type": "tool", "tool": "create_payment_link", "input": [:]]
        try agency.owner.post(
            "/v1/workflows",
            ["name": "w", "start": "n", "state": [:], "nodes": [node], "edges": []]
        ).problem(422)
    }

    @Test func `a key of the other mode is a warning, until the integration or the key is the right one`()
        throws
    {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let made = try connect(agency.owner, stripe), path = "/v1/integrations/\(made.id)"
        func trial() throws -> JSON { try agency.owner.post("\(path)/test").ok() }
        let warned = try trial()
        #expect(warned["ok"] == true && warned.text("code") == "stripe_test_key")
        #expect(warned.text("recommended_action").contains("environment"))
        let shown = try agency.owner.get(path).ok()
        #expect(shown.text("status") == "active" && shown.text("error").contains("integration is live"))
        let alert = try #require(try agency.openAlerts(of: made).first)
        #expect(alert.text("severity") == "warning" && alert.text("title").contains("integration is live"))

        try agency.owner.patch(path, ["environment": "test"]).ok()
        #expect(try trial()["code"] == .null)
        #expect(try agency.owner.get(path).ok()["error"] == .null)
        #expect(try agency.openAlerts(of: made).isEmpty)

        stripe.service.next(.answer(200, #"{"object":"balance","livemode":true}"#))
        #expect(try trial().text("code") == "stripe_live_key")
        #expect(try agency.openAlerts(of: made).count == 1)
    }

    @Test func `nobody pays through an integration for tests`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let made = try connect(agency.owner, stripe, ["environment": "test"])
        let invoice = try agency.owner.invoice(try agency.owner.makeClient())
        #expect(try pay(invoice).status >= 400)
        #expect(stripe.service.requests.isEmpty)
        try agency.owner.patch("/v1/integrations/\(made.id)", ["environment": "live"]).ok()
        try pay(invoice).ok()
        #expect(stripe.opened == 1)
    }

    @Test func `a client's click is one call: about what, for whom, by which service and why`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, made = try connect(owner, stripe), client = try owner.makeClient()
        let invoice = try owner.invoice(client)
        let url = try pay(invoice).ok().text("url")
        #expect(try pay(invoice).ok().text("url") == url, "the page that is open asks nobody")
        let call = try #require(try calls(owner).first)
        #expect(try calls(owner).count == 1 && stripe.service.requests.count == 1)
        #expect(call.text("state") == "succeeded" && call["integration_id"] == .string(made.id))
        #expect(call["subject"] == ["type": "invoice", "id": .string(invoice.id)])
        #expect(call["client_id"] == .string(client.id) && call["actor"]?.text("type") == "system")
        #expect(call["why"]?.text("code") == "only_one" && call["agent"] == .null)
        #expect((call["bytes"]?.int ?? 0) > 100)
        let use = try owner.get("/v1/integrations/\(made.id)/use").ok()
        #expect(use["month"]?["calls"] == 1)
        #expect(use["by"]?["tools"]?.array?.map(\.id) == ["create_payment_link"])
        #expect(use["by"]?["clients"]?.array?.map(\.id) == [client.id])
    }

    @Test func `a signed-in client's click has the client's name`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        try connect(agency.owner, stripe)
        let client = try agency.portalClient("Acme")
        let invoice = try agency.owner.invoice(client.record)
        try client.admin.post("/v1/portal/invoices/\(invoice.id)/pay").ok()
        let actor = try #require(try calls(agency.owner).first?["actor"])
        #expect(actor.text("type") == "user" && actor.text("id").hasPrefix("user_"))
    }

    @Test func `within an overlap a client pays by the key before, and after it nobody does`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, made = try connect(owner, stripe)
        let path = "/v1/integrations/\(made.id)", mistyped: JSON = ["secret_key": "sk_test_mistyped"]
        try owner.post("\(path)/rotate", ["credentials": mistyped]).ok()
        try pay(try owner.invoice(try owner.makeClient())).ok()
        let tried = stripe.service.requests.compactMap { $0.header("Authorization") }
        #expect(tried == ["Bearer sk_test_mistyped", "Bearer \(stripe.secretKey)"])
        #expect(try calls(owner).map { $0.text("state") } == ["succeeded"], "it is one call")
        #expect(try owner.get(path).ok().text("status") == "active")
        try owner.patch(path, ["credentials": mistyped]).ok()
        try pay(try owner.invoice(try owner.makeClient())).problem(503, "unavailable")
        #expect(try owner.get(path).ok().text("status") == "failing")
    }

    @Test func `a sandbox captures the page and asks nobody`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let box = try agency.sandbox()
        try box.quieten()
        let made = try connect(box.owner, stripe)
        let invoice = try box.owner.invoice(try box.owner.makeClient())
        for _ in 0..<2 { #expect(try pay(invoice).ok().text("url") == invoice.text("public_url")) }
        let all = try calls(box.owner)
        #expect(all.map { $0.text("state") } == ["captured"], "one page at a time")
        #expect(all.first?["integration_id"] == .string(made.id) && stripe.service.requests.isEmpty)
    }

    @Test func `where the first service fails the same click is led to the next`() throws {
        let (agency, first, second) = (
            try server.quietAgency(), try StripeStandIn(), try StripeStandIn()
        )
        let owner = agency.owner
        let one = try connect(owner, first, ["priority": 1, "name": "First"])
        let other = try connect(owner, second, ["priority": 2])
        first.service.next(broken())
        try pay(try owner.invoice(try owner.makeClient())).ok()
        #expect(first.opened == 0 && second.opened == 1)
        let all = try calls(owner)
        #expect(all.map { $0.text("state") } == ["failed", "succeeded"])
        #expect(all.map { $0.text("integration_id") } == [one.id, other.id])
        #expect(all.map { $0["why"]?.text("code") } == ["first_choice", "after_failure"])
        #expect(all.last?["why"]?.text("detail") == "First has failed with it.")
    }

    @Test func `five failures open the circuit: nobody waits for the service, and one alert tells`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, made = try connect(owner, stripe)
        let invoice = try owner.invoice(try owner.makeClient())
        stripe.service.next(broken(), broken(), broken(), broken(), broken())
        for _ in 0..<5 { try pay(invoice).problem(503, "unavailable") }
        let spared = try pay(invoice)
        try spared.problem(503, "unavailable")
        #expect(spared.header("Retry-After") != nil && stripe.service.requests.count == 5)
        let circuit = try owner.get("/v1/integrations/\(made.id)").ok()["circuit"]
        #expect(circuit?.text("state") == "open")
        let alerts = try owner.every("/v1/alerts").filter { $0.text("kind") == "integration_circuit_open" }
        #expect(alerts.map { $0["subject"]?.id } == [made.id])
    }

    @Test func `what a service refuses as wrong opens no circuit`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, made = try connect(owner, stripe)
        let invoice = try owner.invoice(try owner.makeClient())
        for _ in 0..<6 {
            stripe.service.next(.answer(StripeStandIn.failure(400, "invalid_request_error", "No.")))
            try pay(invoice).problem(503, "unavailable")
        }
        let circuit = try owner.get("/v1/integrations/\(made.id)").ok()["circuit"]
        #expect(circuit?.text("state") == "closed" && stripe.service.requests.count == 6)
        let kinds = try owner.every("/v1/alerts").map { $0.text("kind") }
        #expect(kinds.contains("checkout_failed"))
        try pay(invoice).ok()
        let alert = try #require(
            try owner.every("/v1/alerts").first { $0.text("kind") == "checkout_failed" })
        #expect(alert["resolved_at"] != .null, "the client could pay after all")
    }

    @Test func `a service that asks for patience is not asked before`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, made = try connect(owner, stripe)
        let invoice = try owner.invoice(try owner.makeClient())
        let slower = StripeStandIn.failure(
            429, "rate_limit_error", "Slower.", headers: [("Retry-After", "600")])
        stripe.service.next(.answer(slower))
        for _ in 0..<2 { try pay(invoice).problem(503, "unavailable") }
        #expect(stripe.service.requests.count == 1)
        let circuit = try owner.get("/v1/integrations/\(made.id)").ok()["circuit"]
        #expect(circuit?.text("state") == "closed")
    }

    @Test func `the agency's limit holds for pages, too`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, client = try owner.makeClient()
        try connect(owner, stripe)
        try owner.patch("/v1/tools/create_payment_link", ["limits": ["day": 1]]).ok()
        try pay(try owner.invoice(client)).ok()
        try pay(try owner.invoice(client)).problem(503, "unavailable")
        #expect(stripe.opened == 1)
    }

    @Test func `switched off, nobody is offered to pay`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner
        try connect(owner, stripe)
        let invoice = try owner.invoice(try owner.makeClient())
        try owner.patch("/v1/tools/create_payment_link", ["enabled": false]).ok()
        try pay(invoice).problem(409, "conflict")
        #expect(stripe.service.requests.isEmpty)
    }

    @Test func `a budget and a brake do not keep a client from paying`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner
        try connect(owner, stripe)
        try owner.post("/v1/budgets", ["kind": "sends", "limit": 0, "per": "day"]).ok(201)
        try owner.post("/v1/brakes", ["scope": "tenant", "reason": "a test"]).ok(201)
        try pay(try owner.invoice(try owner.makeClient())).ok()
        #expect(stripe.opened == 1)
    }

    @Test func `closing a page is a call of its own`() throws {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let owner = agency.owner, made = try connect(owner, stripe)
        let invoice = try owner.invoice(try owner.makeClient())
        try pay(invoice).ok()
        try owner.pay(invoice, 50_000).ok(201)
        let call = try eventually("the call") {
            try calls(owner, "close_payment_link").first { $0.text("state") == "succeeded" }
        }
        #expect(stripe.status(of: "cs_1") == "expired" && call["integration_id"] == .string(made.id))
        #expect(call["subject"]?.id == invoice.id)
    }
}
