import Cryptography
import Foundation
import JSON
import StandIns
import Testing

/// Competitors' public pages and feeds are watched where that is allowed, and told once.
@Suite(.ownThread) struct Competitors {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(web.settings)
    let web = Self.web

    private func feed(_ entries: [(id: String, title: String)]) -> StandInAnswer {
        let items = entries.map {
            "<item><guid>\($0.id)</guid><title>\($0.title)</title><link>http://rival.example/\($0.id)</link></item>"
        }
        return StandInAnswer(
            200, "<rss version=\"2.0\"><channel>\(items.joined())</channel></rss>",
            headers: [("Content-Type", "text/html")])
    }

    /// An agency whose research is at work, on the server of all tests or on one of its own.
    private func agency(_ server: BureauProcess = Self.server) throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/market_research", ["state": "active", "autonomy": "autopilot"])
            .ok()
        return agency
    }

    @discardableResult private func watch(_ agency: Agency, _ competitor: JSON) throws -> JSON {
        let run = try agency.owner.ended(
            "/v1/agents/market_research/runs",
            ["parameters": ["competitor_id": .string(competitor.id)]])
        #expect(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    private func activity(_ agency: Agency, _ competitor: JSON) throws -> [JSON] {
        try agency.owner.every("/v1/competitors/\(competitor.id)/activity")
    }

    @Test func `feeds and pages are read within the rules, and what is new is told once`() throws {
        let agency = try agency()
        web.set("rival.example/robots.txt") { _ in StandInAnswer(200, "User-agent: *\nDisallow: /secret\n") }
        web.set("rival.example/feed.xml") { [feed] _ in feed([("1", "New prices")]) }
        web.set("rival.example/secret/feed.xml") { [feed] _ in feed([("9", "Secret")]) }
        web.page(
            "rival.example/", "Rival",
            head: "<link rel='alternate' type='application/rss+xml' href='/news.xml'>")
        web.set("rival.example/news.xml") { [feed] _ in feed([("n1", "We have moved")]) }
        let rival = try agency.owner.post(
            "/v1/competitors",
            [
                "name": "Rival", "website": "http://rival.example",
                "feeds": ["http://rival.example/feed.xml", "http://rival.example/secret/feed.xml"],
            ]
        ).ok(201)
        let first = try watch(agency, rival)
        let told = try activity(agency, rival)
        #expect(Set(told.map { $0.text("title") }) == ["New prices", "We have moved"])
        #expect(told.allSatisfy { $0.text("type") == "post" && $0.text("at").isEmpty == false })
        #expect(!web.asked("rival.example").contains("/secret/feed.xml"))
        let finding = first["findings"]?.array?.first
        #expect(
            finding?.text("kind") == "competitor"
                && finding?.text("title") == "Rival: 2 new posts, 0 changed pages.")
        #expect(finding?["evidence"]?.array?.first?.text("url").hasPrefix("http://rival.example/") == true)
        let watched = try agency.owner.every("/v1/competitors/\(rival.id)/watches")
        #expect(
            watched.first { $0.text("url").contains("secret") }?["reason"] == "robots_disallowed")
        #expect(watched.count == 4)
        // Nothing new: nothing is told, and nothing is found.
        #expect(try watch(agency, rival)["findings"] == [])
        #expect(try activity(agency, rival).count == 2)
        web.set("rival.example/feed.xml") { [feed] _ in feed([("2", "A new service"), ("1", "New prices")]) }
        web.page("rival.example/", "Rival does more")
        try watch(agency, rival)
        let after = try activity(agency, rival)
        #expect(after.count == 5)
        #expect(after.contains { $0.text("type") == "page_change" && $0.text("title") == "Rival does more" })
        #expect(
            after.contains {
                $0.text("type") == "position_change" && $0.text("title") == "– → Rival does more"
            })
        try watch(agency, rival)
        #expect(try activity(agency, rival).count == 5)
        let events = try agency.owner.every("/v1/events?type=competitor.activity")
        #expect(events.count == 5)
    }

    @Test
    func `a subject that feeds write about more and more is a trend, and an idea for agency and client`()
        throws
    {
        let agency = try agency(), owner = agency.owner, days = ISO8601DateFormatter()
        let rival = try owner.post(
            "/v1/competitors", ["name": "Trade", "feeds": ["http://trade.example/feed.xml"]]
        ).ok(201)
        let items = (0..<60).map { number -> String in
            let title =
                number >= 20 || number < 2
                ? "Roses in winter" : number == 2 ? "Podcast production for all" : "Something else"
            let date = days.string(from: Date() - (number < 20 ? 40 : 5) * 86_400)
            return "<item><guid>t\(number)</guid><title>\(title)</title><dc:date>\(date)</dc:date></item>"
        }
        // Of a feed that is read for the first time little is kept, as most of it is no news.
        for count in [1, 60] {
            web.set("trade.example/feed.xml") { _ in
                StandInAnswer(
                    200,
                    "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>"
                        + "\(items.prefix(count).joined())</channel></rss>",
                    headers: [("Content-Type", "text/html")])
            }
            try watch(agency, rival)
        }
        let leads = (0..<12).map { number -> JSON in
            ["op": "create", "body": lead(number, ["pain_points": ["Podcast production"]])]
        }
        try owner.post("/v1/leads/bulk", ["operations": .array(leads)]).ok()
        try owner.setAgent("market_research", ["topics": ["roses"], "window_days": 28, "cases_min": 10])
        let found = try owner.runAgent("market_research", ["task": "findings"])["findings"]?.array ?? []
        #expect(Set(found.map { $0.text("kind") }).isSuperset(of: ["trend", "gap"]), "\(found)")
        let known = try owner.every("/v1/market-findings?status=current")
        let trend = try #require(known.first { $0["subject"] == "trend/topic/roses" })
        // Two of twenty entries before, and all forty of the last days, with their words and where they stand.
        #expect(trend["numbers"]?["other_hits"] == 2 && trend["numbers"]?["other_cases"] == 20, "\(trend)")
        #expect(trend["numbers"]?["hits"] == 40 && trend["numbers"]?["cases"] == 40)
        #expect((trend["interval"]?["low"]?.double ?? 0) > 0.5)
        #expect(trend.text("recommendation").hasPrefix("Demand is rising"))
        let read = trend["evidence"]?.array ?? []
        #expect(read.count == 5 && read.allSatisfy { $0["quote"] == "Roses in winter" }, "\(trend)")
        #expect(read.allSatisfy { $0.text("url").hasPrefix("http://trade.example/") })
        let spoken = try owner.get("/v1/social-hashtags").ok()["trends"]?.array ?? []
        #expect(spoken.contains { $0["id"] == .string(trend.id) && $0["title"] == trend["title"] })
        let gap = try #require(known.first { $0["kind"] == "gap" })
        // A competitor writes of the need that nothing on offer covers.
        let said = gap["evidence"]?.array?.compactMap { $0["quote"] }
        #expect(said == ["Podcast production for all"], "\(gap)")
        #expect(gap["numbers"]?["hits"] == 12 && gap["recommendation"] == "Consider an offer for this need.")
        let client = try owner.post("/v1/clients", ["name": "Acme", "tier": "growth"]).ok(201)
        try owner.patch("/v1/agents/content_strategy", ["state": "active", "autonomy": "autopilot"]).ok()
        func sources(_ parameters: JSON) throws -> (ids: Set<String>, titles: [String]) {
            let items = try (owner.runAgent("content_strategy", parameters)["items"]?.array ?? []).map {
                try owner.get("/v1/content-items/\($0.text ?? "")").ok()
            }
            let ids = items.flatMap { ($0["sources"]?.array ?? []).map { $0.text("id") } }
            return (Set(ids), items.map { $0.text("title") })
        }
        // From any day on, the month's theme for such news is among so many.
        let own = try sources(["days": 45])
        #expect(!own.ids.isEmpty && own.ids.isSubset(of: [trend.id, gap.id]), "\(own)")
        // The calendar has what rests on the findings, on the days to come.
        let (first, last) = (Date.now.iso.prefix(10), (Date.now + 46 * 86_400).iso.prefix(10))
        let entries = try owner.get("/v1/content-calendar?from=\(first)&to=\(last)").ok()["entries"]
        let planned = (entries?.array ?? []).filter { $0["kind"] == "item" && $0["status"] == "idea" }
        #expect(
            planned.contains { $0.text("title").hasPrefix("Industry insights and trends: ") }, "\(own.titles)"
        )
        let theirs = try sources(["days": 45, "client_id": .string(client.id)])
        #expect(theirs.ids == [trend.id])
        #expect(theirs.titles.contains { $0.hasPrefix("Industry insights and trends: ") })
        #expect(!theirs.titles.contains { $0.hasPrefix("Company news") || $0.hasPrefix("Product updates") })
    }

    @Test func `what is unchanged costs the site nothing, and what it does not want is not kept`() throws {
        let agency = try agency()
        web.set("quiet.example/feed.xml") { request in
            request.header("If-None-Match") == "\"v1\""
                ? StandInAnswer(304)
                : StandInAnswer(
                    200,
                    "<rss version=\"2.0\"><channel><item><guid>1</guid><title>A</title></item></channel></rss>",
                    headers: [("ETag", "\"v1\"")])
        }
        web.page("quiet.example/", "Hidden", head: "<meta name='robots' content='noindex'>")
        web.set("quiet.example/gone.xml") { _ in StandInAnswer(403, "") }
        let quiet = try agency.owner.post(
            "/v1/competitors",
            [
                "name": "Quiet", "website": "http://quiet.example",
                "feeds": ["http://quiet.example/feed.xml", "http://quiet.example/gone.xml"],
            ]
        ).ok(201)
        try watch(agency, quiet)
        let result = try watch(agency, quiet)
        #expect(result["watched"]?["read"] == 1 && result["watched"]?["skipped"] == 2)
        let reasons = try agency.owner.every("/v1/competitors/\(quiet.id)/watches").map { $0.text("reason") }
        #expect(Set(reasons) == ["", "noindex", "access_denied"])
        #expect(
            web.requests("quiet.example").last { $0.target == "/feed.xml" }?.header("If-None-Match")
                == "\"v1\"")
        _ = try agency.owner.delete("/v1/competitors/\(quiet.id)")
        #expect(try agency.owner.every("/v1/market-activity").isEmpty)
    }

    @Test func `feeds are asked when they want to be, no more once gone, and where they have moved to`()
        throws
    {
        let agency = try agency()
        func feed(_ head: String = "") -> StandInAnswer {
            StandInAnswer(
                200,
                "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>\(head)"
                    + "<item><guid>1</guid><title>A</title></item></channel></rss>")
        }
        let hour = Int(Date().timeIntervalSince1970 / 3600) % 24
        let hours = [hour, (hour + 1) % 24].map { "<hour>\($0)</hour>" }.joined()
        let answers: [String: StandInAnswer] = [
            "ttl.xml": feed("<ttl>60</ttl>"), "hours.xml": feed("<skipHours>\(hours)</skipHours>"),
            "period.xml": feed(
                "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"),
            "gone.xml": StandInAnswer(410, ""), "plain.xml": feed(), "new.xml": feed(),
            "moved.xml": StandInAnswer(301, "", headers: [("Location", "/new.xml")]),
            "lent.xml": StandInAnswer(302, "", headers: [("Location", "/plain.xml")]),
        ]
        for (name, answer) in answers { web.set("feeds.example/\(name)") { _ in answer } }
        let given = answers.keys.sorted().filter { $0 != "new.xml" }
        let rival = try agency.owner.post(
            "/v1/competitors",
            ["name": "Rival", "feeds": JSON(given.map { "http://feeds.example/\($0)" })]
        ).ok(201)
        for _ in 1...4 { try watch(agency, rival) }
        func times(_ name: String) -> Int { web.asked("feeds.example").count { $0 == "/\(name)" } }
        #expect(["ttl.xml", "hours.xml", "period.xml", "gone.xml"].map(times) == [1, 1, 1, 1])
        // A move is believed when it was seen twice; one that is not for good never is.
        #expect(times("moved.xml") == 2 && times("new.xml") == 4)
        #expect(times("lent.xml") == 4 && times("plain.xml") == 8)
        let watched = try agency.owner.every("/v1/competitors/\(rival.id)/watches")
        let gone = try #require(watched.first { $0.text("url").hasSuffix("gone.xml") })
        #expect(gone.text("outcome") == "skipped" && gone.text("reason") == "gone")
    }

    @Test func `a hub tells of a feed's changes, and what it has not signed counts for nothing`() throws {
        let home = "https://bureau.example"
        let server = try BureauProcess.start(web.settings.merging(["public_url": home]) { $1 })
        let agency = try agency(server)
        func publish(_ titles: [String]) {
            let items = titles.map { "<item><guid>\($0)</guid><title>\($0)</title></item>" }.joined()
            web.set("told.example/feed.xml") { _ in
                StandInAnswer(
                    200,
                    "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><ttl>600</ttl>"
                        + "<atom:link rel='hub' href='http://hub.example/'/>\(items)</channel></rss>")
            }
        }
        publish(["First"])
        web.set("hub.example/") { _ in StandInAnswer(202, "") }
        let topic = "http://told.example/feed.xml"
        let rival = try agency.owner.post(
            "/v1/competitors", ["name": "Rival", "feeds": [.string(topic)]]
        ).ok(201)
        try watch(agency, rival)
        let asked = web.requests("hub.example")
        let form = Dictionary(
            uniqueKeysWithValues: try #require(asked.first).text.split(separator: "&").map { field in
                let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.last?.removingPercentEncoding ?? "")
            })
        #expect(asked.count == 1 && asked[0].method == "POST" && form["hub.mode"] == "subscribe")
        #expect(form["hub.topic"] == topic && form["hub.callback"]?.hasPrefix("\(home)/feed/") == true)
        let (path, secret) = (
            String(try #require(form["hub.callback"]).dropFirst(home.count)), form["hub.secret"] ?? ""
        )
        #expect(secret.count == 40)
        let caller = agency.server.anonymous
        func confirm(_ topic: String) throws -> Answer {
            try caller.get(
                "\(path)?hub.mode=subscribe&hub.topic=\(topic)&hub.challenge=c1&hub.lease_seconds=864000")
        }
        #expect(try confirm("http://other.example/").status == 404)
        let confirmed = try confirm(topic)
        #expect(confirmed.status == 200 && confirmed.text == "c1", "\(confirmed)")

        publish(["First", "Second"])
        func due() throws -> String {
            try #require(try agency.owner.every("/v1/competitors/\(rival.id)/watches").first).text("due_at")
        }
        func tell(_ secret: String) throws -> Int {
            let body = Array("<rss><channel><item><title>Forged</title></item></channel></rss>".utf8)
            let code = Hex.encode(HMAC.sha256(key: Array(secret.utf8), body))
            return try caller.request(
                "POST", path, raw: body,
                headers: ["Content-Type": "application/rss+xml", "X-Hub-Signature": "sha256=\(code)"]
            ).status
        }
        let before = try due()
        #expect(try tell("not the secret") == 204 && due() == before)
        // The feed wants hours of peace; whoever tells that it has changed means it to be read.
        #expect(try tell(secret) == 204 && due() < before)
        _ = try agency.owner.runAgent("market_research", ["task": "feeds"])
        #expect(Set(try activity(agency, rival).map { $0.text("title") }) == ["First", "Second"])
        #expect(web.requests("hub.example").count == 1)
        try findUsualFeed(agency, web)
        // Of what is watched no more nobody wants to hear.
        _ = try agency.owner.delete("/v1/competitors/\(rival.id)")
        #expect(try tell(secret) == 410 && confirm(topic).status == 404)
    }

    /// A front page that offers no feed may have one where many sites do; it is looked for once.
    private func findUsualFeed(_ agency: Agency, _ web: CrawledWeb) throws {
        web.page("plain.example/", "Plain")
        web.set("plain.example/rss.xml") { [feed] _ in feed([("p1", "Found by its usual name")]) }
        let plain = try agency.owner.post(
            "/v1/competitors", ["name": "Plain", "website": "http://plain.example"]
        ).ok(201)
        for _ in 1...2 { try watch(agency, plain) }
        #expect(try activity(agency, plain).map { $0.text("title") } == ["Found by its usual name"])
        let watched = try agency.owner.every("/v1/competitors/\(plain.id)/watches").map { $0.text("url") }
        #expect(Set(watched) == ["http://plain.example/", "http://plain.example/rss.xml"])
        let asked = web.asked("plain.example")
        #expect(asked.count { $0 == "/feed" } == 1 && !asked.contains("/atom.xml"), "\(asked)")
    }

    @Test func `a feed that cannot be one is refused at its place`() throws {
        let agency = try BureauProcess.shared.quietAgency()
        let faults = try agency.owner.post(
            "/v1/competitors",
            ["name": "X", "feeds": ["http://a.example/feed", "ftp://a.example", "http://a.example:8080/"]]
        ).faults()
        #expect(faults == ["/feeds/1": "invalid_url", "/feeds/2": "invalid_url"])
        try agency.owner.patch("/v1/agents/market_research", ["state": "active"]).ok()
        try agency.owner.post(
            "/v1/agents/market_research/runs", ["parameters": ["competitor_id": "x"]]
        ).problem(422, "wrong_type")
    }

    @Test
    func `feeds of the market are read without a competitor, and a month's synthesis names its sources`()
        throws
    {
        let agency = try agency(), owner = agency.owner
        web.set("market.example/feed.xml") { [feed] _ in
            feed([("1", "Podcasts on the rise"), ("2", "Fewer fairs")])
        }
        let config = "/v1/agents/market_research/config"
        let wrong: JSON = ["feeds": ["http://market.example/feed.xml", "ftp://x.example/"]]
        #expect(try owner.patch(config, wrong).faults() == ["/feeds/1": "invalid_url"])
        try owner.setAgent("market_research", ["feeds": ["http://market.example/feed.xml"]])
        let watched = try owner.runAgent("market_research", ["task": "watch"])["watched"]
        #expect(watched?["read"] == 1 && web.asked("market.example").contains("/feed.xml"))
        let told = try owner.every("/v1/market-activity")
        #expect(Set(told.map { $0.text("title") }) == ["Podcasts on the rise", "Fewer fairs"])
        #expect(told.allSatisfy { $0["competitor_id"] == .null })
        #expect(told.allSatisfy { $0.text("source_url") == "http://market.example/feed.xml" })
        let made = try owner.runAgent("market_research", ["task": "synthesis"])["report"]
        let report = try owner.get("/v1/market-reports/\(made?.text("id") ?? "")").ok()
        let pages = (report["sources"]?.array ?? []).filter { $0["url"] != nil }
        #expect(Set(pages.map { $0.text("url") }) == Set(told.map { $0.text("url") }), "\(report)")
        #expect(Set(pages.map { $0.text("title") }) == ["Podcasts on the rise", "Fewer fairs"])
        // A feed that is no longer named is asked no more.
        let asked = web.asked("market.example").count
        try owner.setAgent("market_research", ["feeds": []])
        _ = try owner.runAgent("market_research", ["task": "watch"])
        #expect(web.asked("market.example").count == asked)
    }
}
