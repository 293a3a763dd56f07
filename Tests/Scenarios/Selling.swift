import Foundation
import JSON
import Testing

/// From a lead to a signed contract, through the front door.
@Suite(.ownThread) struct Selling {
    let server = BureauProcess.shared
    private let html = ["Accept": "text/html"]

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch(
            "/v1/settings", ["postal_address": "1 Example Street", "quiet_hours": .null]
        ).ok()
        return agency
    }

    private func package(_ name: String, _ agency: Agency) throws -> JSON {
        try #require(try agency.owner.every("/v1/packages").first { $0.text("name") == name })
    }

    private func proposal(_ agency: Agency, _ number: Int = 1, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "lead_id": .string(try agency.makeLead(number).id),
            "package_id": .string(try package("Starter", agency).id),
        ]
        for (name, value) in more.members { body[name] = value }
        return try agency.owner.post("/v1/proposals", .object(body)).ok(201)
    }

    /// A proposal that is sent, and the path of its page.
    private func sent(_ agency: Agency, _ number: Int = 1) throws -> (proposal: JSON, path: String) {
        let made = try proposal(agency, number)
        let sent = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        return (sent, path(sent.text("public_url")))
    }

    private func path(_ url: String) -> String {
        "/" + url.split(separator: "/").dropFirst(2).joined(separator: "/")
    }

    private func presented(_ agency: Agency, _ number: Int = 1) throws -> (contract: JSON, path: String) {
        let (proposal, page) = try sent(agency, number)
        try server.anonymous.post("\(page)/accept", ["name": "Jane Example", "consent": true]).ok()
        let made = try agency.owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
        let sent = try agency.owner.post("/v1/contracts/\(made.id)/send").ok()
        return (sent, path(sent.text("public_url")))
    }

    private func types(_ agency: Agency) throws -> [String] {
        try agency.owner.every("/v1/events").map { $0.text("type") }
    }

    // MARK: Packages

    @Test func `a new agency has its packages, answers and templates, once`() throws {
        let agency = try server.signUp()
        #expect(
            try agency.owner.every("/v1/packages").map { $0.text("name") }.sorted() == [
                "Enterprise", "Growth", "Starter",
            ])
        #expect(try Set(agency.owner.every("/v1/objections").map { $0.text("kind") }).count == 9)
        let templates = try agency.owner.every("/v1/templates").filter {
            ["proposal", "contract", "contract_terms"].contains($0.text("kind"))
        }
        #expect(templates.count == 6 && templates.filter { $0.text("locale") == "de" }.count == 3)
    }

    @Test func `a package in another currency is refused`() throws {
        let agency = try agency()
        let body: JSON = ["name": "Small", "price": ["amount": 100, "currency": "EUR"]]
        #expect(
            try agency.owner.post("/v1/packages", body).faults() == ["/price/currency": "invalid_currency"])
    }

    @Test func `what is recommended to a lead has its price and every reason`() throws {
        let agency = try agency()
        let lead = try agency.makeLead(1, ["budget": dollars(8_000), "employee_count": 2_000])
        let found = try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(lead.id)]).ok()
        #expect(found["package"]?.text("name") == "Growth" && found["price"] == dollars(5_400))
        #expect(found["factors"]?[0].text("name") == "size" && found["reasons"]?.array?.isEmpty == false)
        try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(absentLead)]).problem(
            422, "unknown_reference")
    }

    // MARK: Deals

    @Test func `a deal moves, weighs and is counted, and its lead goes along`() throws {
        let agency = try agency()
        let lead = try agency.makeLead()
        let made = try agency.owner.post(
            "/v1/deals", ["lead_id": .string(lead.id), "name": "Acme", "value": dollars(1000)]
        ).ok(201)
        #expect(made["probability"]?.double == 0.1 && made["weighted_value"] == dollars(100))
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "contacted")
        let place = "/v1/deals/\(made.id)"
        let on = try agency.owner.patch(place, ["stage": "negotiation", "expected_close": "2027-03-31"]).ok()
        #expect(on["weighted_value"] == dollars(700) && on["has_own_probability"] == false)
        let own = try agency.owner.patch(place, ["probability": 0.5]).ok()
        #expect(own["weighted_value"] == dollars(500) && own["has_own_probability"] == true)
        #expect(try agency.owner.patch(place, ["stage": "contract"]).ok()["probability"]?.double == 0.5)
        #expect(try agency.owner.patch(place, ["probability": .null]).ok()["probability"]?.double == 0.9)
        try agency.owner.patch(place, ["expected_close": "2027-02-30"]).problem(422, "invalid_date")
        let board = try agency.owner.get("/v1/pipeline").ok()
        let column = try #require(board["stages"]?.array?.first { $0.text("stage") == "contract" })
        #expect(
            column["deals"] == 1 && column["value"] == 100_000 && column["cards"]?[0]["is_stale"] == false)
        #expect(
            board["forecast"]?[0].text("month") == "2027-03" && board["forecast"]?[0]["committed"] == 100_000)
        let won = try agency.owner.patch(place, ["stage": "won"]).ok()
        #expect(won["probability"]?.double == 1 && won["closed_at"]?.isNull == false)
        let refusal = try agency.owner.patch(place, ["stage": "outreach"]).problem(409, "invalid_transition")
        #expect(refusal["allowed"] == [])
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "won")
        let types = try types(agency)
        #expect(
            types.filter { $0 == "deal.won" }.count == 1
                && types.filter { $0 == "deal.stage_changed" }.count == 3)
        try agency.owner.delete(place).problem(409, "conflict")
        let stages = try agency.owner.get("/api/dashboard/pipeline").ok()
        #expect(stages["total_deals"] == 1 && stages["total_value"]?.double == 1000)
    }

    @Test func `a lost deal may be opened again, and leaves its lead alone while another goes on`() throws {
        let agency = try agency()
        let lead = try agency.makeLead()
        func deal(_ name: String) throws -> String {
            try agency.owner.post("/v1/deals", ["lead_id": .string(lead.id), "name": .string(name)]).ok(201)
                .id
        }
        let (one, two) = (try deal("One"), try deal("Two"))
        try agency.owner.patch("/v1/deals/\(one)", ["stage": "lost", "lost_reason": "too dear"]).ok()
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "contacted")
        try agency.owner.patch("/v1/deals/\(two)", ["stage": "lost"]).ok()
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("status") == "lost")
        #expect(
            try agency.owner.patch("/v1/deals/\(one)", ["stage": "negotiation"]).ok()["lost_reason"] == .null)
        try agency.owner.delete("/v1/deals/\(two)").ok(204)
        let stages = try agency.owner.get("/api/dashboard/pipeline").ok()["stages"]?.array ?? []
        #expect(stages.first { $0.text("stage") == "lost" }?["deals"] == 0)
        try agency.owner.post("/v1/deals", ["lead_id": .string(absentLead), "name": "x"]).problem(
            422, "unknown_reference")
    }

    // MARK: Proposals

    @Test func `a proposal is composed, sent, read and accepted, and nothing of it changes then`() throws {
        let agency = try agency()
        let lead = try agency.makeLead(
            1, ["company": "Mýlène & <b>Sons", "pain_points": ["Nobody finds us"]])
        for industry in ["Technology", "bakery"] {
            try agency.owner.post("/v1/case-studies", ["title": "Found", "industry": .string(industry)]).ok(
                201)
        }
        let made = try agency.owner.post(
            "/v1/proposals",
            ["lead_id": .string(lead.id), "package_id": .string(try package("Starter", agency).id)]
        ).ok(201)
        #expect(
            made["total"] == dollars(2500) && made["needs"] == ["Nobody finds us"]
                && made["public_url"] == .null)
        #expect(made["services"]?.array?.count == 4 && made.text("title").contains("Mýlène & <b>Sons"))
        #expect(made["case_studies"]?.array?.map { $0.text("industry") } == ["Technology"])
        #expect(!made.text("pricing_justification").isEmpty && !made.text("call_to_action").isEmpty)
        try agency.owner.patch("/v1/proposals/\(made.id)", ["introduction": "Hello **you**"]).ok()
        let sent = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        let page = path(sent.text("public_url"))
        #expect(sent.text("status") == "sent" && page.hasPrefix("/p/"))
        try agency.owner.patch("/v1/proposals/\(made.id)", ["introduction": "Bye"]).problem(
            409, "invalid_transition")
        try agency.owner.delete("/v1/proposals/\(made.id)").problem(409, "invalid_transition")
        let again = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        #expect(again["public_url"] == sent["public_url"] && again["sent_at"] == sent["sent_at"])

        let quiet = try server.anonymous.get(page, ["Accept": "text/html", "User-Agent": "Slackbot 1.0"])
        #expect(
            quiet.status == 200 && quiet.text.contains("Mýlène &amp; &lt;b&gt;Sons")
                && quiet.text.contains("<strong>you</strong>"))
        #expect(quiet.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
        #expect(
            try agency.owner.get("/v1/proposals/\(made.id)").ok().text("status") == "sent",
            "a program has looked")
        _ = try server.anonymous.get(page, html)
        let viewed = try agency.owner.get("/v1/proposals/\(made.id)").ok()
        #expect(viewed.text("status") == "viewed" && viewed["evidence"]?["opened"]?["address"] == "127.0.0.1")
        #expect(viewed["evidence"]?["read"] == nil && quiet.text.contains("src=\"/public/seen.js\""))
        #expect(try server.anonymous.get("/public/seen.js").text.contains("/seen"))
        try server.anonymous.post("\(page)/seen").ok(204)
        #expect(try agency.owner.get("/v1/proposals/\(made.id)").ok()["evidence"]?["read"] != nil)
        #expect(try server.anonymous.get("\(page)/pdf").text.hasPrefix("%PDF-"))

        #expect(
            try server.anonymous.post("\(page)/accept", [:]).faults() == [
                "/name": "required", "/consent": "required",
            ])
        try server.anonymous.post("\(page)/accept", ["name": "Jane", "consent": false]).problem(
            422, "required")
        try server.anonymous.post("\(page)/accept", ["name": "Jane", "consent": true]).ok()
        try server.anonymous.post("\(page)/accept", ["name": "Jane", "consent": true]).problem(
            409, "invalid_transition")
        try server.anonymous.post("\(page)/decline", ["reason": "no"]).problem(409, "invalid_transition")
        let deal = try agency.owner.get("/v1/deals/\(made.text("deal_id"))").ok()
        #expect(deal.text("stage") == "contract" && deal["value"] == dollars(2500))
        let types = try types(agency)
        for type in ["proposal.sent", "proposal.viewed", "proposal.accepted"] {
            #expect(types.filter { $0 == type }.count == 1, "\(type)")
        }
    }

    @Test func `forms work without scripts, and say what is missing`() throws {
        let agency = try agency()
        let (proposal, page) = try sent(agency)
        func post(_ verb: String, _ fields: String) throws -> Answer {
            try server.anonymous.request(
                "POST", "\(page)/\(verb)", raw: Array(fields.utf8),
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"])
        }
        let refused = try post("accept", "name=Jane+Example")
        #expect(
            refused.status == 422 && refused.text.contains("role=\"alert\"") && refused.text.contains("<form")
        )
        let taken = try post("accept", "name=Jane+%26+Co&consent=true")
        #expect(taken.status == 200 && taken.text.contains("Jane &amp; Co") && !taken.text.contains("<form"))
        #expect(try agency.owner.get("/v1/proposals/\(proposal.id)").ok().text("accepted_by") == "Jane & Co")
        let late = try post("decline", "reason=x")
        #expect(late.status == 409)
    }

    @Test func `links of others, forged ones and plain ids open nothing`() throws {
        let agency = try agency()
        let (proposal, page) = try sent(agency)
        let forged = String(page.dropLast(2)) + (page.hasSuffix("aa") ? "bb" : "aa")
        for path in [forged, "/p/\(proposal.id)", "\(page)x", "/p/x"] {
            try server.anonymous.get(path, html).problem(404, "not_found")
            try server.anonymous.post("\(path)/accept", ["name": "J", "consent": true]).problem(
                404, "not_found")
        }
        try server.anonymous.post("\(page)/sign", ["name": "J", "consent": true]).problem(404, "not_found")
        let stranger = try server.signUp().owner
        for path in ["", ".pdf"] {
            try stranger.get("/v1/proposals/\(proposal.id)\(path)").problem(404, "not_found")
        }
    }

    @Test func `items sum to the cent, and what cannot be summed is refused`() throws {
        let agency = try agency()
        let items: JSON = [
            ["description": "Audit", "quantity": 3, "unit_price": ["amount": 33_333, "currency": "USD"]],
            ["description": "Setup", "unit_price": ["amount": 1, "currency": "USD"]],
        ]
        #expect(try proposal(agency, 1, ["items": items])["total"] == dollars(1000))
        func faults(_ item: JSON) throws -> [String: String] {
            try agency.owner.post(
                "/v1/proposals", ["lead_id": .string(try agency.makeLead(7).id), "items": [item]]
            ).faults()
        }
        #expect(
            try faults(["description": "x", "quantity": -1, "unit_price": dollars(1)])["/items/0/quantity"]
                == "out_of_range")
        let euro: JSON = ["amount": 1, "currency": "EUR"]
        #expect(
            try faults(["description": "x", "unit_price": euro])["/items/0/unit_price/currency"]
                == "invalid_currency")
        let most: JSON = ["amount": 9_007_199_254_740_991, "currency": "USD"]
        #expect(
            try faults(["description": "x", "quantity": 2, "unit_price": most])["/items/0"] == "out_of_range")
        try agency.owner.post("/v1/proposals", ["lead_id": .string(try agency.makeLead(8).id)]).problem(
            422, "required")
    }

    @Test func `a declined proposal leaves its deal open, and one that nobody answers expires`() throws {
        let agency = try agency()
        let (declined, page) = try sent(agency)
        try server.anonymous.post("\(page)/decline", ["reason": "too dear"]).ok()
        let got = try agency.owner.get("/v1/proposals/\(declined.id)").ok()
        #expect(got.text("status") == "declined" && got.text("decline_reason") == "too dear")
        #expect(
            try agency.owner.get("/v1/deals/\(got.text("deal_id"))").ok().text("stage")
                == "proposal_delivered")

        let box = try agency.sandbox()
        try box.quieten()
        let lead = try box.owner.post("/v1/leads", lead(1)).ok(201)
        let package = try #require(try box.owner.every("/v1/packages").first)
        let made = try box.owner.post(
            "/v1/proposals", ["lead_id": .string(lead.id), "package_id": .string(package.id)]
        ).ok(201)
        let sent = try box.owner.post("/v1/proposals/\(made.id)/send").ok()
        try box.advance("P13D")
        #expect(try box.owner.get("/v1/proposals/\(made.id)").ok().text("status") == "sent")
        try box.advance("P2D")
        #expect(try box.owner.get("/v1/proposals/\(made.id)").ok().text("status") == "expired")
        let link = path(sent.text("public_url"))
        try server.anonymous.post("\(link)/accept", ["name": "J", "consent": true]).problem(
            409, "invalid_transition")
        #expect(try server.anonymous.get(link, html).text.contains("valid until"))
    }

    @Test func `a proposal in German goes with a German mail, to a German page`() throws {
        let agency = try agency()
        let made = try proposal(agency, 1, ["locale": "de"])
        let sent = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        let mail = try agency.owner.get("/v1/messages/\(sent.text("message_id"))").ok()
        #expect(
            mail.text("text").contains("Guten Tag") && mail.text("text").contains(sent.text("public_url")))
        #expect(mail.text("purpose") == "transactional" && mail["cause"]?.text("type") == "proposal")
        let page = try server.anonymous.get(path(sent.text("public_url")), html).text
        #expect(
            page.contains("lang=\"de\"") && page.contains("2.500,00") && page.contains("Angebot annehmen"))
    }

    // MARK: Contracts

    @Test func `signing makes the client with its handover, and wins the deal`() throws {
        let agency = try agency()
        let (contract, page) = try presented(agency)
        #expect(contract.text("status") == "sent" && contract["client_id"] == .null)
        #expect(
            contract.text("terms").contains("$2,500.00")
                && contract.text("terms").contains("Example Company 1"))
        try agency.owner.patch("/v1/contracts/\(contract.id)", ["terms": "others"]).problem(
            409, "invalid_transition")
        #expect(try server.anonymous.get(page, html).text.contains(contract.text("document_hash")))
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example"]).problem(422, "required")
        #expect(try agency.owner.every("/v1/clients").isEmpty)
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).problem(
            409, "invalid_transition")
        let signed = try agency.owner.get("/v1/contracts/\(contract.id)").ok()
        #expect(
            signed["document_hash"] == contract["document_hash"] && signed.text("signed_by") == "Jane Example"
        )
        let client = try agency.owner.get("/v1/clients/\(signed.text("client_id"))").ok()
        #expect(client["monthly_fee"] == dollars(2500) && client.text("tier") == "starter")
        let handover = try #require(client["handover"])
        for part in ["requirements", "service_levels", "specifications", "timeline", "budget"] {
            #expect(handover[part] != nil, "\(part)")
        }
        let deal = try agency.owner.get("/v1/deals/\(signed.text("deal_id"))").ok()
        #expect(deal.text("stage") == "won" && deal["client_id"] == signed["client_id"])
        let types = try types(agency)
        #expect(
            types.filter { $0 == "contract.signed" }.count == 1
                && types.filter { $0 == "deal.won" }.count == 1)
        let overview = try agency.owner.get("/api/dashboard/overview").ok()
        #expect(
            overview["clients"]?["active"] == 1 && overview["clients"]?["monthly_revenue"]?.double == 2500)
    }

    @Test func `who signs six times at once has signed once`() throws {
        let agency = try agency()
        let (contract, page) = try presented(agency)
        let answers = try together(6) { _ in
            try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).status
        }
        #expect(
            answers.filter { $0 == 200 }.count == 1 && answers.filter { $0 == 409 }.count == 5, "\(answers)")
        #expect(try agency.owner.every("/v1/clients").count == 1)
        #expect(try agency.owner.get("/v1/contracts/\(contract.id)").ok().text("status") == "signed")
    }

    @Test func `the command tells a contract as it was from one that was altered`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let lead = try agency.makeLead()
        let package = try #require(try agency.owner.every("/v1/packages").first)
        let proposal = try agency.owner.post(
            "/v1/proposals", ["lead_id": .string(lead.id), "package_id": .string(package.id)]
        ).ok(201)
        let made = try agency.owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
        let page = path(try agency.owner.post("/v1/contracts/\(made.id)/send").ok().text("public_url"))
        func save(_ name: String, _ bytes: [UInt8]) -> String {
            let path = server.file(name)
            FileManager.default.createFile(atPath: path, contents: Data(bytes))
            return path
        }
        let place = "/v1/contracts/\(made.id).pdf"
        let presented = try agency.owner.get(place).body
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        let signed = try agency.owner.get(place).body
        #expect(try signed == agency.owner.get(place).body && signed != presented)
        for (file, word, status) in [
            (save("presented.pdf", presented), "unchanged", 0),
            (save("signed.pdf", signed), "Jane Example", 0),
            (save("longer.pdf", signed + [10]), "altered", 1),
            (save("other.pdf", Array("%PDF-1.7 nothing".utf8)), "unknown", 1),
        ] {
            let ended = try server.command("contract", "verify", file)
            #expect(ended.status == Int32(status) && ended.output.contains(word), "\(ended.output)")
        }
        let file = try agency.owner.every("/v1/files").map { $0.text("sha256") }
        let contract = try agency.owner.get("/v1/contracts/\(made.id)").ok()
        #expect(file.contains(contract.text("document_hash")) && file.contains(contract.text("signed_hash")))
    }

    // MARK: Negotiation

    @Test func `what lies within the rules is conceded, what lies beyond waits for a yes`() throws {
        let agency = try agency()
        let made = try proposal(agency)
        let place = "/v1/deals/\(made.text("deal_id"))"
        let within = try agency.owner.post(
            "\(place)/negotiation", ["discount_percent": 10, "reason": "Two years"]
        ).ok(201)
        #expect(within.text("status") == "made" && within["price"] == dollars(2250))
        #expect(try agency.owner.get(place).ok()["value"] == dollars(2250))
        let beyond = try agency.owner.post("\(place)/negotiation", ["price": dollars(2000)]).ok(201)
        #expect(beyond.text("status") == "pending" && beyond["beyond"] == ["max_discount_percent"])
        #expect(
            try agency.owner.get(place).ok()["value"] == dollars(2250), "nothing is offered before the yes")
        try agency.owner.post("/v1/approvals/\(beyond.text("approval_id"))/approve").ok()
        #expect(try agency.owner.get(place).ok()["value"] == dollars(2000))
        let refused = try agency.owner.post("\(place)/negotiation", ["free_months": 6]).ok(201)
        try agency.owner.post("/v1/approvals/\(refused.text("approval_id"))/reject", ["reason": "too many"])
            .ok()
        try agency.owner.post(
            "/v1/deal-objections",
            ["deal_id": .string(made.text("deal_id")), "kind": "price", "text": "Too dear"]
        ).ok(201)
        let all = try agency.owner.get("\(place)/negotiation").ok()
        #expect(all["offers"]?.array?.map { $0.text("status") } == ["made", "made", "refused"])
        #expect(all["concessions"]?.array?.count == 2 && all["objections"]?[0].text("kind") == "price")
        try agency.owner.patch("/v1/selling-rules", ["max_discount_percent": 30]).ok()
        #expect(
            try agency.owner.post("\(place)/negotiation", ["discount_percent": 30]).ok(201).text("status")
                == "made")
        try agency.owner.post("\(place)/negotiation", [:]).problem(422, "required")
        try agency.owner.patch(place, ["stage": "lost"]).ok()
        try agency.owner.post("\(place)/negotiation", ["discount_percent": 1]).problem(
            409, "invalid_transition")
    }
}
