import JSON
import StandIns
import Testing

/// People whom clients name become leads that nobody pesters; whoever named them is thanked, and rewarded
/// once the referred client has paid.
@Suite(.ownThread) struct Referrals {
    let server = BureauProcess.shared

    private func agency(_ settings: JSON) throws -> Agency {
        let agency = try server.quietAgency()
        let sender: JSON = ["name": "Olive Owner", "email": "olive@agency.example"]
        let address: JSON = ["postal_address": "1 Example Street", "quiet_hours": nil, "sender": sender]
        try agency.owner.patch("/v1/settings", address).ok()
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
        for part in ["Nora Ltd", "200"] { #expect(thanks.text("text").contains(part), "\(thanks)") }
        #expect(thanks.text("client_id") == client.id)
        let done = try owner.every("/v1/contacts/\(thanks.text("contact_id"))/activities")
        #expect(done.map { $0.text("type") } == ["referral_made"])
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

    @Test func `whoever has no mailbox is thanked by the text messages that they asked for`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        try owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let ann = try owner.post("/v1/contacts", ["name": "Ann", "phone": "+15550000002"]).ok(201)
        let acme = try owner.makeClient(["contact_email": nil, "contact_id": .string(ann.id)])
        try owner.patch("/v1/contacts/\(ann.id)/preferences", ["channel": "sms"]).ok()
        let made = try owner.post(
            "/v1/referrals",
            [
                "referrer": ["type": "client", "id": .string(acme.id)], "referred": Self.friend("Nora"),
            ]
        ).ok(201)
        #expect(made["source"] == "manual")
        try box.advance("PT1M")
        let thanks = try owner.every("/v1/messages?direction=outbound&topic=referral_thanks")
        #expect(thanks.map { [$0.text("channel"), $0.text("status")] } == [["sms", "sent"]])
        #expect(thanks.first?.text("recipient") == "+15550000002")
        #expect(thanks.first?.text("text").contains("Nora Ltd") == true)
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
        let agency = try agency(Self.reward.merging(["max_per_year": 2])), owner = agency.owner
        let client = try client(of: agency)
        let referrals = try ["Nora", "Otto"].map { try referral(agency, try refer(client, $0).id) }
        let payments = try referrals.map { try pay(agency, $0).payment }
        func refund(_ number: Int) throws {
            try owner.post("/v1/payments/\(payments[number].id)/refund", ["amount": cents(50_000)]).ok()
            try eventuallyTrue("the refund") {
                try self.referral(agency, referrals[number].id)["reward"]?["status"] == "revoked"
            }
        }
        func credits() throws -> [JSON] { try owner.every("/v1/credits").sorted { $0.id < $1.id } }
        let used = try owner.invoice(client.record, [item(5_000)])
        #expect(used.cents("total") == 0)
        #expect(try credits().map { $0.cents("rest") } == [15_000, 20_000])
        try refund(0)
        #expect(try credits().map { $0.cents("rest") } == [0, 20_000])
        // The other one is used whole. The invoice that has it is voided when it was taken back already.
        let open = try owner.invoice(client.record, [item(30_000)])
        #expect(open.cents("total") == 10_000)
        try refund(1)
        #expect(try owner.post("/v1/invoices/\(open.id)/void").ok()["status"] == "void")
        let left = try credits()
        #expect(left.allSatisfy { $0.cents("rest") == 0 && !$0.text("revoked_at").isEmpty }, "\(left)")
        #expect(try owner.invoice(client.record).cents("total") == 50_000)
        try owner.delete("/v1/referrals/\(referrals[0].id)").ok(204)
    }

    @Test func `a client gets so many rewards a year, and no more`() throws {
        let agency = try agency(Self.reward), owner = agency.owner
        let client = try client(of: agency)
        let ids = try ["Nora", "Otto"].map { try refer(client, $0).id }
        // A referred lead turns out to be another one, which stands for it.
        let one = try owner.post("/v1/leads", lead(1)).ok(201), gone = try referral(agency, ids[0])["lead_id"]
        try owner.post("/v1/leads/merge", ["keep": .string(one.id), "merge": [gone ?? .null]]).ok()
        #expect(try referral(agency, ids[0])["status"] != "lost")
        _ = try (pay(agency, ["lead_id": .string(one.id)]), pay(agency, referral(agency, ids[1])))
        #expect(try owner.every("/v1/credits").count == 1)
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
        func reasons(_ contact: String) throws -> [String] {
            let path = "/v1/contacts/\(contact)/sendability?channel=email&purpose=marketing"
            return try (owner.get(path).ok()["reasons"]?.array ?? []).map { $0.text("code") }
        }
        let other = try self.referral(agency, try refer(client, "Otto").id)
        let writer = try owner.get("/v1/leads/\(other.text("lead_id"))").ok().text("contact_id")
        #expect(try reasons(contact).contains("only_referred") && reasons(writer).contains("only_referred"))
        try owner.post("/v1/consents", ["contact_id": .string(contact), "source": "by phone"]).ok(201)
        #expect(try !reasons(contact).contains("only_referred"))
        #expect(try reasons(writer).contains("only_referred"))
        let postmark = try PostmarkStandIn()
        let door = try agency.connect(
            "postmark", postmark.service.url, credentials: postmark.credentials)
        let mail = postmark.mail("o1", from: "otto@otto.example", text: "Acme told me of you. And you?")
        try server.deliver(mail, to: door).ok()
        try eventuallyTrue("what Otto writes") { try !reasons(writer).contains("only_referred") }
    }

    @Test func `what becomes of a referred lead is the referral's outcome, and told once`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, client = try client(of: agency)
        let qualified = ["researched", "scored", "qualified"]
        let steps = [
            "Nora": qualified,
            "Otto": qualified + ["contacted", "engaged", "proposal", "negotiation", "lost"],
            "Pia": ["researched", "scored", "disqualified"],
        ]
        let wanted = [
            "Nora": ["qualified"], "Otto": ["qualified", "lost"], "Pia": ["rejected"],
        ]
        for (name, statuses) in steps {
            let referral = try referral(agency, try refer(client, name).id)
            for status in statuses {
                #expect(try self.referral(agency, referral.id).text("status") != wanted[name]?.last)
                try owner.patch(
                    "/v1/leads/\(referral.text("lead_id"))", ["status": .string(status)]
                ).ok()
            }
            #expect(try self.referral(agency, referral.id).text("status") == wanted[name]?.last)
            let told = try owner.every("/v1/events").filter { $0["subject"]?.id == referral.id }
                .sorted { $0.id < $1.id }.map { $0.text("type") }
                .filter { !["referral.created", "referral.updated"].contains($0) }
            #expect(told == wanted[name]?.map { "referral.\($0)" }, "\(told)")
            let seen = try client.admin.get("/v1/portal/referrals/\(referral.id)").ok()
            #expect(seen.text("status") == wanted[name]?.last)
        }
        #expect(try owner.every("/v1/referrals?status=rejected").count == 1)
    }

    /// A form on which people name others.
    private func form(_ owner: Caller) throws -> JSON {
        func field(_ name: String, _ type: String = "text", _ isRequired: Bool = true) -> JSON {
            [
                "name": .string(name), "label": .string(name), "type": .string(type),
                "required": .bool(isRequired),
            ]
        }
        var fields = [field("email", "email"), field("name", "text", false), field("referred_name")]
        let incomplete: JSON = ["name": "Recommend us", "creates": "referral", "fields": .array(fields)]
        #expect(try owner.post("/v1/forms", incomplete).faults() == ["/fields": "required"])
        fields += [field("referred_email", "email"), field("referred_company", "text", false)]
        return try owner.post("/v1/forms", incomplete.merging(["fields": .array(fields)])).ok(201)
    }

    @Test func `a form by which somebody names another makes a referral, and nobody named is written to`()
        throws
    {
        let agency = try agency(Self.reward), owner = agency.owner, client = try client(of: agency)
        let known = try agency.makeLead(1), form = try form(owner)
        let path = "/v1/forms/\(form.text("public_key"))/submissions"
        func name(_ friend: String, by email: String) throws -> Answer {
            try server.anonymous.post(
                path,
                [
                    "email": .string(email), "referred_name": "Friend", "referred_email": .string(friend),
                    "referred_company": "Friend Ltd",
                ])
        }
        #expect(
            try name("other@acme.example", by: "acme@acme.example").faults()
                == ["/referred_email": "self_referral"])
        let page = try server.anonymous.request(
            "POST", "/forms/\(form.text("public_key"))",
            raw: Array("email=acme%40acme.example&referred_name=x&referred_email=o%40acme.example".utf8),
            headers: ["Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"])
        #expect(page.status == 422 && page.text.contains("This address belongs to whoever recommends."))
        // Whom the agency knows is no stranger's affair: the answer is the same.
        try name(known.text("email"), by: "acme@acme.example").ok(201)
        #expect(try owner.every("/v1/referrals").isEmpty)
        try name("otto@otto.example", by: "stranger@elsewhere.example").ok(201)
        let sent = try name("nora@nora.example", by: "Acme@acme.example").ok(201)
        let all = try owner.every("/v1/referrals?source=form")
        #expect(all.count == 2 && all.allSatisfy { $0["status"] == "registered" })
        let referral = try #require(all.first { $0["client_id"] == JSON.string(client.id) })
        #expect(referral["reward"]?["status"] == "pending" && referral["referrer"]?["type"] == "contact")
        let lead = try owner.get("/v1/leads/\(referral.text("lead_id"))").ok()
        #expect(lead["source"] == "referral" && lead["email"] == "nora@nora.example")
        let sendable = "/v1/contacts/\(lead.text("contact_id"))/sendability?channel=email&purpose=marketing"
        let reasons = try owner.get(sendable).ok()["reasons"]?.array ?? []
        #expect(reasons.contains { $0["code"] == "only_referred" })
        let kept = try owner.get("/v1/form-submissions/\(sent.id)").ok()
        #expect(kept["answers"]?.object?.keys == ["email"], "the person named stands in the referral only")
        let thanks = try eventually("the thanks") {
            try owner.every("/v1/messages?direction=outbound").first { $0.text("topic") == "referral_thanks" }
        }
        #expect(thanks.text("recipient") == "acme@acme.example")
        let done = try owner.every("/v1/contacts/\(thanks.text("contact_id"))/activities")
        #expect(done.map { $0.text("type") } == ["referral_made"])
        // Nobody but the client was written to: neither whom they named, nor an address that anybody could have typed.
        let written = try owner.every("/v1/messages?direction=outbound").map { $0.text("recipient") }
        #expect(Set(written) == ["acme@acme.example"])
        _ = try pay(agency, referral)
        #expect(try self.referral(agency, referral.id)["reward"]?["status"] == "granted")
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
        let referrals = try ["Nora", "Otto"].map { try referral(agency, try refer(client, $0).id) }
        let paying = try referrals.map { JSON.string(try pay(agency, $0).client.id) }
        func again() throws -> [JSON] { try owner.every("/v1/messages?topic=referral_success") }
        #expect(try again().isEmpty, "to have signed is no success yet")
        // One reaches a goal, the other completes two projects.
        try owner.post(
            "/v1/goals",
            ["client_id": paying[0], "metric": "crm.leads", "target": 100, "by": "2035-12-31"]
        ).ok(201)
        let figure: JSON = ["source": "crm", "metric": "leads", "date": "2026-01-10", "value": 100]
        try owner.post("/v1/metrics", figure.merging(["client_id": paying[0]])).ok(201)
        for name in ["Site", "Shop"] {
            let project = try owner.project(["id": paying[1]], ["name": .string(name)])
            for status in ["active", "completed"] {
                try owner.patch("/v1/projects/\(project.id)", ["status": .string(status)]).ok()
            }
        }
        try eventuallyTrue("the second thanks") { try again().count >= 2 }
        let thanks = try again()
        #expect(thanks.count == 2 && thanks.allSatisfy { $0.text("client_id") == client.id })
        #expect(thanks.allSatisfy { $0.text("recipient") == "acme@acme.example" })
        // Each names whom they have named.
        for name in ["Nora", "Otto"] { #expect(thanks.count { $0.text("text").contains(name) } == 1) }
        for one in referrals { #expect(try !referral(agency, one.id).text("succeeded_at").isEmpty) }
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
