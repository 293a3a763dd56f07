import Glibc
import JSON
import Telemetry
import Testing

@testable import Bureau

@Suite struct OutputTests {
    @Test func `YAML says what the JSON says`() {
        let document: JSON = [
            "openapi": "3.1.0", "empty": [:], "none": [], "title": "A title, with commas", "text": "a: b", "yes": "yes", "number": "12",
            "list": ["a", ["b", "c"], ["key": ["x": 1, "y": nil]]], "quote": "say \"hi\"\n", "/v1/leads/{id}": true,
        ]
        #expect(
            YAML.text(document) == """
                openapi: 3.1.0
                empty: {}
                none: []
                title: A title, with commas
                text: "a: b"
                "yes": "yes"
                number: "12"
                list:
                  - a
                  - - b
                    - c
                  - key:
                      x: 1
                      "y": null
                quote: "say \\"hi\\"\\n"
                /v1/leads/{id}: true

                """)
    }

    @Test func `a bar shows how far the work is`() {
        #expect(ProgressBar.line(Progress(done: 50, total: 100, unit: "rows")) == "███████████████░░░░░░░░░░░░░░░ 50 %  50 rows")
        #expect(ProgressBar.line(Progress(done: 7, total: nil, unit: "items")) == "7 items")
        #expect(ProgressBar.line(Progress(done: 0, total: 0, unit: "rows")).hasSuffix("100 %  0 rows"))
    }

    @Test func `what goes over the socket comes out as it went in`() throws {
        let request = FolderRequest(
            command: ["user", "create"], values: [ParsedValue(name: "email", text: "a\n@b"), ParsedValue(name: "x", text: "")], folder: "/w")
        #expect(FolderRequest(try JSONParser.parse(request.json.bytes)) == request)
        #expect(FolderRequest(["command": "x"]) == nil)
        let progress = Progress(done: 3, total: nil, unit: "rows")
        #expect(Progress(try JSONParser.parse(progress.json.bytes)) == progress)
    }

    @Test(arguments: [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 KB"), (81_500_000_000, "81.5 GB")])
    func `sizes as people read them`(count: Int64, text: String) { #expect(byteText(count) == text) }

    @Test func `a table lines up`() {
        #expect(table(["id", "name"], [["1", "a"], ["22", ""]], Terminal()) == "id  name\n1   a\n22")
    }

    @Test func `the next night is never now, and at most a day and a bit away`() {
        let now = Instant.wallClock()
        for hour in 0..<24 {
            let next = LocalClock.next(TimeOfDay(hour: hour, minute: 30), after: now)
            #expect(next > now && next - now <= .seconds(26 * 3600))
            let parts = LocalClock.parts(next)
            #expect((Int(parts.tm_min), parts.tm_sec) == (30, 0))
            #expect(LocalClock.next(TimeOfDay(hour: hour, minute: 30), after: next) > next)
        }
    }

    @Test func `the worst of several checks is the state of all`() {
        #expect([HealthCheck.ok("a", "")].state == .ok)
        #expect([HealthCheck.ok("a", ""), .warning("b", "")].state == .warning)
        #expect([HealthCheck.failing("a", ""), .warning("b", "")].state == .failing)
    }

    @Test func `text in a page stays text`() { #expect(escaped("<a href=\"x\">&") == "&lt;a href=&quot;x&quot;&gt;&amp;") }
}
