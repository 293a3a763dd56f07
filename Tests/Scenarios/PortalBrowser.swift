import Foundation
import JSON
import StandIns
import Testing

/// The portal in a real browser, as somebody of a client uses it, with axe looking on.
@Suite(.ownThreadFirst) struct PortalBrowser {
    let server = BureauProcess.shared

    @Test func `a client finds their way on every page, and axe finds no violation`() throws {
        let agency = try server.quietAgency()
        let dot =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        let logo = try agency.owner.post(
            "/v1/files?name=logo.png", raw: Array(try #require(Data(base64Encoded: dot))), type: "image/png"
        ).ok(201)
        // A colour that cannot be read on white as it is.
        let look: JSON = ["color": "#ffcc00", "logo_file_id": .string(logo.id)]
        try agency.owner.patch("/v1/settings", ["brand": look, "quiet_hours": nil]).ok()
        let record = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let email = "cleo-\(record.id.suffix(10))@acme.example"
        let client = PortalClient(
            record: record, people: ["admin": try agency.clientPerson(of: record, email: email)])
        _ = try agency.clientPerson(of: record, "viewer", name: "Vera")
        let (proposal, contract) = try agency.sell(to: record, "A new site")
        let invoice = try agency.owner.invoice(record)
        let work = try agency.work(for: client, "Logo")
        let other = try agency.owner.step(
            try agency.submitted(work.project, "Text"), "review", ["passed": true])
        let banner = try agency.owner.step(
            try agency.submitted(work.project, "Banner"), "review", ["passed": true])
        let piece = try agency.contentToApprove(of: record, "Spring")
        let asked = try agency.ask(client, "The old logo")
        let article = try agency.owner.post(
            "/v1/articles",
            [
                "title": "Changing a logo", "status": "published",
                "body": "Send **it**:\n\n- as SVG\n- or [so](javascript:alert(1)) <b>x</b>",
            ]
        ).ok(201)
        for ago in 0..<20 {
            try agency.owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(record.id), "source": "google_ads", "metric": "clicks",
                    "date": .string(day(ago)), "value": .integer(Int64(40 + ago)),
                ]
            ).ok(201)
        }
        try client.admin.post("/v1/portal/messages", ["text": "Hello"]).ok(201)
        let conversation = try agency.conversation(on: "portal")
        try agency.answer(conversation, "Hello Acme")
        let (paying, stripe) = try payingClient()
        defer { withExtendedLifetime(stripe) {} }
        let found = try inBrowser(
            "portal.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "agency": agency.tenant["slug"] ?? "",
                "name": agency.tenant["name"] ?? "", "email": .string(email),
                "password": "correct horse battery", "token": .string(agency.owner.token ?? ""),
                "conversation": .string(conversation.id), "change": .string(other.id),
                "deliverable": "Deliverable: Logo", "other": "Deliverable: Text", "content": "First try",
                "keys": "Deliverable: Banner",
                "paying": paying,
                "languages": .object(try languages()),
                "invoice": .string("/invoices/\(invoice.id)"), "article": .string("/help/\(article.id)"),
                "pages": [
                    "/reports", .string("/reports/\(work.report.id)"), "/preferences", "/projects",
                    .string("/projects/\(work.project.id)"), .string("/deliverables/\(other.id)"),
                    "/content", .string("/content/\(piece.id)"),
                    "/messages",
                    "/tickets", "/tickets/new", .string("/tickets/\(asked.ticket.id)"),
                    .string("/surveys/\(asked.survey.id)"), "/invoices", .string("/invoices/\(invoice.id)"),
                    "/proposals", .string("/proposals/\(proposal.id)"), "/contracts",
                    .string("/contracts/\(contract.id)"), "/documents", "/activity", "/people", "/referrals",
                    "/help",
                    .string("/help/\(article.id)"), "/nothing/there",
                ],
                "open": [
                    "an offer": .string("/p" + (agency.path(of: proposal))),
                    "content to approve": .string(piece.path),
                ],
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        #expect(try agency.owner.get("/v1/deliverables/\(other.id)").ok().text("change_request") == "Bigger")
        let approved = try agency.owner.get("/v1/deliverables/\(work.deliverable.id)").ok()
        #expect(approved.text("status") == "approved")
        #expect(try agency.owner.get("/v1/deliverables/\(banner.id)").ok().text("status") == "approved")
    }
}

extension PortalBrowser {
    /// A client of an agency that takes payments by a service, with an invoice to pay; the service lives as long
    /// as it is kept.
    private func payingClient() throws -> (plan: JSON, service: StripeStandIn) {
        let (agency, stripe) = (try server.quietAgency(), try StripeStandIn())
        let credentials: JSON = [
            "secret_key": .string(stripe.secretKey), "webhook_secret": .string(stripe.webhookSecret),
        ]
        _ = try agency.connect(
            "stripe", stripe.service.url, credentials: credentials, capability: "payments")
        let client = try agency.owner.post("/v1/clients", ["name": "Payer"]).ok(201)
        let email = "pia-\(client.id.suffix(10))@payer.example"
        _ = try agency.clientPerson(of: client, email: email)
        _ = try agency.owner.invoice(client)
        let plan: JSON = [
            "agency": agency.tenant["slug"] ?? "", "email": .string(email),
            "page": "https://checkout.stripe.test/",
        ]
        return (plan, stripe)
    }

    /// Returns every other language's words for the English texts, where they differ.
    private func languages() throws -> JSONObject {
        var languages = JSONObject()
        for language in try server.anonymous.get("/portal/words/index.json").ok().array ?? []
        where language != "en" {
            let code = language.text ?? ""
            let catalogue = try server.anonymous.get("/portal/words/\(code).json").ok()
            var texts = JSONObject()
            for (text, said) in catalogue["texts"]?.object?.members ?? [] where said.text != text {
                texts.append(text, said)
            }
            languages.append(code, .object(texts))
        }
        #expect(languages.keys.count >= 6)
        return languages
    }
}

extension Agency {
    /// The token and what follows of a paper's own page.
    fileprivate func path(of paper: JSON) -> String {
        paper.text("public_url").firstMatch(of: /\/p(\/.+)$/).map { String($0.1) } ?? ""
    }
}

/// So many days ago, in UTC.
private func day(_ ago: Int) -> String {
    let date = Date(timeIntervalSinceNow: Double(-ago) * 86_400)
    return String(ISO8601DateFormatter().string(from: date).prefix(10))
}
