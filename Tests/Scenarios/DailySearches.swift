import JSON
import StandIns
import Testing

/// What the schedule of lead generation brings, run after run.
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
}
