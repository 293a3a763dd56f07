import JSON
import Testing

@Suite(.ownThread) struct Subscriptions {
    let server = BureauProcess.shared

    private func box(_ startAt: String, zone: String = "UTC") throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: startAt)
        try box.stillAllElse()
        try box.owner.patch("/v1/settings", ["time_zone": .string(zone)]).ok()
        return box
    }

    private func subscribe(_ owner: Caller, _ client: JSON, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "client_id": .string(client.id), "description": "Growth, a month", "price": cents(250_000),
        ]
        for (key, value) in more.members { body[key] = value }
        return try owner.post("/v1/subscriptions", .object(body)).ok(201)
    }

    /// The months that were invoiced, in order.
    private func months(_ owner: Caller, _ client: JSON) throws -> [String] {
        try owner.every("/v1/invoices?client_id=\(client.id)").map { $0.text("period") }.sorted()
    }

    @Test func `every month has its invoice, on the same day or the last, to the cent`() throws {
        let box = try box("2027-01-31T23:30:00.000Z", zone: "Europe/Berlin"), owner = box.owner
        let client = try owner.makeClient()
        let made = try subscribe(owner, client, ["starts_on": "2027-01-31"])
        #expect(made["billing_day"] == 31 && made.text("status") == "active")
        try box.advance("PT0S")
        // It is February there by now: the month that runs began on the 31st.
        #expect(try months(owner, client) == ["2027-01-31"])
        let first = try owner.every("/v1/invoices")[0]
        #expect(first.text("status") == "open" && first.text("issued_on") == "2027-02-01")
        #expect(first["items"]?[0].text("description") == "Growth, a month (January 31, 2027 – February 27, 2027)")
        try box.advance("P120D")
        #expect(
            try months(owner, client) == [
                "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31",
            ])
        #expect(try owner.every("/v1/invoices").allSatisfy { $0["total"] == cents(250_000) })
        #expect(
            try owner.every("/v1/invoices").compactMap { $0["sequence"]?.int }.sorted() == [1, 2, 3, 4, 5])
        #expect(try owner.get("/v1/clients/\(client.id)").ok().cents("monthly_fee") == 250_000)
        let now = try owner.get("/v1/subscriptions/\(made.id)").ok()
        #expect(now["invoiced"] == 5 && now.text("next_invoice_on") == "2027-06-30")
    }

    @Test func `who pays much more than others comes before them when they ask`() throws {
        let box = try box("2027-01-31T23:30:00.000Z"), owner = box.owner, client = try owner.makeClient()
        _ = try subscribe(owner, client, ["starts_on": "2027-01-31"])
        func isValued(_ client: JSON) throws -> Bool {
            try box.advance("PT0S")
            let ticket = try owner.ticket("Picture", "It is old.", ["client_id": .string(client.id)])
            let triage = try owner.every("/v1/decisions?subject_id=\(ticket.id)").first
            return triage?["factors"]?.array?.contains { $0.text("name") == "value" } ?? false
        }
        #expect(try !isValued(client), "there is nobody to compare with")
        let others = try (1...3).map { number in
            let other = try owner.makeClient(["name": .string("Small \(number)")])
            _ = try subscribe(owner, other, ["starts_on": "2027-01-31", "price": cents(50_000)])
            return other
        }
        #expect(try isValued(client) && !isValued(others[0]))
    }

    @Test func `one that starts later waits, and one with an end ends`() throws {
        let box = try box("2027-01-05T10:00:00.000Z"), owner = box.owner, client = try owner.makeClient()
        let made = try subscribe(owner, client, ["starts_on": "2027-01-20", "months": 2, "billing_day": 1])
        try box.advance(to: "2027-01-20T05:00:00.000Z")
        #expect(try months(owner, client).isEmpty)
        try box.advance("P200D")
        #expect(try months(owner, client) == ["2027-01-20", "2027-02-01"])
        #expect(try owner.get("/v1/subscriptions/\(made.id)").ok().text("status") == "ended")
        #expect(try owner.told("subscription.ended") == ["subscription.ended"])
        #expect(try owner.get("/v1/clients/\(client.id)").ok().cents("monthly_fee") == 0)
    }

    @Test func `it is paused, resumed, changed in price and cancelled`() throws {
        let box = try box("2027-01-10T10:00:00.000Z"), owner = box.owner, client = try owner.makeClient()
        let id = try subscribe(owner, client).id
        func step(_ name: String, _ body: JSON? = nil) throws -> Answer {
            try owner.post("/v1/subscriptions/\(id)/\(name)", body)
        }
        try box.advance("PT0S")
        #expect(try step("pause").ok().text("status") == "paused")
        try step("pause").problem(409, "invalid_transition")
        try box.advance("P70D")
        #expect(try months(owner, client) == ["2027-01-10"])
        #expect(
            try step("resume").ok().text("next_invoice_on") == "2027-04-10", "what was paused is not billed")
        try owner.patch("/v1/subscriptions/\(id)", ["price": cents(300_000)]).ok()
        try box.advance("P30D")
        #expect(try months(owner, client) == ["2027-01-10", "2027-04-10"])
        #expect(
            try owner.every("/v1/invoices").compactMap { $0.cents("total") }.sorted() == [250_000, 300_000])
        #expect(try owner.get("/v1/clients/\(client.id)").ok().cents("monthly_fee") == 300_000)
        let cancelled = try step("cancel").ok()
        #expect(cancelled.text("status") == "active" && cancelled.text("cancel_at") == "2027-05-10")
        try box.advance("P60D")
        #expect(try owner.get("/v1/subscriptions/\(id)").ok().text("status") == "cancelled")
        #expect(try months(owner, client).count == 2)
        try step("cancel").problem(409)
        try step("resume").problem(409)
    }

    @Test func `service credits are taken up by the next invoices, and the rest is kept`() throws {
        let box = try box("2027-01-10T10:00:00.000Z"), owner = box.owner, client = try owner.makeClient()
        try owner.billing(["tax_name": "VAT", "tax_rate": 1000])
        func grant(_ amount: Int64, _ more: JSONObject = [:]) throws -> JSON {
            var body: JSONObject = [
                "client_id": .string(client.id), "amount": cents(amount), "reason": "Referral",
            ]
            for (key, value) in more.members { body[key] = value }
            return try owner.post("/v1/credits", .object(body)).ok(201)
        }
        let (late, soon, gone) = (
            try grant(5000), try grant(3000, ["expires_on": "2027-01-20"]),
            try grant(9000, ["expires_on": "2027-01-09"])
        )
        func rest(_ credit: JSON) throws -> Int64? {
            try owner.get("/v1/credits/\(credit.id)").ok().cents("rest")
        }
        let part = try owner.invoice(client, [item(10_000)])
        #expect(
            part.cents("subtotal") == 2000 && part.cents("tax_amount") == 200 && part.cents("total") == 2200)
        #expect(
            (part["credits"]?.array ?? []).map { $0.cents("amount") } == [3000, 5000],
            "who expires goes first")
        #expect(try rest(late) == 0 && rest(soon) == 0 && rest(gone) == 9000)
        // Down to nothing, never below; what is left stays.
        let more = try grant(2500)
        let free = try owner.invoice(client, [item(1000)])
        #expect(free.cents("total") == 0 && free.text("status") == "paid")
        #expect(try rest(more) == 1500)
        // Usage that was taken up comes back with a void invoice.
        let void = try owner.invoice(client, [item(4000)])
        #expect(try rest(more) == 0 && void.cents("subtotal") == 2500)
        try owner.post("/v1/invoices/\(void.id)/void").ok()
        #expect(try rest(more) == 1500)
        try owner.delete("/v1/credits/\(more.id)").problem(409)
    }

    @Test func `a copy of an agency goes on by itself, and the agency's own invoices stay as they are`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, client = try owner.makeClient()
        _ = try subscribe(owner, client)
        try eventuallyTrue("the first invoice") { try owner.every("/v1/invoices").count == 1 }
        let start = try owner.get("/v1/invoices").ok().items[0].text("sent_at")
        let box = try agency.sandbox("live", startAt: start)
        try box.stillAllElse()
        try box.advance("P65D")
        let copied = try box.owner.every("/v1/invoices")
        #expect(copied.count == 3 && copied.compactMap { $0["sequence"]?.int }.sorted() == [1, 2, 3])
        #expect(copied.map { $0.text("status") }.sorted() == ["open", "overdue", "overdue"])
        #expect(try owner.every("/v1/invoices").map { $0.text("status") } == ["open"])
    }
}
