import Foundation
import JSON
import StandIns
import Testing

/// Proposals, and the agreements after them, have the required contents, one requirement at a time.
@Suite(.ownThread) struct ProposalContents: SellingSteps {
    let server = BureauProcess.shared

    private func page(_ path: String) throws -> String { try server.anonymous.get(path, html).text }

    @Test func `a proposal carries the price that was calculated for its lead, and each reason for it`()
        throws
    {
        let agency = try agency()
        let small = try agency.makeLead(1, ["employee_count": 4]),
            large = try agency.makeLead(2, ["employee_count": 4000])
        func quoted(_ lead: JSON) throws -> JSON {
            let found = try agency.owner.post(
                "/v1/packages/recommend", ["lead_id": .string(lead.id)]
            ).ok()
            return try agency.owner.post(
                "/v1/proposals",
                [
                    "lead_id": .string(lead.id), "package_id": try #require(found["package_id"]),
                    "price": try #require(found["price"]),
                ]
            ).ok(201)
        }
        let (less, more) = (try quoted(small), try quoted(large))
        #expect(less["total"] == less["price"] && more["total"] == more["price"])
        for made in [less, more] {
            let size = try #require(made["price_factors"]?.array?.first { $0.text("name") == "size" })
            #expect(!size.text("reason").isEmpty)
        }
        #expect(more.text("pricing_justification").contains("more places, people and approvals"))
        #expect(less.text("pricing_justification").contains("less to look after"))
    }

    @Test func `every service of the package is described, in the record and on the page`() throws {
        let agency = try agency()
        let (proposal, path) = try sent(agency)
        let services = try #require(proposal["services"]?.array)
        #expect(services.count == 4)
        let shown = try page(path)
        for service in services {
            #expect(service.text("description").split(separator: " ").count >= 8, "\(service.serialized)")
            #expect(shown.contains(service.text("title")) && shown.contains(service.text("description")))
        }
    }

    @Test func `items of proposals from before items said how they are billed say so when they are read`()
        throws
    {
        let own = BureauProcess()
        try own.start()
        let agency = try own.quietAgency()
        let old: JSON = ["description": "Audit", "quantity": 2, "unit_price": dollars(10)]
        let made = try proposal(agency, 1, ["items": [old]])
        #expect(made["items"]?[0]["billed"] == "monthly")
        let path = "/v1/proposals/\(made.id)"
        try #require(own.stop() == 0)
        // As it was stored then.
        let items = JSON.array([old]).serialized
        try own.change("UPDATE proposals SET items = '\(items)' WHERE id = '\(made.id)'")
        try own.start()
        let owner = own.caller(try agency.signIn().text("access_token"))
        #expect(try owner.get(path).ok()["items"] == made["items"])
        #expect(try owner.get(path, ["Accept-Language": "de"]).ok()["items"] == made["items"])
    }

    @Test func `case studies are those of the lead's industry, at most two, and shown on the page`() throws {
        let agency = try agency()
        for (title, industry) in [
            ("Clouds found", "technology"), ("Chips sold", "Technology"), ("Third", "technology"),
            ("Bread baked", "bakery"),
        ] {
            try agency.owner.post(
                "/v1/case-studies", ["title": .string(title), "industry": .string(industry)]
            ).ok(201)
        }
        let (proposal, path) = try sent(agency)
        let titles = (proposal["case_studies"]?.array ?? []).map { $0.text("title") }
        #expect(titles.count == 2 && !titles.contains("Bread baked"), "\(titles)")
        let shown = try page(path)
        for title in titles { #expect(shown.contains(title)) }
        #expect(!shown.contains("Bread baked"))
    }

    @Test func `the call to action is the agency's own where it has one, and stands beside the buttons`()
        throws
    {
        let agency = try agency()
        let (standard, path) = try sent(agency)
        #expect(standard.text("call_to_action").contains("Accept online"))
        #expect(try page(path).contains("Accept online"))
        let own = "Start on Monday: accept before Friday."
        let (_, other) = try sent(agency, 2, ["call_to_action": .string(own)])
        let shown = try page(other)
        #expect(shown.contains(own) && !shown.contains("Accept online"))
        #expect(shown.contains("/accept") && shown.contains("/decline"))
    }

    @Test
    func `a proposal offers what the found needs call for, each once, unless a person decides otherwise`()
        throws
    {
        let agency = try agency()
        let lead = try agency.makeLead(
            1, ["pain_points": ["Nobody finds us", "Our shop is slow", "Nobody finds us"]])
        func made(_ more: JSONObject = [:]) throws -> JSON {
            var body: JSONObject = [
                "lead_id": .string(lead.id), "package_id": .string(try package("Starter", agency).id),
            ]
            for (name, value) in more.members { body[name] = value }
            return try agency.owner.post("/v1/proposals", .object(body)).ok(201)
        }
        let found = try made()
        #expect(found["needs"] == ["Nobody finds us", "Our shop is slow"])
        #expect(try made(["needs": ["More bookings"]])["needs"] == ["More bookings"])
    }

    @Test func `a proposal is a set document: its PDF has the parts of the page, in their order`() throws {
        let agency = try agency()
        let (proposal, path) = try sent(agency, 1, ["introduction": "What we **understood**."])
        let pdf = try server.anonymous.get("\(path)/pdf")
        #expect(pdf.header("Content-Type") == "application/pdf")
        let words = try text(of: pdf.body)
        var rest = words[...]
        for part in [
            proposal.text("title"), "What we understood.", "SEO", "$2,500.00",
            "Accept online",
        ] {
            let found = rest.range(of: part)
            #expect(found != nil, "\(part) is not there, or not in its place: \(words)")
            if let found { rest = rest[found.upperBound...] }
        }
    }

    @Test func `sent, viewed, accepted, declined and expired are kept, published and moved in the pipeline`()
        throws
    {
        let agency = try agency()
        func stage(_ proposal: JSON) throws -> String {
            try agency.owner.get("/v1/deals/\(proposal.text("deal_id"))").ok().text("stage")
        }
        func status(_ proposal: JSON) throws -> String {
            try agency.owner.get("/v1/proposals/\(proposal.id)").ok().text("status")
        }
        let draft = try proposal(agency, 1)
        #expect(try status(draft) == "draft" && stage(draft) == "proposal_created")
        let (taken, path) = try sent(agency, 2)
        #expect(try status(taken) == "sent" && stage(taken) == "proposal_delivered")
        _ = try page(path)
        #expect(try status(taken) == "viewed")
        try server.anonymous.post("\(path)/accept", ["name": "Jane", "consent": true]).ok()
        #expect(try status(taken) == "accepted" && stage(taken) == "contract")
        let (refused, other) = try sent(agency, 3)
        try server.anonymous.post("\(other)/decline", ["reason": "too expensive"]).ok()
        let declined = try agency.owner.get("/v1/proposals/\(refused.id)").ok()
        #expect(declined.text("status") == "declined" && declined.text("decline_reason") == "too expensive")
        let types = Set(try types(agency))
        #expect(
            types.isSuperset(of: [
                "proposal.sent", "proposal.viewed", "proposal.accepted", "proposal.declined",
            ]))
    }

    /// Returns the text of a PDF, as an independent reader (poppler-utils) finds it.
    private func text(of document: [UInt8]) throws -> String {
        let file = server.file("\(UInt64.random(in: 0...(.max))).pdf")
        try Data(document).write(to: URL(fileURLWithPath: file))
        let (status, output) = try runTool(["pdftotext", "-enc", "UTF-8", file, "-"])
        #expect(status == 0)
        return String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(
            separator: " ")
    }

    // MARK: Agreements

    @Test func `the agreement is drawn up from what was accepted, and says so to the cent`() throws {
        let agency = try agency()
        let (contract, path) = try presented(agency)
        let accepted = try agency.owner.get("/v1/proposals/\(contract.text("proposal_id"))").ok()
        #expect(contract["price"] == accepted["total"] && contract["services"] == accepted["services"])
        let shown = try page(path)
        for words in ["Example Company 1", "$2,500.00 a month", contract.text("document_hash")] {
            #expect(shown.contains(words), "\(words)")
        }
    }

    @Test func `a signature needs a name and a yes, is kept with its evidence, and is given once`() throws {
        let agency = try agency()
        let (contract, path) = try presented(agency)
        #expect(
            try server.anonymous.post("\(path)/sign", [:]).faults() == [
                "/name": "required", "/consent": "required",
            ])
        try server.anonymous.post("\(path)/sign", ["name": "Jane Example", "consent": true]).ok()
        let signed = try agency.owner.get("/v1/contracts/\(contract.id)").ok()
        #expect(signed.text("status") == "signed" && signed.text("signed_by") == "Jane Example")
        let evidence = try #require(signed["evidence"]?["signed"])
        #expect(evidence.text("address") == "127.0.0.1" && !evidence.text("at").isEmpty)
        try server.anonymous.post("\(path)/sign", ["name": "Mallory", "consent": true]).problem(
            409, "invalid_transition")
    }

    @Test func `service levels and milestones of the agreement are what delivery receives`() throws {
        let agency = try agency()
        let (accepted, page) = try sent(agency)
        try server.anonymous.post("\(page)/accept", ["name": "Jane Example", "consent": true]).ok()
        let levels: JSON = [["name": "Reports", "target": "Every Monday"]]
        let milestones: JSON = [["name": "Kick-off", "due": "2030-02-01"]]
        let made = try agency.owner.post(
            "/v1/contracts",
            ["proposal_id": .string(accepted.id), "sla": levels, "milestones": milestones]
        ).ok(201)
        let path = path(try agency.owner.post("/v1/contracts/\(made.id)/send").ok().text("public_url"))
        try server.anonymous.post("\(path)/sign", ["name": "Jane Example", "consent": true]).ok()
        let contract = try agency.owner.get("/v1/contracts/\(made.id)").ok()
        let handover = try agency.owner.get("/v1/clients/\(contract.text("client_id"))").ok()["handover"]
        #expect(handover?["service_levels"] == contract["sla"])
        #expect(handover?["timeline"]?["milestones"] == contract["milestones"])
        #expect(contract["milestones"]?.array?.first?.text("name") == "Kick-off")
        // The first project is to keep them, each by its day.
        let project = try agency.owner.project(["id": .string(contract.text("client_id"))])
        let kept = project["milestones"]?.array ?? []
        #expect(kept.map { [$0.text("name"), $0.text("due_on")] } == [["Kick-off", "2030-02-01"]])
    }

    @Test func `delivery receives requirements, service levels, specifications, timeline and budget`() throws
    {
        let agency = try agency()
        let lead = try agency.makeLead(
            1,
            [
                "pain_points": ["Nobody finds us"], "notes": "Calls only in the morning.",
                "budget": dollars(4000),
            ])
        let made = try agency.owner.post(
            "/v1/proposals",
            ["lead_id": .string(lead.id), "package_id": .string(try package("Growth", agency).id)]
        ).ok(201)
        let page = path(try agency.owner.post("/v1/proposals/\(made.id)/send").ok().text("public_url"))
        try server.anonymous.post("\(page)/accept", ["name": "Jane", "consent": true]).ok()
        let contract = try agency.owner.post("/v1/contracts", ["proposal_id": .string(made.id)]).ok(201)
        let paper = path(try agency.owner.post("/v1/contracts/\(contract.id)/send").ok().text("public_url"))
        try server.anonymous.post("\(paper)/sign", ["name": "Jane", "consent": true]).ok()
        let signed = try agency.owner.get("/v1/contracts/\(contract.id)").ok()
        let handover = try #require(
            try agency.owner.get("/v1/clients/\(signed.text("client_id"))").ok()["handover"])
        #expect(handover["requirements"]?["explicit"]?.array?.contains("Nobody finds us") == true)
        #expect(handover["requirements"]?.text("notes") == "Calls only in the morning.")
        #expect(handover["service_levels"]?.array?.isEmpty == false)
        #expect(handover["specifications"]?.text("package") == "Growth")
        #expect(handover["specifications"]?["services"]?.array?.count == 6)
        #expect(handover["timeline"]?["months"] == signed["months"])
        #expect(handover["budget"]?["monthly_fee"] == dollars(5000))
        #expect(handover["budget"]?["marketing_budget"] == dollars(4000))
        try expectProject(of: signed, with: handover, agency)
    }

    /// The project that a client's start begins has what was sold, beside what the client has added since.
    private func expectProject(of contract: JSON, with handover: JSON, _ agency: Agency) throws {
        let owner = agency.owner, client = contract.text("client_id")
        try owner.post(
            "/v1/project-templates",
            [
                "name": "Growth", "package_id": contract["package_id"] ?? .null,
                "milestones": [["name": "Launch", "after_days": 60]],
            ]
        ).ok(201)
        let begun = try #require(try owner.every("/v1/onboardings?client_id=\(client)").first)
        func complete(_ key: String, _ answers: JSON = [:]) throws {
            try owner.post("/v1/onboardings/\(begun.id)/steps/\(key)/complete", ["answers": answers]).ok()
        }
        try complete("requirements", ["requirements": ["Nobody finds us", "It is blue."]])
        for key in ["account_setup", "preferences", "success_metrics", "kick_off", "delivery_plan"] {
            try complete(key)
        }
        let project = try #require(try owner.every("/v1/projects?client_id=\(client)").first)
        let texts = project["requirements"]?.array?.compactMap(\.text) ?? []
        let sold = handover["requirements"]?["explicit"]?.array?.compactMap(\.text) ?? []
        #expect(texts == sold + ["It is blue."] && sold.contains("Nobody finds us"), "\(texts)")
        let milestones = project["milestones"]?.array ?? []
        let agreed = contract["milestones"]?.array ?? []
        #expect(milestones.map { $0.text("name") } == ["Launch"] + agreed.map { $0.text("name") })
        #expect(milestones.dropFirst().map { $0.text("due_on") } == agreed.map { $0.text("due") })
        #expect(agreed.count == 3 && agreed.allSatisfy { !$0.text("due").isEmpty })
    }
}
