import JSON
import Markdown
import Testing

@testable import Templates

@Suite struct `Values in a template` {
    static let hostile = [
        "A & <script>B</script>", "[x](javascript:alert(1))", "![x](https://a.example/p.png)",
        "**b** _c_ ~~d~~",
        "# heading", "1. one", "- item", "> quote", "    code", "\tcode", "```\ncode", "`code`", "***", "===",
        "---",
        "a | b", "www.evil.example", "https://evil.example/?a=1", "<https://evil.example>",
        "&amp; &#65; &copy;",
        "back\\slash\\", "[ref]: https://evil.example", "[^1]", "ends with blanks  ", "<!-- x -->",
        "\"quoted\"'",
        "{{ lead.notes }} {% if %}", "snow ☃ 山田 🎉",
    ]

    /// Around it, everything that Markdown could take for a beginning.
    private static let surroundings = """
        {{ lead.company }}

        # {{ lead.company }}

        - {{ lead.company }}
        - x **{{ lead.company }}**

        > {{ lead.company }}

        | a | b |
        |---|---|
        | {{ lead.company }} | c |
        """

    @Test(arguments: hostile)
    func `stay text in Markdown`(value: String) throws {
        let source = try rendered(Self.surroundings, ["company": .string(value)], for: .markdown)
        let plain = value.replacing("\n", with: "\u{2028}").replacing("\t", with: " ")
        #expect(
            Markdown.blocks(source) == [
                .paragraph([.text(plain)]), .heading(level: 1, [.text(plain)]),
                .list(
                    Markdown.List(items: [
                        [.paragraph([.text(plain)])], [.paragraph([.text("x "), .strong([.text(plain)])])],
                    ])),
                .quote([.paragraph([.text(plain)])]),
                .table(
                    Markdown.Table(
                        columns: [.natural, .natural], header: [[.text("a")], [.text("b")]],
                        rows: [[[.text(plain)], [.text("c")]]])),
            ])
    }

    @Test func `of several lines begin nothing new`() throws {
        let value = "one\n\n# two\r\n- three\n\n    four\u{2028}five"
        let source = try rendered("- {{ lead.notes }}\n- next", ["notes": .string(value)], for: .markdown)
        let text = "one\u{2028}\u{2028}# two\u{2028}- three\u{2028}\u{2028}    four\u{2028}five"
        #expect(
            Markdown.blocks(source) == [
                .list(Markdown.List(items: [[.paragraph([.text(text)])], [.paragraph([.text("next")])]]))
            ])
    }

    @Test func `cannot become markup in HTML`() throws {
        let lead: JSON = ["company": "A & <script>\"B\"</script>'"]
        #expect(
            try rendered("<p title=\"{{ lead.company }}\">{{ lead.company }}</p>", lead, for: .html)
                == "<p title=\"A &amp; &lt;script&gt;&quot;B&quot;&lt;/script&gt;&#39;\">"
                + "A &amp; &lt;script&gt;&quot;B&quot;&lt;/script&gt;&#39;</p>")
        let link = "<a href=\"{{ lead.company }}\">"
        #expect(try rendered(link, ["company": "javascript:alert(1)"], for: .html) == "<a href=\"#\">")
        #expect(try rendered(link, ["company": " JavaScript\t:x"], for: .html) == "<a href=\"#\">")
        #expect(
            try rendered(link, ["company": "https://a.example/?x=1&y=\"2\""], for: .html)
                == "<a href=\"https://a.example/?x=1&amp;y=%222%22\">")
    }

    @Test func `make one line in a subject, and nothing else`() throws {
        let company: JSON = ["company": "A & <script>B</script>"]
        #expect(
            try rendered("For {{ lead.company }}", company, for: .subject) == "For A & <script>B</script>")
        let smuggled: JSON = ["company": "A\r\nBcc: x@evil.example\u{0}\u{2028}\u{202E}\u{85} B "]
        #expect(
            try rendered(" For  {{ lead.company }}\n!", smuggled, for: .subject)
                == "For A Bcc: x@evil.example B !")
    }

    @Test func `keep their line ends in text, and lose what is not seen`() throws {
        let lead: JSON = ["notes": "a\r\nb\u{7}\tc\u{202E}d\u{9B}e\u{200F}f"]
        #expect(try rendered("{{ lead.notes }}", lead) == "a\nb\tcde\u{200F}f")
    }

    @Test func `cannot leave the address that they stand in`() throws {
        let lead: JSON = ["company": "A & B/ü?#", "notes": "x) [y](https://evil.example"]
        let source = """
            [a](https://a.example/{{ lead.company }}/c?n={{ lead.company }}&m={{ lead.notes }}#{{ lead.notes }})
            [b]({{ lead.notes }}) https://b.example/?n={{ lead.company }} {{ lead.company | url_encode }}
            """
        #expect(
            try rendered(source, lead, for: .markdown) == """
                [a](https://a.example/A%20&%20B/%C3%BC?#/c?n=A%20%26%20B%2F%C3%BC%3F%23&m=\
                x%29%20%5By%5D%28https%3A%2F%2Fevil.example#x%29%20%5By%5D%28https%3A%2F%2Fevil.example)
                [b](#) https://b.example/?n=A%20%26%20B%2F%C3%BC%3F%23 A%20%26%20B%2F%C3%BC%3F%23
                """)
        #expect(
            try rendered("https://b.example/?n={{ lead.company }}, {{ lead.company }}", lead)
                == "https://b.example/?n=A%20%26%20B%2F%C3%BC%3F%23, A & B/ü?#")
        #expect(
            try rendered("https://b.example/?n={{ lead.company | url_encode }}", lead)
                == "https://b.example/?n=A%20%26%20B%2F%C3%BC%3F%23")
        #expect(try rendered("{{ lead.company }}", lead, for: .url) == "A%20%26%20B%2F%C3%BC%3F%23")
        #expect(
            try rendered("{{ lead.company | url_encode }}", lead, for: .url) == "A%20%26%20B%2F%C3%BC%3F%23")
    }

    @Test func `that are addresses stay links`() throws {
        let source = "Book: {{ booking_url }}. Or [here]({{ booking_url }}/x?n={{ lead.company }})"
        let values: JSON = ["booking_url": "https://b.example/_a_(1)", "lead": ["company": "A B"]]
        let markdown = try rendering(source, values, for: .markdown).text
        #expect(
            Markdown.blocks(markdown) == [
                .paragraph([
                    .text("Book: "),
                    .link(url: "https://b.example/_a_%281%29", [.text("https://b.example/_a_%281%29")]),
                    .text(". Or "), .link(url: "https://b.example/_a_%281%29/x?n=A%20B", [.text("here")]),
                ])
            ])
        let bad = try rendering("{{ booking_url }}", ["booking_url": "javascript:x"], for: .markdown).text
        #expect(Markdown.blocks(bad) == [.paragraph([.text("javascript:x")])])
    }
}
