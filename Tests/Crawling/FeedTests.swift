import JSON
import Markup
import Telemetry
import Testing

@testable import Crawling

struct `A feed` {
    static let address = PageAddress("https://site.example/feeds/all.xml")!

    static let rss = """
        <?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
         xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
        <title>Notes &amp; News</title><link>https://site.example/</link><ttl>60</ttl><language>en</language>
        <atom:link rel="next" href="?page=2"/>
        <item><title>First &lt;b&gt;one&lt;/b&gt;</title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">n-1</guid>
         <pubDate>Tue, 10 Jun 2025 04:05:06 +0200</pubDate><description>Short &amp;amp; sweet</description>
         <content:encoded><![CDATA[<p>Long <i>text</i></p>]]></content:encoded><dc:creator>Jane</dc:creator>
         <category>x</category></item>
        <item><title>Tom & Jerry&nbsp;</title><guid>https://site.example/b</guid><pubDate>10 Jun 25 04:05 EST</pubDate></item>
        </channel></rss>
        """

    static let atom = """
        <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://site.example/blog/" xml:lang="de">
        <title type="html">Blog &amp;amp; more</title><link href="./"/><link rel="self" href="feed.xml"/>
        <entry><id>tag:site.example,2025:1</id><title>Eins</title><link rel="edit" href="e"/><link href="eins"/>
         <updated>2025-06-10T04:05:06Z</updated><published>2025-06-09T04:05:06.250+02:00</published>
         <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Viel <b>Text</b></p></div></content>
         <author><name>Ida</name></author><category term="t"/></entry></feed>
        """

    static let rdf = """
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://site.example/"><title>Old</title>
        <link>https://site.example/</link></channel><item rdf:about="https://site.example/1"><title>One</title>
        <link>https://site.example/1</link><dc:date>2025-06-10</dc:date></item></rdf:RDF>
        """

    static let json = """
        {"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://site.example/",
         "next_url": "/j2", "items": [{"id": "7", "url": "/seven", "title": "Seven", "content_html": "<p>7 &lt; 8</p>",
         "date_published": "2025-06-10T04:05:06+02:00", "authors": [{"name": "Max"}], "tags": ["t"]}, 4]}
        """

    private func read(_ text: String) throws -> Feed {
        try #require(Feed(Array(text.utf8), from: Self.address))
    }

    @Test func `of RSS has its entries`() throws {
        let feed = try read(Self.rss)
        #expect(
            feed.kind == .rss && feed.title == "Notes & News"
                && feed.home?.description == "https://site.example/")
        #expect(feed.timeToLive == .seconds(3600) && feed.next?.query == "page=2")
        for time in [Int64.min, -1, 0] {
            #expect(try read(Self.rss.replacing("<ttl>60", with: "<ttl>\(time)")).timeToLive == nil)
        }
        let first = feed.entries[0]
        #expect(first.title == "First one" && first.identity == "n-1" && first.text == "Long text")
        #expect(first.link?.description == "https://site.example/a?x=1&y=2" && first.author == "Jane")
        #expect(first.published == Instant(seconds: 1_749_521_106))
        #expect(feed.entries[1].link?.path == "/b" && feed.entries[1].title == "Tom & Jerry")
        #expect(feed.entries[1].published == Instant(seconds: 1_749_546_300))
    }

    @Test func `of Atom has its entries`() throws {
        let feed = try read(Self.atom)
        #expect(feed.kind == .atom && feed.title == "Blog & more" && feed.language == "de")
        #expect(feed.home?.description == "https://site.example/blog/")
        let entry = feed.entries[0]
        #expect(entry.link?.description == "https://site.example/blog/eins" && entry.author == "Ida")
        #expect(entry.text == "Viel Text" && entry.categories == ["t"])
        #expect(
            entry.updated == Instant(seconds: 1_749_528_306)
                && entry.published == Instant(seconds: 1_749_434_706))
    }

    @Test(arguments: ["&amp;", "&", "&#38;"])
    func `of Atom has addresses with more than one parameter`(and: String) throws {
        let feed = try read(
            Self.atom.replacing("href=\"eins\"", with: "href=\"/?a=1\(and)b=2\"").replacing(
                "rel=\"self\" href=\"feed.xml\"", with: "rel=\"next\" href=\"?p=2\(and)q=3\""))
        #expect(feed.entries[0].link?.description == "https://site.example/?a=1&b=2")
        #expect(feed.next?.description == "https://site.example/blog/?p=2&q=3")
    }

    @Test func `of RSS 1.0 has its items beside the channel`() throws {
        let feed = try read(Self.rdf)
        #expect(feed.entries.map(\.identity) == ["https://site.example/1"])
        #expect(feed.entries[0].published == Instant(seconds: 1_749_513_600))
    }

    @Test func `of JSON has its items`() throws {
        let feed = try read(Self.json)
        #expect(feed.kind == .json && feed.entries.count == 1 && feed.next?.path == "/j2")
        #expect(feed.entries[0].text == "7 < 8" && feed.entries[0].author == "Max")
        #expect(feed.entries[0].published == Instant(seconds: 1_749_521_106))
    }

    @Test func `names the hub that tells of its changes, and its address there`() throws {
        let links = "rel=\"hub\" href=\"https://hub.example/\"/>"
        let rss = try read(
            Self.rss.replacing("<atom:link rel=", with: "<atom:link \(links)<atom:link rel="))
        let atom = try read(Self.atom.replacing("<link rel=", with: "<link \(links)<link rel="))
        let hubs = #""feed_url": "/j1", "hubs": [{"type": "rssCloud", "url": "https://other.example/"}, "#
        let json = try read(
            Self.json.replacing(
                #""next_url""#,
                with: hubs + #"{"type": "WebSub", "url": "https://hub.example/"}], "next_url""#))
        for feed in [rss, atom, json] { #expect(feed.hub?.description == "https://hub.example/") }
        #expect(rss.topic == nil && rss.next?.query == "page=2")
        #expect(atom.topic?.path == "/blog/feed.xml" && atom.home?.path == "/blog/")
        #expect(json.topic?.path == "/j1")
    }

    @Test func `that is cut off gives the entries before the cut`() throws {
        let feed = try read(String(Self.rss.prefix(Self.rss.count * 4 / 5)))
        #expect(feed.entries.first?.identity == "n-1")
    }

    @Test(arguments: ["<html><body>x</body></html>", "{}", "", "[]", "<rss></rss>", "plain"])
    func `is no page and no other document`(text: String) {
        #expect(Feed(Array(text.utf8), from: Self.address) == nil)
    }

    @Test func `is offered by a page`() {
        let page = MarkupDocument(
            html: """
                <base href="/x/"><link rel="alternate" type="application/rss+xml; charset=utf-8" href="rss">
                <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="application/atom+xml" href="no">
                <link rel="home alternate" type="application/feed+json" href="/j">
                """)
        let found = OfferedFeeds.addresses(in: page, at: Self.address).map(\.description)
        #expect(found == ["https://site.example/x/rss", "https://site.example/j"])
    }

    @Test(arguments: [
        ("Sat, 07 Sep 2002 00:00:01 GMT", 1_031_356_801), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("2002-09-07", 1_031_356_800), ("2002-09", 1_030_838_400),
        ("7 September 2002 02:00 +0200", 1_031_356_800), ("20020907T000001Z", 1_031_356_801),
        ("2002-09-07 00:00:01", 1_031_356_801), ("Sat, 7 Sep 02 00:00 PST", 1_031_385_600),
    ])
    func `may write moments in many ways`(text: String, seconds: Int64) {
        #expect(FeedDate.instant(text) == Instant(seconds: seconds))
    }

    @Test(arguments: ["", "soon", "2002-13-01", "Sat, 99 Sep 2002", "07.09.2002", "1"])
    func `may write moments that nobody understands`(text: String) { #expect(FeedDate.instant(text) == nil) }

    /// feedparser 6.
    @Test func `is read as feedparser reads it`() throws {
        let feeds = [Self.rss, Self.atom, Self.rdf] + FeedSamples.all
        let said = try Judge.ask(
            "feeds", feeds.map { ["feed": .string($0), "address": .string(Self.address.description)] })
        for (text, theirs) in zip(feeds, said) {
            let ours = try read(text)
            #expect(ours.entries.count == theirs["entries"]?.array?.count)
            for (entry, other) in zip(ours.entries, theirs["entries"]?.array ?? []) {
                #expect(FeedText.plain(other["title"]?.text ?? "") == entry.title)
                #expect(other["link"]?.text.flatMap { PageAddress($0, from: Self.address) } == entry.link)
                #expect((other["id"]?.text ?? entry.id) == entry.id)
                if let published = other["published"]?.int {
                    #expect(entry.published?.seconds == published, "\(text)")
                }
                if let updated = other["updated"]?.int, entry.updated != nil {
                    #expect(entry.updated?.seconds == updated)
                }
            }
        }
        #expect(said.count == feeds.count)
    }

    private func isSame(_ entry: Feed.Entry, _ other: JSON) -> Bool {
        let link = other["link"]?.text.flatMap { PageAddress($0, from: Self.address) }
        let published = other["published"]?.int, updated = other["updated"]?.int
        guard FeedText.plain(other["title"]?.text ?? "") == entry.title, link == entry.link,
            other["id"]?.text == entry.id, published == entry.published?.seconds
        else { return false }
        // Of an entry that was never changed feedparser tells when it was published.
        return updated == entry.updated?.seconds || entry.updated == nil && updated == published
    }

    @Test func `of 200 that know little of XML is read as feedparser reads it`() throws {
        let feeds = GeneratedFeeds.make(200, seed: 4287)
        let said = try Judge.ask(
            "feeds", feeds.map { ["feed": .string($0), "address": .string(Self.address.description)] })
        var different: [String] = [], count = 0
        for (text, theirs) in zip(feeds, said) {
            let ours = try read(text), others = theirs["entries"]?.array ?? []
            if ours.entries.count != others.count { different.append("\(ours.entries.count) in \(text)") }
            for (entry, other) in zip(ours.entries, others) {
                count += 1
                if !isSame(entry, other) { different.append("\(entry)\n\(other) in\n\(text)") }
            }
        }
        #expect(said.count == 200 && count > 500)
        #expect(different.isEmpty, "\(different.count): \(different.first ?? "")")
    }
}

/// Feeds as they come, broken ones among them.
enum FeedSamples {
    static let all: [String] =
        dates.map { date in
            """
            <rss version="0.91"><channel><title>t</title><item><title>A</title><link>https://site.example/a</link>
            <pubDate>\(date)</pubDate></item></channel></rss>
            """
        } + [
            """
            <rss version="2.0"><channel><title>R&D</title><item><title>Caf&eacute; & more</title>
            <link>https://site.example/?a=1&b=2</link><description>x</description></item>
            <item><title><![CDATA[A <em>b</em> c]]></title><link>https://site.example/2</link></item></channel></rss>
            """,
            """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>urn:1</id>
            <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title>
            <link rel="alternate" type="text/html" href="https://site.example/1"/><updated>2025-01-02T03:04:05-05:00</updated>
            </entry><entry><id>urn:2</id><title type="html">&lt;i&gt;x&lt;/i&gt; y</title><link href="/2"/>
            <published>2025-01-02T03:04Z</published></entry></feed>
            """,
        ]

    private static let dates = [
        "Wed, 02 Oct 2002 13:00:00 GMT", "Wed, 02 Oct 2002 15:00:00 +0200", "2 Oct 2002 13:00:00 EST",
        "Wed, 02 Oct 02 13:00 GMT", "2002-10-02T10:00:00-05:00", "2002-10-02",
    ]
}
