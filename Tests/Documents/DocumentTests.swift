import Documents
import Foundation
import Markdown
import Telemetry
import Testing

@Suite struct DocumentTests {
    @Test func `the same document gives the same bytes, in many threads at once`() async throws {
        // More fonts than the library keeps open.
        var scripts = Samples.proposal
        scripts.blocks = ScriptTests.scripts.map { .text($0.1) }
        let documents = [Samples.proposal, Samples.arabicInvoice, Samples.japaneseProposal, scripts]
        let first = try documents.map { try $0.pdf() }
        #expect(Set(first).count == 4)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try zip(documents, first).allSatisfy { try $0.pdf() == $1 } }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test func `a document made at another moment has other bytes, and only its date differs`() throws {
        var later = Samples.proposal
        later.created = later.created + .seconds(86_400)
        let (one, other) = try (Samples.proposal.pdf(), later.pdf())
        #expect(one != other && one.count == other.count)
        #expect(try Poppler(bytes: one).text() == Poppler(bytes: other).text())
        #expect(try Poppler(bytes: other).information()["CreationDate"]?.contains("Mar  2") == true)
    }

    @Test func `code points that are no characters are left out, wherever they stand`() throws {
        var document = Samples.proposal
        document.title = "A\u{FFFE}B\u{1FFFE}C\u{FFFF}D"
        let noncharacter = Unicode.Scalar(0xFDD0 as UInt32).map { String(Character($0)) } ?? ""
        document.blocks = [.heading(level: 1, "One\u{10FFFF}"), .text("Two" + noncharacter)]
        let file = try Poppler(bytes: document.pdf())
        #expect(try file.information()["Title"] == "ABCD")
        #expect(try file.text().contains("Two"))
    }

    @Test func `the file says what it is`() throws {
        let facts = try Poppler(bytes: Samples.proposal.pdf()).information()
        #expect(facts["Title"] == "A brand that opens doors")
        #expect(facts["Author"] == "Northwind Studio")
        #expect(facts["Subject"] == "PRO-2026-0017")
        #expect(facts["Pages"] == "3")
        #expect(facts["Page size"]?.hasPrefix("595.276 x 841.89 pts") == true)
        #expect(facts["Encrypted"] == "no")
        let bytes = try String(decoding: Samples.arabicInvoice.pdf(), as: UTF8.self)
        #expect(bytes.contains("/Lang (ar)") && bytes.contains("/DisplayDocTitle true"))
    }

    @Test func `every page has its head and its foot`() throws {
        let pdf = Poppler(bytes: try Samples.proposal.pdf())
        for page in 1...3 {
            let text = try pdf.text(page: page)
            #expect(text.contains("Page \(page) of 3"))
            #expect(text.contains("Northwind Studio") && text.contains("PRO-2026-0017"))
            #expect(text.contains("IBAN DE89 3704 0044 0532 0130 00"))
        }
        #expect(try Poppler(bytes: Samples.japaneseProposal.pdf()).text(page: 2).contains("2 / 3 ページ"))
    }

    @Test func `a table repeats its head on every page, and its sums stand with a row above them`() throws {
        let pdf = Poppler(bytes: try Samples.proposal.pdf())
        let pages = try (2...3).map { try pdf.text(page: $0) }
        #expect(pages.allSatisfy { $0.contains("Service") && $0.contains("Amount") })
        #expect(pages[0].contains("Workshop with sales and engineering") && !pages[0].contains("€149,987.00"))
        let last = try pdf.words(page: 3)
        let (training, net, total) = (
            last.firstIndex(of: "Training"), last.firstIndex(of: "Net"), last.firstIndex(of: "Total")
        )
        #expect(try #require(training) < #require(net))
        #expect(try #require(net) < #require(total))
    }

    @Test func `no row is torn apart by the end of a page`() throws {
        let rows = (1...60).map {
            Table.Row(["\($0)begin " + String(repeating: "words ", count: 40) + "\($0)end"])
        }
        let pdf = Poppler(bytes: try document([.table(Table(columns: [.init("Text")], rows: rows))]).pdf())
        let count = try #require(Int(pdf.information()["Pages"] ?? ""))
        #expect(count > 3)
        for page in 1...count {
            let words = try pdf.words(page: page)
            let begun = words.filter { $0.hasSuffix("begin") }.map { $0.dropLast(5) }
            let ended = words.filter { $0.hasSuffix("end") }.map { $0.dropLast(3) }
            #expect(begun == ended && !begun.isEmpty, "page \(page)")
        }
    }

    @Test func `a row that is longer than a page goes on on the next`() throws {
        let text = (1...2500).map { "w\($0)" }.joined(separator: " ")
        let table = Table(
            columns: [.init("A"), .init("B")], rows: [.init(["one", text]), .init(["two", "last"])])
        let pdf = Poppler(bytes: try document([.table(table)]).pdf())
        let found = try pdf.words().filter { $0.hasPrefix("w") }
        #expect(found == text.split(separator: " ").map(String.init))
    }

    @Test func `no heading is the last thing on its page`() throws {
        for lines in 30..<44 {
            let blocks =
                (1...lines).map { Block.text("line \($0)") } + [
                    .heading(level: 1, "Heading"), .text("below"),
                ]
            let pdf = Poppler(bytes: try document(blocks).pdf())
            let pages = try (1...2).map { try pdf.words(page: $0) }
            #expect(pages.contains { $0.contains("Heading") && $0.contains("below") }, "\(lines)")
        }
    }

    @Test func `a page break starts a page, and two of them no empty one`() throws {
        let pdf = Poppler(
            bytes: try document([.pageBreak, .text("one"), .pageBreak, .pageBreak, .text("two"), .pageBreak])
                .pdf())
        #expect(try pdf.information()["Pages"] == "2")
        #expect(try pdf.words(page: 2).contains("two"))
    }

    @Test func `links lead where they say, and nowhere else`() throws {
        let pdf = try document([
            .markdown("[Site](<https://example.com/a'b?c=)\\\\d&é>) and [bad](javascript:alert(1))"),
            .callToAction(CallToAction(title: "Go", button: ("Pay", "https://pay.example/x"))),
            .callToAction(CallToAction(title: "No", button: ("Run", "javascript:alert(2)"))),
        ]).pdf()
        let text = String(decoding: pdf, as: UTF8.self)
        #expect(text.contains("/URI (https://example.com/a%27b?c=%29%5Cd&%C3%A9)"))
        #expect(text.contains("/URI (https://pay.example/x)"))
        #expect(!text.contains("javascript"))
        #expect(text.ranges(of: "/S /URI").count == 2)
        #expect(try !Poppler(bytes: pdf).words().contains("Run"))
    }

    @Test func `headings are the file's outline`() throws {
        let text = try String(decoding: Samples.proposal.pdf(), as: UTF8.self)
        for title in [
            "What we understood", "What you will have in September", "Scope and price", "How we work",
        ] {
            #expect(text.contains("/Title (\(title))"))
        }
    }

    @Test func `fonts are in the file`() throws {
        for document in [Samples.proposal, Samples.arabicInvoice, Samples.japaneseProposal] {
            let fonts = try Poppler(bytes: document.pdf()).fonts()
            #expect(!fonts.isEmpty && fonts.allSatisfy(\.isEmbedded))
        }
    }

    @Test func `every kind of block is set`() throws {
        let blocks: [Block] = [
            .cover(
                Cover(
                    kind: "KIND", subtitle: "SUBTITLE", facts: (1...6).map { Fact("FACT\($0)", "VALUE\($0)") }
                )),
            .heading(level: 3, "HEADING"), .paragraph([.strong([.text("STRONG")]), .code("CODE")]),
            .markdown(
                "> QUOTE\n\n```\nFENCED\n```\n\n| A |\n|--|\n| CELL |\n\n- [x](https://x.example) ITEM\n  1. NESTED"
            ),
            .facts([Fact("NAME", "LINE1\nLINE2")]), .note(title: "NOTE", [.text("TEXT")]),
            .bars(
                BarChart(
                    title: "CHART",
                    bars: [.init("BAR", 0, "ZERO"), .init("NAN", .nan, "NONE"), .init("MINUS", -1, "LESS")])),
            .signatureLines(["SIGNER1", "SIGNER2", "SIGNER3"]), .rule, .space(20), .space(-20),
            .signatures([
                Signature(
                    title: "SIGNED", name: "SOMEBODY", facts: [Fact("WHEN", "NOW")],
                    hash: Fact("HASH", "ABCDEF"))
            ]),
            .callToAction(CallToAction(title: "CALL", text: "WHY")),
            .table(Table(columns: [], rows: [.init(["lost"])])),
            .table(Table(columns: [.init("ONLY")], rows: [])), .list(Markdown.List(items: [[]])), .text(""),
        ]
        let words = try Set(Poppler(bytes: document(blocks).pdf()).words())
        let wanted = [
            "KIND", "SUBTITLE", "FACT6", "VALUE6", "HEADING", "STRONGCODE", "QUOTE", "FENCED", "CELL", "ITEM",
            "NESTED",
            "NAME", "LINE1", "LINE2", "NOTE", "TEXT", "CHART", "BAR", "ZERO", "NONE", "LESS", "SIGNER3",
            "SIGNED", "SOMEBODY",
            "WHEN", "NOW", "HASH", "ABCDEF", "CALL", "WHY", "ONLY",
        ]
        #expect(wanted.filter { !words.contains($0) } == [])
    }

    @Test func `an empty document is a page`() throws {
        #expect(try Poppler(bytes: document([]).pdf()).information()["Pages"] == "1")
    }

    @Test func `Letter is Letter`() throws {
        var document = Samples.proposal
        document.paper = .letter
        #expect(
            try Poppler(bytes: document.pdf()).information()["Page size"]?.hasPrefix("612 x 792 pts") == true)
    }

    @Test func `a logo stands at the head of the cover, in its own colors`() throws {
        var (with, without) = (document([.cover(Cover())]), document([.cover(Cover())]))
        with.brand.logo = Samples.logo
        let (picture, plain) = try (
            Poppler(bytes: with.pdf()).picture(page: 1), Poppler(bytes: without.pdf()).picture(page: 1)
        )
        func dark(_ page: (width: Int, height: Int, pixels: [UInt8])) -> Int {
            page.pixels.prefix(page.width * page.height / 7).count { $0 < 160 }
        }
        #expect(dark(picture) > 200 && dark(plain) < 100)
        without.brand.logo = []
        #expect(throws: DocumentError.logo("not a PNG")) { try without.pdf() }
        without.brand.logo = Array(Samples.logo.prefix(50))
        #expect(throws: DocumentError.logo("a broken PNG")) { try without.pdf() }
        without.brand.logo =
            Array(Samples.logo.prefix(16)) + [0, 1, 0, 0, 0, 1, 0, 0] + Array(Samples.logo.dropFirst(24))
        #expect(throws: DocumentError.logo("65536 × 65536 pixels")) { try without.pdf() }
    }

    @Test(arguments: ["#12345", "red", "", "#GGGGGG", "#-12345", "+12345"])
    func `a color that is none is refused`(color: String) {
        var document = document([])
        document.brand.color = color
        #expect(throws: DocumentError.color(color)) { try document.pdf() }
    }

    @Test func `a document that is too long is refused`() {
        let text = String(repeating: "word ", count: 21_000)
        #expect(throws: DocumentError.tooLong("525001 bytes of text")) {
            try document(Array(repeating: .text(text), count: 5)).pdf()
        }
        let breaks = (1...1001).flatMap { [Block.text("\($0)"), .pageBreak] }
        #expect(throws: DocumentError.tooLong("1001 pages")) { try document(breaks).pdf() }
    }

    private func document(_ blocks: [Block]) -> Document {
        Document(
            title: "T", language: "en", brand: Brand(name: "N", color: "#000"), created: Instant(seconds: 0),
            blocks: blocks)
    }
}
