import Foundation
import JSON
import StandIns
import Testing

/// One lead over a year and more: nurture, content and the stages of its age keep in touch, leave it alone while it
/// talks, and learn from what it does.
@Suite(.ownThread) struct YearsOfContact {
    let server = BureauProcess.shared
    private static let quarter = 91

    private func distribute(_ box: SandboxCaller, _ number: Int) throws {
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": .string("News \(number)"), "type": "company_news",
                "subject": .string("News \(number)"), "body": "Words.", "status": "approved",
            ]
        ).ok(201)
        try box.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
    }

    private func write(_ box: SandboxCaller, _ lead: JSON) throws {
        let postmark = try PostmarkStandIn()
        let door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        let mail = postmark.mail("y1", from: lead.text("email"), text: "Thank you, I have read it.")
        try server.deliver(mail, to: door).ok()
        try box.advance("PT0S")
    }

    @Test
    func `over more than a year a lead hears from all three, is left alone in talks, and teaches its hour`()
        throws
    {
        let box = try server.nurturing(), owner = box.owner
        try owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        try owner.patch("/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]).ok()
        try box.publishSuccess()
        let lead = try box.makeLead(1), contact = "/v1/contacts/\(lead.text("contact_id"))"
        try owner.patch(contact, ["time_zone": "UTC"]).ok()
        try distribute(box, 0)
        try box.advance("P91D")

        // A talk: nothing for two days, whatever is due.
        try write(box, lead)
        let before = try box.touches(of: lead).count
        try distribute(box, 1)
        try box.advance("PT47H")
        #expect(try box.touches(of: lead).count == before)
        try box.advance("P89DT1H")
        #expect(try box.touches(of: lead).count > before, "it goes on by itself")

        // Their deeds say when they read.
        for day in 1...4 {
            let at = try Date(iso: box.now()).addingTimeInterval(Double(-day * 86_400))
            let read = String(at.ISO8601Format().prefix(10)) + "T15:10:00.000Z"
            try owner.post("\(contact)/activities", ["type": "link_click", "at": .string(read)]).ok(201)
        }
        #expect(try owner.get("\(contact)/preferences").ok()["hour"]?["value"] == 15)
        // No touch of the week before holds what comes next.
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        for number in 2...4 {
            try distribute(box, number)
            try box.advance("P91D")
        }

        #expect(try owner.get("/v1/leads/\(lead.id)").ok().text("lifecycle_stage") == "dormant")
        let touches = try box.touches(of: lead)
        let authors = Set(touches.compactMap { $0["author"]?.id })
        #expect(authors == ["lead_nurturing", "content_distribution"])
        let days = box.days(of: touches)
        #expect(zip(days, days.dropFirst()).allSatisfy { $1 - $0 <= Self.quarter + 7 }, "\(days)")
        #expect(try #require(days.last) > 300)
        let subjects = touches.map { $0.text("subject") }
        let taught = touches.first { $0.text("subject") == "News 2" }
        #expect(taught?.text("sent_at").dropFirst(11).hasPrefix("15:") == true, "at the hour they taught")
        #expect(
            (0...4).allSatisfy { number in subjects.count { $0 == "News \(number)" } == 1 }, "\(subjects)")
        #expect(try owner.every("/v1/agent-runs?status=failed").isEmpty)
    }
}
