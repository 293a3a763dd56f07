import Foundation
import JSON
import StandIns
import Testing

/// From an offer to a signature, on the pages that clients see.
@Suite(.ownThread) struct Proposals: SellingSteps {
    let server = BureauProcess.shared

    // MARK: Proposals

    @Test func `a proposal of items alone says what its price rests on, item by item, also on its page`()
        throws
    {
        let agency = try agency()
        let lead = try agency.makeLead(
            1, ["pain_points": ["Nobody finds us in search"], "industry": "food retail"])
        let made = try agency.owner.post(
            "/v1/proposals",
            [
                "lead_id": .string(lead.id),
                "items": [
                    [
                        "description": "Technical audit of the shop", "quantity": 1,
                        "unit_price": dollars(1000),
                        "billed": "once",
                    ],
                    ["description": "Search campaign", "quantity": 3, "unit_price": dollars(500)],
                    ["description": "Photographs", "quantity": 1, "unit_price": dollars(500)],
                ],
            ]
        ).ok(201)
        let why = made.text("pricing_justification")
        for words in [
            "sum of its 3 items", "Technical audit of the shop", "3 × $500.00 = $1,500.00", "75 %", "25 %",
            "It answers what you told us: “Nobody finds us in search”", "food retail",
        ] { #expect(why.contains(words), "\(words): \(why)") }
        let sent = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        let page = try server.anonymous.get(path(sent.text("public_url")), html).text
        #expect(
            page.contains("The price is the sum of its 3 items") && page.contains("Search campaign</strong>"))
        let own = try agency.owner.post(
            "/v1/proposals",
            [
                "lead_id": .string(lead.id), "pricing_justification": "Because.",
                "items": [["description": "Audit", "quantity": 1, "unit_price": dollars(10)]],
            ]
        ).ok(201)
        #expect(own.text("pricing_justification") == "Because.")
    }

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

    @Test func `who wrote over Telegram last has a proposal there, and by mail where that fails`() throws {
        let agency = try server.quietAgency()
        let both = try TelegramBesideMail(agency)
        let (mail, telegram, chat) = (both.mail, both.telegram, both.chat)
        let made = try proposal(agency)
        try both.isWrittenTo(by: made.text("contact_id"))
        func told(_ service: ServiceStandIn) -> [String] { both.told(service, "/p/") }
        let sent = try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        let short = try eventually("the message") { told(telegram.service).first }
        #expect(short == "\(sent.text("title"))\n\n\(sent.text("public_url"))" && told(mail.service).isEmpty)
        #expect(
            try agency.owner.get("/v1/messages/\(sent.text("message_id"))").ok().text("channel") == "telegram"
        )

        try agency.owner.delete("/v1/integrations/\(chat.id)").ok(204)
        try agency.owner.post("/v1/proposals/\(made.id)/send").ok()
        _ = try eventually("the mail") { told(mail.service).first }
        #expect(told(telegram.service).count == 1)
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

    @Test func `what recurs every month is each package's price, and can be told by package`() throws {
        let agency = try agency(),
            prices: [String: Int64] = ["Starter": 2500, "Growth": 5000, "Enterprise": 10_000]
        for (number, name) in ["Starter", "Growth", "Growth", "Enterprise"].enumerated() {
            let chosen: JSON = .string(try package(name, agency).id)
            let (_, page) = try presented(agency, number + 1, ["package_id": chosen])
            try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        }
        for (name, price) in prices {
            let own = try agency.owner.every(
                "/v1/subscriptions?package_id=\(package(name, agency).id)&status=active")
            #expect(own.count == (name == "Growth" ? 2 : 1), "\(name)")
            #expect(own.allSatisfy { $0["price"] == dollars(price) }, "\(name)")
        }
        let overview = try agency.owner.get("/api/dashboard/overview").ok()
        #expect(overview["clients"]?["monthly_revenue"]?.double == 22_500)
    }

    @Test func `what is billed once is invoiced once, and only the rest every month`() throws {
        let agency = try agency()
        let setup: JSON = ["description": "Setup", "unit_price": dollars(750), "billed": "once"]
        let care: JSON = ["description": "Care", "quantity": 2, "unit_price": dollars(400)]
        let (contract, page) = try presented(agency, 1, ["items": [setup, care]])
        #expect(contract["price"] == dollars(800) && contract["one_off"] == dollars(750))
        let terms = contract.text("terms").replacing("\\", with: "")
        #expect(terms.contains("$800.00 a month") && terms.contains("$750.00 is due once"))
        let shown = try server.anonymous.get(page, html).text
        #expect(shown.contains("Total a month") && shown.contains("Total once"))
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        let invoices = try eventually("both invoices") {
            let all = try agency.owner.every("/v1/invoices")
            return all.count == 2 ? all : nil
        }
        #expect(invoices.compactMap { $0.cents("total") }.sorted() == [75_000, 80_000])
        #expect(invoices.first { $0.cents("total") == 75_000 }?["subscription_id"] == .null)
        #expect(try agency.owner.every("/v1/subscriptions").map { $0.cents("price") } == [80_000])
        #expect(try agency.owner.every("/v1/clients").map { $0.cents("monthly_fee") } == [80_000])
        let deal = try agency.owner.get("/v1/deals/\(contract.text("deal_id"))").ok()
        #expect(deal.text("stage") == "won" && deal["value"] == dollars(1550))
        // Work that is billed once alone begins no subscription.
        let (single, other) = try presented(agency, 2, ["items": [setup]])
        #expect(single.cents("price") == 0 && !single.text("terms").contains("a month, in advance"))
        try server.anonymous.post("\(other)/sign", ["name": "Jane Example", "consent": true]).ok()
        #expect(try agency.owner.every("/v1/invoices").count == 3)
        #expect(try agency.owner.every("/v1/subscriptions").count == 1)
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
        #expect(page.contains("Suchmaschinenoptimierung") && !page.contains("A technical check"))
    }

    // MARK: Contracts

    @Test func `signing makes the client with its handover, and wins the deal`() throws {
        let agency = try agency()
        let (contract, page) = try presented(agency)
        #expect(contract.text("status") == "sent" && contract["client_id"] == .null)
        try agency.owner.patch("/v1/contracts/\(contract.id)", ["terms": "others"]).problem(
            409, "invalid_transition")
        let shown = try server.anonymous.get(page, html).text
        for words in [
            contract.text("document_hash"), "The client pays $2,500.00 a month", "Example Company 1",
        ] {
            #expect(shown.contains(words), "\(words)")
        }
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
        let path = "/v1/contacts/\(signed.text("contact_id"))/journey"
        let journey = try agency.owner.get(path).ok()
        let kinds = (journey["steps"]?.array ?? []).map { $0.text("kind") }
        #expect(journey.text("stage") == "client", "\(kinds)")
        for kind in ["known", "lead", "deal", "proposal_sent", "contract_signed", "deal_won", "client_since"]
        {
            #expect(kinds.contains(kind), "\(kind) is not among \(kinds)")
        }
        try server.signUp().owner.get(path).problem(404)
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
            _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
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
}
