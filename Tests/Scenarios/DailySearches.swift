import JSON
import StandIns
import Testing

/// The leads that the schedule of lead generation brings, run after run.
@Suite(.ownThread) struct DailySearches {
    @Test func `each daily run brings twenty new prospects, none twice, and says when there are no more`()
        throws
    {
        let site = try Searching(), owner = site.agency.owner
        site.directory("firms.example", (1...55).map { "Firm \($0)" }, size: 11)
        try site.declare("firms.example", "firms", ["pages_max": 50])
        _ = try site.search(["firms"])
        let schedules = try owner.every("/v1/schedules").filter { $0["agent"] == "lead_generation" }
        let daily = try #require(schedules.first)
        #expect(schedules.count == 1 && ["daily", "0 9 * * *"].contains(daily.text("cron")))
        var created: [Int64] = []
        for day in 1...3 {
            let run = try owner.ended(
                "/v1/agents/lead_generation/runs", ["parameters": daily["parameters"] ?? [:]])
            let result = run["result"] ?? .null
            created.append(result["created"]?.int ?? -1)
            #expect(result["target_count"] == 20, "\(result)")
            #expect(result["target_reached"] == .bool(day < 3), "\(result)")
        }
        #expect(created[0] >= 20 && created[1] >= 20 && created.reduce(0, +) == 55, "\(created)")
        #expect(Set(try site.leads.map { $0.text("company") }).count == 55)
    }

    @Test
    func `a day brings twenty new leads, out of as many searches as that takes, and the next day goes on`()
        throws
    {
        let site = try Searching()
        for (name, count) in [("Few", 12), ("Many", 30), ("Spare", 5)] {
            let host = "\(name.lowercased()).example"
            site.directory(host, (1...count).map { "\(name) \($0)" }, size: 50)
            try site.declare(host, name.lowercased())
            _ = try site.search([name.lowercased()])
        }
        func day() throws -> JSON {
            let run = try site.agency.owner.ended(
                "/v1/agents/lead_generation/runs", ["parameters": [:]])
            return run["result"] ?? .null
        }
        func count(_ source: String) throws -> Int { try site.leads.count { $0["source"]?.text == source } }
        let first = try day()
        #expect(first["created"] == 20 && first["target_reached"] == true, "\(first)")
        #expect(try count("few") == 12 && count("many") == 8)
        #expect(site.web.asked("spare.example").isEmpty, "nobody is asked for more than is wanted")
        // The search that has waited longest comes first, and a known company is no new lead.
        let second = try day()
        #expect(second["created"] == 20 && second["target_reached"] == true, "\(second)")
        #expect(try count("spare") == 5 && count("few") == 12 && count("many") == 23)
    }
}
