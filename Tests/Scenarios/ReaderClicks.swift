import Foundation
import JSON
import Testing

/// When people follow links says when an account's readers are there, by its own clock; when programs do says nothing.
@Suite(.ownThread) struct ReaderClicks {
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    let server = BureauProcess.shared

    private func account(_ owner: Caller, _ network: String, _ more: JSONObject = [:]) throws -> String {
        var body: JSONObject = ["network": .string(network), "name": "Acme", "time_zone": "Europe/Berlin"]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/social-accounts", .object(body)).ok(201).id
    }

    private func link(_ owner: Caller, _ source: String, _ more: JSONObject = [:]) throws -> String {
        var body: JSONObject = [
            "url": "https://acme.example/spring", "utm": ["source": .string(source), "medium": "social"],
        ]
        for (name, value) in more.members { body[name] = value }
        let url = try owner.post("/v1/tracked-links", .object(body)).ok(201).text("short_url")
        return String(url[try #require(url.firstRange(of: "/t/")).lowerBound...])
    }

    private func follow(_ link: String, _ times: Int, as agent: String = firefox) throws {
        for _ in 0..<times {
            #expect(try server.anonymous.get(link, ["User-Agent": agent]).status == 302)
        }
    }

    private func times(_ owner: Caller, _ account: String) throws -> JSON {
        try owner.get("/v1/social-accounts/\(account)/best-times").ok()
    }

    private func slot(_ times: JSON, _ place: Int) -> [Double] {
        ["weekday", "hour", "score", "clicks"].map { times["slots"]?[place][$0]?.double ?? -1 }
    }

    @Test func `hours at which readers follow links weigh the usual ones, by the account's clock`() throws {
        // A Monday at 9:30 in Berlin, in winter; the Monday after it is summer there, and 9:30 an hour earlier.
        let box = try server.quietAgency().sandbox(startAt: "2027-03-22T08:30:00.000Z"), owner = box.owner
        try box.quieten()
        try box.keepSchedules()
        let own = try account(owner, "linkedin"), link = try link(owner, "linkedin")
        try follow(link, 20)
        var told = try times(owner, own)
        #expect(told["source"] == "default" && told["clicks"] == 20, "too few to say anything")
        #expect(slot(told, 0) == [2, 9, 1, 0])
        // However often programs come, they are no readers, nor is who follows three links in two seconds.
        try follow(link, 40, as: "Barracuda Sentinel (EE)")
        let hasty = try (0..<3).map { _ in try self.link(owner, "linkedin") }
        for other in hasty { try follow(other, 1, as: "\(Self.firefox) hasty") }
        #expect(try times(owner, own)["clicks"] == 20)
        try box.advance(to: "2027-03-29T07:30:00.000Z")
        try follow(link, 20)
        told = try times(owner, own)
        #expect(told["source"] == "clicks" && told["clicks"] == 40 && told["sample"] == 0)
        // (40 / share + 50) / 90 is more than double, and 50 / 90 what the others keep: 1.2 beside 1 · 0.5556.
        #expect(slot(told, 0) == [1, 9, 1, 40], "summer and winter are the same hour")
        #expect(slot(told, 1) == [2, 9, 0.463, 0] && slot(told, 4) == [2, 12, 0.3704, 0])
        #expect(told["slots"]?.array?.count == 7, "an hour of which nothing is known is not proposed")
        // A reader by another clock has other hours, of the same clicks.
        try owner.patch("/v1/social-accounts/\(own)", ["time_zone": "Asia/Kathmandu"]).ok()
        told = try times(owner, own)
        #expect(slot(told, 0) == [1, 13, 1, 20] && slot(told, 1) == [1, 14, 1, 20], "a quarter to six ahead")
        // They are old after half a year.
        try box.advance("P200D")
        #expect(try times(owner, own)["source"] == "default")
    }

    @Test func `clicks count for the network and the client whose link it was`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-03-22T08:30:00.000Z"), owner = box.owner
        try box.quieten()
        let client = JSON.string(try owner.makeClient().id)
        let campaign = try owner.post(
            "/v1/campaigns", ["name": "Spring", "objective": "traffic", "client_id": client]
        ).ok(201)
        let accounts = try [
            account(owner, "x"), account(owner, "x", ["client_id": client]),
            account(owner, "linkedin", ["client_id": client]),
        ]
        let link = try owner.post(
            "/v1/tracked-links",
            [
                "url": "https://acme.example/", "utm": ["source": "x"], "campaign_id": .string(campaign.id),
            ]
        ).ok(201)
        let url = link.text("short_url")
        try follow(String(url[try #require(url.firstRange(of: "/t/")).lowerBound...]), 31)
        #expect(try accounts.map { try times(owner, $0)["clicks"] } == [0, 31, 0])
        try owner.delete("/v1/tracked-links/\(link.id)").ok(204)
        #expect(try times(owner, accounts[1])["clicks"] == 0)
    }
}
