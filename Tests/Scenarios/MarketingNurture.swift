import JSON
import StandIns
import Testing

/// Contacts are handed over to a marketing service's own series of mails: by tags, and by automations where a service
/// starts them one by one.
@Suite(.ownThread) struct MarketingNurture {
    let server = BureauProcess.shared

    /// A contact who has agreed to marketing.
    private func contact(_ agency: Agency, _ number: Int, _ address: String) throws -> String {
        let id = try agency.makeLead(number, ["email": .string(address)]).text("contact_id")
        try agency.owner.post("/v1/consents", ["contact_id": .string(id), "source": "a form"]).ok(201)
        return id
    }

    private func calls(_ agency: Agency) throws -> [JSON] {
        try agency.owner.every("/v1/tool-calls?tool=nurture_there")
    }

    @Test
    func `ActiveCampaign tags a contact and starts an automation once, and nobody who is not on the list`()
        throws
    {
        let agency = try server.quietAgency(), standIn = try ActiveCampaignStandIn()
        standIn.add("ana@x.example", "1")
        standIn.add("gone@x.example", "2")
        let made = try agency.connectList("activecampaign", standIn.service, standIn.apiKey, list: standIn.list)
        let (ana, gone) = (try contact(agency, 1, "ana@x.example"), try contact(agency, 2, "gone@x.example"))
        let stranger = try contact(agency, 3, "stranger@x.example")
        func nurture(_ id: String, _ body: JSON) throws -> Answer {
            try agency.owner.post(
                "/v1/contacts/\(id)/nurture", body.merging(["integration_id": .string(made.id)]))
        }
        #expect(try nurture(ana, [:]).faults() == ["/tags": "required"])
        let told = try nurture(ana, ["tags": ["customer", "webinar"], "automation": "1"]).ok(202)
        #expect(told["status"] == "queued")
        try eventuallyTrue("the automation") { standIn.nurtured("ana@x.example").automations == ["1"] }
        #expect(standIn.nurtured("ana@x.example").tags == ["customer", "webinar"])
        // An answer that is lost: it may have begun, and is not begun again.
        standIn.cutNextStart()
        try nurture(ana, ["automation": "1"]).ok(202)
        try eventuallyTrue("the call in doubt") {
            try calls(agency).contains { $0.text("state") == "unknown" }
        }
        #expect(standIn.nurtured("ana@x.example").automations == ["1", "1"])

        // The service tells who has left, maybe before we are asked: then we know it, and do not ask the service.
        let known = try nurture(gone, ["tags": ["webinar"], "automation": "1"]).status == 409
        try nurture(stranger, ["tags": ["webinar"], "automation": "1"]).ok(202)
        try eventuallyTrue("both refusals") {
            try calls(agency).count { $0["error"]?["code"] == "not_subscribed" } == (known ? 1 : 2)
        }
        #expect(standIn.nurtured("gone@x.example").tags.isEmpty)
        #expect(
            standIn.status(of: "gone@x.example") == "2" && standIn.status(of: "stranger@x.example") == nil)
        // A person who has left here is not even asked about.
        try agency.owner.post(
            "/v1/suppressions", ["channel": "email", "address": "ana@x.example", "reason": "unsubscribe"]
        ).ok(201)
        try nurture(ana, ["tags": ["late"]]).problem(409, "conflict")
        #expect(!standIn.nurtured("ana@x.example").tags.contains("late"))
    }

    @Test func `Mailchimp gives tags, by which its series begin, and a workflow hands over, too`() throws {
        let agency = try server.quietAgency(), standIn = try MailchimpStandIn()
        standIn["bo@x.example"] = "subscribed"
        standIn["left@x.example"] = "cleaned"
        let made = try agency.connectList("mailchimp", standIn.service, standIn.apiKey, list: standIn.list)
        let (bo, left) = (try contact(agency, 1, "bo@x.example"), try contact(agency, 2, "left@x.example"))
        let automation: JSON = ["integration_id": .string(made.id), "automation": "1"]
        #expect(
            try agency.owner.post("/v1/contacts/\(bo)/nurture", automation).faults()
                == ["/automation": "invalid_choice"])
        let workflow = try agency.owner.post(
            "/v1/workflows",
            [
                "name": "nurture", "start": "tag", "edges": [],
                "state": ["contact_id": ["type": "string", "required": true]],
                "nodes": [
                    [
                        "id": "tag", "type": "tool", "tool": "nurture_there",
                        "input": [
                            "contact_id": "{{contact_id}}", "integration_id": .string(made.id),
                            "tags": ["nurture"],
                        ],
                    ]
                ],
            ]
        ).ok(201)
        for id in [bo, left] {
            try agency.owner.post(
                "/v1/workflow-runs",
                ["workflow_id": .string(workflow.id), "state": ["contact_id": .string(id)]]
            ).ok(202)
        }
        try eventuallyTrue("the tag") { standIn.tags(of: "bo@x.example") == ["nurture"] }
        // The service is asked, or has told it before: then nobody asks.
        try eventuallyTrue("the refusal") {
            let told = try agency.owner.every("/v1/suppressions").contains { $0["address"] == "left@x.example" }
            return try told || calls(agency).contains { $0["error"]?["code"] == "not_subscribed" }
        }
        #expect(standIn.tags(of: "left@x.example").isEmpty && standIn["left@x.example"] == "cleaned")
        let written = standIn.service.requests.filter { $0.method != "GET" }
        #expect(written.allSatisfy { $0.target.hasSuffix("/tags") }, "nobody is put on the list")
    }
}
