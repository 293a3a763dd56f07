import Documents
import Markdown
import Telemetry
import Testing

@Suite struct DocumentLimitTests {
    /// Any text makes a file that a reader can read.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `no mixture of blocks breaks a page or a file`(seed: UInt64) throws {
        var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15)
        let languages = ["en", "ar", "ja", "th", "", "x-!\u{0}\u{E9}", "zh-Hant", "he-Latn"]
        for _ in 0..<8 {
            var document = Document(
                title: random.text(), number: random.flag() ? random.text() : nil,
                language: languages[random.below(languages.count)],
                brand: Brand(
                    name: random.text(), color: "#FFFFFF", accent: "#f0f",
                    footer: (0..<random.below(6)).map { _ in random.text() }),
                created: Instant(microseconds: Int64(bitPattern: random.next())),
                blocks: (0..<random.below(25)).map { _ in random.block() })
            document.metadata = [random.text(): random.text()]
            document.pageFormat = random.text()
            let pdf = try document.pdf()
            #expect(PDFMarks.read(pdf) == document.metadata)
            let pages = try #require(Poppler(bytes: pdf).information()["Pages"].flatMap { Int($0) })
            #expect(pages >= 1)
            // Reads and draws every page; says where the file is not as it should be.
            _ = try Poppler(bytes: pdf).text()
            _ = try Poppler(bytes: pdf).picture(page: pages, resolution: 10)
        }
    }

    @Test func `nested lists and quotes stay on the page`() throws {
        let lists = (0..<20).map { String(repeating: "    ", count: $0) + "1. deep\($0)" }.joined(
            separator: "\n")
        let quotes = String(repeating: "> ", count: 20) + "end"
        for language in ["en", "ar"] {
            let pdf = Poppler(
                bytes: try Document(
                    title: "T", language: language, brand: Brand(name: "N"), created: Instant(seconds: 0),
                    blocks: [.markdown(lists + "\n\n" + quotes)]
                ).pdf())
            let page = try pdf.picture(page: 1, resolution: 72)
            let outside = page.pixels.indices.filter {
                page.pixels[$0] < 200 && !(56..<page.width - 56).contains($0 % page.width)
            }
            #expect(outside.isEmpty)
            let words = try pdf.words()
            #expect(words.contains("deep19") && words.contains("end"))
        }
    }

    @Test func `a paragraph as long as a book is set whole, and within a minute`() throws {
        let text = String(repeating: "word ", count: 100_000) + "end"
        let document = Document(
            title: "T", language: "en", brand: Brand(name: "N"), created: Instant(seconds: 0),
            blocks: [.text(text)])
        let clock = ContinuousClock()
        var pdf: [UInt8] = []
        let taken = try clock.measure { pdf = try document.pdf() }
        #expect(taken < .seconds(60))
        #expect(try Poppler(bytes: pdf).words().count { $0 == "word" } == 100_000)
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

    mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % limit }
    mutating func flag() -> Bool { next() >> 63 == 1 }
    mutating func many<T>(_ limit: Int, _ one: (inout Xorshift) -> T) -> [T] {
        (0..<below(limit)).map { _ in one(&self) }
    }

    mutating func text() -> String {
        let pieces = [
            "a", "word ", " ", "\n", "\t", "\\", "(", ")", "<<", ">>", "'", "\"", "%", "日本語", "مرحبا ",
            "שלום", "ไทย", "नमस्ते",
            "😀", "👩‍👩‍👧", "\u{0}", "\u{202E}", "\u{2066}", "e\u{301}", "\u{200D}", "€1,000.00", "{page}",
            "{pages}", "**b**", "- ",
            "# ", "> ", "| a | b |\n|--|--|\n", "](", "[x](https://x.example)", "`c`",
            "longwordwithoutanyspaces",
        ]
        return many(12) { $0.below(pieces.count) }.map { pieces[$0] }.joined()
    }

    mutating func inlines() -> [Markdown.Inline] {
        many(4) { random in
            switch random.below(5) {
            case 0: .strong([.text(random.text())])
            case 1: .link(url: "https://x.example/" + random.text(), [.emphasis([.text(random.text())])])
            case 2: .code(random.text())
            case 3: .lineBreak
            default: .text(random.text())
            }
        }
    }

    mutating func table() -> Table {
        let widths: [Table.Width] = [.fit, .share(1), .share(0), .share(-3), .share(5)]
        let roles: [Table.Row.Role] = [.item, .item, .section, .subtotal, .total]
        let alignments: [Table.Alignment] = [.start, .center, .end]
        return Table(
            columns: many(9) {
                Table.Column($0.text(), alignments[$0.below(3)], width: widths[$0.below(widths.count)])
            },
            rows: many(30) { random in
                Table.Row(random.many(10) { $0.inlines() }, roles[random.below(roles.count)])
            })
    }

    mutating func block() -> Block {
        switch below(15) {
        case 0: .cover(Cover(kind: text(), subtitle: text(), facts: many(7) { Fact($0.text(), $0.text()) }))
        case 1: .heading(level: below(9) - 2, text())
        case 2: .paragraph(inlines())
        case 3: .markdown(many(30) { $0.text() }.joined())
        case 4:
            .list(
                Markdown.List(
                    start: flag() ? below(100_000) : nil, items: many(6) { [.paragraph($0.inlines())] }))
        case 5: .facts(many(6) { Fact($0.text(), $0.text()) })
        case 6, 7: .table(table())
        case 8: .note(title: flag() ? text() : nil, inlines())
        case 9:
            .callToAction(
                CallToAction(title: text(), text: text(), button: (text(), "https://x.example/" + text())))
        case 10:
            .bars(
                BarChart(
                    title: text(), bars: many(9) { .init($0.text(), Double($0.below(100) - 20), $0.text()) }))
        case 11: .signatureLines(many(5) { $0.text() })
        case 12:
            .signatures([
                Signature(
                    title: text(), name: text(), facts: many(5) { Fact($0.text(), $0.text()) },
                    hash: Fact("h", text()))
            ])
        case 13: flag() ? .rule : .pageBreak
        default: .space(Double(below(2000)) - 500)
        }
    }
}
