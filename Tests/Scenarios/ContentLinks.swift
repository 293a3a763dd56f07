import JSON
import StandIns
import Testing

/// The crawler follows the links of content, and findings name the places of broken ones. A short outage is no fault.
@Suite(.ownThread) struct ContentLinks {
    private func item(_ owner: Caller, _ body: String) throws -> JSON {
        try owner.post(
            "/v1/content-items",
            ["title": "News", "type": "educational", "subject": "News", "body": .string(body)]
        ).ok(201)
    }

    private func broken(_ owner: Caller, _ item: JSON) throws -> [JSON] {
        let quality = try owner.get("/v1/content-items/\(item.id)").ok()["quality"]
        return (quality?["findings"]?.array ?? []).filter { $0["code"] == "broken_link" }
    }

    private func waitForLinks(_ owner: Caller, of item: JSON) throws {
        try eventuallyTrue("the links were asked", within: .seconds(60)) {
            let jobs = try owner.every("/v1/jobs?kind=content.links").filter {
                $0.text("state") != "scheduled"
            }
            return !jobs.isEmpty && jobs.allSatisfy { $0.text("state") == "completed" }
        }
    }

    @Test func `a page that is gone is told with its status, and others are not`() throws {
        let web = try CrawledWeb()
        let owner = try BureauProcess.start(web.settings).quietAgency().owner
        web.page("links.example/")
        web.page("links.example/kept")
        web.set("links.example/gone") { _ in StandInAnswer(410, "") }
        web.set("links.example/moved") { _ in
            StandInAnswer(301, "", headers: [("Location", "http://links.example/lost")])
        }
        web.set("links.example/inside") { _ in
            StandInAnswer(302, "", headers: [("Location", "http://169.254.169.254/latest")])
        }
        web.set("links.example/members") { _ in StandInAnswer(403, "sign in") }
        web.set("links.example/report.pdf") { _ in
            StandInAnswer(200, "%PDF-1.4", headers: [("Content-Type", "application/pdf")])
        }
        web.set("links.example/down") { _ in StandInAnswer(500, "") }
        let names = ["kept", "gone", "moved", "inside", "members", "report.pdf", "down"]
        let body = names.map { "[\($0)](http://links.example/\($0))" }.joined(separator: " and ")
        let item = try item(owner, "See " + body + ".")
        let first = try owner.post("/v1/content-items/\(item.id)/check").ok()
        #expect((first["findings"]?.array ?? []).allSatisfy { $0["code"] != "broken_link" })
        try eventuallyTrue("the report knows the links", within: .seconds(60)) {
            try broken(owner, item).count >= 3
        }
        let found = try broken(owner, item)
        #expect(
            found.map { $0.text("evidence") }
                == ["gone", "moved", "inside"].map { "http://links.example/\($0)" })
        #expect(found.allSatisfy { $0["severity"] == "error" })
        #expect(found[0].text("detail").contains("410") && found[1].text("detail").contains("404"))
        let start = Int(found[0]["start"]?.int ?? 0), end = Int(found[0]["end"]?.int ?? 0)
        let text = Array(("See " + body + ".").unicodeScalars)[start..<end]
        #expect(String(String.UnicodeScalarView(text)) == "http://links.example/gone")
        // Nothing is asked twice: it is known for a week.
        let asked = web.asked("links.example").count
        let again = try owner.post("/v1/content-items/\(item.id)/check").ok()
        #expect((again["findings"]?.array ?? []).count { $0["code"] == "broken_link" } == 3)
        try waitForLinks(owner, of: item)
        #expect(web.asked("links.example").count == asked)
        #expect(web.asked("links.example").first == "/robots.txt")
        #expect(!web.asked("links.example").contains("/latest"))
        // A link without an answer is asked again a day later.
        let waiting = try owner.every("/v1/jobs?kind=content.links").filter {
            $0.text("state") == "scheduled"
        }
        #expect(waiting.count == 1)
        // An error keeps it from being reviewed, like every other.
        try owner.post("/v1/content-items/\(item.id)/submit").problem(409)
    }

    @Test func `a sandbox asks nobody`() throws {
        let web = try CrawledWeb()
        let agency = try BureauProcess.start(web.settings).quietAgency()
        web.set("quiet.example/gone") { _ in StandInAnswer(404, "") }
        let box = try agency.sandbox()
        try box.quieten()
        let item = try item(box.owner, "See http://quiet.example/gone for more.")
        let report = try box.owner.post("/v1/content-items/\(item.id)/check").ok()
        try box.advance("P2D")
        #expect(try broken(box.owner, item).isEmpty && report["spelling"]?["checked"] == true)
        #expect(web.asked("quiet.example").isEmpty)
    }
}
