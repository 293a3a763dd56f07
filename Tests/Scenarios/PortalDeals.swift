import JSON
import StandIns
import Testing

/// A client sees and decides about what was sold to them.
@Suite(.ownThread) struct PortalDeals {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["quiet_hours": nil]).ok()
        return agency
    }

    @Test func `the first page says what waits, a yes or no first, for whom it waits`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme")
        let invoice = try agency.owner.invoice(client.record)
        let (proposal, contract) = try agency.sell(to: client.record, "More")
        _ = try agency.owner.draft(client.record)
        let overview = try client.admin.get("/v1/portal/overview").ok()
        let waiting = (overview["waiting"]?.array ?? []).map(\.id)
        #expect(waiting == [proposal.id, contract.id, invoice.id])
        let counts: [String: JSON] = [
            "invoices_open": 1, "invoices_overdue": 0, "proposals_open": 1, "contracts_to_sign": 1,
        ]
        for (name, count) in counts { #expect(overview["counts"]?[name] == count, "\(name)") }
        func waits(_ role: String) throws -> [String] {
            (try client.people[role]!.get("/v1/portal/overview").ok()["waiting"]?.array ?? []).map(\.id)
        }
        #expect(try waits("approver") == [proposal.id, contract.id])
        #expect(try waits("billing") == [invoice.id])
        #expect(try waits("viewer").isEmpty)
    }

    @Test func `drafts and what is the agency's own affair stay inside, in filters too`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let draft = try agency.owner.draft(client.record)
        let (proposal, contract) = try agency.sell(to: client.record, "More")
        try client.admin.get("/v1/portal/invoices/\(draft.id)").problem(404)
        #expect(try client.admin.get("/v1/portal/invoices?total=true").ok()["total"] == 0)
        for place in ["proposals/\(proposal.id)", "contracts/\(contract.id)"] {
            let shown = try client.admin.get("/v1/portal/\(place)").ok()
            for name in ["notes", "evidence", "public_url", "lead_id", "deal_id"] {
                #expect(shown[name] == nil, "\(place) shows \(name)")
            }
        }
        for query in [
            "proposals?fields=id,notes", "proposals?lead_id=\(proposal.text("lead_id"))",
            "invoices?sort=sequence", "invoices?sequence[gt]=1",
        ] {
            let answer = try client.admin.get("/v1/portal/\(query)")
            #expect(answer.status == 400, "\(query): \(answer)")
        }
        #expect(
            try client.admin.get("/v1/portal/proposals?fields=id").ok().items == [
                ["id": .string(proposal.id)]
            ])
        #expect(try client.admin.get("/v1/portal/proposals/\(proposal.id).pdf").status == 200)
    }

    @Test func `a proposal is accepted by who may, with the same evidence as on its page`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme")
        let (proposal, _) = try agency.sell(to: client.record, "More")
        let path = "/v1/portal/proposals/\(proposal.id)/accept"
        for role in ["viewer", "billing"] {
            try client.people[role]!.post(path, ["name": "Cleo", "consent": true]).problem(403, "forbidden")
        }
        try client.admin.post(path, ["name": "Cleo"]).problem(422)
        let approver = client.people["approver"]!
        let accepted = try approver.post(path, ["name": "Cleo", "consent": true]).ok()
        #expect(accepted.text("status") == "accepted" && accepted["evidence"] == nil)
        let own = try agency.owner.get("/v1/proposals/\(proposal.id)").ok()
        let evidence = try #require(own["evidence"]?["accepted"])
        #expect(evidence["user_id"] == (try approver.get("/v1/me").ok()["user"]?["id"]))
        #expect(evidence.text("name") == "Cleo" && evidence["consent"] == true && evidence["address"] != nil)
        try client.admin.post(path, ["name": "Cleo", "consent": true]).problem(409, "invalid_transition")
        try client.admin.post("/v1/portal/proposals/\(proposal.id)/decline").problem(409)
    }

    @Test func `a contract is signed once, and no second client is made`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let (_, contract) = try agency.sell(to: client.record, "More")
        let path = "/v1/portal/contracts/\(contract.id)/sign"
        let answers = try together(4) { _ in
            try server.caller(client.admin.token).post(path, ["name": "Cleo", "consent": true]).status
        }
        #expect(answers.sorted() == [200, 409, 409, 409])
        let signed = try agency.owner.get("/v1/contracts/\(contract.id)").ok()
        #expect(signed.text("client_id") == client.id && signed.text("signed_by") == "Cleo")
        #expect(signed["evidence"]?["signed"]?["user_id"] != nil)
        #expect(try agency.owner.every("/v1/clients").count == 1)
    }

    @Test func `an invoice is paid where its page would lead`() throws {
        let agency = try agency()
        // Without a service there is nothing to pay by, and nobody is offered to.
        let early = try agency.portalClient("Early"), unpaid = try agency.owner.invoice(early.record)
        #expect(try early.admin.get("/v1/portal/invoices/\(unpaid.id)").ok()["can_pay"] == false)
        let stripe = try StripeStandIn()
        try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "stripe", "capability": "payments",
                "settings": ["base_url": .string(stripe.service.url)],
                "credentials": [
                    "secret_key": .string(stripe.secretKey), "webhook_secret": .string(stripe.webhookSecret),
                ],
            ]
        ).ok(201)
        let client = try agency.portalClient("Acme")
        let invoice = try agency.owner.invoice(client.record)
        let path = "/v1/portal/invoices/\(invoice.id)/pay"
        #expect(try client.admin.get("/v1/portal/invoices/\(invoice.id)").ok()["can_pay"] == true)
        #expect(try early.admin.get("/v1/portal/invoices/\(unpaid.id)").ok()["can_pay"] == true)
        try client.people["approver"]!.post(path).problem(403, "forbidden")
        let url = try client.people["billing"]!.post(path).ok().text("url")
        #expect(url.hasPrefix("http"))
        #expect(try client.admin.post(path).ok().text("url") == url, "one page at a time")
    }

    @Test func `what was done in a client's name is theirs to read, and its chain holds`() throws {
        let agency = try agency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        let (proposal, _) = try agency.sell(to: acme.record, "More")
        try acme.admin.post("/v1/portal/proposals/\(proposal.id)/decline", ["reason": "Too much"]).ok()
        _ = try agency.owner.invoice(acme.record)
        let listed = try acme.admin.every("/v1/portal/activity", limit: 2)
        #expect(
            listed.map { $0.text("action") } == [
                "invoice.sent", "proposal.declined", "contract.sent", "proposal.sent",
            ])
        #expect(listed[1].text("why") == "Too much")
        #expect(try beta.admin.get("/v1/portal/activity").ok().items.isEmpty)
        let export = try acme.admin.get("/v1/portal/activity/export").ok()
        let entries = export["entries"]?.array ?? []
        #expect(export["valid"] == true && entries.count == 4)
        for (one, next) in zip(entries, entries.dropFirst()) {
            #expect(next["previous_hash"] == one["hash"])
        }
        let rest = try acme.admin.get("/v1/portal/activity/export?after=2").ok()
        #expect(rest["valid"] == true && rest["entries"]?.array == Array(entries.dropFirst(2)))
    }

    @Test func `a client's brake holds what goes out in their name until the agency releases it`() throws {
        let agency = try server.signUp()
        try agency.readyToMail()
        let client = try agency.portalClient("Acme")
        let contact = try agency.makeContact(5, ["client_id": .string(client.id)])
        try client.people["approver"]!.post("/v1/portal/brake").problem(403, "forbidden")
        let brake = try client.admin.post("/v1/portal/brake", ["reason": "A wrong price."]).ok(201)
        #expect(try client.admin.post("/v1/portal/brake").ok(201).id == brake.id, "pulled once")
        let message = try agency.send(contact, ["purpose": "transactional"])
        let held = try eventually("the message at rest") {
            let now = try agency.owner.get("/v1/messages/\(message.id)").ok()
            // JSON has a null of its own: `nil` would be an answer.
            return now.text("status") == "held" ? now : .none
        }
        let codes = (held["reasons"]?.array ?? []).map { $0.text("code") }
        #expect(codes.contains("brake"))
        try client.admin.post("/v1/brakes/\(brake.id)/release").problem(403, "forbidden")
        let told = try agency.owner.get("/v1/notifications?unread=true").ok().items
        #expect(told.map { $0.text("kind") } == ["client_brake"])
        try agency.owner.post("/v1/brakes/\(brake.id)/release").ok()
        #expect(try client.admin.get("/v1/portal/brake").ok().items.isEmpty)
        let actions = try client.admin.every("/v1/portal/activity").map { $0.text("action") }
        #expect(Array(actions.suffix(2)) == ["brake.released", "brake.pulled"])
    }

    @Test func `preferences bind the gate, and may be taken back`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme", roles: ["viewer"])
        let person = client.people["viewer"]!
        let contact = try person.get("/v1/portal/overview").ok()["me"]?.text("contact_id") ?? ""
        func reasons() throws -> Set<String> {
            let answer = try agency.owner.get(
                "/v1/contacts/\(contact)/sendability?channel=email&purpose=marketing"
            ).ok()
            return Set((answer["reasons"]?.array ?? []).map { $0.text("code") })
        }
        let path = "/v1/portal/preferences"
        let off = try person.patch(path, ["channels": ["email": ["marketing": false]]]).ok()
        #expect(off["channels"]?["email"]?["marketing"] == false)
        #expect(!(try reasons()).isDisjoint(with: ["unsubscribed", "no_consent", "suppressed"]))
        let on = try person.patch(
            path, ["channels": ["email": ["marketing": true]], "frequency": "weekly"]
        ).ok()
        #expect(on["channels"]?["email"]?["marketing"] == true && on["frequency"] == "weekly")
        #expect((try reasons()).isDisjoint(with: ["unsubscribed", "no_consent", "suppressed"]))
        let faults = try person.patch(
            path, ["channels": ["pigeon": [:], "email": ["marketing": 1]], "frequency": "never", "x": 1]
        ).faults()
        #expect(
            faults == [
                "/channels/pigeon": "unknown_field", "/channels/email/marketing": "wrong_type",
                "/frequency": "invalid_choice", "/x": "unknown_field",
            ])
    }

    @Test func `the export holds what is kept about oneself, and nobody else`() throws {
        let agency = try agency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        try acme.admin.patch("/v1/portal/preferences", ["channels": ["email": ["marketing": true]]]).ok()
        let export = try acme.admin.get("/v1/portal/privacy/export").ok()
        #expect(export["data"]?["consents"]?.array?.count == 1)
        #expect(export["user"]?["id"] == (try acme.admin.get("/v1/me").ok()["user"]?["id"]))
        let other = try beta.admin.get("/v1/portal/privacy/export")
        #expect(try other.ok()["data"]?["consents"] == [] && !other.text.contains(acme.id))
        #expect(!export.serialized.contains("password"))
    }
}
