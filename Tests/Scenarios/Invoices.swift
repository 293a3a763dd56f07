import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Invoices {
    let server = BureauProcess.shared

    @Test func `a draft's sums are computed, its faults are named, and only a draft changes`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        try owner.billing(["tax_name": "VAT", "tax_rate": 1900])
        // 3 × 0.35 and 19 % of it: 0.1995, rounded half up over the whole.
        let draft = try owner.draft(client, [item(35, 3), item(0)])
        #expect(draft.text("status") == "draft" && draft["number"] == .null && draft["sequence"] == .null)
        #expect(
            [draft.cents("subtotal"), draft.cents("tax_amount"), draft.cents("total")] == [105, 20, 125])
        #expect(draft["tax"] == ["name": "VAT", "rate": 1900] && draft.text("currency") == "USD")
        // 50 × 1 % is 0.5 of a cent: up.
        let half = try owner.patch(
            "/v1/invoices/\(draft.id)", ["items": [item(50)], "tax": ["rate": 100]]
        ).ok()
        #expect([half.cents("tax_amount"), half.cents("total"), half.cents("due")] == [1, 51, 51])
        func faults(_ body: JSON) throws -> [String: String] {
            try owner.post("/v1/invoices", body).faults()
        }
        let id = JSON.string(client.id), euros: JSON = ["amount": 1, "currency": "EUR"]
        #expect(try faults(["items": []]) == ["/client_id": "required"])
        #expect(try faults(["client_id": id, "items": []]) == ["/items": "required"])
        #expect(
            try faults([
                "client_id": id, "items": [["description": "x", "unit_price": euros]], "currency": "EUR",
            ])
                == ["/currency": "invalid_currency", "/items/0/unit_price/currency": "invalid_currency"])
        #expect(
            try faults(["client_id": id, "items": [item(9_007_199_254_740_991, 2)]])
                == ["/items/0/unit_price": "out_of_range"])
        #expect(
            try faults(["client_id": id, "items": [item(9_007_199_254_740_991), item(1)]])
                == ["/items": "out_of_range"])
        #expect(
            try faults(["client_id": "client_00000000000000000000000000", "items": [item(1)]])
                == ["/client_id": "unknown_reference"])
        #expect(
            try faults(["client_id": id, "items": [item(1)], "due_on": "2030-02-30"]) == [
                "/due_on": "invalid_date"
            ])
        let sent = try owner.post("/v1/invoices/\(draft.id)/send").ok()
        #expect(sent.text("status") == "open" && sent.text("number") == "INV-0001" && sent["sequence"] == 1)
        for change: JSON in [
            ["notes": "x"], ["items": [item(1)]], ["due_on": "2031-01-01"], ["client_id": "x"],
        ] {
            #expect(
                [409, 422].contains(try owner.patch("/v1/invoices/\(draft.id)", change).status), "\(change)")
        }
        try owner.delete("/v1/invoices/\(draft.id)").problem(409, "invalid_transition")
        try owner.post("/v1/invoices/\(draft.id)/send").problem(409, "invalid_transition")
        #expect(try owner.invoice(draft.id).cents("total") == 51)
    }

    @Test func `nineteen that are sent at once are numbered without a gap`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let (client, other) = (try owner.makeClient(), try owner.makeClient(["name": "Other"]))
        try owner.billing(["prefix": "R/"])
        var drafts = try (0..<20).map { try owner.draft(client, [item(1000 + Int64($0))]).id }
        #expect(try owner.delete("/v1/invoices/\(drafts.removeLast())").status == 204)
        let sent = drafts
        let statuses = try together(sent.count) { index in
            try server.caller(owner.token).post("/v1/invoices/\(sent[index])/send").status
        }
        #expect(Set(statuses) == [200])
        let all = try owner.every("/v1/invoices?client_id=\(client.id)&status=open")
        #expect(all.compactMap { $0["sequence"]?.int }.sorted() == Array(1...19))
        #expect(Set(all.map { $0.text("number") }).contains("R/0019"))
        #expect(try owner.every("/v1/invoices?client_id=\(other.id)").isEmpty)
        // A draft that cannot be sent takes no number.
        let lost = try owner.draft(other)
        #expect(try owner.delete("/v1/clients/\(other.id)").status == 204)
        try owner.post("/v1/invoices/\(lost.id)/send").problem(409, "conflict")
        #expect(try owner.invoice(client)["sequence"] == 20)
        let stranger = try server.signUp().owner
        for path in ["", ".pdf"] { try stranger.get("/v1/invoices/\(sent[0])\(path)").problem(404) }
    }

    @Test func `a sent invoice is a file, a mail with it, and a page`() throws {
        let owner = try server.quietAgency().owner
        try owner.billing(
            ["tax_name": "VAT", "tax_rate": 700, "bank_details": "IBAN DE89 3704 0044"],
            [
                "postal_address": "1 Example Street",
                "sender": ["name": "Olive", "email": "olive@agency.example"],
            ])
        let client = try owner.makeClient()
        let draft = try owner.draft(client, [item(12_345, 2, "Research & more <b>")])
        let before = try owner.get("/v1/invoices/\(draft.id).pdf").ok0()
        #expect(before.body.starts(with: "%PDF-".utf8) && before.header("Content-Type") == "application/pdf")
        let sent = try owner.post("/v1/invoices/\(draft.id)/send").ok()
        let invoice = try eventually("the file") {
            let invoice = try owner.invoice(sent.id)
            return invoice["file_id"] == .null ? Optional.none : invoice
        }
        // Held, since no mail service is connected: no error.
        let message = try eventually("the mail") {
            try owner.every("/v1/messages?direction=outbound").first { $0.text("status") == "held" }
        }
        #expect(message["attachments"] == [.string(invoice.text("file_id"))])
        #expect(message.text("recipient") == "billing@example.com")
        #expect(message.text("subject").contains("INV-0001") && message.text("text").contains("$264.18"))
        #expect(message.text("purpose") == "transactional")
        let file = try owner.get("/v1/files/\(invoice.text("file_id"))/content").body
        let paper = try owner.get("/v1/invoices/\(sent.id).pdf").body
        #expect(file == paper && paper.starts(with: "%PDF-".utf8), "what is served is what was sent")

        let path = String(try #require(sent.text("public_url").split(separator: "/p/").last).description)
        let visitor = server.anonymous
        let page = try visitor.get("/p/\(path)", ["Accept": "text/html"])
        #expect(page.status == 200 && page.text.contains("INV-0001") && page.text.contains("$264.18"))
        #expect(page.text.contains("Research &amp; more &lt;b&gt;") && page.text.contains("IBAN DE89"))
        #expect(!page.text.contains("<form"), "nothing is connected that could take a payment")
        #expect(try visitor.get("/p/\(path)/pdf").body == paper)
        try visitor.post("/p/\(path)/pay").problem(409, "conflict")
        #expect(try visitor.get("/p/\(sent.id)").status == 404)
        #expect(try visitor.get("/p/\(path.dropLast(2))xx").status == 404)
    }

    @Test func `one that is void keeps its number and owes nothing`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let (one, two) = (try owner.invoice(client), try owner.invoice(client))
        let void = try owner.post("/v1/invoices/\(one.id)/void").ok()
        #expect(void.text("status") == "void" && void.cents("due") == 0 && void["number"] == one["number"])
        try owner.pay(one, 1).problem(409, "invalid_transition")
        try owner.post("/v1/invoices/\(one.id)/void").problem(409)
        try owner.post("/v1/invoices/\(one.id)/credit").problem(409)
        #expect(try owner.pay(two, 1).status == 201)
        try owner.post("/v1/invoices/\(two.id)/void").problem(409, "invalid_transition")
        #expect(try owner.told("invoice.voided") == ["invoice.voided"])
        #expect(try owner.invoice(client)["sequence"] == 3)
    }

    @Test func `credit notes take off what was billed, never more`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        try owner.billing(["tax_name": "VAT", "tax_rate": 1900])
        let invoice = try owner.invoice(client, [item(10_000), item(33)])
        #expect(invoice.cents("total") == 11_939)
        func credit(_ body: JSON? = nil) throws -> Answer {
            try owner.post("/v1/invoices/\(invoice.id)/credit", body)
        }
        let part = try credit(["items": [item(33)], "reason": "A slip"]).ok(201)
        #expect(part.text("kind") == "credit_note" && part.text("credit_of") == invoice.id)
        #expect(part["sequence"] == 2 && part.text("number") == "INV-0002" && part.cents("total") == 39)
        #expect(part.text("notes") == "A slip" && part.text("status") == "paid")
        var now = try owner.invoice(invoice.id)
        #expect(now.cents("credited") == 39 && now.cents("due") == 11_900 && now.text("status") == "open")
        try credit(["items": [item(10_001)]]).problem(422, "overcredited")
        let rest = try credit().ok(201)
        #expect(rest.cents("total") == 11_900 && rest["sequence"] == 3)
        now = try owner.invoice(invoice.id)
        #expect(now.cents("due") == 0 && now.text("status") == "paid" && now.cents("owed") == 0)
        try credit().problem(409)
        try owner.pay(invoice, 1).problem(422, "overpaid")
        #expect(try owner.get("/v1/invoices/\(rest.id).pdf").body.starts(with: "%PDF-".utf8))

        // Of one that was paid, money goes back.
        let paid = try owner.invoice(client, [item(1000)])
        let payment = try owner.pay(paid, 1190).ok(201)
        try owner.post("/v1/invoices/\(paid.id)/credit", ["items": [item(500)]]).ok(201)
        #expect(try owner.invoice(paid.id).cents("owed") == 595)
        #expect(try owner.every("/v1/alerts").contains { $0.text("kind") == "refund_owed" })
        let refund = try owner.post("/v1/payments/\(payment.id)/refund", ["amount": cents(595)]).ok()
        #expect(refund.text("status") == "partially_refunded" && refund.cents("refunded") == 595)
        now = try owner.invoice(paid.id)
        #expect(now.text("status") == "paid" && now.cents("owed") == 0 && now.cents("paid") == 595)
        #expect(
            !(try owner.every("/v1/alerts").contains {
                $0.text("kind") == "refund_owed" && $0["resolved_at"] == .null
            }))
        #expect(try owner.told("invoice.credited").count == 3)
    }

    @Test func `one that is not paid becomes overdue at the end of its day, and its client is reminded`()
        throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-05T20:00:00.000Z"), owner = box.owner
        try box.stillAllElse()
        try owner.billing(
            ["payment_days": 10],
            [
                "time_zone": "America/Los_Angeles", "postal_address": "1 Example Street",
                "sender": ["name": "Olive", "email": "olive@agency.example"],
            ])
        let client = try owner.makeClient()
        let late = try owner.invoice(client, [item(5000)], ["due_on": nil])
        #expect(late.text("issued_on") == "2027-01-05" && late.text("due_on") == "2027-01-15")
        try box.advance(to: "2027-01-16T07:59:00.000Z")
        #expect(try owner.invoice(late.id).text("status") == "open", "it is still the 15th there")
        try box.advance("PT2M")
        #expect(try owner.invoice(late.id).text("status") == "overdue")
        #expect(try owner.told("invoice.overdue") == ["invoice.overdue"])
        func reminders() throws -> [JSON] {
            try owner.every("/v1/messages").filter { $0.text("subject").hasPrefix("Reminder") }
        }
        // The third day after the 15th, at nine there.
        try box.advance(to: "2027-01-18T16:59:00.000Z")
        #expect(try reminders().isEmpty)
        try box.advance("PT2M")
        #expect(try reminders().map { $0.text("status") } == ["sent"])
        #expect(try reminders()[0]["attachments"] == [JSON(try owner.invoice(late.id)["file_id"]?.text)])
        #expect(try owner.invoice(late.id)["reminders"] == 1)
        try owner.pay(late, 1000).ok(201)
        #expect(try owner.invoice(late.id).text("status") == "overdue")
        try box.advance(to: "2027-01-25T18:00:00.000Z")
        #expect(try reminders().count == 2 && reminders()[1].text("text").contains("$40.00"))
        try owner.pay(late, 4000).ok(201)
        #expect(try owner.invoice(late.id).text("status") == "paid")
        try box.advance("P30D")
        #expect(try reminders().count == 2, "who has paid is left alone")
        // A reminder that an agency does not want is not sent.
        try owner.billing(["reminder_days": []])
        let quiet = try owner.invoice(client, [item(1)], ["due_on": nil])
        try box.advance("P60D")
        #expect(try owner.invoice(quiet.id).text("status") == "overdue" && reminders().count == 2)
        try owner.patch("/v1/settings", ["billing": ["reminder_days": [0]]]).problem(422)
    }
}

extension Answer {
    /// Itself, where it is a success whose body is no JSON.
    fileprivate func ok0(sourceLocation: SourceLocation = #_sourceLocation) throws -> Answer {
        try #require(status == 200, "\(self)", sourceLocation: sourceLocation)
        return self
    }
}
