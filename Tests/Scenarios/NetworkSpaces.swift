import Foundation
import JSON
import StandIns
import Testing

/// The Spaces that people have planned on X are in the calendar, move with it, and are announced and looked back on in
/// drafts.
@Suite(.ownThread) struct NetworkSpaces {
    /// An agency whose Spaces are read, and what X has of them.
    private final class Stage {
        let story: MeasuringAgency, web: XStandIn, account: JSON
        var agency: Agency { story.agency }
        private(set) var owner: Caller

        init() throws {
            (story, web) = (try MeasuringAgency(), try XStandIn())
            let owner = story.agency.owner
            self.owner = owner
            try owner.patch("/v1/settings", ["time_zone": "Europe/Berlin", "locale": "en"]).ok()
            try owner.patch("/v1/agents/twitter_agent", ["state": "active", "autonomy": "autopilot"]).ok()
            account = try story.agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        }

        func read() throws {
            try owner.patch("/v1/social-accounts/\(account.id)", ["reads_spaces": true]).ok()
        }

        /// Lets time pass; tokens of people do not outlive hours.
        func pass(_ hours: Double) throws {
            try story.pass(hours * MeasuringAgency.hour)
            owner = agency.server.caller(try agency.signIn().text("access_token"))
        }

        func space(_ id: String, is wanted: (JSON) -> Bool) throws -> JSON {
            try eventually("the Space \(id)") {
                try owner.every("/v1/network-spaces").first { $0.text("remote_id") == id && wanted($0) }
            }
        }

        /// Returns how often X was asked for something.
        func asked(_ part: String) throws -> Int {
            web.service.requests.count { $0.target.contains(part) }
        }

        func drafts() throws -> [String] {
            try owner.every("/v1/content-items?status=draft").sorted { $0.id < $1.id }.map { $0.text("body") }
        }

        func drafts(_ count: Int) throws -> [String] {
            try eventually("\(count) drafts") {
                let all = try drafts()
                return all.count == count ? all : nil
            }
        }

        func entries(_ day: String) throws -> [JSON] {
            let calendar = try owner.get("/v1/content-calendar?from=\(day)&to=\(day)").ok()
            return (calendar["data"]?.array ?? calendar["entries"]?.array ?? []).filter {
                $0["kind"] == "space"
            }
        }
    }

    private func planned(_ title: String, _ moment: String) -> JSON {
        ["state": "scheduled", "title": .string(title), "scheduled_start": .string(moment)]
    }

    @Test func `a Space is in the calendar, announced, followed where it moves, and looked back on`() throws {
        let stage = try Stage(), web = stage.web
        web.space("1SLjjRYNejbKM", planned("Roses live", "2027-03-04T18:00:00.000Z"))
        // X lists one that is another's, and one in a state that nobody knows.
        web.space("1Others", planned("Not ours", "2027-03-04T18:00:00.000Z").merging(["creator_id": "501"]))
        #expect(web.service.requests.allSatisfy { !$0.target.contains("spaces") }, "nobody asked for it")
        try stage.read()
        let first = try stage.space("1SLjjRYNejbKM") { _ in true }
        #expect(first["title"] == "Roses live" && first["state"] == "scheduled")
        #expect(first["url"] == "https://x.com/i/spaces/1SLjjRYNejbKM" && first["participants"] == .null)
        let entry = try #require(try stage.entries("2027-03-04").first)
        #expect(entry["title"] == "Roses live" && entry["id"] == .string(first.id))
        #expect(try stage.owner.every("/v1/network-spaces").count == 1)
        let announced = try stage.drafts(1)[0]
        #expect(announced.hasPrefix("Roses live") && announced.contains("1SLjjRYNejbKM"))
        #expect(announced.contains("19:00") || announced.contains("7:00"), "by the agency's clock: \(announced)")
        // It is moved in the app, while X fails for a while.
        web.service.next(.answer(XStandIn.refusal(503, "Away")), when: { $0.target.contains("spaces") })
        web.space("1SLjjRYNejbKM", planned("Roses, live and cut", "2027-03-05T18:00:00.000Z"))
        try stage.pass(1)
        try eventuallyTrue("X is asked in vain") { try stage.asked("by/creator_ids") == 2 }
        try stage.pass(1)
        _ = try stage.space("1SLjjRYNejbKM") { $0["title"] == "Roses, live and cut" }
        #expect(try stage.entries("2027-03-04").isEmpty && stage.entries("2027-03-05").count == 1)
        let moved = try stage.drafts(2)[1]
        #expect(moved.hasPrefix("Roses, live and cut") && moved.contains("now planned"), "\(moved)")
        // It is held, and is over: X lists it no more, but knows it by its name.
        let held: JSON = [
            "state": "ended", "title": "Roses, live and cut", "scheduled_start": "2027-03-05T18:00:00.000Z",
            "started_at": "2027-03-05T18:02:00.000Z", "ended_at": "2027-03-05T19:00:00.000Z",
            "participant_count": 42,
        ]
        web.space("1SLjjRYNejbKM", held)
        try stage.pass(4 * 24 + 14)
        let over = try stage.space("1SLjjRYNejbKM") { $0["state"] == "ended" }
        #expect(over["participants"] == 42 && over["ended_at"] == "2027-03-05T19:00:00.000Z")
        let recap = try stage.drafts(3)[2]
        #expect(recap.contains("42 people have listened"), "\(recap)")
        // Nothing more is said of it, and nothing of it was published by itself.
        try stage.pass(2)
        #expect(try stage.drafts().count == 3 && stage.owner.every("/v1/social-posts").isEmpty)
    }

    @Test func `a Space that is called off stays in the calendar as that, and people are told`() throws {
        let stage = try Stage(), web = stage.web
        web.space("1Off", planned("Roses live", "2027-03-04T18:00:00.000Z"))
        try stage.read()
        _ = try stage.space("1Off") { _ in true }
        _ = try stage.drafts(1)
        web.space("1Off", nil)
        // An error of X's own says nothing of the Space.
        web.service.next(.answer(XStandIn.refusal(503, "Away")), when: { $0.target.contains("spaces?ids") })
        try stage.pass(1)
        try eventuallyTrue("X is asked in vain") { try stage.asked("spaces?ids") == 1 }
        #expect(try stage.space("1Off") { _ in true }["state"] == "scheduled")
        try stage.pass(1)
        _ = try stage.space("1Off") { $0["state"] == "cancelled" }
        let alert = try eventually("the alert") {
            try stage.owner.every("/v1/alerts").first { $0.text("kind") == "social_space_cancelled" }
        }
        #expect(alert.text("title").contains("Roses live"))
        let entry = try #require(try stage.entries("2027-03-04").first)
        #expect(entry["status"] == "cancelled" && entry["title"] == "Roses live")
        #expect(try stage.owner.every("/v1/events?type=network_space.cancelled").count == 1)
        let linkedin = try stage.owner.post(
            "/v1/social-accounts", ["network": "linkedin", "name": "Acme"]
        ).ok(201)
        #expect(
            try stage.owner.patch("/v1/social-accounts/\(linkedin.id)", ["reads_spaces": true]).faults()
                == ["/reads_spaces": "conflict"])
    }
}
