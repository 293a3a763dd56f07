import StandIns
import Testing

@testable import Markup

struct `A page` {
    private func names(_ document: MarkupDocument) -> [String] {
        document.nodes.indices.map {
            document.isText($0) ? "#" + document.rawText(of: $0) : document.name(of: $0)
        }
    }

    @Test func `is a tree in the order in which its parts begin`() throws {
        let page = MarkupDocument(html: "<title>T</title><p id=one>a <b>b</b> c<p>d<br>e")
        #expect(
            names(page) == [
                "html", "head", "title", "#T", "body", "p", "#a ", "b", "#b", "# c", "p", "#d", "br", "#e",
            ])
        let body = try #require(page.first(.body))
        #expect(page.children(of: body).map { page.text(of: $0) } == ["a b c", "de"])
        #expect(page.attribute(.id, of: 5) == "one")
        #expect(page.parent(of: 5) == body && page.parent(of: 0) == nil)
        #expect(!page.isCut)
    }

    @Test func `has references of HTML read, in texts and attributes`() {
        let page = MarkupDocument(
            html: "<a title='x &amp; y &uuml;' href='?a=1&b=2'>&copy; A &#8211; B &nosuch; & c</a>")
        let a = page.first(.a)!
        #expect(page.text(of: a) == "\u{A9} A \u{2013} B &nosuch; & c")
        #expect(page.attribute(.href, of: a) == "?a=1&b=2")
        #expect(page.attributes(of: a).map { page.spelled($0.name) } == ["title", "href"])
        #expect(page.attributes(of: a)[0].value == "x & y \u{FC}")
    }

    @Test func `keeps a script whole and shows none of it`() {
        let page = MarkupDocument(html: "<body><script>if (a < b) { x('</p>') }</script><p>seen</p>")
        #expect(page.rawText(of: page.first(.script)!) == "if (a < b) { x('</p>') }")
        #expect(page.readableText() == "seen")
    }

    @Test func `shows its blocks a line each, without what is hidden`() {
        let html = """
            <h1>Big  title</h1><div>one <b>two</b>,<br>three<span style="display: none">spam</span></div>
            <ul><li>x<li>y</ul><p hidden>no</p><template>no</template><table><tr><td>1<td>2</table>
            """
        #expect(
            MarkupDocument(html: html).blocks().map(\.text) == [
                "Big title", "one two,", "three", "x", "y", "1", "2",
            ])
    }

    @Test func `shows letters that it turns round as people see them`() {
        let html = "<p><span style='unicode-bidi:bidi-override; direction:rtl'>moc.elpmaxe@ofni</span></p>"
        let block = MarkupDocument(html: html).blocks()[0]
        #expect(block.text == "info@example.com" && block.isReversed)
    }

    @Test func `of a meadow of elements is read to its bounds`() {
        let deep = MarkupDocument(html: String(repeating: "<div>", count: 200_000) + "x")
        #expect(deep.isCut && deep.nodes.count < 600)
        var bounds = MarkupDocument.Bounds()
        bounds.nodesMax = 100
        let wide = MarkupDocument(html: String(repeating: "<br>", count: 10_000), bounds: bounds)
        #expect(wide.isCut && wide.nodes.count == 100)
        bounds.bytesMax = 10
        #expect(MarkupDocument(html: "<p>0123456789</p>", bounds: bounds).readableText() == "0123456")
    }

    @Test func `with more attributes than anybody reads keeps the first of them`() {
        let many = (0..<100_000).map { "a\($0)=1" }.joined(separator: " ")
        let page = MarkupDocument(html: "<p \(many)>x</p><p title=\"a > b\">y</p>")
        #expect(page.isCut && page.attributes(of: page.first(.p)!).count == 128)
        #expect(page.readableText() == "x\ny")
    }

    /// By their numbers: a failure would print them whole.
    @Test(arguments: HarmfulPages.all.indices) func `that means harm is read or cut, and soon`(number: Int) {
        let html = HarmfulPages.all[number]
        let clock = ContinuousClock()
        var page = MarkupDocument(html: "")
        let took = clock.measure { page = MarkupDocument(html: html) }
        let isCareless = page.readableText().contains("root:")
        #expect(!isCareless)
        #expect(took < .seconds(15))
    }

    @Test func `made of noise is a document all the same`() {
        var random = UInt64(7)
        let bytes = (0..<300_000).map { _ -> UInt8 in
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(random >> 56)
        }
        _ = MarkupDocument(html: DecodedText(bytes).text).readableText()
    }
}

struct `Letters of a page` {
    private let umlaut: [UInt8] = Array("<p>M".utf8) + [0xFC] + Array("ller".utf8)

    @Test func `are those of the header, then of the page, then of its bytes`() {
        #expect(DecodedText(umlaut, header: "windows-1252").text == "<p>M\u{FC}ller")
        #expect(DecodedText(umlaut, header: "iso-8859-1").charset == "windows-1252")
        let meta = Array("<meta charset='windows-1251'><p>".utf8) + [0xCF]
        #expect(DecodedText(meta).text.hasSuffix("\u{41F}"))
        #expect(DecodedText(umlaut).text == "<p>M\u{FC}ller")
        #expect(
            DecodedText(Array("<p>\u{141}\u{F3}d\u{17A}".utf8), header: "utf8-x-nonsense").text
                == "<p>\u{141}\u{F3}d\u{17A}")
    }

    @Test func `are told by a byte order mark before all else`() {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("Zo\u{EB}".utf8)
        #expect(DecodedText(bytes, header: "iso-8859-1").text == "Zo\u{EB}")
        #expect(DecodedText([0xFF, 0xFE, 0x41, 0x00], header: "utf-8").text == "A")
    }

    @Test func `of Japan are read by the name that the page gives`() {
        let title: [UInt8] = [0x8A, 0x94, 0x8E, 0xAE]
        let bytes = Array("<meta charset='Shift_JIS'><title>".utf8) + title
        #expect(DecodedText(bytes).text.hasSuffix("\u{682A}\u{5F0F}"))
    }

    @Test func `that are said to be UTF-8 and are not are read as what they are`() {
        #expect(DecodedText(umlaut, header: "utf-8").text == "<p>M\u{FC}ller")
    }
}
