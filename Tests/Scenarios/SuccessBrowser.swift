import JSON
import Testing

/// Offers to clients, the people whom they name, the outlook on them and the stories about them, in a real
/// browser with axe looking on.
@Suite(.ownThread) struct SuccessBrowser {
    let server = BureauProcess.shared

    @Test func `what clients bring and what is expected of them is worked with on the page`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try client(of: agency)
        let (approved, draft) = (try study(of: client, agency), try study(of: client, agency))
        try owner.post("/v1/case-studies/\(approved)/submit").ok()
        try server.anonymous.post("\(try link(agency))/approve").ok()
        let found = try inBrowser(
            "success.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "client": client["name"] ?? .null,
                "clientID": .string(client.id), "approved": .string(approved), "draft": .string(draft),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        // The deeds on the page have come about.
        let statuses = try owner.every("/v1/opportunities").map { "\($0.text("kind")) \($0.text("status"))" }
        #expect(Set(statuses) == ["upgrade offered", "cross_sell dismissed", "renewal offered"])
        #expect(try owner.every("/v1/referrals").map { $0.text("client_id") } == [client.id])
        let told = try owner.get("/v1/case-studies/\(approved)").ok()
        #expect(told["status"] == "published" && told["archived"] == false)
        #expect(try owner.get("/v1/case-studies/\(draft)").ok()["status"] == "with_client")
        #expect(try owner.every("/v1/case-studies").count == 3)
    }

    /// A client with figures that have grown, and with three things that it may buy.
    private func client(of agency: Agency) throws -> JSON {
        let owner = agency.owner, lead = try agency.makeLead(9, ["industry": "Technology"])
        let package = JSON.string(try #require(try owner.every("/v1/packages").first).id)
        let client = try owner.makeClient([
            "name": "Cedar & Pike", "lead_id": .string(lead.id), "package_id": package,
        ])
        for (number, value) in [40, 80, 113].enumerated() {
            try owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(client.id), "source": "crm", "metric": "enquiries",
                    "date": .string("2026-0\(number + 1)-28"), "value": JSON(value),
                ]
            ).ok(201)
        }
        for kind in ["upgrade", "cross_sell", "renewal"] {
            try owner.post(
                "/v1/opportunities",
                [
                    "client_id": .string(client.id), "kind": .string(kind), "package_id": package,
                    "value": cents(150_000), "reason": "They asked for more.", "due_on": "2099-02-01",
                ]
            ).ok(201)
        }
        return client
    }

    private func study(of client: JSON, _ agency: Agency) throws -> String {
        try agency.owner.post("/v1/case-studies/draft", ["client_id": .string(client.id)]).ok(201).id
    }

    /// The path of the link in the mail that asks the client.
    private func link(_ agency: Agency) throws -> String {
        let mails = try agency.owner.every("/v1/messages?direction=outbound").map { $0.text("text") }
        let text = try #require(mails.first { $0.contains("/c/") })
        let start = try #require(text.firstRange(of: "/c/")).lowerBound
        return String(text[start...].prefix { !" )>\n\"]".contains($0) })
    }
}
