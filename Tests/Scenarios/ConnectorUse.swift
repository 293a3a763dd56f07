import JSON
import StandIns
import Testing

/// Each call to a service is kept, counted and told.
@Suite(.ownThread) struct ConnectorUse {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.signUp()
        try agency.readyToMail()
        return agency
    }

    private func cents(_ amount: Int64) -> JSON { ["amount": .integer(amount), "currency": "USD"] }

    @Test func `a person's own mail is a call with who, what, to whom, by which way and why`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark", delay: .milliseconds(50)))
        let connected = try agency.connect(mail)
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let lead = try agency.makeLead(1, ["client_id": .string(client.id)])
        let sent = try agency.send(["id": lead["contact_id"] ?? .null], ["purpose": "transactional"])
        try agency.message(sent, "sent")
        let calls = try agency.sendingCalls("&subject_id=\(sent.id)")
        let call = try #require(calls.first)
        #expect(calls.count == 1 && call["agent"] == .null && call.text("state") == "succeeded")
        #expect(call["actor"] == ["type": "user", "id": agency.user["id"] ?? .null])
        #expect(call["subject"] == ["type": "message", "id": .string(sent.id)])
        #expect(call.text("integration_id") == connected.id && call.text("client_id") == client.id)
        #expect((call["duration_ms"]?.double ?? 0) >= 50 && (call["bytes"]?.int ?? 0) > 0)
        #expect(why(call) == "only_one" && call["why"]?.text("detail").isEmpty == false)
        for filter in ["&integration_id=\(connected.id)", "&client_id=\(client.id)"] {
            #expect(try agency.sendingCalls(filter) == calls)
        }
    }

    @Test func `use is told by day, tool and client, with cost and what the month comes to`() throws {
        let mail = try ScriptedMailService("postmark", delay: .milliseconds(20)) { number in
            number == 0 ? StandInAnswer(500, "{}") : nil
        }
        let agency = try agency()
        let connected = try agency.connect(mail, ["price": dollars(20)])
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let lead = try agency.makeLead(1, ["client_id": .string(client.id)])
        let first = try agency.send(["id": lead["contact_id"] ?? .null], ["purpose": "transactional"])
        try eventuallyTrue("the failure") {
            try agency.sendingCalls().contains { $0.text("state") == "failed" }
        }
        try agency.owner.post("/v1/messages/\(first.id)/retry").ok(202)
        for message in [first] + (try agency.mail(2..<5)) { try agency.message(message, "sent") }
        let use = try agency.use(of: connected)
        let day = try #require(use["days"]?[0])
        #expect(day["calls"] == 5 && day["failures"] == 1 && day["cost"] == cents(8))
        #expect((day["average_ms"]?.int ?? 0) >= 20 && (day["bytes"]?.int ?? 0) > 0)
        #expect(use["by"]?["tools"]?[0]["id"] == "send_message")
        let clients = use["by"]?["clients"]?.array ?? []
        #expect(clients.count == 1 && clients.first?.text("id") == client.id && clients.first?["calls"] == 2)
        let month = try #require(use["month"])
        #expect(month["calls"] == 5 && month["cost"] == cents(8))
        #expect((month["expected_calls"]?.int ?? 0) >= 5)
        #expect((month["expected_cost"]?["amount"]?.int ?? 0) >= 8 && month["error"] != .null)
        let tool = try agency.owner.get("/v1/tools/send_message/use").ok()["days"]?[0]
        #expect(tool?["calls"] == 5 && tool?["failures"] == 1)
        try server.signUp().owner.get("/v1/integrations/\(connected.id)/use").problem(404)
    }

    @Test func `how a service answers today is told beside what is usual, with how often it failed and why`()
        throws
    {
        let mail = try ScriptedMailService("postmark", delay: .milliseconds(20)) { number in
            number == 0 ? StandInAnswer(500, #"{"ErrorCode":100,"Message":"no"}"#) : nil
        }
        let agency = try agency()
        let connected = try agency.connect(mail)
        #expect(try agency.use(of: connected)["performance"] == [])
        for message in try agency.mail(0..<4) { try agency.message(message, "sent") }
        _ = try agency.sendingCalls()
        let performance = try agency.use(of: connected)["performance"]?.array ?? []
        let one = try #require(performance.first)
        #expect(performance.count == 1 && one["tool"] == "send_message")
        let (today, usual) = (one["today"], one["usual"])
        #expect(today?["calls"] == 5 && today?["success_rate"]?.double == 0.8)
        #expect(today?["errors"] == [["code": "postmark_500", "calls": 1]])
        #expect((today?["average_ms"]?.int ?? 0) >= 20)
        #expect(usual?["calls"] == 0 && usual?["success_rate"] == .null && usual?["average_ms"] == .null)
    }

    @Test func `what an agent sent is counted for it, by the service and by itself`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark"))
        let connected = try agency.connect(mail, ["price": dollars(10)])
        try agency.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let article: JSON = [
            "title": "Changing your logo", "status": "published",
            "body": "Open Settings, then Branding, and upload the picture.",
        ]
        try agency.owner.post("/v1/articles", article).ok(201)
        let contact = try agency.makeContact(1)
        try agency.owner.post(
            "/v1/tickets",
            [
                "subject": "Logo", "body": "How do I change my logo?", "contact_id": .string(contact.id),
            ]
        ).ok(201)
        let calls = try agency.sendingCalls("&agent=customer_service")
        #expect(calls.allSatisfy { $0["actor"] == ["type": "agent", "id": "customer_service"] })
        #expect(calls.allSatisfy { !$0.text("run_id").isEmpty && $0.text("state") == "succeeded" })
        let count = try agency.sendingCalls("&agent=customer_service").count
        let agents = try agency.use(of: connected)["by"]?["agents"]?.array ?? []
        #expect(agents.map { $0.text("id") } == ["customer_service"])
        #expect((agents.first?["calls"]?.int ?? 0) >= Int64(count))
        let today = try agency.owner.get("/v1/agents/customer_service").ok()["use_today"]
        #expect((today?["calls"]?.int ?? 0) >= Int64(count))
        #expect((today?["cost"]?["amount"]?.int ?? 0) >= Int64(count))
    }

    @Test func `costs are told as a whole, with a cheaper choice and its consequence`() throws {
        let (dear, cheap) = (try ScriptedMailService("postmark"), try ScriptedMailService("mailgun"))
        let agency = try agency()
        let first = try agency.connect(dear, ["price": dollars(50)])
        let second = try agency.connect(cheap, priority: 2, ["price": dollars(10)])
        for message in try agency.mail(0..<4) { try agency.message(message, "sent") }
        _ = try agency.sendingCalls()
        let costs = try agency.owner.get("/v1/costs/summary").ok()
        #expect(costs["month"]?["spent"] == cents(20) && costs["month"]?["error"] != .null)
        #expect((costs["month"]?["expected"]?["amount"]?.int ?? 0) >= 20)
        let integrations = costs["by"]?["integrations"]?.array ?? []
        #expect(integrations.map { $0.text("id") } == [first.id])
        #expect(integrations.first?["cost"] == cents(20))
        let proposals = costs["proposals"]?.array ?? []
        let proposal = try #require(proposals.first { $0["subject"]?["id"] == .string(second.id) })
        #expect((proposal["saves"]?["amount"]?.int ?? 0) > 0)
        #expect(proposal.text("consequence").contains("reliability here is unknown"))
    }

    @Test func `a test is a call of whoever asked for it, and sends nothing`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark"))
        let connected = try agency.connect(mail)
        #expect(try agency.owner.post("/v1/integrations/\(connected.id)/test").ok()["ok"] == true)
        let calls = try agency.owner.every("/v1/tool-calls?integration_id=\(connected.id)")
        #expect(calls.map { $0.text("state") } == ["succeeded"] && mail.asked.isEmpty)
        #expect(calls.first?["actor"] == ["type": "user", "id": agency.user["id"] ?? .null])
        #expect(try agency.use(of: connected)["month"]?["calls"] == 1)
    }

    @Test func `a service whose answers lose a field is told before it fails`() throws {
        let mail = try ScriptedMailService("postmark") { number in
            ScriptedMailService.taken("postmark", number, more: number < 25 ? ["To": "x"] : [:])
        }
        let agency = try agency()
        let connected = try agency.connect(mail)
        for message in try agency.mail(0..<25) { try agency.message(message, "sent") }
        #expect(try agency.openAlerts(of: connected).isEmpty)
        for message in try agency.mail(25..<35) { try agency.message(message, "sent") }
        let alerts = try agency.openAlerts(of: connected)
        let alert = try #require(alerts.first)
        #expect(alerts.count == 1 && alert.text("kind") == "integration_drift")
        #expect(alert.text("title").contains("\"To\"") && !alert.text("recommended_action").isEmpty)
        #expect(Set(mail.mails).count == 35 && mail.mails.count == 35)
    }
}
