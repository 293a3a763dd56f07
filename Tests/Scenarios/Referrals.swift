import JSON
import StandIns
import Testing

/// Who is named by clients becomes a lead that nobody pesters; whoever named them is thanked, and rewarded once the
/// referred client has paid.
@Suite(.ownThread) struct Referrals {
    let server = BureauProcess.shared

    private func agency(_ settings: JSON) throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Example Street", "quiet_hours": nil,
                "sender": ["name": "Olive Owner", "email": "olive@agency.example"],
            ]
        ).ok()
        let agent = "/v1/agents/client_management"
        try agency.owner.patch(agent, ["state": "active", "autonomy": "autopilot"]).ok()
        try agency.owner.patch("\(agent)/config", ["referrals": settings]).ok()
        try agency.owner.post("\(agent)/config/publish").ok()
        return agency
    }

    private func client(of agency: Agency, _ name: String = "Acme") throws -> PortalClient {
        let email = "\(name.lowercased())@\(name.lowercased()).example"
        let record = try agency.owner.makeClient(["name": .string(name), "contact_email": .string(email)])
        return PortalClient(
            record: record, people: ["admin": try agency.clientPerson(of: record, "admin", email: email)])
    }

    private static let reward: JSON = [
        "reward": ["amount": 20_000, "currency": "USD"], "expires_after": "P1Y", "max_per_year": 1,
    ]
    private static func friend(_ name: String) -> JSON {
        [
            "name": .string(name), "email": .string("\(name.lowercased())@\(name.lowercased()).example"),
            "company": .string("\(name) Ltd"),
        ]
    }

    private func refer(_ client: PortalClient, _ name: String) throws -> JSON {
        try client.admin.post("/v1/portal/referrals", ["referred": Self.friend(name)]).ok(201)
    }

    private func referral(_ agency: Agency, _ id: String) throws -> JSON {
        try agency.owner.get("/v1/referrals/\(id)").ok()
    }

    /// The referred lead becomes a client, and pays an invoice.
    private func pay(_ agency: Agency, _ referral: JSON) throws -> (client: JSON, payment: JSON) {
        let client = try agency.owner.makeClient([
            "name": "Paying", "contact_email": nil, "lead_id": referral["lead_id"] ?? .null,
        ])
        let payment = try agency.owner.pay(try agency.owner.invoice(client), 50_000).ok(201)
        return (client, payment)
    }

    @Test func `a referral is thanked at once, and its credit comes once, with the first paid invoice`()
        throws
    {
        let agency = try agency(Self.reward), owner = agency.owner
        let client = try client(of: agency)
        let seen = try refer(client, "Nora")
        #expect(seen["lead_id"] == nil && seen["reward"]?["status"] == "pending")
        let referral = try referral(agency, seen.id)
        #expect(referral["source"] == "portal" && referral["status"] == "registered")
        let lead = try owner.get("/v1/leads/\(referral.text("lead_id"))").ok()
        #expect(lead["source"] == "referral" && lead["company"] == "Nora Ltd")
        let thanks = try eventually("the thanks") {
            try owner.every("/v1/messages?direction=outbound").first { $0.text("topic") == "referral_thanks" }
        }
        #expect(thanks.text("text").contains("Nora Ltd") && thanks.text("client_id") == client.id)
        #expect(try !owner.every("/v1/messages").contains { $0.text("recipient") == "nora@nora.example" })
        #expect(try owner.every("/v1/credits").isEmpty)
        #expect(try owner.get("/v1/satisfaction").ok()["referrals"]?["value"] == 1)
        let (paying, _) = try pay(agency, referral)
        _ = try owner.pay(try owner.invoice(paying), 50_000).ok(201)
        let credits = try owner.every("/v1/credits")
        #expect(credits.count == 1 && credits[0].text("client_id") == client.id)
        #expect(credits[0].cents("amount") == 20_000 && !credits[0].text("expires_on").isEmpty)
        let granted = try self.referral(agency, seen.id)
        #expect(granted["status"] == "won" && granted["reward"]?["status"] == "granted")
        #expect(granted["reward"]?["credit_id"]?.text == credits[0].id)
        #expect(try owner.invoice(client.record).cents("total") == 30_000)
    }

    @Test
    func `a referrer sees in the portal what was credited, what is left, and on which invoice it was used`()
        throws
    {
        let agency = try agency(Self.reward), owner = agency.owner
        let (client, other) = (try client(of: agency), try self.client(of: agency, "Beta"))
        let seen = try refer(client, "Nora"), path = "/v1/portal/referrals/\(seen.id)"
        try client.admin.get("\(path)/credit").problem(404)
        _ = try pay(agency, try referral(agency, seen.id))
        let granted = try client.admin.get(path).ok()
        #expect(granted["reward"]?["status"] == "granted" && granted["reward"]?["amount"] == cents(20_000))
        #expect(!granted.text("rewarded_at").isEmpty)
        let whole = try client.admin.get("\(path)/credit").ok()
        #expect(whole["rest"] == cents(20_000) && whole["invoices"] == [])
        #expect(!whole.text("expires_on").isEmpty)
        let invoice = try owner.invoice(client.record, [item(15_000)])
        let used = try client.admin.get("\(path)/credit").ok()
        #expect(used["rest"] == cents(5_000) && used["invoices"] == [invoice["number"] ?? .null])
        #expect(used["amount"] == cents(20_000))
        try other.admin.get("\(path)/credit").problem(404)
        try other.admin.get(path).problem(404)
    }

    @Test func `a credit is taken back as far as it is unused, and stays so when its invoice is voided`()
        throws
    {
        let agency = try agency(Self.reward), owner = agency.owner
        let client = try client(of: agency)
        let referral = try referral(agency, try refer(client, "Nora").id)
        let (_, payment) = try pay(agency, referral)
        let used = try owner.invoice(client.record, [item(5_000)])
        #expect(used.cents("total") == 0)
        try owner.post("/v1/payments/\(payment.id)/refund", ["amount": cents(50_000)]).ok()
        try eventuallyTrue("the refund") {
            try self.referral(agency, referral.id)["reward"]?["status"] == "revoked"
        }
        let credit = try #require(try owner.every("/v1/credits").first)
        #expect(credit.cents("rest") == 0 && !credit.text("revoked_at").isEmpty)
        #expect(try owner.invoice(client.record).cents("total") == 50_000)
        try owner.delete("/v1/referrals/\(referral.id)").ok(204)
    }

    @Test func `a client gets so many rewards a year, and no more`() throws {
        let agency = try agency(Self.reward)
        let client = try client(of: agency)
        let ids = try ["Nora", "Otto"].map { try refer(client, $0).id }
        for id in ids { _ = try pay(agency, try referral(agency, id)) }
        #expect(try agency.owner.every("/v1/credits").count == 1)
        #expect(try ids.map { try referral(agency, $0)["reward"]?["status"] } == ["granted", "none"])
    }

    @Test func `oneself, a known lead and a known client are refused, and of ten at once one is taken`()
        throws
    {
        let agency = try server.quietAgency(), client = try client(of: agency)
        _ = try self.client(of: agency, "Beta")
        let lead = try agency.makeLead(1)
        func faults(_ more: JSONObject) throws -> [String: String] {
            var referred: JSONObject = ["name": "Somebody"]
            for (name, value) in more.members { referred[name] = value }
            return try client.admin.post("/v1/portal/referrals", ["referred": .object(referred)]).faults()
        }
        #expect(try faults(["email": "acme@acme.example"]) == ["/referred/email": "self_referral"])
        #expect(try faults(["email": "other@acme.example"]) == ["/referred/email": "self_referral"])
        #expect(try faults(["email": lead["email"] ?? .null]) == ["/referred/email": "already_known"])
        #expect(try faults(["email": "beta@beta.example"]) == ["/referred/email": "already_known"])
        #expect(
            try faults(["email": "x@y.example", "company": "Beta"]) == ["/referred/company": "already_known"])
        #expect(try faults(["email": "nobody"]) == ["/referred/email": "invalid_email"])
        #expect(try faults([:]) == ["/referred/email": "required"])
        let answers = try together(10) { _ in
            try server.caller(client.admin.token).post(
                "/v1/portal/referrals", ["referred": Self.friend("Nora")]
            ).status
        }
        #expect(answers.sorted() == [201] + [Int](repeating: 422, count: 9))
        #expect(try agency.owner.every("/v1/leads?source=referral").count == 1)
        let nobody: JSON = ["referrer": ["type": "client", "id": .string(client.id)]]
        #expect(try agency.owner.post("/v1/referrals", nobody).faults() == ["/referred": "required"])
        let absent: JSON = ["type": "client", "id": "client_00000000000000000000000000"]
        let refused = try agency.owner.post(
            "/v1/referrals", ["referrer": absent, "referred": Self.friend("Otto")])
        #expect(try refused.faults() == ["/referrer/id": "unknown_reference"])
    }

    @Test func `nobody is advertised to because a friend has typed their address, until they write or agree`()
        throws
    {
        let agency = try agency([:]), owner = agency.owner, client = try client(of: agency)
        let referral = try referral(agency, try refer(client, "Nora").id)
        let lead = try owner.get("/v1/leads/\(referral.text("lead_id"))").ok()
        let contact = lead.text("contact_id")
        func reasons() throws -> [String] {
            let path = "/v1/contacts/\(contact)/sendability?channel=email&purpose=marketing"
            return try (owner.get(path).ok()["reasons"]?.array ?? []).map { $0.text("code") }
        }
        #expect(try reasons().contains("only_referred"))
        try owner.post("/v1/consents", ["contact_id": .string(contact), "source": "by phone"]).ok(201)
        #expect(try !reasons().contains("only_referred"))
    }

    @Test
    func `a client's own link opens a page on which others leave their names, and tells whom nobody knows`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, client = try client(of: agency)
        let lead = try agency.makeLead(1)
        let url = try client.admin.get("/v1/portal/referral-link").ok().text("url")
        #expect(try owner.get("/v1/clients/\(client.id)/referral-link").ok().text("url").contains("/r/"))
        let path = "/r/" + (url.split(separator: "/").last.map(String.init) ?? "")
        #expect(try server.anonymous.get(path).text.contains("Acme"))
        let new: JSON = ["name": "Nora", "email": "nora@nora.example"]
        try server.anonymous.post(path, new).ok(201)
        // Whom the agency knows is no stranger's affair: the answer is the same.
        try server.anonymous.post(path, ["name": "Jane", "email": lead["email"] ?? .null]).ok(201)
        #expect(
            try server.anonymous.post(path, ["name": "", "email": "x"]).faults()
                == ["/name": "required", "/email": "invalid_email"])
        let referrals = try owner.every("/v1/referrals")
        #expect(referrals.count == 1 && referrals[0].text("source") == "link")
        try server.anonymous.get("\(path)x").problem(404)
    }

    @Test func `the referrer is thanked again when the referred client first reaches something`() throws {
        let agency = try agency(Self.reward), owner = agency.owner, client = try client(of: agency)
        let referral = try referral(agency, try refer(client, "Nora").id)
        let (paying, _) = try pay(agency, referral)
        for name in ["Site", "Shop"] {
            let project = try owner.project(paying, ["name": .string(name)])
            for status in ["active", "completed"] {
                try owner.patch("/v1/projects/\(project.id)", ["status": .string(status)]).ok()
            }
        }
        func again() throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound").filter {
                $0.text("topic") == "referral_success"
            }
        }
        try eventuallyTrue("the second thanks") { try !again().isEmpty }
        #expect(try again().count == 1)
        #expect(try !self.referral(agency, referral.id).text("succeeded_at").isEmpty)
    }

    @Test func `another client's and another agency's referrals are absent`() throws {
        let agency = try server.quietAgency(), client = try client(of: agency)
        let other = try self.client(of: agency, "Beta"), stranger = try server.quietAgency()
        let id = try refer(client, "Nora").id
        try other.admin.get("/v1/portal/referrals/\(id)").problem(404)
        #expect(try other.admin.every("/v1/portal/referrals").isEmpty)
        try stranger.owner.get("/v1/referrals/\(id)").problem(404)
        try client.admin.get("/v1/referrals/\(id)").problem(403, "forbidden")
    }

    @Test func `who was named is forgotten with their lead, and the referral stays`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, client = try client(of: agency)
        let referral = try referral(agency, try refer(client, "Nora").id)
        let contact = try owner.get("/v1/leads/\(referral.text("lead_id"))").ok().text("contact_id")
        try owner.post("/v1/privacy/erase", ["contact_id": .string(contact)]).ok()
        let left = try self.referral(agency, referral.id)
        #expect(left["referred"] == .null && left["status"] == "registered")
    }
}
