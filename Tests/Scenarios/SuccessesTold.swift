import JSON
import Testing

/// Clients' successes are celebrated before others, too: with their figure, and as long as the client agrees.
@Suite(.ownThread) struct SuccessesTold {
    let server = BureauProcess.shared

    /// A draft of a client's success, out of its figures.
    private func draft(_ box: SandboxCaller) throws -> JSON {
        let made = try box.makeLead(9)
        let client = try box.owner.makeClient(["name": "Acme", "lead_id": .string(made.id)])
        for (number, value) in [40, 80, 113].enumerated() {
            try box.owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(client.id), "source": "crm", "metric": "enquiries",
                    "date": .string("2026-1\(number)-28"), "value": JSON(value),
                ]
            ).ok(201)
        }
        return try box.owner.post("/v1/case-studies/draft", ["client_id": .string(client.id)]).ok(201)
    }

    /// The path of the link in the mail that asks the client.
    private func link(_ box: SandboxCaller) throws -> String {
        let mails = try box.owner.every("/v1/messages?direction=outbound").filter {
            $0.text("text").contains("/c/")
        }
        let text = try #require(mails.max { $0.id < $1.id }).text("text")
        let start = try #require(text.firstRange(of: "/c/")).lowerBound
        return String(text[start...].prefix { !" )>\n\"]".contains($0) })
    }

    @Test func `a client's success is told to leads of its industry after its yes, and not after its no`()
        throws
    {
        let box = try server.nurturing()
        let study = try draft(box), path = "/v1/case-studies/\(study.id)"
        try box.owner.post("\(path)/submit").ok()
        try box.advance("PT1M")
        func story(of lead: JSON) throws -> [String] {
            try box.touches(of: lead).map { $0.text("subject") + $0.text("text") }.filter {
                $0.contains("Acme") && $0.contains("113")
            }
        }
        // The welcome's third day is that of a story.
        let (early, shop) = (try box.makeLead(1), try box.makeLead(2, knownFor: 0, ["industry": "retail"]))
        try box.advance("P4D")
        #expect(try story(of: early).isEmpty, "nobody has agreed yet")
        let page = try link(box)
        #expect(try server.anonymous.post("\(page)/approve").ok()["status"] == "approved")
        try box.owner.post("\(path)/publish").ok()
        let lead = try box.makeLead(3)
        try box.advance("P5D")
        #expect(try story(of: lead).count == 1)
        #expect(try story(of: shop).isEmpty, "it is of another industry")
        #expect(try server.anonymous.post("\(page)/decline").ok()["status"] == "declined")
        let late = try box.makeLead(4)
        try box.advance("P5D")
        #expect(try story(of: late).isEmpty)
        let history = try #require(try box.enrollment(of: late))["history"]?.array ?? []
        #expect(history.contains { $0["code"] == "no_evidence" })
    }

    @Test func `what waits for a yes or an hour tells no success that its client has taken back`() throws {
        let box = try server.nurturing()
        let study = try draft(box), path = "/v1/case-studies/\(study.id)"
        try box.owner.post("\(path)/submit").ok()
        try box.advance("PT1M")
        let page = try link(box)
        try server.anonymous.post("\(page)/approve").ok()
        try box.owner.post("\(path)/publish").ok()
        // Both have had their first mail. The second, which tells the story, is asked for on two days.
        let one = try box.makeLead(1)
        try box.advance("P1D")
        let two = try box.makeLead(2)
        try box.advance("P1DT12H")
        let agent = "/v1/agents/lead_nurturing"
        try box.owner.patch(agent, ["autonomy": "approve"]).ok()
        try box.advance("P2D")
        let questions = try box.owner.every("/v1/approvals?status=pending")
        #expect(questions.count == 2)
        // The client's own lead, which is the elder, is asked about along with the first.
        let first = try #require(
            questions.first { question in
                (question["preview"]?["examples"]?.array ?? []).contains {
                    $0["contact_id"] == one["contact_id"]
                }
            }, "\(questions)")
        // The first yes comes in hours that are quiet everywhere.
        try box.owner.patch("/v1/settings", ["quiet_hours": ["from": "08:00", "to": "07:59"]]).ok()
        try box.owner.patch(agent, ["autonomy": "autopilot"]).ok()
        // A text of the agency's own asks itself whether there is a success.
        let asking = "{%- if similar -%} {{ similar.result }} {%- else -%} None. {%- endif -%}"
        let three = try box.makeLead(3)
        let template = try box.owner.post(
            "/v1/templates", ["name": "Own", "subject": "A success", "body": .string(asking)]
        ).ok(201).id
        let own = try box.owner.post(
            "/v1/sequences",
            [
                "name": "Own",
                "steps": [["channel": "email", "delay": "PT0S", "template_id": .string(template)]],
            ]
        ).ok(201)
        try box.owner.post("/v1/sequences/\(own.id)/enrollments", ["lead_id": .string(three.id)]).ok(201)
        try box.owner.post("/v1/approvals/\(first.id)/approve", [:]).ok()
        try box.advance("PT1M")
        func story(of lead: JSON) throws -> JSON {
            try #require(
                try box.owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
                    .first { $0.text("text").contains("113") })
        }
        #expect(try [one, two, three].allSatisfy { try story(of: $0).text("status") == "held" })
        for (lead, code) in [(one, "quiet_hours"), (two, "approval")] {
            let reasons = try story(of: lead)["reasons"]?.array ?? []
            #expect(reasons.contains { $0.text("code") == code }, "\(reasons)")
        }
        // Content was made from it, too, and is to be sent later.
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": "A story", "type": "case_study", "subject": "A story", "body": "Acme has 113.",
                "status": "approved", "sources": [["type": "case_study", "id": .string(study.id)]],
            ]
        ).ok(201)
        let later: JSON = ["at": "2027-02-01T10:00:00.000Z"]
        let distribution = try box.owner.post("/v1/content-items/\(item.id)/distribute", later).ok(202)
        #expect(try server.anonymous.post("\(page)/decline").ok()["status"] == "declined")
        for lead in [one, two, three] {
            let taken = try story(of: lead)
            #expect(taken["status"] == "cancelled" && taken["reasons"]?[0]["code"] == "withdrawn")
        }
        #expect(try box.owner.every("/v1/approvals?status=pending").isEmpty, "nobody is asked for nothing")
        #expect(try box.owner.get("/v1/content-items/\(item.id)").ok()["status"] == "archived")
        #expect(try box.owner.get("/v1/distributions/\(distribution.id)").ok()["status"] == "cancelled")
        try box.owner.patch("/v1/settings", ["quiet_hours": nil]).ok()
        try box.advance("P4D")
        for lead in [one, two] {
            let touches = try box.touches(of: lead)
            #expect(touches.count == 2, "the next step has taken its day")
            #expect(touches.allSatisfy { !$0.text("text").contains("113") })
            let history = try #require(try box.enrollment(of: lead))["history"]?.array ?? []
            #expect(history.contains { $0["result"] == "passed_over" && $0["code"] == "no_evidence" })
        }
        #expect(try box.touches(of: three).contains { $0.text("text").contains("None.") })
    }
}
