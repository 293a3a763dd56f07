import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// Sites are read politely, within bounds, and never where they or the operator do not want it.
@Suite(.ownThread) struct Crawls {
    @Test
    func `a site's rules are asked for first and once, and kept to on its pages and in its list of pages`()
        throws
    {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.set("rules.example/robots.txt") { _ in
            StandInAnswer(
                200, "User-agent: *\nDisallow: /private/\nSitemap: http://rules.example/map.xml\n",
                headers: [("Content-Type", "text/plain")])
        }
        web.page("rules.example/", "Home", links: ["/private/x", "/open", "/kept/1", "/kept/2"])
        for path in ["/private/x", "/open", "/mapped", "/kept/1"] { web.page("rules.example\(path)") }
        // A page's own word counts before its site's file.
        web.page("rules.example/kept/2", head: "<meta name=\"tdm-reservation\" content=\"0\">")
        web.set("rules.example/.well-known/tdmrep.json") { _ in
            StandInAnswer(
                200, #"[{"location": "/kept/*", "tdm-reservation": 1}]"#,
                headers: [("Content-Type", "application/json")])
        }
        web.set("rules.example/map.xml") { _ in
            StandInAnswer(
                200, "<urlset><url><loc>http://rules.example/mapped</loc></url></urlset>",
                headers: [("Content-Type", "application/xml")])
        }
        let (crawl, pages) = try agency.owner.crawled("http://rules.example")
        #expect(crawl.text("status") == "completed" && crawl["pages"] == 4 && crawl["facts"] == 0)
        let asked = web.asked("rules.example")
        #expect(asked.first == "/robots.txt" && Set(asked).count == asked.count, "\(asked)")
        #expect(
            Set(asked) == [
                "/robots.txt", "/.well-known/tdmrep.json", "/", "/open", "/map.xml", "/mapped", "/kept/1",
                "/kept/2",
            ])
        #expect(pages["/kept/1"]?["reason"] == "noindex" && pages["/kept/2"]?["outcome"] == "stored")
        let barred = pages["/private/x"]
        #expect(barred?["reason"] == "robots_disallowed" && barred?["status"] == .null)
        #expect(
            web.requests("rules.example").allSatisfy {
                $0.header("User-Agent")?.hasPrefix("BureauBot/") == true
            })
    }

    @Test func `rules that lie elsewhere bind their site, and a page that moves is bound by its new host's`()
        throws
    {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.set("moved.example/robots.txt") { _ in
            StandInAnswer(301, "", headers: [("Location", "http://rulebook.example/robots.txt")])
        }
        web.set("rulebook.example/robots.txt") { _ in
            StandInAnswer(200, "User-agent: *\nDisallow: /private\n")
        }
        web.set("shut.example/robots.txt") { _ in StandInAnswer(200, "User-agent: *\nDisallow: /\n") }
        web.page("moved.example/", "Home", links: ["/private/x", "/open", "/away"])
        for address in ["moved.example/private/x", "moved.example/open", "shut.example/target"] {
            web.page(address)
        }
        web.set("moved.example/away") { _ in
            StandInAnswer(302, "", headers: [("Location", "http://shut.example/target")])
        }
        let (crawl, pages) = try agency.owner.crawled("http://moved.example")
        #expect(crawl.text("status") == "completed" && pages["/open"]?["outcome"] == "stored")
        for path in ["/private/x", "/away"] {
            #expect(pages[path]?["reason"] == "robots_disallowed", "\(path)")
        }
        #expect(!web.asked("moved.example").contains("/private/x"))
        #expect(web.asked("shut.example") == ["/robots.txt"])
    }

    @Test func `a site's rules are asked for again when the time that it names is over, and not before`()
        throws
    {
        let web = try CrawledWeb(), clock = try MovedClock(at: .now)
        let server = try BureauProcess.start(web.settings, variables: clock.variables)
        let agency = try server.quietAgency()
        web.page("aged.example/")
        web.set("aged.example/robots.txt") { _ in
            StandInAnswer(
                200, "User-agent: *\nAllow: /\n",
                headers: [("Content-Type", "text/plain"), ("Cache-Control", "public, max-age=600")])
        }
        // Never back: whoever signs in is counted by this clock, too.
        let start = Date.now
        for (minutes, count) in [(0, 1), (5, 1), (30, 2)] {
            try clock.move(to: max(Date.now, start.addingTimeInterval(Double(minutes) * 60)))
            let owner = server.caller(try agency.signIn().text("access_token"))
            _ = try owner.crawled("http://aged.example")
            #expect(web.asked("aged.example").count { $0 == "/robots.txt" } == count, "\(minutes)")
        }
    }

    @Test(arguments: [(503, "robots_unreachable"), (401, "robots_disallowed"), (429, "robots_unreachable")])
    func `a site whose rules cannot be read is left alone`(_ status: Int, _ reason: String) throws {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.page("closed.example/")
        web.set("closed.example/robots.txt") { _ in StandInAnswer(status, "") }
        let (crawl, _) = try agency.owner.crawled("http://closed.example")
        #expect(crawl.text("status") == "failed" && crawl.text("reason") == reason)
        #expect(web.asked("closed.example") == ["/robots.txt"])
    }

    @Test func `each page says what became of it, and who refuses is not asked again`() throws {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        let links = [
            "/closed", "/gone", "/broken", "/loop", "/zip", "/hidden", "/reserved", "/inside", "/busy",
            "/late",
        ]
        web.set("outcomes.example/closed") { _ in StandInAnswer(403, "sign in") }
        web.set("outcomes.example/broken") { _ in StandInAnswer(500, "") }
        web.set("outcomes.example/loop") { _ in StandInAnswer(302, "", headers: [("Location", "/loop")]) }
        web.set("outcomes.example/zip") { _ in
            StandInAnswer(200, "PK", headers: [("Content-Type", "application/zip")])
        }
        // Its words are German, whatever the page says of itself.
        web.set("outcomes.example/") { _ in
            let anchors = links.map { "<a href=\"\($0)\">\($0)</a>" }.joined(separator: " ")
            let words = """
                Wir sind ein Betrieb aus dem Norden und bauen seit vielen Jahren Maschinen für die Landwirtschaft.
                Unsere Mitarbeiter beraten Sie gern, wenn Sie Fragen zu Ersatzteilen oder zur Wartung haben.
                """
            return StandInAnswer(
                200, "<html lang='en'><title>Start</title><p>\(words)</p>\(anchors)</html>",
                headers: [("Content-Type", "text/html; charset=utf-8")])
        }
        web.page("outcomes.example/hidden", head: "<meta name='robots' content='noindex'>")
        web.page("outcomes.example/reserved", headers: [("tdm-reservation", "1")])
        web.set("outcomes.example/inside") { _ in
            StandInAnswer(302, "", headers: [("Location", "http://169.254.169.254/latest")])
        }
        let times = Mutex(0)
        web.set("outcomes.example/busy") { _ in
            let isFirst = times.withLock { count in
                count += 1
                return count == 1
            }
            return isFirst
                ? StandInAnswer(429, "", headers: [("Retry-After", "1")])
                : StandInAnswer(200, "<p>x", headers: [("Content-Type", "text/html")])
        }
        web.set("outcomes.example/late") { _ in StandInAnswer(503, "", headers: [("Retry-After", "86400")]) }
        let (_, pages) = try agency.owner.crawled("http://outcomes.example")
        let reasons = pages.compactMapValues { $0["reason"]?.text }
        #expect(
            reasons == [
                "/closed": "access_denied", "/gone": "not_found", "/broken": "server_error",
                "/loop": "too_many_redirects", "/zip": "wrong_type", "/hidden": "noindex",
                "/reserved": "noindex", "/inside": "refused_address", "/late": "rate_limited",
            ])
        #expect(pages["/busy"]?["outcome"] == "stored")
        #expect(pages["/"]?["language"] == "de")
        #expect(web.asked("outcomes.example").count { $0 == "/closed" } == 1)
        #expect(web.asked("outcomes.example").count { $0 == "/busy" } == 2)
    }

    @Test func `an address that cannot be asked or leads inside is refused, and so are bounds too wide`()
        throws
    {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        for (url, code) in [
            ("ftp://x.example/", "invalid_url"), ("http://user:pw@x.example/", "invalid_url"),
            ("http://x.example:8080/", "invalid_url"), ("http://127.0.0.1/", "refused_address"),
            ("http://[::1]/", "refused_address"), ("http://169.254.169.254/", "refused_address"),
        ] {
            let answer = try agency.owner.post("/v1/crawls", ["url": .string(url)]).ok(422)
            #expect(answer["errors"]?.array?.first?["code"]?.text == code, "\(url): \(answer.serialized)")
        }
        for more: JSON in [["pages_max": 201], ["pages_max": 0], ["depth": 4]] {
            let body: JSON = ["url": "http://x.example/"]
            _ = try agency.owner.post("/v1/crawls", body.merging(more)).ok(422)
        }
    }

    @Test func `a page that has not ended after its time is told, and the crawl goes on`() throws {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.page("dozes.example/", "Home", links: ["/hangs", "/fine"])
        web.page("dozes.example/fine")
        let isOver = DispatchSemaphore(value: 0)
        defer { isOver.signal() }
        web.set("dozes.example/hangs") { _ in
            isOver.wait()
            return StandInAnswer(200, "late", headers: [("Content-Type", "text/html")])
        }
        let (crawl, pages) = try agency.owner.crawled("http://dozes.example")
        #expect(crawl.text("status") == "completed")
        let hung = pages["/hangs"]
        #expect(hung?["outcome"] == "failed" && hung?["reason"] == "timed_out" && hung?["status"] == .null)
        #expect(pages["/fine"]?["outcome"] == "stored")
        #expect(web.asked("dozes.example").count { $0 == "/hangs" } == 1)
    }

    @Test func `a crawl ends at its bounds: pages, depth, bytes, and a calendar that never ends`() throws {
        let web = try CrawledWeb(), owner = try BureauProcess.start(web.settings).quietAgency().owner
        let names = ["a", "b", "c", "d", "e", "f"]
        web.page("wide.example/", "Home", links: names.map { "/\($0)" })
        for name in names {
            web.page("wide.example/\(name)", "Page \(name)", links: ["/\(name)/deep"])
            web.page("wide.example/\(name)/deep", "Deep \(name)")
        }
        let few = try owner.crawled("http://wide.example", ["pages_max": 4, "depth": 3])
        #expect(Set(few.pages.keys) == ["/", "/a", "/b", "/c"] && few.crawl["pages"] == 4)
        #expect(web.asked("wide.example").allSatisfy { !$0.hasPrefix("/d") && !$0.hasSuffix("/deep") })
        let near = try owner.crawled("http://wide.example", ["pages_max": 50, "depth": 1])
        #expect(Set(near.pages.keys) == Set(["/"] + names.map { "/\($0)" }))
        #expect(web.asked("wide.example").allSatisfy { !$0.hasSuffix("/deep") })
        web.set("maze.example/cal") { request in
            let month = request.query("month").flatMap { Int($0) } ?? 0
            let links = (1...9).map { "<a href='/cal?month=\(month * 9 + $0)'>next</a>" }.joined()
            return StandInAnswer(
                200, "<title>Month \(month)</title><p>This is month \(month).</p>\(links)",
                headers: Searching.page)
        }
        web.page("maze.example/", "Maze", links: ["/cal", "/large"])
        web.set("maze.example/large") { _ in
            StandInAnswer(200, String(repeating: "x", count: (5 << 20) + 1), headers: Searching.page)
        }
        let maze = try owner.crawled("http://maze.example", ["pages_max": 200, "depth": 3])
        #expect(maze.crawl.text("status") == "completed")
        // Months that say the same but for their number are twins, which lead nowhere; whatever does is bounded.
        #expect((9...24).contains(web.asked("maze.example").count { $0.hasPrefix("/cal?") }))
        #expect(maze.pages["/large"]?["reason"] == "too_large", "\(maze.pages["/large"] ?? .null)")
    }

    @Test func `the second time a page is asked for only if it has changed`() throws {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.set("again.example/") { request in
            if request.header("If-None-Match") == "\"v1\"" { return StandInAnswer(304, "") }
            return StandInAnswer(
                200, "<title>Home</title><a href='/more'>more</a>",
                headers: [("Content-Type", "text/html"), ("ETag", "\"v1\"")])
        }
        web.page("again.example/more", "More")
        _ = try agency.owner.crawled("http://again.example")
        let (crawl, pages) = try agency.owner.crawled("http://again.example")
        #expect(crawl.text("status") == "completed")
        #expect(pages["/"]?["outcome"] == "unchanged" && pages["/"]?["title"] == "Home")
        #expect(pages["/more"]?["outcome"] == "stored")
    }

    @Test func `requests to a host keep their distance, for all agencies together`() throws {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(web.settings.merging(["crawler.delay_ms": "200"]) { $1 })
        let agencies = try (0..<2).map { _ in try server.quietAgency() }
        let busy = Mutex((now: 0, most: 0))
        let starts = Mutex<[ContinuousClock.Instant]>([])
        for path in ["/", "/1", "/2"] {
            web.set("polite.example\(path)") { _ in
                busy.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                starts.withLock { $0.append(.now) }
                defer { busy.withLock { $0.now -= 1 } }
                return StandInAnswer(
                    200, "<a href='/1'>1</a><a href='/2'>2</a>", headers: [("Content-Type", "text/html")])
            }
        }
        let crawls = try agencies.map {
            try $0.owner.post("/v1/crawls", ["url": "http://polite.example"]).ok(202)
        }
        for (agency, crawl) in zip(agencies, crawls) {
            try eventuallyTrue("the crawl is over") {
                try agency.owner.get("/v1/crawls/\(crawl.id)").ok().text("status") == "completed"
            }
        }
        let times = starts.withLock { $0 }
        #expect(times.count == 6 && busy.withLock { $0.most } == 1)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 > .milliseconds(180) })
    }

    @Test func `killed while a page is on its way, a crawl goes on and asks for nothing twice`() throws {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(web.settings)
        let agency = try server.quietAgency()
        web.page("killed.example/", "Home", links: (0..<5).map { "/\($0)" })
        web.page("killed.example/1")
        web.page("killed.example/4", "Last")
        // Of two that say the same the second leads nowhere, whether the first came before the kill or not.
        for (number, link) in [(0, ""), (3, "<a href='/beyond'></a>")] {
            web.set("killed.example/\(number)") { _ in
                StandInAnswer(200, "<p>Two pages say this.\(link)", headers: Searching.page)
            }
        }
        web.page("killed.example/beyond", "Beyond")
        let isKilled = DispatchSemaphore(value: 0)
        web.set("killed.example/2") { _ in
            isKilled.wait()
            return StandInAnswer(200, "<p>late", headers: [("Content-Type", "text/html")])
        }
        let crawl = try agency.owner.post("/v1/crawls", ["url": "http://killed.example"]).ok(202)
        try eventuallyTrue("the page is asked for") { web.asked("killed.example").contains("/2") }
        server.kill()
        isKilled.signal()
        try server.start()
        try eventuallyTrue("the crawl is over") {
            try agency.owner.get("/v1/crawls/\(crawl.id)").ok().text("status") == "completed"
        }
        let asked = web.asked("killed.example")
        #expect(Set(asked).count == asked.count && !asked.contains("/beyond"), "\(asked)")
        let pages = try agency.owner.pages(of: crawl)
        #expect(pages["/2"]?["reason"] == "truncated")
        #expect(pages.values.count { $0["outcome"] == "stored" } == 5)
    }

    @Test func `a crawl can be cancelled, and keeps what it has`() throws {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(web.settings.merging(["crawler.delay_ms": "60000"]) { $1 })
        let agency = try server.quietAgency()
        web.page("slow.example/", "Home")
        let crawl = try agency.owner.post("/v1/crawls", ["url": "http://slow.example"]).ok(202)
        let path = "/v1/crawls/\(crawl.id)"
        try eventuallyTrue("the crawl runs") { try agency.owner.get(path).ok().text("status") == "running" }
        _ = try agency.owner.post(path + "/cancel", [:]).ok()
        try eventuallyTrue("the crawl is over") {
            try agency.owner.get(path).ok().text("status") == "cancelled"
        }
        _ = try agency.owner.post(path + "/cancel", [:]).ok(409)
    }

    @Test func `in a sandbox nothing is fetched`() throws {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.page("real.example/")
        let box = try agency.sandbox()
        let crawl = try box.owner.post("/v1/crawls", ["url": "http://real.example"]).ok(202)
        _ = try box.advance("PT1M")
        let ended = try box.owner.get("/v1/crawls/\(crawl.id)").ok()
        #expect(ended.text("status") == "failed" && ended.text("reason") == "sandbox")
        #expect(web.asked("real.example").isEmpty)
    }
}
