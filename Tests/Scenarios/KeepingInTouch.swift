import Foundation
import JSON
import StandIns
import Testing

@Suite(.ownThread) struct KeepingInTouch {
    let server = BureauProcess.shared

    @Test func `who is being sold to gets no marketing until that is over`() throws {
        let agency = try server.quietAgency(), sink = try SMTPStandIn()
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        let lead = try agency.makeLead(3, ["country": "US"])
        let contact = lead.text("contact_id")
        let deal = try agency.owner.post("/v1/deals", ["lead_id": .string(lead.id), "name": "Ads"]).ok(201)
        func reasons(_ purpose: String) throws -> [String] {
            try agency.owner.get("/v1/contacts/\(contact)/sendability?channel=email&purpose=\(purpose)").ok()[
                "reasons"]?.array?.map { $0.text("code") } ?? []
        }
        #expect(try reasons("marketing").isEmpty, "they have not answered yet")
        try agency.owner.patch("/v1/deals/\(deal.id)", ["stage": "needs_assessment"]).ok()
        #expect(try reasons("marketing") == ["in_sales_process"] && reasons("transactional").isEmpty)
        let news = try agency.owner.post(
            "/v1/messages",
            ["contact_id": .string(contact), "subject": "News", "body": "News.", "purpose": "marketing"]
        ).ok(202)
        func status() throws -> String { try agency.owner.get("/v1/messages/\(news.id)").ok().text("status") }
        try eventuallyTrue("it is held") { try status() == "held" }
        try agency.owner.patch("/v1/deals/\(deal.id)", ["stage": "lost"]).ok()
        try eventuallyTrue("it leaves") { try status() == "sent" }
    }

    @Test func `who wants to be asked later is kept in touch with, and not before`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch("/v1/agents/sales_automation", ["state": "active", "autonomy": "autopilot"]).ok()
        let template = try box.owner.post(
            "/v1/templates", ["name": "News", "subject": "News", "body": "What is new."]
        ).ok(201)
        let nurture = try box.owner.post(
            "/v1/sequences",
            [
                "name": "Keep in touch", "kind": "nurture",
                "steps": [["channel": "email", "delay": "P1D", "template_id": .string(template.id)]],
            ]
        ).ok(201)
        let person = try box.owner.post("/v1/leads", lead(4, ["status": "contacted"])).ok(201)
        let contact = JSON.string(person.text("contact_id"))
        try box.owner.post(
            "/v1/messages",
            ["contact_id": contact, "subject": "Hello", "body": "A word.", "purpose": "marketing"]
        ).ok(202)
        try box.advance("PT1M")
        let postmark = try PostmarkStandIn()
        let door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        let words = "Bad moment. Please ask me again in three weeks."
        try server.deliver(postmark.mail("n1", from: person.text("email"), text: words), to: door).ok()
        let enrollment = try eventually("the enrolment") {
            try box.owner.every("/v1/sequences/\(nurture.id)/enrollments").first
        }
        #expect(
            enrollment.text("contact_id") == person.text("contact_id")
                && enrollment["author"]?.id == "sales_automation")
        let tagged = try box.owner.get("/v1/leads/\(person.id)").ok()
        #expect(tagged["tags"]?.array?.contains("nurture") == true && tagged.text("status") == "contacted")
        func news() throws -> Int {
            try box.owner.every("/v1/messages?direction=outbound&status=sent").count {
                $0.text("subject") == "News"
            }
        }
        try box.advance("P19D")
        #expect(try news() == 0, "not before the three weeks are over")
        try box.advance("P4D")
        #expect(try news() == 1)
    }

    @Test func `who is not ready yet stays in the pipeline and is nurtured, and only a no ends that`()
        throws
    {
        let sales = try ReplyEffects.Sales(server, "autopilot"), owner = sales.owner
        let answers = ["Bad moment. Please ask me again in three weeks.", "No thanks, not interested."]
        let leads = try answers.indices.map {
            try sales.agency.makeLead($0, ["status": "contacted", "pain_points": []])
        }
        let deals = try leads.map {
            try owner.post("/v1/deals", ["lead_id": .string($0.id), "name": "Ads"]).ok(201)
        }
        let replies = try answers.enumerated().map { try sales.answered($1, from: $0, "1").message }
        #expect(replies.map { $0.text("class") } == ["not_now", "not_interested"])
        try eventuallyTrue("the end of the other sale") {
            try owner.get("/v1/deals/\(deals[1].id)").ok().text("stage") == "lost"
        }
        try eventuallyTrue("the tag of the first") {
            try owner.get("/v1/leads/\(leads[0].id)").ok()["tags"]?.array?.contains("nurture") == true
        }
        let deal = try owner.get("/v1/deals/\(deals[0].id)").ok()
        #expect(deal["stage"] == deals[0]["stage"] && deal["closed_at"] == .null, "\(deal)")
        let (later, never) = (
            try owner.get("/v1/leads/\(leads[0].id)").ok(), try owner.get("/v1/leads/\(leads[1].id)").ok()
        )
        #expect(later.text("status") == "contacted" && never.text("status") == "lost")
        #expect(never["tags"]?.array?.contains("nurture") != true)
        let columns = try owner.get("/v1/pipeline").ok()["stages"]?.array ?? []
        let open = columns.filter { $0["deals"] != 0 }
        #expect(open.map { $0["stage"] } == [deals[0]["stage"]] && open.first?["deals"] == 1, "\(columns)")
    }
}
