import Markdown
import Testing

@Suite struct MarkdownLimitTests {
    @Test(arguments: [">", "- ", "1. ", "  - > "])
    func `what is nested too deeply is still there, as text`(mark: String) {
        let html = Markdown.html(String(repeating: mark, count: 20_000) + "the end")
        #expect(html.contains("the end"))
        #expect(html.ranges(of: "<blockquote>").count <= Markdown.nestingMax)
        #expect(html.ranges(of: "<li>").count <= Markdown.nestingMax)
    }

    @Test func `emphasis nested too deeply is still there, as text`() {
        let deep =
            String(repeating: "*a **b ", count: 2_000) + "the end" + String(repeating: "** c*", count: 2_000)
        let html = Markdown.html(deep)
        #expect(html.contains("the end"))
        #expect(html.ranges(of: "<em>").count < 2 * Markdown.nestingMax)
    }

    @Test func `a text that is too long for Markdown is its lines, with nothing lost`() {
        let line = "*a* <b> [c](https://d.example)\n"
        let long = String(repeating: line, count: Markdown.bytesMax / line.utf8.count + 1) + "\nlast & least"
        #expect(Markdown.blocks(long).count == 2)
        let html = Markdown.html(long)
        #expect(html.hasPrefix("<p>*a* &lt;b&gt; [c](https://d.example)<br>\n"))
        #expect(html.hasSuffix("<p>last &amp; least</p>\n"))
        #expect(Markdown.plainText(long) == long + "\n")
        #expect(Markdown.html(String(long.dropFirst(2 * line.utf8.count))).contains("<em>a</em>"))
    }

    /// Patterns that have made parsers of Markdown slow, each as long as a text may be.
    @Test(arguments: [
        "*a_ ", "[a](", "![[]()", "`a ``b ", "<a ", "[", "a**b ", "www.a", "a@b.c ", "://", "|a", "| a | b\n",
        "~~a ",
        "&", "<!--", "<?", "[a]: x\n", "\\", "- a\n", "> a\n", "\t", "*", "_", "a.b_c:", "**x [a*b**c*](d)",
        "(", "]",
        "|-|\n|x\n", "http://a.b(", "xmpp:a@b.c/", "a_b@c.d_", "<<A", "[a][b]", "_a**b__c*",
    ])
    func `no pattern takes minutes`(pattern: String) {
        let source = String(repeating: pattern, count: Markdown.bytesMax / pattern.utf8.count)
        let clock = ContinuousClock()
        let taken = clock.measure { _ = Markdown.plainText(source) }
        #expect(taken < .seconds(30), "\(pattern): \(taken)")
    }

    @Test func `a table that would grow out of few bytes is lines`() {
        let columns = 5_000
        let table =
            String(repeating: "|a", count: columns) + "\n" + String(repeating: "|-", count: columns) + "\n"
        #expect(Markdown.html(table + String(repeating: "x\n", count: 7)).contains("<table>"))
        let html = Markdown.html(table + String(repeating: "x\n", count: 50_000))
        #expect(!html.contains("<table>"))
        #expect(html.contains("|-|-|-"))
        #expect(html.count < 400_000)
    }

    /// The answer to any text has only elements of ours and no address with another scheme.
    @Test func `no mixture of marks makes HTML that was not meant`() {
        var random = Xorshift(state: 20_251_121)
        let pieces = [
            "*", "**", "_", "~~", "`", "```\n", "[", "]", "(", ")", "<", ">", "\"", "'", "&", "\\", "!", "|",
            "|-|\n", "- ",
            "1. ", "> ", "# ", "\n", "\n\n", "  ", "\t", "a", "日本", "مرحبا", "\u{0}", "\u{202E}",
            "javascript:", "https://",
            "data:", "www.", "@", ".com", "<script>", "<a href=", "onclick=", "&#106;", "&lt;", "<!--", "-->",
            "{{", "]:",
        ]
        for _ in 0..<4_000 {
            let source = (0..<Int(random.next() % 60)).map { _ in pieces[Int(random.next() % 47)] }.joined()
            let html = Markdown.html(source)
            #expect(Self.isSafe(html), "\(source.debugDescription) gives \(html.debugDescription)")
            _ = Markdown.plainText(source)
        }
    }

    private static let tags: Set = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br", "pre", "code",
        "em", "strong",
        "del", "table", "thead", "tbody", "tr", "th", "td", "a",
    ]

    private static func isSafe(_ html: String) -> Bool {
        var rest = Substring(html)
        var open: [Substring] = []
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            var tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.first == "/" {
                guard open.popLast() == tag.dropFirst() else { return false }
                continue
            }
            let name = tag.prefix { $0 != " " }
            guard tags.contains(String(name)) else { return false }
            if name != "hr", name != "br" { open.append(name) }
            tag = tag.dropFirst(name.count)
            let isPlain =
                tag.isEmpty || [" align=\"left\"", " align=\"right\"", " align=\"center\""].contains(tag)
            let isNumber =
                name == "ol" && tag.hasPrefix(" start=\"")
                && tag.dropFirst(8).dropLast().allSatisfy(\.isNumber)
            let isLink =
                name == "a" && tag.hasSuffix("\" rel=\"noopener noreferrer\"")
                && [" href=\"http:", " href=\"https:", " href=\"mailto:", " href=\"tel:"].contains {
                    tag.lowercased().hasPrefix($0)
                }
                && tag.count { $0 == "\"" } == 4
            guard isPlain || isNumber || isLink else { return false }
        }
        return open.isEmpty && !rest.contains(">")
    }

    @Test func `many threads at once read what one reads`() async {
        let source = "Call **us** at www.example.com or ~~joe@example.com~~\n\n| a | b |\n|--|--|\n| c | d |"
        let html = Markdown.html(source)
        #expect(html.contains("<del>") && html.contains("<table>") && html.contains("mailto:joe@example.com"))
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<200).allSatisfy { _ in Markdown.html(source) == html } }
            }
            for await isSame in group { #expect(isSame) }
        }
    }
}

/// Marsaglia's generator: the same mixtures on every machine.
private struct Xorshift {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
