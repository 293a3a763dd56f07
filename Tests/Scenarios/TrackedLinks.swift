import JSON
import Testing

/// Links lead where they were made to lead, with their marks, and people who follow them are counted apart from
/// programs.
@Suite(.ownThread) struct TrackedLinks {
    let server = BureauProcess.shared
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    private static let person = ["User-Agent": firefox, "Accept-Language": "en"]

    private func link(_ owner: Caller, _ url: String, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = ["url": .string(url)]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/tracked-links", .object(body)).ok(201)
    }

    private func path(_ link: JSON) throws -> String {
        let url = link.text("short_url")
        return String(url[try #require(url.firstRange(of: "/t/")).lowerBound...])
    }

    private func clicks(_ owner: Caller, _ link: JSON) throws -> JSON {
        try owner.get("/v1/tracked-links/\(link.id)").ok()["clicks"] ?? .null
    }

    @Test func `marks are completed and never overwritten, and query and fragment stay as they are`() throws {
        let owner = try server.quietAgency().owner
        let utm: JSON = ["source": "bureau", "medium": "social", "campaign": "Spring & more"]
        for (url, target) in [
            (
                "https://acme.example/news?a=1&utm_source=keep#top",
                "https://acme.example/news?a=1&utm_source=keep&utm_medium=social"
                    + "&utm_campaign=Spring%20%26%20more#top"
            ),
            (
                "https://acme.example#/route?x",
                "https://acme.example?utm_source=bureau&utm_medium=social"
                    + "&utm_campaign=Spring%20%26%20more#/route?x"
            ),
            (
                "http://acme.example/a?UTM_Medium=&q=%2F%2f&&",
                "http://acme.example/a?UTM_Medium=&q=%2F%2f&&utm_source=bureau"
                    + "&utm_campaign=Spring%20%26%20more"
            ),
        ] { #expect(try link(owner, url, ["utm": utm]).text("target") == target) }
        let plain = try link(owner, "https://acme.example/Äpfel?q=ü&gclid=x")
        #expect(plain.text("target") == "https://acme.example/%C3%84pfel?q=%C3%BC&gclid=x")
        let same = try owner.get("/v1/tracked-links/\(plain.id)").ok()
        #expect(same["short_url"] == plain["short_url"], "its address stays")
    }

    @Test func `people are counted apart from programs, and all are led to the target alone`() throws {
        let owner = try server.quietAgency().owner, out = server.anonymous
        let link = try link(owner, "https://acme.example/news?a=1#top"), path = try path(link)
        #expect(link["clicks"] == ["people": 0, "automatic": 0])
        for address in [path, path + "?to=https://evil.example&url=//evil.example"] {
            let answer = try out.get(address, Self.person)
            #expect(answer.status == 302 && answer.header("Location") == "https://acme.example/news?a=1#top")
        }
        #expect(try out.request("HEAD", path, headers: Self.person).status == 302)
        for headers in [
            Self.person.merging(["Sec-Purpose": "prefetch;prerender"]) { $1 },
            ["User-Agent": "facebookexternalhit/1.1"], ["User-Agent": "Barracuda Sentinel (EE)"], [:],
        ] { #expect(try out.get(path, headers).status == 302) }
        #expect(try clicks(owner, link) == ["people": 2, "automatic": 5])
        let moved = try owner.patch("/v1/tracked-links/\(link.id)", ["url": "https://acme.example/"]).ok()
        #expect(moved["short_url"] == link["short_url"])
        #expect(try out.get(path, Self.person).header("Location") == "https://acme.example/")
        try owner.delete("/v1/tracked-links/\(link.id)").ok(204)
        #expect(try out.get(path, Self.person).status == 404)
    }

    @Test func `whoever opens three different links within two seconds is a program, with all three`() throws
    {
        let owner = try server.quietAgency().owner, out = server.anonymous
        let links = try (0..<4).map { try link(owner, "https://acme.example/\($0)") }
        let reader = ["User-Agent": Self.firefox + " \(links[0].id)"]
        for link in links.prefix(3) { #expect(try out.get(path(link), reader).status == 302) }
        for link in links.prefix(3) {
            #expect(try clicks(owner, link) == ["people": 0, "automatic": 1], "the first two are taken back")
        }
        #expect(try out.get(path(links[3]), reader).status == 302)
        #expect(try clicks(owner, links[3]) == ["people": 0, "automatic": 1])
        // Following one link again and again is a person's impatience.
        let other = ["User-Agent": Self.firefox + " \(links[1].id)"]
        for _ in 0..<4 { #expect(try out.get(path(links[0]), other).status == 302) }
        #expect(try clicks(owner, links[0]) == ["people": 4, "automatic": 1])
    }

    @Test func `what is no address of a page is refused, and no token but its own opens a link`() throws {
        let owner = try server.quietAgency().owner, stranger = try server.quietAgency().owner
        for url in [
            "javascript:alert(1)", "//evil.example", "ftp://x.example", "not a url", "https://", "https:///x",
            "https://a.example\\@evil.example", "https://user:secret@a.example",
            "https://a.example/\u{202E}x",
            "https://a.example/" + String(repeating: "x", count: 3000), "www.example.com",
            "http://10.0.0.1/", "http://127.0.0.1:8080/x", "https://192.168.1.1", "http://169.254.169.254/",
            "http://0177.0.0.1/", "http://127.0.0.0x1/", "http://2130706433/", "http://[::1]/",
            "http://[fd00::1]/x", "http://localhost:8080/", "http://x.localhost/", "http://printer.local/",
            "http://crm.internal/",
        ] {
            let answer = try owner.post("/v1/tracked-links", ["url": .string(url)])
            #expect(try answer.faults().keys.sorted() == ["/url"], "\(url)")
        }
        let faults = try owner.post(
            "/v1/tracked-links", ["url": "x", "utm": ["source": 1, "colour": "red"]]
        ).faults()
        #expect(faults["/utm/source"] == "wrong_type" && faults["/utm/colour"] == "unknown_field")
        let link = try link(owner, "https://acme.example/"), path = try path(link)
        #expect(try server.anonymous.get(path.dropLast(6) + "AAAAAA", Self.person).status == 404)
        #expect(try stranger.get("/v1/tracked-links/\(link.id)").status == 404)
        #expect(try stranger.every("/v1/tracked-links").isEmpty)
    }

    @Test func `a click that was answered stands after a kill, and a gateway's network has no people`() throws {
        let server = try BureauProcess.start([
            "http.trusted_proxies": "127.0.0.1/32", "tracking.gateways": "198.51.100.0/24",
        ])
        let owner = try server.quietAgency().owner
        let link = try link(owner, "https://acme.example/"), path = try path(link)
        for _ in 0..<30 { #expect(try server.anonymous.get(path, Self.person).status == 302) }
        for (address, count) in [("198.51.100.7", 2), ("198.51.101.7", 1)] {
            let sent = Self.person.merging(["X-Forwarded-For": address]) { $1 }
            for _ in 0..<count { #expect(try server.anonymous.get(path, sent).status == 302) }
        }
        try server.killAndRestart()
        #expect(try clicks(owner, link) == ["people": 31, "automatic": 2])
    }
}
