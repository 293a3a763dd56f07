import JSON
import StandIns
import Testing

/// Stories of a client's success: figures alone, and with their yes alone.
@Suite(.ownThread) struct SuccessStories: SellingSteps {
    let server = BureauProcess.shared

    private func drafted(_ agency: Agency) throws -> (study: JSON, client: JSON) {
        let owner = agency.owner, lead = try agency.makeLead(9, ["industry": "Technology"])
        let client = try owner.makeClient(["name": "Acme", "lead_id": .string(lead.id)])
        for (metric, values) in [
            ("enquiries", [40, 80, 113]), ("orders", [10, 11, 12]), ("returns", [9, 8, 7]),
        ] {
            for (number, value) in values.enumerated() {
                try owner.post(
                    "/v1/metrics",
                    [
                        "client_id": .string(client.id), "source": "crm", "metric": .string(metric),
                        "date": .string("2026-0\(number + 1)-28"), "value": JSON(value),
                    ]
                ).ok(201)
            }
        }
        let body: JSON = ["client_id": .string(client.id)]
        return (try owner.post("/v1/case-studies/draft", body).ok(201), client)
    }

    /// The path of the link in the mail that asks.
    private func link(_ agency: Agency, _ study: JSON) throws -> String {
        let mails = try agency.owner.every("/v1/messages?direction=outbound").filter {
            $0.text("text").contains("/c/")
        }
        let text = try #require(mails.max { $0.id < $1.id }).text("text")
        let start = try #require(text.firstRange(of: "/c/")).lowerBound
        return String(text[start...].prefix { !" )>\n\"]".contains($0) })
    }

    private func told(_ agency: Agency) throws -> [String] {
        let lead = try agency.makeLead(Int.random(in: 1000...1_000_000_000), ["industry": "Technology"])
        let package = try #require(try agency.owner.every("/v1/packages").first)
        let proposal = try agency.owner.post(
            "/v1/proposals", ["lead_id": .string(lead.id), "package_id": .string(package.id)]
        ).ok(201)
        return (proposal["case_studies"]?.array ?? []).map { $0.text("title") }
    }

    @Test func `a draft tells the figures that have grown, each with its metrics`() throws {
        let agency = try server.quietAgency()
        let (study, client) = try drafted(agency)
        let evidence = study["evidence"]?.array ?? []
        #expect(study["status"] == "draft" && study.text("client_id") == client.id)
        #expect(evidence.map { $0.text("metric") } == ["enquiries", "orders"])
        #expect(evidence[0]["from"] == 40 && evidence[0]["to"] == 113)
        for id in evidence.flatMap({ $0["metric_ids"]?.array ?? [] }).compactMap(\.text) {
            try agency.owner.get("/v1/metrics/\(id)").ok()
        }
        #expect(evidence[0]["metric_ids"]?.array?.count == 2)
        #expect(study.text("result").contains("113") && study["industry"] == "Technology")
        let empty = try agency.owner.makeClient(["name": "Empty"])
        try agency.owner.post("/v1/case-studies/draft", ["client_id": .string(empty.id)]).problem(
            409, "conflict")
        let absent: JSON = ["client_id": "client_00000000000000000000000000"]
        #expect(
            try agency.owner.post("/v1/case-studies/draft", absent).faults() == [
                "/client_id": "unknown_reference"
            ])
    }

    @Test func `it stands nowhere before its client's yes, and goes at once when that is taken back`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let (study, _) = try drafted(agency), path = "/v1/case-studies/\(study.id)"
        #expect(try owner.patch(path, ["status": "published"]).status == 422)
        try owner.post("\(path)/publish").problem(409, "invalid_transition")
        #expect(try told(agency).isEmpty)
        #expect(try owner.post("\(path)/submit").ok()["status"] == "with_client")
        #expect(try told(agency).isEmpty)
        let page = try link(agency, study)
        #expect(try server.anonymous.get(page).text.contains("113"))
        #expect(try server.anonymous.post("\(page)/approve").ok()["status"] == "approved")
        #expect(try told(agency).isEmpty, "it is the agency that publishes")
        #expect(try owner.post("\(path)/publish").ok()["status"] == "published")
        #expect(try told(agency) == [study.text("title")])
        let drafts = try owner.every("/v1/proposals?status=draft")
        #expect(drafts.contains { $0["case_studies"]?.array?.isEmpty == false })
        #expect(try server.anonymous.post("\(page)/decline").ok()["status"] == "declined")
        #expect(try told(agency).isEmpty)
        for draft in try owner.every("/v1/proposals?status=draft") {
            #expect(draft["case_studies"]?.array?.isEmpty == true, "also out of what was drafted with it")
        }
    }

    @Test func `a client's own words stand with their yes, and leave what was sent when it is taken back`()
        throws
    {
        let agency = try agency(), owner = agency.owner
        let (study, _) = try drafted(agency), path = "/v1/case-studies/\(study.id)"
        try owner.patch(path, ["quote": "They are <quick>.", "speaker": "Mo Doe"]).ok()
        try owner.post("\(path)/submit").ok()
        let link = try link(agency, study)
        #expect(try server.anonymous.get(link).text.contains("They are &lt;quick&gt;.</textarea>"))
        let long: JSON = ["quote": .string(String(repeating: "a", count: 1001))]
        #expect(try server.anonymous.post("\(link)/approve", long).faults() == ["/quote": "too_long"])
        let said: JSON = ["quote": "Our enquiries have nearly *tripled*.", "speaker": "Mo Doe, owner of Acme"]
        #expect(try server.anonymous.post("\(link)/approve", said).ok()["status"] == "approved")
        let agreed = try owner.get(path).ok()
        #expect(agreed["quote"] == said["quote"] && agreed["speaker"] == said["speaker"])
        // Other words are the agency's, until the client has agreed to them.
        #expect(try owner.patch(path, ["quote": "Ten times!"]).ok()["status"] == "draft")
        try owner.patch(path, ["quote": said["quote"] ?? .null]).ok()
        try owner.post("\(path)/submit").ok()
        let page = try self.link(agency, study)
        #expect(try server.anonymous.post("\(page)/approve").ok()["status"] == "approved")
        try owner.post("\(path)/publish").ok()
        let (proposal, paper) = try sent(agency, 77)
        let shown = try server.anonymous.get(paper, html).text
        for words in ["Our enquiries have nearly *tripled*.", "— Mo Doe, owner of Acme", study.text("title")] {
            #expect(shown.contains(words), "\(words)")
        }
        try owner.patch("/v1/proposals/\(proposal.id)", ["title": "Other"]).problem(409, "invalid_transition")
        #expect(try server.anonymous.post("\(page)/decline").ok()["status"] == "declined")
        let left = try server.anonymous.get(paper, html).text
        for words in ["tripled", "Mo Doe", study.text("title")] { #expect(!left.contains(words), "\(words)") }
        #expect(try owner.get("/v1/proposals/\(proposal.id)").ok()["case_studies"] == [])
        let nobodys: JSON = ["title": "Found", "quote": "Good."]
        #expect(try owner.post("/v1/case-studies", nobodys).faults() == ["/client_id": "required"])
    }

    @Test func `a yes is one to what was shown, and another word asks again`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let (study, _) = try drafted(agency), path = "/v1/case-studies/\(study.id)"
        try owner.post("\(path)/submit").ok()
        let page = try link(agency, study)
        #expect(try owner.patch(path, ["title": "Twice as much"]).ok()["status"] == "draft")
        try server.anonymous.post("\(page)/approve").problem(409, "conflict")
        try server.anonymous.get("\(page)x").problem(404)
        try owner.post("\(path)/submit").ok()
        #expect(try server.anonymous.post("\(try link(agency, study))/approve").ok()["status"] == "approved")
        try server.quietAgency().owner.post("\(path)/submit").problem(404)
    }

    @Test func `what is about no client needs nobody's yes`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let made = try owner.post("/v1/case-studies", ["title": "Found", "industry": "Technology"]).ok(201)
        #expect(made["status"] == "published")
        try owner.post("/v1/case-studies/\(made.id)/submit").problem(409, "conflict")
        #expect(try told(agency) == ["Found"])
    }
}
