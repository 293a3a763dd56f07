import JSON
import Testing

/// The limits of writing to one person are one list, over all agents and channels.
@Suite(.ownThread) struct FrequencyCaps {
    let server = BureauProcess.shared

    private func reasons(
        _ box: SandboxCaller, _ contact: String, _ purpose: String = "marketing"
    ) throws -> JSON {
        try box.owner.get("/v1/contacts/\(contact)/sendability?channel=email&purpose=\(purpose)").ok()
    }

    private func codes(
        _ box: SandboxCaller, _ contact: String, _ purpose: String = "marketing"
    ) throws
        -> [String]
    {
        try reasons(box, contact, purpose)["reasons"]?.array?.map { $0.text("code") } ?? []
    }

    private func send(_ box: SandboxCaller, _ contact: String, _ subject: String) throws {
        try box.owner.post(
            "/v1/messages",
            [
                "contact_id": .string(contact), "subject": .string(subject), "body": "News.",
                "purpose": "marketing",
            ]
        ).ok(202)
        try box.advance("PT1M")
    }

    @Test func `the daily cap and the limit of a day are one, whichever is written`() throws {
        let owner = try server.quietAgency().owner, path = "/v1/settings"
        let usual: JSON = [
            ["purpose": "marketing", "channel": nil, "max": 2, "per": "P1D"],
            ["purpose": "nurture", "channel": nil, "max": 1, "per": "P7D"],
        ]
        #expect(try owner.get(path).ok()["frequency_caps"] == usual)
        let limited = try owner.patch(path, ["sending": ["per_contact_per_day": 5]]).ok()
        #expect(limited["frequency_caps"]?.array?.first?["max"] == 5)
        let weekly: JSON = ["purpose": "marketing", "max": 3, "per": "P7D"]
        let capped = try owner.patch(
            path, ["frequency_caps": [["purpose": "marketing", "max": 4, "per": "P1D"], weekly]]
        ).ok()
        #expect(capped["sending"]?["per_contact_per_day"] == 4)
        #expect(capped["frequency_caps"]?.array?.count == 2, "the list replaces the one before")
        #expect(try owner.patch(path, ["frequency_caps": []]).ok()["frequency_caps"] == [])
        let again = try owner.patch(path, ["sending": ["per_contact_per_day": 3]]).ok()
        #expect(again["frequency_caps"]?.array?.map { $0["max"] } == [3])
    }

    @Test func `a cap that is none is refused at its place`() throws {
        let owner = try server.quietAgency().owner
        let faults = try owner.patch(
            "/v1/settings",
            [
                "frequency_caps": [
                    ["purpose": "pigeon", "max": 0, "per": "P7D"],
                    ["purpose": "nurture", "max": 1, "per": "soon"],
                    ["purpose": "nurture", "channel": "fax", "max": 1, "per": "P7D"],
                ]
            ]
        ).faults()
        #expect(
            faults == [
                "/frequency_caps/0/purpose": "invalid_choice", "/frequency_caps/0/max": "out_of_range",
                "/frequency_caps/1/per": "wrong_type", "/frequency_caps/2/channel": "invalid_choice",
            ])
        let twice: JSON = ["purpose": "nurture", "max": 1, "per": "P7D"]
        let doubled = try owner.patch("/v1/settings", ["frequency_caps": [twice, twice]]).faults()
        #expect(doubled == ["/frequency_caps/1": "conflict"])
    }

    @Test
    func `what a person got of late holds marketing until the day it is long enough ago, and nothing else`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch(
            "/v1/settings", ["frequency_caps": [["purpose": "marketing", "max": 1, "per": "P7D"]]]
        ).ok()
        let contact = try box.owner.post("/v1/leads", lead(1)).ok(201).text("contact_id")
        #expect(try codes(box, contact).isEmpty)
        try send(box, contact, "One")
        #expect(try codes(box, contact) == ["frequency_cap"])
        #expect(try reasons(box, contact).text("from") == "2027-01-12T00:00:00.000Z")
        #expect(try codes(box, contact, "transactional").isEmpty)
        try send(box, contact, "Two")
        func subjects() throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound&status=sent").map { $0.text("subject") }
        }
        #expect(try subjects() == ["One"])
        try box.advance("P6D")
        #expect(try subjects() == ["One"])
        try box.advance("P1D")
        #expect(try Set(subjects()) == ["One", "Two"], "held, and late, not lost")
        // Another channel's cap does not bind mails.
        try box.owner.patch(
            "/v1/settings",
            ["frequency_caps": [["purpose": "marketing", "channel": "whatsapp", "max": 1, "per": "P7D"]]]
        ).ok()
        #expect(try codes(box, contact).isEmpty)
        try box.owner.patch(
            "/v1/settings",
            ["frequency_caps": [["purpose": "marketing", "channel": "email", "max": 1, "per": "P7D"]]]
        ).ok()
        #expect(try codes(box, contact) == ["frequency_cap"])
    }

    @Test func `a mail of one campaign counts for the next, which waits for its day`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch(
            "/v1/settings", ["frequency_caps": [["purpose": "marketing", "max": 1, "per": "P7D"]]]
        ).ok()
        try owner.post("/v1/leads", lead(1)).ok(201)
        func give(_ subject: String) throws {
            let campaign = try owner.mailCampaign([
                "template_id": .string(try owner.mailTemplate(subject).id)
            ])
            try owner.mailCampaign(campaign, "schedule").ok()
            try box.advance("PT1H")
        }
        func messages(_ status: String) throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound&status=\(status)")
        }
        try give("One")
        #expect(try messages("sent").map { $0.text("subject") } == ["One"])
        try give("Two")
        #expect(try messages("sent").count == 1)
        let held = try messages("held")
        let reasons = held.first?["reasons"]?.array?.map { $0.text("code") } ?? []
        #expect(held.count == 1 && reasons.contains("frequency_cap"), "\(reasons)")
        try box.advance("P7D")
        #expect(try Set(messages("sent").map { $0.text("subject") }) == ["One", "Two"])
    }

    @Test func `one cap counts text messages and mails, and holds the mail of a campaign`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch(
            "/v1/settings", ["frequency_caps": [["purpose": "marketing", "max": 1, "per": "P7D"]]]
        ).ok()
        let contact = try owner.post("/v1/leads", lead(1, ["phone": "+15550000021"])).ok(201)["contact_id"]
        try owner.post(
            "/v1/consents",
            [
                "contact_id": contact ?? .null, "channel": "sms", "source": "web form",
                "lawful_basis": "consent",
            ]
        ).ok(201)
        try owner.post("/v1/leads", lead(2)).ok(201)
        try owner.post(
            "/v1/messages",
            ["channel": "sms", "contact_id": contact ?? .null, "body": "News.", "purpose": "marketing"]
        ).ok(202)
        try box.advance("PT1M")
        func channels(_ status: String) throws -> [String] {
            try owner.every("/v1/messages?direction=outbound&status=\(status)").map { $0.text("channel") }
                .sorted()
        }
        #expect(try channels("sent") == ["sms"])
        try owner.mailCampaign(try owner.mailCampaign(), "schedule").ok()
        try box.advance("PT6H")
        #expect(try channels("sent") == ["email", "sms"], "who got no text message gets the mail")
        let held = try owner.every("/v1/messages?direction=outbound&status=held")
        #expect(held.count == 1 && held.first?["contact_id"] == contact)
        #expect(held.first?["channel"] == "email")
        #expect(held.first?["reasons"]?[0].text("code") == "frequency_cap")
        try box.advance("P7D")
        #expect(try channels("sent") == ["email", "email", "sms"])
    }
}
