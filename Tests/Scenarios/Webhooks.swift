import Foundation
import Glibc
import JSON
import StandIns
import Tenancy
import Testing

@Suite(.ownThread) struct Webhooks {
    let server = BureauProcess.shared

    private func receiver(_ status: Int = 200) throws -> StandIn {
        try StandIn { _ in StandInAnswer(status) }
    }

    private func endpoint(_ agency: Agency, _ url: String, _ events: JSON = ["lead.*"]) throws -> JSON {
        try agency.owner.post("/v1/webhooks", ["url": .string(url), "events": events]).ok(201)
    }

    private func deliveries(_ agency: Agency, _ query: String = "") throws -> [JSON] {
        try agency.owner.get("/v1/webhook-deliveries" + query).ok()["data"]?.array ?? []
    }

    @Test func `an endpoint is told what happens, and its secret is shown once`() throws {
        let (agency, hooks) = (try server.quietAgency(), try receiver())
        let made = try endpoint(agency, "\(hooks.url)/hook")
        #expect(made.text("secret").hasPrefix("whsec_"))
        #expect(made.text("status") == "enabled" && made["sealed_secret"] == nil)
        #expect(try agency.owner.get("/v1/webhooks/\(made.id)").ok()["secret"] == nil)
        let lead = try agency.makeLead()
        let delivery = try eventually("the delivery") {
            try deliveries(agency, "?event_type=lead.created&status=delivered").first
        }
        #expect(delivery.text("webhook_id") == made.id && delivery["attempt_count"] == 1)
        let request = try #require(
            hooks.requests.first { $0.header("webhook-id") == delivery.text("event_id") })
        let body = try JSONParser.parse(request.body)
        #expect(body.text("type") == "lead.created" && body["data"]?.id == lead.id)
        let detail = try agency.owner.get("/v1/webhook-deliveries/\(delivery.id)").ok()
        #expect(detail["attempts"]?.array?.count == 1)
        // The record is as it is now, and data quality may have looked at it meanwhile.
        let shown = detail["payload"], data = shown?["data"]
        #expect(shown?["type"] == body["type"] && shown?["timestamp"] == body["timestamp"])
        #expect(data?.id == lead.id && data?["record"]?.id == lead.id)
    }

    @Test func `addresses that are none, or lead inside, are refused when they are saved`() throws {
        let strict = try BureauProcess.start(["outbound.allow_private": "false"])
        let agency = try strict.quietAgency()
        for (url, code) in [
            ("https://127.0.0.1/x", "refused_address"), ("https://localhost/x", "refused_address"),
            ("https://169.254.169.254/latest", "refused_address"), ("https://0x7f000001/", "refused_address"),
            ("https://[::ffff:10.0.0.1]/", "refused_address"),
            ("https://user:word@example.com/", "invalid_url"),
            ("http://example.com/hook", "invalid_url"), ("ftp://example.com/", "invalid_url"),
            ("nonsense", "invalid_url"),
        ] {
            let problem = try agency.owner.post("/v1/webhooks", ["url": .string(url), "events": ["*"]])
                .problem(422)
            #expect(problem["errors"]?[0]["code"] == .string(code), "\(url)")
            #expect(problem["errors"]?[0]["pointer"] == "/url", "\(url)")
        }
        let made = try endpoint(agency, "https://hooks.example.com/bureau")
        try agency.owner.patch("/v1/webhooks/\(made.id)", ["url": "https://10.0.0.1/"]).problem(422)
        try agency.owner.post("/v1/webhooks", ["url": "https://example.com/", "events": []]).problem(422)
        try agency.owner.post("/v1/webhooks", ["url": "https://example.com/", "events": ["No!"]]).problem(422)
    }

    @Test func `an endpoint can be tested, switched off and on, rotated, and told again`() throws {
        let (agency, hooks) = (try server.quietAgency(), try receiver(410))
        let made = try endpoint(agency, hooks.url)
        let test = try agency.owner.post("/v1/webhooks/\(made.id)/test").ok(202)
        #expect(test["test"] == true && test.text("event_type") == "webhook.test")
        // It answers 410, which switches it off.
        try eventuallyTrue("the end of the endpoint") {
            try agency.owner.get("/v1/webhooks/\(made.id)").ok().text("status") == "disabled"
        }
        #expect(try agency.owner.get("/v1/events?type=webhook.disabled").ok()["data"]?.array?.count == 1)
        _ = try agency.makeLead()
        #expect(try deliveries(agency, "?event_type=lead.*").isEmpty)
        let enabled = try agency.owner.patch("/v1/webhooks/\(made.id)", ["status": "enabled"]).ok()
        #expect(enabled["disabled_reason"] == .null)
        let again = try agency.owner.post("/v1/webhook-deliveries/\(test.id)/redeliver").ok(202)
        #expect(again.id == test.id)
        try eventuallyTrue("the second attempt") { hooks.requests.count == 2 }
        let rotated = try agency.owner.post("/v1/webhooks/\(made.id)/rotate-secret", ["overlap": "PT1H"]).ok()
        #expect(rotated.text("secret") != made.text("secret"))
        try agency.owner.post("/v1/webhooks/\(made.id)/rotate-secret", ["overlap": "P9D"]).problem(422)
        try agency.owner.delete("/v1/webhooks/\(made.id)").ok(204)
        try agency.owner.get("/v1/webhooks/\(made.id)").problem(404)
    }

    @Test func `endpoints and deliveries are their own agency's, and need their permission`() throws {
        let (agency, other, hooks) = (try server.quietAgency(), try server.quietAgency(), try receiver())
        let made = try endpoint(agency, hooks.url)
        let test = try agency.owner.post("/v1/webhooks/\(made.id)/test").ok(202)
        for path in ["/v1/webhooks/\(made.id)", "/v1/webhook-deliveries/\(test.id)"] {
            try other.owner.get(path).problem(404)
        }
        try other.owner.post("/v1/webhook-deliveries/\(test.id)/redeliver").problem(404)
        try agency.key(["leads:read"]).get("/v1/webhooks").problem(403)
        try agency.key(["webhooks:read"]).post("/v1/webhooks/\(made.id)/test").problem(403)
        _ = try other.makeLead()
        #expect(try deliveries(other).isEmpty)
    }

    @Test func `what a sandbox has to tell is kept, and told nobody`() throws {
        let (agency, hooks) = (try server.quietAgency(), try receiver())
        let sandbox = try agency.sandbox()
        let made = try sandbox.owner.post("/v1/webhooks", ["url": .string(hooks.url), "events": ["lead.*"]])
            .ok(201)
        try sandbox.owner.post("/v1/leads", lead()).ok(201)
        try sandbox.advance("P2D")
        let kept = try sandbox.owner.get("/v1/webhook-deliveries").ok().items
        #expect(kept.first { $0.text("event_type") == "lead.created" }?.text("webhook_id") == made.id)
        #expect(Set(kept.map { $0.text("status") }) == ["captured"])
        try sandbox.owner.post("/v1/webhooks/\(made.id)/test").ok(202)
        try sandbox.advance("PT1M")
        #expect(hooks.requests.isEmpty)
    }

    @Test func `a sample event reaches webhooks and streams, marked, and starts no agent`() throws {
        let own = try BureauProcess.start()
        let (agency, hooks) = (try own.signUp(), try receiver())
        _ = try endpoint(agency, hooks.url)
        let stream = try EventStream(agency.owner)
        let answer = try own.command(
            "trigger", "lead.created", "--tenant", agency.tenant.text("slug"), "--json")
        let event = try JSONParser.parse(Array(answer.output.utf8))
        #expect(event["data"]?["test"] == true)
        #expect(try stream.wait(for: "lead.created")[0].id == event.id)
        try eventuallyTrue("the delivery") { hooks.requests.contains { $0.header("webhook-id") == event.id } }
        #expect(try agency.owner.get("/v1/agent-runs").ok()["data"]?.array?.isEmpty == true)
    }

    @Test func `bureau listen forwards what happens, signed with the secret it was given`() throws {
        let own = try BureauProcess.start()
        let (agency, hooks) = (try own.quietAgency(), try receiver())
        let secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
        let listener = Process(), output = Pipe()
        listener.executableURL = URL(fileURLWithPath: BureauProcess.binary)
        listener.arguments = [
            "listen", "--tenant", agency.tenant.text("slug"), "--forward-to", "\(hooks.url)/hook", "--events",
            "lead.*", "--secret", secret, "--server", "http://127.0.0.1:\(own.port)", "--data", own.folder,
        ]
        (listener.standardOutput, listener.standardError) = (Pipe(), output)
        try listener.run()
        defer { kill(listener.processIdentifier, SIGKILL) }
        var said = ""
        while !said.contains("Listening") {
            let part = output.fileHandleForReading.availableData
            try #require(!part.isEmpty, "it ended: \(said)")
            said += String(decoding: part, as: UTF8.self)
        }
        #expect(said.contains(secret))
        let lead = try agency.makeLead()
        let request = try eventually("the forwarded event") { hooks.requests.first }
        let body = try JSONParser.parse(request.body)
        #expect(body.text("type") == "lead.created" && body["data"]?.id == lead.id)
        let signed = WebhookSecret(secret)?.signature(
            id: request.header("webhook-id") ?? "",
            timestamp: Int64(request.header("webhook-timestamp") ?? "") ?? 0,
            body: request.body)
        #expect(request.header("webhook-signature") == signed)
    }
}
