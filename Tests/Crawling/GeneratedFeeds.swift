import TestRandomness

/// Feeds as programs make them that know little of XML: bare `&`, markup in texts, CDATA, what is missing, dates of all
/// sorts, and addresses that are relative to one another.
enum GeneratedFeeds {
    /// Makes so many, always the same from a seed, RSS and Atom in turns.
    static func make(_ count: Int, seed: UInt64) -> [String] {
        var random = SeededGenerator(seed)
        return (0..<count).map { $0 % 2 == 0 ? rss(&random) : atom(&random) }
    }

    private static let titles = [
        "Notes", "Tom & Jerry", "Caf&eacute; opens", "A &amp; B", "One &#8211; two",
        "<![CDATA[Less & more]]>", " Spaced \n out ", "Gr\u{FC}\u{DF}e",
    ]
    /// With markup, which is none where Atom says that a title is plain.
    private static let marked =
        titles + ["<![CDATA[Welding <em>robots</em> & more]]>", "Now: &lt;b&gt;bold&lt;/b&gt;"]
    private static let links = [
        "/a", "/news/2", "/?a=1&b=2", "/?a=1&amp;b=2", "/caf%C3%A9", "notes/3", "../up",
    ]
    private static let bases = [
        "https://site.example/blog/", "/blog/", "sub/", "https://other.example/x/y",
    ]
    /// Of those that feedparser understands, and some that nobody does.
    private static let writtenDates = [
        "Wed, 02 Oct 2002 13:00:00 GMT", "Wed, 02 Oct 2002 15:00:00 +0200", "2 Oct 2002 13:00:00 EST",
        "Wed, 02 Oct 02 13:00 GMT", "2002-10-02T10:00:00-05:00", "2002-10-02", "soon", "",
        " Wed, 2 Oct 2002 8:00:00 GMT ", "Wed Oct  2 13:00:00 2002", "2002-10-02 13:00:00",
        "Wed, 31 Dec 2003 23:59:59 PDT", "Thu, 29 Feb 2024 00:00:00 +0530", "02.10.2002",
    ]
    private static let dates = [
        "2002-10-02T10:00:00-05:00", "2002-10-02T10:00:00.250Z", "2002-10-02T10:00Z", "2002-10-02",
        "2002-10", "2024-02-29T23:59:59+05:30", "soon",
    ]

    private static func one(_ texts: [String], _ random: inout SeededGenerator) -> String {
        texts[random.below(texts.count)]
    }

    private static func base(_ random: inout SeededGenerator) -> String {
        random.below(3) == 0 ? " xml:base=\"\(one(bases, &random))\"" : ""
    }

    private static func rss(_ random: inout SeededGenerator) -> String {
        var feed = "<rss version=\"2.0\"><channel\(base(&random))><title>\(one(marked, &random))</title>"
        feed += "<link>https://site.example/</link>"
        for number in 0...random.below(6) {
            feed += "<item\(base(&random))>"
            if random.below(6) > 0 { feed += "<title>\(one(marked, &random))</title>" }
            if random.below(5) > 0 { feed += "<link>\(one(links, &random))</link>" }
            switch random.below(4) {
            case 0: feed += "<guid isPermaLink=\"false\">n-\(number)</guid>"
            case 1: feed += "<guid>https://site.example/p/\(number)</guid>"
            default: break
            }
            if random.below(5) > 0 { feed += "<pubDate>\(one(writtenDates, &random))</pubDate>" }
            feed += "<description>x</description></item>\n"
        }
        return feed + "</channel></rss>"
    }

    private static func atom(_ random: inout SeededGenerator) -> String {
        var feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\"\(base(&random))><title>t</title>"
        for number in 0...random.below(6) {
            feed += "<entry\(base(&random))>"
            let isMarked = random.below(2) == 0
            if random.below(6) > 0 {
                let title = one(isMarked ? marked : titles, &random)
                feed += isMarked ? "<title type=\"html\">\(title)</title>" : "<title>\(title)</title>"
            }
            // Where there is none feedparser takes the id.
            feed += "<link href=\"\(one(links, &random))\"/>"
            if random.below(4) > 0 { feed += "<id>urn:x:\(number)</id>" }
            if random.below(3) > 0 { feed += "<published>\(one(dates, &random))</published>" }
            if random.below(3) > 0 { feed += "<updated>\(one(dates, &random))</updated>" }
            feed += "</entry>\n"
        }
        return feed + "</feed>"
    }
}
