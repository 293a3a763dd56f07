import Testing

@testable import Markup

struct `XML of strangers` {
    @Test func `has its namespaces by the names that the reader gives them`() {
        let xml = """
            <?xml version="1.0" encoding="utf-16"?><rss xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:x="urn:x">
            <item><c:encoded><![CDATA[<p>a & b</p>]]></c:encoded><x:y k='1'/><dc:date>now</dc:date></item></rss>
            """
        let feed = MarkupDocument(xml: xml, prefixes: ["http://purl.org/rss/1.0/modules/content/": "content"])
        let names = feed.nodes.indices.filter { !feed.isText($0) }.map { feed.name(of: $0) }
        #expect(names == ["rss", "item", "content:encoded", "y", "dc:date"])
        #expect(feed.text(of: feed.first(feed.name("content:encoded")!)!) == "<p>a & b</p>")
    }

    @Test func `may have bare ampersands and signs of HTML`() {
        let feed = MarkupDocument(xml: "<t>Tom & Jerry&nbsp;&uuml;&amp;&#65;&nope;&lt;</t>")
        #expect(feed.text(of: 0) == "Tom & Jerry \u{FC}&A&nope;<")
    }

    @Test func `may have them in attributes, where each & stands for itself`() {
        let feed = MarkupDocument(
            xml:
                "<a x='/?a=1&amp;b=2&c=3&#38;d&#x26;e' y='&uuml;&nope;&amp;#38;&AMP;' z=\"&lt;&quot;1 < 2&\"/>"
        )
        let values = feed.attributes(of: 0).map { $0.value }
        #expect(values == ["/?a=1&b=2&c=3&d&e", "\u{FC}&nope;&#38;&AMP;", "<\"1 < 2&"])
    }

    @Test func `may have numbers that are none, and signs that begin no tag`() {
        let feed = MarkupDocument(xml: "<t>&#zz; &#; &#x; &#+5; &#65 &; &#X41;&#x1F600; 1 < 2 <3 &</t>")
        #expect(feed.text(of: 0) == "&#zz; &#; &#x; &#+5; &#65 &; A\u{1F600} 1 < 2 <3 &")
    }

    @Test func `is as it is in CDATA, and says nothing in comments and instructions`() {
        let feed = MarkupDocument(xml: "<t><![CDATA[&amp; & <b>]]><!-- & --><?x &?>&amp;</t>")
        #expect(feed.text(of: 0) == "&amp; & <b>&")
    }

    @Test func `takes time by its length, whatever it repeats and never ends`() {
        let clock = ContinuousClock(), began = clock.now, count = 1 << 20
        let signs = String(repeating: "&", count: count)
        let feed = MarkupDocument(xml: "<t a=\"\(signs)\">\(signs)</t>")
        #expect(feed.text(of: 0) == signs && feed.attributes(of: 0).map { $0.value } == [signs])
        for part in ["<![CDATA[", "<!--", "<?", "<!x[", "<", "&#", "&a", "<!\""] {
            let rest = String(repeating: part, count: count / part.utf8.count)
            #expect(MarkupDocument(xml: "<t><b>x</b>\(rest)").text(of: 0).hasPrefix("x"), "\(part)")
        }
        #expect(clock.now - began < .seconds(20))
    }

    @Test(arguments: [
        "<<!x>!DOCTYPE r [<<!x>!ENTITY f SYSTEM 'file:///etc/passwd'>]><r>&f;</r>", "<\u{1}!DOCTYPE r><r/>",
        "<<!-- x -->!DOCTYPE r><r/>", "<<?x?>!DOCTYPE r><r/>", "<<<!x>!x>!DOCTYPE r><r/>",
    ])
    func `gets no type by what is left out of it`(xml: String) {
        let repaired = String(decoding: XMLRepair.repaired(xml, bytesMax: 1000), as: UTF8.self)
        #expect(!repaired.contains("<!") && repaired.contains("<r"))
    }

    @Test func `has no entities of its own`() {
        let bomb = """
            <!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <r>&b;&f;</r>
            """
        #expect(MarkupDocument(xml: bomb).text(of: 0) == "&b;&f;")
    }

    @Test func `that is cut off gives what was there`() {
        let feed = MarkupDocument(xml: "<rss><item><title>One</title></item><item><title>Tw")
        #expect(feed.text(of: 0) == "OneTw" || feed.text(of: 0) == "One")
    }
}

struct `An expression` {
    private let page = MarkupDocument(
        html: "<ul><li class=x><a href='/a'>A &amp; B</a> c<li class=x><a href='/b'>B</a></ul><p>2</p>")

    @Test func `finds elements, and texts from them`() throws {
        let asked = XPathDocument(page)
        let lines = try #require(XPathQuery("//li[@class='x']"))
        let items = try #require(asked.elements(lines))
        #expect(items.count == 2)
        let link = try #require(XPathQuery("a/@href")), text = try #require(XPathQuery("a"))
        #expect(items.map { asked.text(link, from: $0) } == ["/a", "/b"])
        #expect(items.map { asked.text(text, from: $0) } == ["A & B", "B"])
        let count = try #require(XPathQuery("count(//li)")), heading = try #require(XPathQuery("h2"))
        #expect(asked.text(count) == "2")
        #expect(asked.text(heading, from: items[0]) == nil)
    }

    @Test func `that is none is refused`() {
        for wrong in [
            "//li[", "", "a/b/", "//", "p[@]", "nosuch((", "unknown()", "//li[matches(., 'x')]", "//x:li",
            "$x",
        ] {
            #expect(XPathQuery(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `that names what there is is none of these`() {
        for right in [
            "//li[not (contains(., 'unknown(') or @data-x = \"$1 a:b\")]/ancestor-or-self::node()",
            "h2/text()",
            "(//h2 | //h3)[position() < last() div (2)]", "li.x/*[name() = 'a']/@href",
        ] {
            #expect(XPathQuery(right) != nil, "\(right)")
        }
    }

    @Test func `that is no set of elements finds none`() throws {
        let asked = XPathDocument(page), count = try #require(XPathQuery("count(//li)"))
        #expect(asked.elements(count) == nil)
    }

    @Test func `that costs too much is given up`() throws {
        let many = MarkupDocument(html: String(repeating: "<i>x</i>", count: 5_000))
        let asked = XPathDocument(many)
        let costly = try #require(XPathQuery("//i[count(//i[count(//i) > 1]) > 1]"))
        let clock = ContinuousClock(), began = clock.now
        #expect(asked.elements(costly) == nil)
        #expect(clock.now - began < .seconds(20))
    }
}
