import JSON
import TestRandomness
import Testing

@testable import Crawling

struct `Rules of a site` {
    private func rules(_ text: String, for name: String = "BureauBot") -> RobotsRules {
        RobotsRules(Array(text.utf8), for: name)
    }

    private static let vectors = """
        User-agent: *
        Disallow: /private/
        Allow: /private/press
        Disallow: /*.pdf$
        Disallow: /search?
        Allow: /a
        Disallow: /a
        Disallow: /caf%C3%A9
        Disallow: /~x
        """

    @Test(arguments: [
        "/private", "/private/press/1", "/doc.pdf?x=1", "/search", "/abc", "/PRIVATE/x", "/robots.txt",
    ])
    func `allow by the longest pattern`(path: String) { #expect(rules(Self.vectors).allows(path)) }

    @Test(arguments: ["/private/x", "/doc.pdf", "/search?q=1", "/caf\u{E9}/menu", "/caf%c3%a9", "/%7Ex"])
    func `forbid by the longest pattern`(path: String) { #expect(!rules(Self.vectors).allows(path)) }

    @Test func `are those of all groups with our name, and only then those for everybody`() {
        let text = """
            \u{FEFF}user-agent: Other\r\nDisallow: /o\r\rUSER-AGENT: bureaubot/2.0 # ours\rUser-agent: Third
            Disallow: /a

            Disallow: /b
            User-agent: *
            Disallow: /
            User-agent: BureauBot
            Sitemap: https://x.example/map.xml
            Disallow: /c
            Crawl-delay: 90
            """
        let own = rules(text)
        #expect(!own.allows("/a") && !own.allows("/b") && !own.allows("/c"))
        #expect(own.allows("/") && own.allows("/o"))
        #expect(own.sitemaps == ["https://x.example/map.xml"] && own.crawlDelay == .seconds(30))
        #expect(!rules(text, for: "Nobody").allows("/x"))
        #expect(rules("Disallow: /\n").allows("/x"))
    }

    @Test func `with an empty value forbid nothing`() {
        #expect(rules("User-agent: *\nDisallow:\n").allows("/x"))
        #expect(rules("").allows("/x"))
    }

    @Test func `read stars and dollars that are meant as such`() {
        let own = rules("User-agent: *\nDisallow: /a%2Ab\nDisallow: /p$x\nDisallow: /x*y*z$\n")
        #expect(!own.allows("/a*b") && own.allows("/aXb"))
        #expect(!own.allows("/p$xy") && own.allows("/p"))
        #expect(!own.allows("/x1y2z") && own.allows("/x1y2z3") && !own.allows("/xyzyz"))
    }

    @Test func `beyond 500 KiB are not read`() {
        let long = String(repeating: "# comment of some length here\n", count: 20_000)
        #expect(rules("User-agent: *\n" + long + "Disallow: /\n").allows("/x"))
    }

    @Test func `made to take long do not`() {
        let pattern = "/" + String(repeating: "a*", count: 1000) + "b"
        let own = rules("User-agent: *\n" + String(repeating: "Disallow: \(pattern)\n", count: 200))
        let clock = ContinuousClock(), began = clock.now
        #expect(own.allows("/" + String(repeating: "a", count: 4000)))
        #expect(clock.now - began < .seconds(5))
    }

    @Test func `are taken from the answer to the question for them`() {
        let closed = Array("User-agent: *\nDisallow: /".utf8)
        func allows(_ status: Int?) -> Bool? {
            guard case .rules(let rules) = RobotsVerdict(status: status, body: closed, for: "BureauBot")
            else {
                return nil
            }
            return rules.allows("/x")
        }
        #expect(allows(200) == false)
        for absent in [404, 410, 400, 301] { #expect(allows(absent) == true) }
        for out in [401, 403, 429, 500, 503, nil] { #expect(allows(out) == nil) }
    }

    // MARK: The judge

    private static func generated(_ random: inout SeededGenerator) -> (file: String, paths: [String]) {
        let words = [
            "a", "b", "shop", "index", "p", "news", "x1", ".html", ".pdf", "%7E", "%2f", "~", "-", "_",
            "caf%C3%A9", "%c3%a9",
        ]
        func piece(_ isPattern: Bool, _ random: inout SeededGenerator) -> String {
            var text = ""
            for _ in 0...random.below(4) {
                text += "/"
                for _ in 0..<random.below(3) { text += words[random.below(words.count)] }
                if isPattern, random.below(4) == 0 { text += "*" }
            }
            if random.below(4) == 0 { text += "?" + words[random.below(words.count)] + "=1" }
            if isPattern, random.below(5) == 0 { text += "$" }
            return text
        }
        var lines: [String] = [], paths: [String] = []
        for _ in 0...random.below(4) {
            for _ in 0...random.below(2) {
                lines.append(
                    "User-Agent: \(["*", "BureauBot", "otherbot", "BUREAUBOT", "third"][random.below(5)])")
            }
            for _ in 0..<random.below(8) {
                let pattern = piece(true, &random)
                lines.append(
                    (random.below(3) == 0 ? "Allow: " : "Disallow: ") + (random.below(20) == 0 ? "" : pattern)
                )
                // A path that the pattern is made for.
                paths.append(
                    pattern.filter { $0 != "$" }.replacing("*", with: ["", "a", "/b/"][random.below(3)]))
                if random.below(6) == 0 {
                    lines.append(["# note", "", "Foo: bar", "Sitemap: https://x.example/m"][random.below(4)])
                }
            }
        }
        while paths.count < 50 { paths.append(piece(false, &random)) }
        return (lines.joined(separator: ["\n", "\r\n"][random.below(2)]) + "\n", Array(paths.prefix(50)))
    }

    /// Protego, which Scrapy uses.
    @Test func `decide 10,000 cases as protego does`() throws {
        var random = SeededGenerator(9309)
        let cases = (0..<200).map { _ in Self.generated(&random) }
        let said = try Judge.ask(
            "robots",
            cases.map { ["file": .string($0.file), "agent": "bureaubot", "paths": JSON($0.paths)] })
        var different: [String] = [], forbidden = 0
        for (example, theirs) in zip(cases, said) {
            let own = rules(example.file)
            for (path, answer) in zip(example.paths, theirs.array ?? []) {
                let isAllowed = own.allows(path)
                if !isAllowed { forbidden += 1 }
                if answer.flag != isAllowed { different.append("\(path): \(isAllowed) in\n\(example.file)") }
            }
        }
        #expect(said.count == 200 && forbidden > 1000)
        #expect(different.isEmpty, "\(different.count): \(different.first ?? "")")
    }
}
