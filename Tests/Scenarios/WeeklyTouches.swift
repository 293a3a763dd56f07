import JSON
import Testing

/// The welcome is what a new lead hears, content goes out on the calendar's days, and both together are no more than
/// the agency wants in a week.
@Suite(.ownThread) struct WeeklyTouches {
    let server = BureauProcess.shared

    /// An agency that has content for each Monday, Wednesday and Friday of three weeks.
    private func box() throws -> SandboxCaller {
        let box = try server.nurturing(), owner = box.owner
        try owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        let rules = "/v1/content-calendar-rules"
        for rule in try owner.every(rules) where rule.text("scope") != "weekly" {
            try owner.delete("\(rules)/\(rule.id)").ok(204)
        }
        for (number, type) in ["educational", "case_study", "product_launch"].enumerated() {
            for week in 1...3 {
                try owner.post(
                    "/v1/content-items",
                    [
                        "title": .string("Content \(number) of week \(week)"), "type": .string(type),
                        "subject": .string("Content \(number) of week \(week)"), "body": "Words.",
                        "status": "approved",
                    ]
                ).ok(201)
            }
        }
        try owner.patch("/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]).ok()
        try box.publishSuccess()
        return box
    }

    private func days(_ box: SandboxCaller, _ lead: JSON, by agent: String) throws -> [Int] {
        box.days(of: try box.touches(of: lead).filter { $0["author"]?.id == agent })
    }

    @Test func `the welcome is what a new lead hears, and content waits for a week without it`() throws {
        let box = try box(), lead = try box.makeLead(1)
        try box.advance("P13D")
        #expect(try days(box, lead, by: "lead_nurturing") == [1, 3, 7])
        #expect(try days(box, lead, by: "content_distribution").isEmpty)
        let contact = lead.text("contact_id")
        let held = try box.owner.every("/v1/messages?status=held&contact_id=\(contact)")
        #expect(!held.isEmpty)
        #expect(
            held.allSatisfy { $0["reasons"]?.array?.map { $0.text("code") } == ["frequency_cap"] }, "\(held)")
    }

    @Test(arguments: [(1, [2, 9, 16]), (2, [2, 4, 9, 11, 16, 18]), (3, [2, 4, 7, 9, 11, 14, 16, 18])])
    func `content comes on its days, once a week unless the agency wants more`(
        most: Int, expected: [Int]
    ) throws {
        let box = try box()
        try box.owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        let caps: JSON = [
            ["purpose": "marketing", "max": 2, "per": "P1D"],
            ["purpose": "nurture", "max": JSON(most), "per": "P7D"],
        ]
        try box.owner.patch("/v1/settings", ["frequency_caps": caps]).ok()
        let lead = try box.makeLead(1)
        try box.advance("P19D")
        let days = try days(box, lead, by: "content_distribution")
        #expect(days == expected)
        for day in days {
            let others = days.filter { (day - 6...day).contains($0) }
            #expect(others.count <= most, "\(days)")
        }
    }

    @Test func `content that was held leaves on the next of the calendar's days, not in between`() throws {
        let box = try box(), owner = box.owner
        try owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        let lead = try box.makeLead(1)
        try box.advance("P1D")
        try owner.post(
            "/v1/messages",
            [
                "contact_id": .string(lead.text("contact_id")), "subject": "By hand", "body": "A word.",
                "purpose": "marketing",
            ]
        ).ok(202)
        // Wednesday's has to wait until the Tuesday after, which has no slot.
        try box.advance("P7D")
        #expect(try days(box, lead, by: "content_distribution").isEmpty)
        let path = "/v1/messages?status=held&contact_id=\(lead.text("contact_id"))"
        let held = try owner.every(path).flatMap { $0["reasons"]?.array ?? [] }
        #expect(!held.isEmpty && held.allSatisfy { $0.text("code") == "outside_window" }, "\(held)")
        #expect(Set(held.map { $0.text("until") }) == ["2027-01-13T00:00:00.000Z"])
        try box.advance("P12D")
        #expect(try days(box, lead, by: "content_distribution") == [9, 16])
    }

    @Test func `whoever likes an hour before the day's content gets it at that hour of the next such day`()
        throws
    {
        let box = try box(), lead = try box.makeLead(1, ["country": "GB"])
        try box.owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        try box.owner.patch(
            "/v1/settings", ["frequency_caps": [["purpose": "nurture", "max": 3, "per": "P7D"]]]
        ).ok()
        try box.owner.patch("/v1/contacts/\(lead.text("contact_id"))/preferences", ["hour": 5]).ok()
        try box.advance("P13D")
        let touches = try box.touches(of: lead)
        #expect(box.days(of: touches) == [4, 7, 9, 11])
        #expect(touches.allSatisfy { $0.text("sent_at").dropFirst(11).hasPrefix("05:") }, "\(touches)")
    }
}
