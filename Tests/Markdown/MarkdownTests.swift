import Markdown
import Testing

@Suite struct MarkdownTests {
    @Test(arguments: [
        (
            "# One\n\nTwo *three* **four** ~~five~~ `six`",
            "<h1>One</h1>\n<p>Two <em>three</em> <strong>four</strong> <del>five</del> <code>six</code></p>\n"
        ),
        ("a\nb  \nc\\\nd", "<p>a\nb<br>\nc<br>\nd</p>\n"),
        ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n"),
        ("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n"),
        ("> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n"),
        ("```swift\nif a < b {}\n```", "<pre><code>if a &lt; b {}</code></pre>\n"),
        ("Fish & \"chips\" it's", "<p>Fish &amp; &quot;chips&quot; it&#39;s</p>\n"),
        ("", ""), ("\0", "<p>\u{FFFD}</p>\n"),
    ])
    func `becomes HTML`(source: String, html: String) {
        #expect(Markdown.html(source) == html)
    }

    @Test func `tables keep their alignment, and rows have as many cells as there are columns`() {
        let source = "| A | B | C |\n|---|--:|:-:|\n| 1 | 2 |\n| 3 | 4 | 5 | 6 |"
        #expect(
            Markdown.blocks(source) == [
                .table(
                    Markdown.Table(
                        columns: [.natural, .right, .center],
                        header: [[.text("A")], [.text("B")], [.text("C")]],
                        rows: [
                            [[.text("1")], [.text("2")], []], [[.text("3")], [.text("4")], [.text("5")]],
                        ]))
            ])
        let html = Markdown.html(source)
        #expect(html.contains("<th>A</th>\n<th align=\"right\">B</th>\n<th align=\"center\">C</th>"))
        #expect(html.contains("<td>3</td>\n<td align=\"right\">4</td>\n<td align=\"center\">5</td>"))
        #expect(!html.contains("6"))
    }

    @Test(arguments: [
        ("[Site](https://example.com/a?b=1&c=2)", "https://example.com/a?b=1&amp;c=2", "Site"),
        ("<https://example.com>", "https://example.com", "https://example.com"),
        ("www.example.com", "http://www.example.com", "www.example.com"),
        ("joe@example.com", "mailto:joe@example.com", "joe@example.com"),
        ("[Call](tel:+49301234)", "tel:+49301234", "Call"),
        ("[Q](HTTPS://example.com/\"'é)", "HTTPS://example.com/%22%27%C3%A9", "Q"),
        ("[there]\n\n[there]: https://example.com/x", "https://example.com/x", "there"),
        ("![A chart](https://example.com/chart.png)", "https://example.com/chart.png", "A chart"),
    ])
    func `links lead to the web, a mailbox or a telephone`(source: String, url: String, text: String) {
        #expect(
            Markdown.html(source) == "<p><a href=\"\(url)\" rel=\"noopener noreferrer\">\(text)</a></p>\n")
    }

    @Test(arguments: [
        "[x](javascript:alert(1))", "[x](JavaScript:alert(1))", "[x](java&#10;script:alert(1))",
        "[x](data:text/html,hi)", "[x](vbscript:a)", "[x](file:///etc/passwd)", "[x](/local)", "[x](#part)",
        "[x](//example.com)", "[x](&#1;javascript:alert(1))", "[x](blob:a)", "[x]()",
        "[x](ftp://example.com)",
        "![x](javascript:alert(1))", "![x](pic.png)", "[x](<ht\ttp://a>)",
        "[x][y]\n\n[y]: javascript:alert(1)",
    ])
    func `links that lead anywhere else are their text`(source: String) {
        let html = Markdown.html(source)
        #expect(!html.contains("href") && !html.contains("src"))
        #expect(html.contains("x"))
    }

    @Test(arguments: [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <b onclick=\"x\">b</b>", "<p>a &lt;b onclick=&quot;x&quot;&gt;b&lt;/b&gt;</p>\n"),
        ("<div>\n*a*\n</div>", "<p>&lt;div&gt;<br>\n*a*<br>\n&lt;/div&gt;</p>\n"),
        ("a<br>b<BR />c", "<p>a<br>\nb<br>\nc</p>\n"),
        ("a <!-- b --> c", "<p>a  c</p>\n"),
        ("<!-- a -->\n\nb", "<p>b</p>\n"),
    ])
    func `HTML in the source is shown as the text that it is`(source: String, html: String) {
        #expect(Markdown.html(source) == html)
    }

    @Test(arguments: [
        (
            "# One\n\nTwo *three* \\*four\\* [Five](https://example.com/5) &amp; https://example.com",
            "One\n\nTwo three *four* Five (https://example.com/5) & https://example.com\n"
        ),
        (
            "Write to joe@example.com or visit www.example.com.",
            "Write to joe@example.com or visit www.example.com.\n"
        ),
        ("- a\n- b\n  c\n  1. d\n  2. e", "- a\n- b\n  c\n  1. d\n  2. e\n"),
        ("9. a\n10. b\n\n    c", "9. a\n\n10. b\n\n    c\n"),
        ("> a\n>\n> b", "> a\n>\n> b\n"),
        ("```\nx = 1\n\ny\n```", "    x = 1\n    \n    y\n"),
        ("a\n***\nb", "a\n\n------------------------\n\nb\n"),
        ("a & <script>B</script>", "a & <script>B</script>\n"),
        ("", ""),
    ])
    func `becomes text that reads well in a mail`(source: String, text: String) {
        #expect(Markdown.plainText(source) == text)
    }

    @Test func `a table of the plain text stands in columns, also beside wide characters`() {
        let source = "| Item | Price |\n|---|--:|\n| 日本 | 1.00 |\n| Strategy | 1,200.50 |"
        #expect(
            Markdown.plainText(source) == """
                Item         Price
                --------  --------
                日本          1.00
                Strategy  1,200.50

                """)
    }

    @Test func `a table too wide for a mail is a list of its rows`() {
        let long = String(repeating: "word ", count: 20).dropLast()
        #expect(
            Markdown.plainText("| A | B |\n|---|---|\n| 1 | \(long) |\n| 2 | |")
                == "A: 1\nB: \(long)\n\nA: 2\n")
    }

    @Test func `words are the text without its form`() {
        guard case .paragraph(let inlines)? = Markdown.blocks("**a** [b `c`](https://d.example)\ne").first
        else {
            Issue.record("no paragraph")
            return
        }
        #expect(Markdown.words(inlines) == "a b c e")
    }
}
