import JSON
import StandIns
import Synchronization
import Testing

/// Directories are declared by expressions, mined politely, and told where they fail.
@Suite(.ownThread) struct LeadSources {
    @Test func `a new agency has sources of several kinds that need no key, and others that wait for one`()
        throws
    {
        let agency = try BureauProcess.shared.quietAgency()
        let sources = try agency.owner.every("/v1/lead-sources")
        let free = sources.filter { $0.text("state") == "active" && $0["needs_key"] == false }
        #expect(free.count >= 5 && Set(free.map { $0.text("kind") }).count >= 5, "\(free)")
        // Directories, data of industries, sites of companies, social media, referrals, and whom content attracts.
        let channels: Set = ["directory", "register", "website", "community", "referral", "form"]
        #expect(channels.isSubset(of: free.map { $0.text("kind") }))
        // Networks of professionals forbid programs: providers have their data, and want a key.
        let networks = sources.filter { ["apollo", "hunter"].contains($0.text("name")) }
        #expect(networks.count == 2 && networks.allSatisfy { $0["kind"] == "provider" }, "\(networks)")
        let waiting = sources.filter { $0.text("state") == "needs_credentials" }
        #expect(
            Set(waiting.map { $0.text("name") }).isSuperset(of: [
                "google_places", "apollo", "hunter", "apideck",
            ]))
        // Nobody makes a source work that has no key, and nobody makes one fail.
        for (name, state) in [("apollo", "active"), ("gleif", "failing")] {
            let answer = try agency.owner.patch("/v1/lead-sources/\(name)", ["state": .string(state)])
            #expect(answer.status == 422, "\(answer)")
        }
        #expect(try agency.owner.delete("/v1/lead-sources/gleif").status == 409)
        try agency.owner.patch("/v1/lead-sources/gleif", ["state": "disabled"]).ok()
        // Fewer than five are too few to depend on none of them, unless the agency says otherwise.
        func missed() throws -> Bool {
            let figures = try agency.owner.get("/v1/lead-source-figures").ok()
            return figures["missed"]?.array?.contains("active_sources") == true
        }
        let active = try agency.owner.every("/v1/lead-sources").filter { $0.text("state") == "active" }
        for (left, source) in active.enumerated().reversed() where left >= 4 {
            #expect(try !missed(), "\(left + 1)")
            try agency.owner.patch(
                "/v1/lead-sources/\(source.text("name"))", ["state": "disabled"]
            ).ok()
        }
        #expect(try missed())
        let agent = "/v1/agents/lead_generation"
        try agency.owner.patch("\(agent)/config", ["target_active_sources": 4]).ok()
        try agency.owner.post("\(agent)/config/publish").ok()
        #expect(try !missed())
    }

    @Test func `what could not work is refused when it is saved, each fault at its place`() throws {
        let agency = try BureauProcess.shared.quietAgency()
        let answer = try agency.owner.post(
            "/v1/lead-sources",
            [
                "name": "Bad Name", "kind": "directory", "start_url": "ftp://x.example/", "item": "//li[",
                "next": "//a[@", "fields": ["nonsense": "h3", "website": "a/@", "phone": 3],
            ])
        #expect(answer.status == 422)
        let faults = Dictionary(
            (answer.json["errors"]?.array ?? []).map { ($0.text("pointer"), $0.text("code")) },
            uniquingKeysWith: { first, _ in first })
        #expect(
            faults == [
                "/name": "invalid_text", "/start_url": faults["/start_url"] ?? "",
                "/item": "invalid_expression",
                "/next": "invalid_expression", "/fields/nonsense": "unknown_field",
                "/fields/website": "invalid_expression", "/fields/phone": "wrong_type",
                "/fields/company": "required",
            ], "\(faults)")
        let inside = try agency.owner.post("/v1/lead-sources", Searching.source("127.0.0.1:81", "inside"))
        #expect(inside.status == 422)
        for item in ["count(//li)", "//li[matches(., 'x')]", "//x:li", "//li[. = $name]"] {
            let source = Searching.source("firms.example", "later").merging(["item": .string(item)])
            #expect(
                try agency.owner.post("/v1/lead-sources", source).faults() == ["/item": "invalid_expression"],
                "\(item)")
        }
        for kind in ["register", "provider", "crm", "form"] {
            let made = try agency.owner.post("/v1/lead-sources", ["name": "x", "kind": .string(kind)])
            #expect(made.status == 422, "\(kind)")
        }
    }

    @Test func `a directory is previewed, then mined page by page, and nothing is doubled`() throws {
        let site = try Searching()
        site.directory("firms.example", (1...5).map { "Firm \($0)" })
        try site.declare("firms.example", "berlin_firms")
        let preview = try site.agency.owner.post("/v1/lead-sources/berlin_firms/preview").ok()
        #expect(preview["items"]?.array?.map { $0.text("company") } == ["Firm 1", "Firm 2"])
        #expect(preview["pages"] == 1 && preview["faults"] == [])
        #expect(try site.leads.isEmpty)
        let first = try site.searched(["berlin_firms"])
        #expect(first["found"] == 5 && first["created"] == 5 && first["duplicates"] == 0, "\(first)")
        let lead = try #require(try site.leads.first { $0.text("company") == "Firm 3" })
        #expect(lead.text("source") == "berlin_firms" && lead.text("website") == "https://www.firm3.example")
        #expect(lead.text("location") == "Berlin")
        let facts = try site.agency.owner.every("/v1/leads/\(lead.id)/facts?field=company")
        #expect(facts.first?["source"]?["kind"] == "directory")
        #expect(facts.first?["source"]?["url"]?.text?.hasPrefix("http://firms.example/list") == true)
        let second = try site.searched(["berlin_firms"])
        #expect(second["created"] == 0 && second["duplicates"] == 5, "\(second)")
        #expect(try site.leads.count == 5)
        #expect(try site.source("berlin_firms")["created"] == 5)
        #expect(
            Set(site.web.requests("firms.example").map { $0.header("User-Agent")?.prefix(10) }) == [
                "BureauBot/"
            ])
    }

    @Test func `an expression that finds nothing is told by the preview`() throws {
        let site = try Searching()
        site.directory("firms.example", ["Firm 1"])
        try site.declare(
            "firms.example", "wrong_field", ["fields": ["company": "h2", "email": "b"]])
        let field = try site.agency.owner.post("/v1/lead-sources/wrong_field/preview").ok()
        let codes = (field["faults"]?.array ?? []).map { "\($0.text("field")) \($0.text("code"))" }
        #expect(codes == ["fields.email nothing_found", "next nothing_found"])
        try site.declare("firms.example", "wrong_item", ["item": "//tr"])
        let item = try site.agency.owner.post("/v1/lead-sources/wrong_item/preview").ok()
        #expect(item["faults"]?.array?.first?.text("field") == "item")
        try site.declare("closed.example", "closed")
        site.web.set("closed.example/robots.txt") { _ in StandInAnswer(200, "User-agent: *\nDisallow: /\n") }
        let closed = try site.agency.owner.post("/v1/lead-sources/closed/preview").ok()
        #expect(closed["faults"]?.array?.first?.text("code") == "robots_disallowed" && closed["pages"] == 0)
    }

    @Test func `a source whose site has changed fails with an alert, and works again by a new version`()
        throws
    {
        let site = try Searching()
        site.directory("firms.example", ["Firm 1", "Firm 2"])
        try site.declare("firms.example", "berlin_firms")
        _ = try site.searched(["berlin_firms"])
        site.web.page("firms.example/list", "Relaunch")
        let gone = try site.searched(["berlin_firms"])
        #expect(gone["found"] == 0)
        let failing = try site.source("berlin_firms")
        #expect(failing.text("state") == "failing" && !failing.text("error").isEmpty)
        #expect(try site.leads.count == 2)
        let alert = try #require(try alerts(site.agency).first)
        #expect(alert.text("title").contains("berlin_firms") && !alert.text("recommended_action").isEmpty)
        site.web.set("firms.example/list") { _ in
            StandInAnswer(
                200, "<html><body><p class='f'><b>Firm 9</b><i>Berlin</i></p></body></html>",
                headers: Searching.page)
        }
        try site.agency.owner.patch(
            "/v1/lead-sources/berlin_firms",
            ["item": "//p[@class='f']", "fields": ["company": "b", "location": "i"], "next": .null]
        ).ok()
        let versions = try site.agency.owner.every("/v1/lead-sources/berlin_firms/versions")
        #expect(versions.map { $0["version"]?.int } == [2, 1])
        #expect(try site.searched(["berlin_firms"])["created"] == 1)
        #expect(try site.source("berlin_firms").text("state") == "active")
        #expect(try alerts(site.agency).isEmpty)
        // A fault that a person sees in a lead is corrected by hand, and the source does not take it back.
        let lead = try #require(try site.leads.first { $0.text("company") == "Firm 9" })
        #expect(lead.text("location") == "Berlin")
        try site.agency.owner.patch("/v1/leads/\(lead.id)", ["location": "Hamburg"]).ok()
        #expect(try site.searched(["berlin_firms"])["duplicates"] == 1)
        #expect(try site.agency.owner.get("/v1/leads/\(lead.id)").ok().text("location") == "Hamburg")
        #expect(try site.agency.owner.fact(lead, "location")["source"]?["kind"] == "person")
        let back = try site.agency.owner.post("/v1/lead-sources/berlin_firms/rollback", ["version": 1]).ok()
        #expect(back.text("item") == "//li[@class='firm']" && back["definition"] == 3)
        let none = try site.agency.owner.post("/v1/lead-sources/berlin_firms/rollback", ["version": 9])
        #expect(none.status == 422)
    }

    private func alerts(_ agency: Agency) throws -> [JSON] {
        try agency.owner.every("/v1/alerts").filter {
            $0.text("kind") == "lead_source_failing" && $0["resolved_at"] == .null
        }
    }

    @Test func `sites that misbehave are told by name, and are left in peace`() throws {
        let site = try Searching()
        site.directory("loop.example", ["Firm 1", "Firm 2"])
        site.web.set("loop.example/list") { _ in
            StandInAnswer(
                200,
                "<html><body><li class='firm'><h2>Firm 1</h2></li><a class='next' href='/list'>n</a></body></html>",
                headers: Searching.page)
        }
        site.web.set("denied.example/list") { _ in StandInAnswer(403, "sign in") }
        site.web.set("zip.example/list") { _ in
            StandInAnswer(200, "PK", headers: [("Content-Type", "application/zip")])
        }
        site.web.set("limited.example/list") { _ in
            StandInAnswer(429, "", headers: [("Retry-After", "7200")])
        }
        site.web.page("reserved.example/list", headers: [("tdm-reservation", "1")])
        site.web.page("private.example/list", "Private")
        site.web.set("private.example/robots.txt") { _ in StandInAnswer(503, "") }
        let expected = [
            "loop": "paging_loop", "denied": "access_denied", "zip": "wrong_type", "limited": "rate_limited",
            "reserved": "noindex", "private": "robots_unreachable", "gone": "not_found",
        ]
        for (name, code) in expected.sorted(by: { $0.key < $1.key }) {
            try site.declare("\(name).example", name)
            let result = try site.searched([name])
            #expect(Searching.error(result) == code, "\(name): \(result)")
            #expect(try site.source(name).text("error").hasPrefix(code))
            #expect(site.web.asked("\(name).example").filter { $0 == "/list" }.count <= 1)
        }
    }

    @Test func `a feed whose next page is itself is read once, and that is told`() throws {
        let site = try Searching()
        site.web.set("round.example/feed") { _ in
            StandInAnswer(
                200,
                """
                <rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>
                <atom:link rel="next" href="http://round.example/feed"/>
                <item><guid>1</guid><title>We are looking for an agency</title>
                <description>Acme Shop, see https://acme-shop.example for more</description></item>
                </channel></rss>
                """, headers: [("Content-Type", "application/rss+xml")])
        }
        try site.agency.owner.post(
            "/v1/lead-sources", ["name": "round", "kind": "feed", "start_url": "http://round.example/feed"]
        ).ok(201)
        #expect(Searching.error(try site.searched(["round"])) == "paging_loop")
        #expect(site.web.asked("round.example").filter { $0 == "/feed" }.count == 1)
    }

    @Test func `a directory that wants a pause gets it, and goes on`() throws {
        let site = try Searching()
        site.directory("busy.example", ["Firm 1", "Firm 2", "Firm 3"])
        let asked = Mutex(0)
        site.web.set("busy.example/list") { request in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            guard count > 1 else { return StandInAnswer(429, "", headers: [("Retry-After", "1")]) }
            return StandInAnswer(
                200, "<html><body><li class='firm'><h2>Firm 1</h2></li></body></html>",
                headers: Searching.page)
        }
        try site.declare("busy.example", "busy", ["next": .null])
        let began = ContinuousClock.now
        let result = try site.searched(["busy"])
        #expect(result["created"] == 1 && began.duration(to: .now) >= .seconds(1), "\(result)")
    }

    @Test func `pages of links, feeds and communities name companies where somebody shows a need`() throws {
        let site = try Searching()
        site.web.set("chamber.example/members") { _ in
            StandInAnswer(
                200,
                """
                <html><body><a href='/about'>About</a><a href='https://www.acme.example/x'>Acme GmbH</a>
                <a href='https://beta-works.example'>website</a>
                <a href='https://www.facebook.com/x'>Us</a></body></html>
                """, headers: Searching.page)
        }
        try site.agency.owner.post(
            "/v1/lead-sources",
            ["name": "chamber", "kind": "website", "start_url": "http://chamber.example/members"]
        ).ok(201)
        #expect(try site.searched(["chamber"])["created"] == 2)
        #expect(Set(try site.leads.map { $0.text("company") }) == ["Acme GmbH", "Beta Works"])
        site.web.set("jobs.example/feed") { _ in
            StandInAnswer(
                200,
                """
                <rss><channel><title>t</title>
                <item><guid>1</guid><title>We are looking for an agency</title>
                <description>Acme Shop, see https://acme-shop.example for more</description></item>
                <item><guid>2</guid><title>Weather</title><description>https://sun.example</description></item>
                <item><guid>3</guid><title>Request for proposal, no site</title><description>x</description></item>
                </channel></rss>
                """, headers: [("Content-Type", "application/rss+xml")])
        }
        try site.agency.owner.post(
            "/v1/lead-sources", ["name": "jobs", "kind": "feed", "start_url": "http://jobs.example/feed"]
        ).ok(201)
        #expect(try site.searched(["jobs"])["created"] == 1)
        let found = try #require(try site.leads.first { $0.text("source") == "jobs" })
        #expect(found.text("website") == "https://acme-shop.example")
        #expect(found["pain_points"]?.array?.first?.text?.contains("looking for an agency") == true)
        try watchFeed(site)
        site.web.set("forum.example/search.json") { _ in
            Searching.answer([
                "posts": [
                    [
                        "id": 1, "topic_id": 7, "post_number": 1, "username": "ann",
                        "blurb": "Can anyone recommend a CRM? We run www.forum-shop.example",
                    ]
                ], "topics": [["id": 7, "title": "CRM", "slug": "crm"]],
            ])
        }
        try site.agency.owner.post(
            "/v1/lead-sources",
            [
                "name": "forum", "kind": "community", "platform": "discourse",
                "start_url": "http://forum.example",
                "phrases": ["can anyone recommend"],
            ]
        ).ok(201)
        let asked = try site.searched(["forum"], ["keywords": ["CRM"]])
        #expect(asked["created"] == 1, "\(asked)")
        #expect(try site.leads.contains { $0.text("website") == "https://www.forum-shop.example" })
    }

    /// A need that is shown later, in another language, makes the one new lead of the next search.
    private func watchFeed(_ site: Searching) throws {
        site.web.set("jobs.example/feed") { _ in
            StandInAnswer(
                200,
                """
                <rss><channel><title>t</title>
                <item><guid>4</guid><title>Wir suchen eine Agentur</title>
                <description>Muster Werke, siehe https://muster-werke.example</description></item>
                <item><guid>5</guid><title>Nous avons une agence</title>
                <description>https://agence.example</description></item>
                <item><guid>1</guid><title>We are looking for an agency</title>
                <description>Acme Shop, see https://acme-shop.example for more</description></item>
                </channel></rss>
                """, headers: [("Content-Type", "application/rss+xml")])
        }
        let next = try site.searched(["jobs"])
        #expect(next["created"] == 1 && next["duplicates"] == 1 && next["found"] == 2, "\(next)")
        let sites = try site.leads.filter { $0.text("source") == "jobs" }.map { $0.text("website") }
        #expect(Set(sites) == ["https://acme-shop.example", "https://muster-werke.example"])
    }
}
