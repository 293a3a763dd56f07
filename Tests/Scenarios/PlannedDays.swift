import JSON
import Testing

/// The calendar shows what is planned beside the slots of rules, what of it is in each other's way, and programs that
/// subscribe to it read the same.
@Suite(.ownThread) struct PlannedDays {
    let server = BureauProcess.shared
    private static let path = "/v1/content-calendar"

    private func calendar(_ owner: Caller, _ query: String = "") throws -> JSON {
        try owner.get("\(Self.path)?from=2027-01-11&to=2027-01-31\(query)").ok()
    }

    private func entries(_ owner: Caller, _ query: String = "") throws -> [JSON] {
        (try calendar(owner, query)["entries"]?.array ?? []).filter { $0["kind"] != "slot" }
    }

    private func mailing(_ owner: Caller, _ name: String, _ segment: JSON, at moment: String) throws -> JSON {
        try owner.mailCampaign([
            "name": .string(name), "segment_id": .string(segment.id), "send_at": .string(moment),
        ])
    }

    @Test func `e-mail campaigns stand on their day where the agency is, and two at once are in conflict`()
        throws
    {
        let owner = try server.quietAgency().owner
        try owner.patch("/v1/settings", ["time_zone": "Pacific/Auckland"]).ok()
        let segment = try owner.everybody(), other = try owner.everybody()
        let one = try mailing(owner, "One", segment, at: "2027-01-12T20:00:00.000Z")
        let two = try mailing(owner, "Two", segment, at: "2027-01-12T20:00:00.000Z")
        let three = try mailing(owner, "Three", other, at: "2027-01-12T20:00:00.000Z")
        _ = try mailing(owner, "Later", other, at: "2027-03-01T00:00:00.000Z")
        let told = try entries(owner)
        #expect(Set(told.map(\.id)) == [one.id, two.id, three.id])
        #expect(told.allSatisfy { $0["kind"] == "email" && $0["date"] == "2027-01-13" })
        #expect(told.allSatisfy { $0["at"] == "2027-01-12T20:00:00.000Z" && $0["status"] == "draft" })
        let conflicts = try calendar(owner)["conflicts"]?.array ?? []
        #expect(conflicts.map { $0.text("code") } == ["same_time"])
        #expect(Set((conflicts[0]["ids"]?.array ?? []).compactMap(\.text)) == [one.id, two.id])
        try owner.mailCampaign(two, "cancel").ok()
        #expect(try calendar(owner)["conflicts"] == [], "what was cancelled is in nobody's way")
        let all = try calendar(owner)["entries"]?.array ?? []
        #expect(all.map { $0.text("date") } == all.map { $0.text("date") }.sorted())
        #expect(all.contains { $0["kind"] == "slot" })
        #expect(try calendar(owner)["gaps"] == [])
    }

    private func post(_ owner: Caller, _ account: JSON, _ text: String, at moment: String) throws -> JSON {
        try owner.post(
            "/v1/social-posts",
            ["account_id": .string(account.id), "text": .string(text), "scheduled_at": .string(moment)]
        ).ok(201)
    }

    @Test func `the same words twice on an account are in conflict, however they are written`() throws {
        let owner = try server.quietAgency().owner
        let account = try owner.socialAccount("x"), other = try owner.socialAccount("x")
        func post(_ text: String, _ day: String, on account: JSON) throws -> String {
            try self.post(owner, account, text, at: "2027-\(day)T09:00:00.000Z").id
        }
        func conflicts() throws -> [JSON] {
            try owner.get("\(Self.path)?from=2027-01-11&to=2027-03-31").ok()["conflicts"]?.array ?? []
        }
        // Within thirty days it is refused.
        _ = try post("A very long  text, which comes once", "01-12", on: account)
        let short = try post("Short", "01-13", on: account)
        let again = try post(" SHORT \n", "02-20", on: account)
        let about = try post("Über uns", "01-15", on: account)
        let anew = try post("über \n UNS", "02-25", on: account)
        _ = try post("Short", "01-17", on: other)
        #expect(try conflicts().map { $0.text("code") } == ["same_text", "same_text"])
        let ids = try conflicts().map { Set(($0["ids"]?.array ?? []).compactMap(\.text)) }
        #expect(ids == [[short, again], [about, anew]])
        try owner.post("/v1/social-posts/\(again)/cancel").ok()
        #expect(try conflicts().count == 1)
    }

    @Test func `an hour of a queue without a post is a gap, where it is asked for`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, client = try owner.makeClient()
        let account = try owner.socialAccount(
            "x", ["client_id": .string(client.id), "queue": [["weekday": 2, "at": "09:00"]]])
        func gaps(_ query: String = "") throws -> [String] {
            (try calendar(owner, query)["gaps"]?.array ?? []).map { $0.text("date") }
        }
        let all = try gaps()
        #expect(all.count == 3)
        let taken = try post(owner, account, "News", at: "\(all[1])T09:00:00.000Z")
        #expect(try gaps() == [all[0], all[2]])
        for hit in ["&network=x", "&client_id=\(client.id)"] {
            #expect(try gaps(hit) == [all[0], all[2]] && entries(owner, hit).map(\.id) == [taken.id])
        }
        let other = try owner.makeClient(), stranger = try server.quietAgency().owner
        for miss in ["&network=instagram", "&client_id=\(other.id)"] {
            #expect(try gaps(miss).isEmpty && entries(owner, miss).isEmpty)
        }
        let theirs = try calendar(stranger, "&client_id=\(client.id)")
        #expect(theirs["entries"] == [] && theirs["gaps"] == [])
        let member = try agency.colleague("owner", limitedTo: other.id)
        try member.get("\(Self.path)?from=2027-01-11&to=2027-01-31").problem(403, "forbidden")
    }

    @Test func `what may be moved says its version, and what has left or was cancelled does not move`() throws
    {
        let owner = try server.quietAgency().owner, segment = try owner.everybody()
        let mailing = try mailing(owner, "One", segment, at: "2027-01-12T09:00:00.000Z")
        let campaign = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "traffic",
                "milestones": [["name": "Kick-off", "due_on": "2027-01-14"]],
            ]
        ).ok(201)
        let item = try owner.post(
            "/v1/content-items",
            ["title": "News", "body": "x", "format": "social", "planned_at": "2027-01-15T09:00:00.000Z"]
        ).ok(201)
        func moves() throws -> [String: JSON] {
            Dictionary(uniqueKeysWithValues: try entries(owner).map { ($0.id, $0) })
        }
        let first = try moves()
        for record in [mailing, campaign, item] {
            #expect(first[record.id]?["moves"] == true)
            #expect(first[record.id]?["version"] == record["version"])
        }
        let path = "/v1/content-items/\(item.id)", stale = ["If-Match": "\"\(item["version"]?.int ?? 0)\""]
        try owner.patch(path, ["title": "Other news"]).ok()
        let elsewhere: JSON = ["planned_at": "2027-01-20T09:00:00.000Z"]
        try owner.patch(path, elsewhere, stale).problem(412)
        #expect(try moves()[item.id]?["date"] == "2027-01-15")
        try owner.mailCampaign(mailing, "cancel").ok()
        try owner.post("/v1/campaigns/\(campaign.id)/activate").ok()
        try owner.post("/v1/campaigns/\(campaign.id)/complete").ok()
        let last = try moves()
        #expect(last[mailing.id]?["moves"] == false && last[campaign.id]?["moves"] == false)
    }

    @Test func `the days that a country knows come where they are asked for`() throws {
        let owner = try server.quietAgency().owner
        func days(_ country: String, _ year: Int) throws -> [String: String] {
            let all = try owner.get("\(Self.path)?from=\(year)-01-01&to=\(year)-12-31&country=\(country)")
                .ok()
            let known = (all["entries"]?.array ?? []).filter { $0["kind"] == "key_date" }
            #expect(known.map { $0.text("date") } == known.map { $0.text("date") }.sorted())
            return Dictionary(uniqueKeysWithValues: known.map { ($0.text("code"), $0.text("date")) })
        }
        let german = try days("de", 2027)
        #expect(german["easter"] == "2027-03-28" && german["good_friday"] == "2027-03-26")
        #expect(german["whit_monday"] == "2027-05-17" && german["mothers_day"] == "2027-05-09")
        #expect(german["black_friday"] == "2027-11-26" && german["thanksgiving"] == nil)
        let american = try days("US", 2028)
        #expect(american["thanksgiving"] == "2028-11-23" && american["cyber_monday"] == "2028-11-27")
        #expect(american["memorial_day"] == "2028-05-29" && american["whit_monday"] == nil)
        #expect(try days("FR", 2027)["mothers_day_fr"] == "2027-05-30")
        // Easter is told for centuries (2285-03-22 is the earliest day that it may be on, 2038-04-25 the latest).
        #expect(try days("DE", 2285)["easter"] == "2285-03-22")
        #expect(try days("DE", 2038)["easter"] == "2038-04-25")
        #expect(try entries(owner).isEmpty, "nobody has asked for them")
        try owner.get("\(Self.path)?from=2027-01-01&to=2027-01-02&country=XX").problem(
            400, "invalid_parameter")
    }

    @Test func `programs that subscribe read the days of the country that their link names`() throws {
        let owner = try server.quietAgency().owner, path = "\(Self.path)/feeds"
        let feed = try owner.post(path, ["name": "Anna's phone", "country": "DE"]).ok(201)
        #expect(feed["country"] == "DE")
        func events(_ text: String) -> [String] {
            text.replacing("\r\n ", with: "").split(separator: "BEGIN:VEVENT").map { String($0) }
        }
        func days(_ feed: JSON) throws -> [String] {
            let url = feed.text("url")
            let link = String(url[try #require(url.firstRange(of: "/cal/")).lowerBound...])
            return events(try server.anonymous.get(link).text)
        }
        // A year of days has each day that is fixed.
        let german = try days(feed)
        let unity = try #require(german.first { $0.contains("UID:german_unity_day-") })
        #expect(unity.contains(/DTSTART;VALUE=DATE:\d{4}1003/) && unity.contains("SUMMARY:German Unity Day"))
        #expect(!german.contains { $0.contains("UID:independence_day-") })
        try owner.patch("\(path)/\(feed.id)", ["country": "US"]).ok()
        let american = try days(feed)
        #expect(american.contains { $0.contains("UID:independence_day-") })
        #expect(!american.contains { $0.contains("UID:german_unity_day-") })
        let plain = try owner.post(path, [:]).ok(201)
        #expect(try !days(plain).contains { $0.contains("UID:new_year-") }, "nobody has asked for them")
        let file = "\(Self.path).ics?from=2027-03-01&to=2027-03-31"
        #expect(try owner.get("\(file)&country=DE").text.contains("UID:easter-2027-03-28@bureau"))
        #expect(try !owner.get(file).text.contains("UID:easter-"))
        try owner.get("\(file)&country=XX").problem(400, "invalid_parameter")
        #expect(try owner.post(path, ["country": "Atlantis"]).faults().keys.contains("/country"))
    }

    @Test func `filters leave out what is not asked for, and those that are none are refused`() throws {
        let owner = try server.quietAgency().owner, stranger = try server.quietAgency().owner
        _ = try mailing(owner, "One", try owner.everybody(), at: "2027-01-12T20:00:00.000Z")
        for query in [
            "&network=x", "&client_id=client_00000000000000000000000000",
            "&campaign_id=cmp_00000000000000000000000000",
        ] { #expect(try calendar(owner, query)["entries"] == [], "\(query)") }
        for query in ["&network=pigeon", "&client_id=x", "&campaign_id=client_1", "&colour=red"] {
            try owner.get("\(Self.path)?from=2027-01-11&to=2027-01-31\(query)")
                .problem(400, "invalid_parameter")
        }
        for query in ["from=2027-01-01", "from=2027-02-01&to=2027-01-01", "from=x&to=y"] {
            try owner.get("\(Self.path)?\(query)").problem(400, "invalid_parameter")
        }
        try owner.get("\(Self.path)?from=2020-01-01&to=2030-01-01").problem(422)
        #expect(try entries(stranger).isEmpty)
    }

    @Test func `programs that subscribe read what is planned, however far ahead, at its moment`() throws {
        let owner = try server.quietAgency().owner, segment = try owner.everybody()
        let mailing = try mailing(
            owner, "Big; news, all " + String(repeating: "year ", count: 20), segment,
            at: "2099-01-12T09:00:00.000Z")
        let tulips = try post(
            owner, try owner.socialAccount("x"), "Tulips are early", at: "2099-02-03T09:30:00.000Z")
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Pruning", "body": "Cut in March.", "format": "blog",
                "planned_at": "2099-02-04T08:00:00.000Z",
            ]
        ).ok(201)
        let campaign = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "leads", "start_on": "2099-01-01",
                "milestones": [["name": "Half way", "due_on": "2099-02-05"]],
            ]
        ).ok(201)
        let feed = try owner.post("\(Self.path)/feeds", [:]).ok(201)
        let url = feed.text("url")
        let link = String(url[try #require(url.firstRange(of: "/cal/")).lowerBound...])
        let text = try server.anonymous.get(link).text
        #expect(text.hasPrefix("BEGIN:VCALENDAR\r\n") && text.contains("DTSTART:20990112T090000Z"))
        #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
        let whole = text.replacing("\r\n ", with: "")
        #expect(whole.contains("SUMMARY:Big\\; news\\, all") && whole.contains("UID:\(mailing.id)@bureau"))
        let events = whole.split(separator: "BEGIN:VEVENT").map(String.init)
        func event(_ uid: String) throws -> String {
            try #require(events.first { $0.contains("UID:\(uid)") }, "\(uid)")
        }
        #expect(try event("\(tulips.id)@").contains("DTSTART:20990203T093000Z"))
        #expect(try event("\(tulips.id)@").contains("Tulips are early"))
        #expect(try event("\(item.id)@").contains("Pruning"))
        #expect(try event("\(item.id)@").contains("DTSTART:20990204T080000Z"))
        let milestone = try event(campaign.id)
        #expect(milestone.contains("Half way") && milestone.contains("DTSTART;VALUE=DATE:20990205"))
        let file = try owner.get("\(Self.path).ics?from=2027-01-01&to=2027-03-31").text
        #expect(!file.contains("20990112"), "a file has the days that were asked for")
        try owner.delete("\(Self.path)/feeds/\(feed.id)").ok(204)
        #expect(try server.anonymous.get(link).status == 404)
    }
}
