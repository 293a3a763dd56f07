import JSON
import Testing

/// Papers that were sent and not answered can be taken back; debtors can be reminded by hand.
@Suite(.ownThread) struct Withdrawals: SellingSteps {
    let server = BureauProcess.shared

    @Test func `a proposal is withdrawn until it is answered: its page says so, and nobody can answer it`()
        throws
    {
        let agency = try agency(), owner = agency.owner
        let draft = try proposal(agency, 1)
        let refused = try owner.post("/v1/proposals/\(draft.id)/withdraw").problem(409, "invalid_transition")
        #expect(refused["allowed"] == ["send"])
        let (sent, page) = try sent(agency, 2)
        _ = try server.anonymous.get(page, html)
        let withdrawn = try owner.post(
            "/v1/proposals/\(sent.id)/withdraw", ["reason": "The price was wrong."]
        )
        .ok()
        #expect(withdrawn.text("status") == "withdrawn" && withdrawn["withdrawn_at"] != .null)
        #expect(withdrawn.text("withdraw_reason") == "The price was wrong.")
        let shown = try server.anonymous.get(page, html)
        #expect(shown.status == 200 && shown.text.contains("Withdrawn on "))
        #expect(!shown.text.contains("The price was wrong.") && !shown.text.contains("/accept"))
        try server.anonymous.post("\(page)/accept", ["name": "Jane", "consent": true]).problem(
            409, "invalid_transition")
        try server.anonymous.post("\(page)/decline", [:]).problem(409, "invalid_transition")
        try owner.post("/v1/proposals/\(sent.id)/withdraw").problem(409, "invalid_transition")
        try owner.post("/v1/proposals/\(sent.id)/send").problem(409, "invalid_transition")
        let event = try #require(
            try owner.every("/v1/events?type=proposal.withdrawn").first { $0["subject"]?.id == sent.id })
        #expect(event["data"]?.text("reason") == "The price was wrong.")
        let entries = try owner.every("/v1/audit?subject_id=\(sent.id)")
        #expect(entries.contains { $0.text("action") == "proposal.withdrawn" })
        // One that was answered stays as it is.
        let (other, path) = try self.sent(agency, 3)
        try server.anonymous.post("\(path)/accept", ["name": "Jane", "consent": true]).ok()
        let late = try owner.post("/v1/proposals/\(other.id)/withdraw").problem(409, "invalid_transition")
        #expect(late["allowed"] == [])
        #expect(
            try owner.get("/v1/proposals?status=withdrawn").ok().items.map(\.id) == [sent.id])
    }

    @Test func `a mail that has not left with a proposal does not bring a link to what was withdrawn`() throws
    {
        let agency = try agency(), owner = agency.owner
        let (sent, _) = try sent(agency)
        // No service of mail is connected.
        let mail = try agency.message(["id": sent["message_id"] ?? .null], "held")
        try owner.post("/v1/proposals/\(sent.id)/withdraw").ok()
        let cancelled = try owner.get("/v1/messages/\(mail.id)").ok()
        #expect(cancelled.text("status") == "cancelled")
        #expect(cancelled["reasons"]?.array?.map { $0.text("code") } == ["withdrawn"])
    }

    @Test func `a contract is withdrawn until it is signed, by who may, and by nobody of another agency`()
        throws
    {
        let agency = try agency(), owner = agency.owner
        let (contract, page) = try presented(agency)
        let path = "/v1/contracts/\(contract.id)/withdraw"
        try server.signUp().owner.post(path).problem(404)
        try agency.colleague("viewer").post(path).problem(403)
        #expect(
            try owner.post(path, ["reason": .string(String(repeating: "x", count: 2001))]).faults()
                == ["/reason": "too_long"])
        #expect(try owner.post(path).ok().text("status") == "withdrawn")
        #expect(try server.anonymous.get(page, html).text.contains("Withdrawn on "))
        try server.anonymous.post("\(page)/sign", ["name": "Jane", "consent": true]).problem(
            409, "invalid_transition")
        #expect(try types(agency).contains("contract.withdrawn"))
        let (signed, signing) = try presented(agency, 2)
        try server.anonymous.post("\(signing)/sign", ["name": "Jane", "consent": true]).ok()
        try owner.post("/v1/contracts/\(signed.id)/withdraw").problem(409, "invalid_transition")
    }

    @Test func `a client sees in the portal that a paper was withdrawn, and never why`() throws {
        let agency = try agency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let sold = try agency.sell(to: client.record, "Spring")
        try agency.owner.post("/v1/proposals/\(sold.proposal.id)/withdraw", ["reason": "inside"]).ok()
        let shown = try client.admin.get("/v1/portal/proposals/\(sold.proposal.id)")
        #expect(try shown.ok().text("status") == "withdrawn" && !shown.text.contains("inside"))
        let activity = try client.admin.every("/v1/portal/activity").map { $0.text("action") }
        #expect(activity.contains("proposal.withdrawn"))
    }

    @Test func `an overdue invoice is reminded of by hand, once a day, in place of the next reminder`() throws
    {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-05T12:00:00.000Z"), owner = box.owner
        try box.stillAllElse()
        try owner.billing(
            ["payment_days": 10, "reminder_days": [3, 10]],
            [
                "postal_address": "1 Example Street",
                "sender": ["name": "Olive", "email": "olive@agency.example"],
            ])
        let client = try owner.makeClient()
        let invoice = try owner.invoice(client, [item(5000)], ["due_on": nil])
        try box.advance("PT1M")
        let sent = try owner.invoice(invoice.id)
        #expect(try owner.get("/v1/messages/\(sent.text("message_id"))").ok().text("status") == "sent")
        let path = "/v1/invoices/\(invoice.id)/remind"
        try owner.post(path).problem(409, "invalid_transition")
        func reminders() throws -> [JSON] {
            try owner.every("/v1/messages").filter { $0.text("subject").hasPrefix("Reminder") }
        }
        try box.advance(to: "2027-01-17T23:00:00.000Z")
        #expect(try owner.invoice(invoice.id).text("status") == "overdue" && reminders().isEmpty)
        let reminded = try owner.post(path).ok()
        #expect(reminded["reminders"] == 1 && reminded["reminded_at"] != .null)
        let refused = try owner.post(path).problem(409, "already_reminded")
        #expect(refused["reminded_at"] == reminded["reminded_at"])
        try box.advance("PT1M")
        let mails = try reminders()
        #expect(mails.map { $0.text("status") } == ["sent"], "it leaves at once, also in the night")
        #expect(try owner.invoice(invoice.id)["message_id"] == .string(mails[0].id))
        // The first of its own accord would have left at the 18th.
        try box.advance(to: "2027-01-24T12:00:00.000Z")
        #expect(try reminders().count == 1)
        try box.advance(to: "2027-01-26T12:00:00.000Z")
        #expect(try reminders().count == 2, "the second leaves in its time")
        try owner.post(path).ok()
        #expect(try owner.invoice(invoice.id)["reminders"] == 3)
        #expect(
            try owner.every("/v1/audit?subject_id=\(invoice.id)").contains {
                $0.text("action") == "invoice.reminded"
            })
        try owner.pay(invoice, 5000).ok(201)
        try owner.post(path).problem(409, "invalid_transition")
    }
}
