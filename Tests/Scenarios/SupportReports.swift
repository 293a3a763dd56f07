import JSON
import Testing

/// Reports of support week by week, and of leads on their way.
@Suite(.ownThread) struct SupportReports {
    let server = BureauProcess.shared

    @Test func `a week that is over is told once, beside the one before`() throws {
        // A Monday.
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T10:00:00.000Z"), owner = box.owner
        try box.quieten()
        try owner.patch("/v1/agents/customer_service", ["state": "active"]).ok()
        func work(_ tickets: Int, solving: Int) throws {
            for number in 0..<tickets {
                let ticket = try owner.ticket("Picture \(number)", "Please change it.")
                try box.advance("PT1H")
                try owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "We change it."]).ok(201)
                guard number < solving else { continue }
                try owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Changed."]).ok()
            }
        }
        try work(4, solving: 2)
        #expect(try owner.every("/v1/support-reports").isEmpty, "the week is not over")
        try box.advance(to: "2027-01-11T10:00:00.000Z")
        try work(2, solving: 2)
        try box.advance(to: "2027-01-18T10:00:00.000Z")
        let reports = try owner.every("/v1/support-reports").sorted {
            $0.text("period_start") < $1.text("period_start")
        }
        #expect(reports.map { $0.text("period_start") } == ["2027-01-04", "2027-01-11"])
        #expect(reports.map { $0.text("period_end") } == ["2027-01-10", "2027-01-17"])
        let (period, previous) = (reports[1]["figures"]?["period"], reports[1]["figures"]?["previous"])
        #expect(
            period?["created"] == 2 && period?["resolved"] == 2 && period?["resolution_rate"]?.double == 1)
        #expect(previous?["created"] == 4 && previous?["resolution_rate"]?.double == 0.5)
        #expect(period?["first_response_seconds"] == 3600)
        let together = reports[1]["figures"]?["first_response_and_satisfaction"]
        #expect(together?["r"] == .null && together?["days"] == 0, "nobody has said how content they are")
        #expect(reports[1].text("text").hasPrefix("Received: 2 (previous: 4)\nResolved: 2 (previous: 2)"))
        let told = try owner.every("/v1/notifications").filter { $0.text("kind") == "support_report" }
        #expect(
            told.count == 2
                && told.contains { $0.text("title").hasPrefix("Support report, ") })
        // Nothing has happened: nothing is told.
        try box.advance(to: "2027-02-01T10:00:00.000Z")
        #expect(try owner.every("/v1/support-reports").count == 2)
    }

    @Test func `how often it is told is the agency's choice, and every figure has its meaning`() throws {
        let owner = try server.quietAgency().owner, path = "/v1/agents/customer_service/config"
        let faults = try owner.patch(path, ["reports": ["hourly"]]).faults()
        #expect(faults.keys.contains { $0.hasSuffix("/reports/0") }, "\(faults)")
        try owner.patch(path, ["reports": ["monthly"]]).ok()
        let listed = try owner.get("/v1/ticket-figures/definitions").ok()["data"]?.array ?? []
        let names = listed.map { $0.text("name") }
        let figures = try owner.get("/v1/ticket-figures").ok()["total"]?.object?.keys ?? []
        for name in figures where name != "satisfaction_count" {
            #expect(names.contains(name), "\(name) is not defined")
        }
    }

    @Test func `leads that move on are counted by stage`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let leads = try (0..<4).map { try agency.makeLead($0).id }
        for lead in leads.prefix(3) { try owner.patch("/v1/leads/\(lead)", ["status": "researched"]).ok() }
        try owner.patch("/v1/leads/\(leads[0])", ["status": "scored"]).ok()
        let steps = try owner.get("/v1/communication-figures").ok()["conversion"]?.array ?? []
        #expect(steps.first?["rate"]?.double == 0.75 && steps.first?.text("from") == "new")
        let scored = try #require(steps.first { $0.text("to") == "scored" })
        #expect(scored.text("from") == "researched" && scored["leads"] == 3 && scored["reached"] == 1)
        #expect(scored["rate"]?.double == 1 / 3.0)
        #expect(steps.first { $0.text("to") == "won" }?["rate"] == .null)
    }
}
