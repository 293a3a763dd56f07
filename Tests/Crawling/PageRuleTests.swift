import Markup
import Testing

@testable import Crawling

struct `Wishes of a page` {
    private func directives(
        _ headers: [(name: String, value: String)], _ html: String = ""
    ) -> IndexingDirectives {
        IndexingDirectives(headers: headers, page: MarkupDocument(html: html), for: "BureauBot")
    }

    @Test func `are read from headers and meta elements`() {
        #expect(directives([("X-Robots-Tag", "noindex, nofollow")]).forbidsIndex)
        #expect(directives([("x-robots-tag", "otherbot: noindex")]) == IndexingDirectives())
        #expect(directives([("X-Robots-Tag", "otherbot: none, bureaubot: nofollow")]).forbidsFollowing)
        #expect(
            directives([("X-Robots-Tag", "unavailable_after: 25 Jun 2010 15:00:00 PST")])
                == IndexingDirectives())
        let page = directives(
            [], "<META NAME=Robots CONTENT='NoIndex,follow'><meta name=googlebot content=none>")
        #expect(page.forbidsIndex && !page.forbidsFollowing)
        #expect(directives([], "<meta name=bureaubot content=none>").forbidsFollowing)
    }

    @Test func `may reserve mining`() {
        #expect(directives([("TDM-Reservation", "1")]).reservesMining == true)
        #expect(directives([], "<meta name='tdm-reservation' content='0'>").reservesMining == false)
        #expect(directives([]).reservesMining == nil)
        let file =
            #"[{"location": "/img/*.png", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}, 7]"#
        let reservations = MiningReservations(Array(file.utf8))
        #expect(reservations.isReserved("/img/a.png") == true && reservations.isReserved("/x") == false)
        #expect(MiningReservations([1, 2]).isReserved("/") == nil)
    }
}

struct `Addresses of a site` {
    private func address(_ text: String) -> PageAddress { PageAddress(text)! }

    @Test(arguments: [
        ("https://x.example/a?PHPSESSID=1&b=2&utm_source=x", "https://x.example/a?b=2"),
        ("https://x.example/a;jsessionid=1F;v=2?sid=9", "https://x.example/a;v=2"),
        ("https://x.example/a?gclid=1", "https://x.example/a"),
        ("https://x.example/a?b", "https://x.example/a?b"),
    ])
    func `do not say who asks`(written: String, kept: String) {
        #expect(address(written).withoutVisitor.description == kept)
    }

    @Test func `of one page have one key`() {
        let all = [
            "https://x.example/a/?b=2&a=1", "http://x.example/a?a=1&b=2&fbclid=3",
            "http://X.example:80/./a?a=1&b=2#c",
        ]
        #expect(Set(all.map { address($0).key }).count == 1)
        #expect(address("https://x.example/A").key != address("https://x.example/a").key)
    }

    @Test(arguments: [
        "https://x.example/cal/cal/cal/cal/4", "https://x.example/a/b/a/b/a/b/", "https://x.example/?a=1&a=2",
        "https://x.example/1/2/3/4/5/6/7/8/9/10/11/12/13", "https://x.example/?a=1&b=1&c=1&d=1&e=1&f=1&g=1",
    ])
    func `that repeat themselves are a maze`(text: String) { #expect(AddressTraps.isMaze(address(text))) }

    @Test func `that differ in numbers only are asked for so often and no more`() {
        var traps = AddressTraps()
        let days = (0..<100).filter { !traps.isExhausted(address("https://x.example/day/\($0)")) }
        #expect(days.count == 24)
        let isOver = traps.isExhausted(address("https://x.example/about"))
        #expect(!isOver)
    }

    @Test func `may lead to twins`() {
        let text = (0..<200).map { "word\($0 * 7919 % 101) about \($0 % 13)" }.joined(separator: " ")
        #expect(TextLikeness(text).isTwin(of: TextLikeness(text + " 14:05")))
        #expect(!TextLikeness(text).isTwin(of: TextLikeness(text.replacing("about", with: "of"))))
        #expect(!TextLikeness("Day 1").isTwin(of: TextLikeness("Day two")))
        #expect(!TextLikeness("").isTwin(of: TextLikeness("")))
    }
}

struct `A sitemap` {
    private let address = PageAddress("https://x.example/sitemap.xml")!

    @Test func `has pages or further ones, of its own host`() {
        let pages = Sitemap(
            Array(
                """
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://x.example/a?b=1&amp;c=2 </loc>
                <lastmod>2026-01-15</lastmod></url><url><loc>https://other.example/</loc></url><url><loc>/rel</loc></url></urlset>
                """.utf8), from: address)
        #expect(
            pages.pages.map(\.address.target) == ["/a?b=1&c=2"] && pages.pages[0].modified == "2026-01-15")
        let index = Sitemap(
            Array(
                "<sitemapindex><sitemap><loc>https://x.example/2.xml.gz</loc></sitemap></sitemapindex>".utf8),
            from: address)
        #expect(index.sitemaps.map(\.address.path) == ["/2.xml.gz"] && index.pages.isEmpty)
        let text = Sitemap(Array("https://x.example/1\r\nhttps://x.example/2\nno\n".utf8), from: address)
        #expect(text.pages.count == 2)
    }

    /// "<urlset><url><loc>https://x.example/packed</loc></url></urlset>", by gzip.
    private static let packed: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 179, 41, 45, 202, 41, 78, 45, 177, 179, 1, 210, 118, 54, 57, 249,
        201, 118, 25, 37, 37, 5, 197, 86, 250, 250, 21, 122, 169, 21, 137, 185, 5, 57, 169, 250, 5, 137, 201,
        217, 169, 41, 54, 250, 32, 89, 27, 125, 176, 66, 125, 168, 54, 0, 249, 62, 185, 112, 63, 0, 0, 0,
    ]

    @Test func `may be packed, and cut off`() {
        #expect(Sitemap(Self.packed, from: address).pages.map(\.address.path) == ["/packed"])
        _ = Sitemap(Array(Self.packed.prefix(40)), from: address)
        #expect(Sitemap(Self.packed, from: address, bytesMax: 20).pages.isEmpty)
        for cut in 0..<Self.packed.count { _ = Inflate.gzip(Array(Self.packed.prefix(cut)), bytesMax: 1000) }
    }
}
