import JSON
import Testing

extension BureauProcess {
    /// A sandbox whose mail may leave, and in which only a test writes mail.
    func mailSandbox(_ start: String = "2027-01-05T12:00:00.000Z") throws -> SandboxCaller {
        let box = try quietAgency().sandbox(startAt: start)
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        return box
    }
}

extension SandboxCaller {
    /// Connects a mail service, of which a sandbox only keeps what would have left.
    func connectMail(_ more: JSONObject) throws -> JSON {
        var body: JSONObject = [
            "provider": "postmark", "capability": "email_sending",
            "credentials": [
                "server_token": "t", "webhook_username": "bureau", "webhook_password": "s3cret",
            ],
        ]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/integrations", .object(body)).ok(201)
    }

    /// Sends a mail to each of so many new contacts.
    func mail(_ numbers: Range<Int>) throws {
        for number in numbers {
            let contact = try owner.post(
                "/v1/contacts",
                [
                    "name": "Person", "email": .string("p\(number)@example.com"), "country": "US",
                ]
            ).ok(201)
            try owner.post(
                "/v1/messages",
                [
                    "channel": "email", "contact_id": .string(contact.id), "subject": "Hi", "body": "Hi.",
                    "purpose": "transactional",
                ]
            ).ok(202)
        }
        try advance("PT0S")
    }

    func use(of integration: JSON) throws -> JSON {
        try owner.get("/v1/integrations/\(integration.id)/use").ok()
    }

    // MARK: What is proposed

    /// Returns the proposals about costs.
    func proposals() throws -> [JSON] {
        try owner.get("/v1/costs/summary").ok()["proposals"]?.array ?? []
    }

    /// The only proposal about costs, which is about an integration.
    func proposal(about integration: JSON) throws -> JSON {
        let proposals = try proposals()
        #expect(proposals.count == 1 && proposals.first?["subject"]?["id"] == .string(integration.id))
        return try #require(proposals.first)
    }

    // MARK: What mail brings in

    /// A new lead, to whom one mail has gone.
    func reachedLead(_ number: Int) throws -> JSON {
        let made = try owner.post("/v1/leads", lead(number)).ok(201)
        try write(to: made)
        return made
    }

    func write(to lead: JSON) throws {
        try owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": lead["contact_id"] ?? .null, "subject": "Hi",
                "body": "Hi.", "purpose": "transactional",
            ]
        ).ok(202)
        try advance("PT0S")
    }

    /// A lead buys.
    func win(_ lead: JSON, _ value: JSON) throws {
        let deal = try owner.post(
            "/v1/deals", ["lead_id": .string(lead.id), "name": "Acme", "value": value]
        ).ok(201)
        try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
    }
}
