import Foundation
import JSON
import StandIns
import Testing

/// Runs of research over several leads.
@Suite(.ownThread) struct ResearchBatches {
    /// Sites that answer only once so many of them are asked at the same time, or after a while.
    private final class Meeting: Sendable {
        private let arrivals = NSCondition(), expected: Int
        nonisolated(unsafe) private var count = 0, missed = 0

        init(of expected: Int) { self.expected = expected }

        func arrive() {
            arrivals.withLock {
                count += 1
                arrivals.broadcast()
                let end = Date.now + 20
                while count < expected {
                    guard arrivals.wait(until: end) else { return missed += 1 }
                }
            }
        }

        /// Returns the number that were asked, and how many of them alone.
        var outcome: [Int] { arrivals.withLock { [count, missed] } }
    }

    @Test func `five companies are asked about at once, and one company's leads share what its site says`()
        throws
    {
        let web = try CrawledWeb(), server = try BureauProcess.start(web.settings)
        let agency = try server.readingAgency(), owner = agency.owner
        let path = "/v1/agents/prospect_research", meeting = Meeting(of: 5)
        try owner.patch("\(path)/config", ["enrich_new": "all"]).ok()
        try owner.post("\(path)/config/publish").ok()
        var leads: [JSON] = []
        for number in 1...5 {
            let host = "www.meets\(number).example"
            web.set("\(host)/robots.txt") { _ in
                meeting.arrive()
                return StandInAnswer(404, "")
            }
            web.company(host, ["foundingDate": .string("198\(number)-03-01")])
            leads.append(try agency.bareLead(host))
        }
        let colleague: JSON = ["contact_name": "Ann Other", "email": "ann@meets1.example"]
        leads.append(try agency.bareLead("www.meets1.example", colleague))
        let result = try owner.ended("\(path)/runs", ["parameters": [:]])["result"] ?? .null
        #expect(result["processed"] == 6, "\(result)")
        let told = result["leads"]?.array?.map { $0.text("lead_id") }
        #expect(told == leads.map(\.id), "in the order in which they came")
        #expect(meeting.outcome == [5, 0], "none was asked before the others")
        #expect(web.asked("www.meets1.example").filter { $0 == "/" }.count == 1)
        for (lead, year) in zip(leads, [1981, 1982, 1983, 1984, 1985, 1981]) {
            #expect(try owner.fact(lead, "founded_year")["value"] == JSON(year))
        }
    }

    @Test func `leads get a new score once a batch has found more of them, by one run for all`() throws {
        let web = try CrawledWeb(), server = try BureauProcess.start(web.settings)
        let agency = try server.readingAgency(), owner = agency.owner
        let path = "/v1/agents/prospect_research"
        try owner.patch("\(path)/config", ["enrich_new": "all"]).ok()
        try owner.post("\(path)/config/publish").ok()
        for schedule in try owner.every("/v1/schedules") where schedule.text("agent") == "lead_scoring" {
            try owner.delete("/v1/schedules/\(schedule.id)").ok(204)
        }
        try owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let leads = try (1...3).map { number -> JSON in
            web.company("www.scored\(number).example")
            return try agency.bareLead("www.scored\(number).example")
        }
        func decisions(_ lead: JSON) throws -> [JSON] {
            try owner.every("/v1/decisions?agent=lead_scoring&subject_id=\(lead.id)")
        }
        func runs() throws -> [JSON] {
            try owner.every("/v1/agent-runs?agent=lead_scoring").filter {
                $0["parameters"]?["lead_ids"] != nil
            }
        }
        try eventuallyTrue("the first scores") { try leads.allSatisfy { try decisions($0).count == 1 } }
        let first = try leads.map { try owner.lead($0)["score"]?.double ?? 0 }
        #expect(try runs().isEmpty)
        let result = try owner.ended("\(path)/runs", ["parameters": [:]])["result"] ?? .null
        #expect(result["processed"] == 3, "\(result)")
        try eventuallyTrue("the next scores") { try leads.allSatisfy { try decisions($0).count == 2 } }
        for (lead, score) in zip(leads, first) {
            #expect(try owner.lead(lead)["score"]?.double ?? 0 > score, "phone and people are known now")
        }
        let asked = try runs(), ids = asked.first?["parameters"]?["lead_ids"]?.array?.compactMap(\.text) ?? []
        #expect(asked.count == 1 && Set(ids) == Set(leads.map(\.id)), "\(asked)")
        // An equal value changes nothing, and asks for nothing.
        _ = try owner.enriched(leads[0], ["refresh": true])
        #expect(try runs().count == 1)
        for ids in [["nobody"], []] as [JSON] {
            try owner.post("/v1/agents/lead_scoring/runs", ["parameters": ["lead_ids": ids]]).problem(422)
        }
    }

    @Test func `a batch grows with what was measured, and stays as it is set where the agency wants that`()
        throws
    {
        let web = try CrawledWeb(), server = try BureauProcess.start(web.settings)
        let path = "/v1/agents/prospect_research"
        for follows in [true, false] {
            let agency = try server.readingAgency(), owner = agency.owner
            let config: JSON = ["enrich_new": "all", "batch_size": 2, "follows_pace": .bool(follows)]
            try owner.patch("\(path)/config", config).ok()
            try owner.post("\(path)/config/publish").ok()
            for number in 1...8 {
                let host = "www.pace\(number).example"
                web.company(host, ["foundingDate": .string("198\(number)-03-01")])
                _ = try agency.bareLead(host)
            }
            func run() throws -> JSON? {
                try owner.ended("\(path)/runs", ["parameters": [:]])["result"]?["processed"]
            }
            #expect(try run() == 2, "nothing is known yet")
            // Leads that took far less than five minutes: the next run takes up to ten times as many.
            #expect(try run() == (follows ? 6 : 2))
        }
    }
}
