import Foundation
import JSON
import StandIns
import Testing

/// Weeks of an agency that begins with nothing and has no key: it searches directories of a recorded web and
/// researches what it finds, by itself, while only the clock is moved.
final class DiscoveryStory {
    let web: RecordedWeb
    let agency: Agency
    private let clock: MovedClock
    /// Outlives the days, as tokens of people do not.
    private let hand: Caller
    private let hourly: String
    private let begin: Date

    /// The agents that are at work.
    private static let agents = ["lead_generation", "prospect_research"]
    /// Night, when what is stale is asked for again.
    private static let hour = 2

    init() throws {
        begin = try Date(iso: "2027-01-04T00:00:00.000Z")
        clock = try MovedClock(at: begin + 8 * 3600)
        web = try RecordedWeb()
        agency = try BureauProcess.start(web.web.settings, variables: clock.variables).quietAgency()
        hand = try agency.key(["schedules:read", "schedules:write"])
        let schedules = try agency.owner.every("/v1/schedules")
        hourly = try #require(schedules.first { $0.text("cron") == "hourly" }).id
        try prepare()
    }

    private func prepare() throws {
        let owner = agency.owner, research = "/v1/agents/prospect_research/config"
        try owner.patch(research, ["batch_size": 50]).ok()
        try owner.post("\(research)/publish").ok()
        // Nobody but the companies' own sites is asked; telephones are looked at again after two weeks.
        let plan = try owner.get("/v1/enrichment-plan").ok()["fields"]?.object ?? [:]
        let fields = plan.members.map { name, field -> (String, JSON) in
            (
                name,
                field.merging(["sources": ["website"], "max_age": name == "phone" ? "P14D" : "P90D"])
            )
        }
        try owner.patch("/v1/enrichment-plan", ["fields": .object(JSONObject(fields))]).ok()
        let names = RecordedWeb.directories.map { String($0.prefix { $0 != "." }) }
        for (name, host) in zip(names, RecordedWeb.directories) {
            try owner.post("/v1/lead-sources", Searching.source(host, name)).ok(201)
        }
        try owner.post("/v1/searches", ["name": "Makers in Berlin", "sources": JSON(names)]).ok(201)
        for agent in Self.agents {
            try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
        }
    }

    /// Signed in now.
    func owner() throws -> Caller {
        agency.server.caller(try agency.signIn().text("access_token"))
    }

    func live(days: Int) throws {
        for day in 0..<days {
            web.day = day
            try pass(day)
        }
    }

    /// Goes on to the night after a day, and waits until all that has become due is done.
    private func pass(_ day: Int) throws {
        let night = begin + Double(day + 1) * 86_400 + Double(Self.hour) * 3600
        let fired = try wake(at: night, day)
        let owner = try owner(), moved = (night - 1).iso
        try eventuallyTrue("the work of day \(day)") {
            for (agent, time) in zip(Self.agents, [moved, fired]) {
                let runs = try owner.get("/v1/agent-runs?agent=\(agent)&trigger=schedule&limit=5").ok()
                guard runs.items.contains(where: { $0.text("started_at") >= time }) else { return false }
            }
            return try ["running", "available", "retrying"].allSatisfy {
                try owner.get("/v1/jobs?state=\($0)&limit=1").ok().items.isEmpty
            }
        }
    }

    /// Moves the clock to just before a minute, and has the hourly schedule fire then: what has become due meanwhile
    /// is found with it. Returns from when on what happens is of this night.
    private func wake(at night: Date, _ day: Int) throws -> String {
        for turn in 0..<20 {
            // Another minute than the night before, so that the schedule is set anew.
            let minute = turn * 2 + day % 2, due = night + Double(minute) * 60
            try clock.move(to: due - 0.2)
            let set = try hand.patch(
                "/v1/schedules/\(hourly)", ["cron": .string("\(minute) \(Self.hour) * * *")]
            ).ok()
            // On a machine that is busy it may have come too late.
            if set["next_fires"]?[0].text == due.iso { return (due - 1).iso }
        }
        throw Unexpected("the clock could not be moved")
    }
}
