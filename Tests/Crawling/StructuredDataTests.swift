import Foundation
import JSON
import Markup
import Testing

@testable import Extraction

struct `Structured data` {
    private static let address = PageAddress("https://site.example/a/b")!

    private static let pages = [
        #"<script type="application/ld+json">{"@context":"https://schema.org","@type":"Organization","name":"A & B","x":[1,2.5,true,null]}</script>"#,
        """
        <div itemscope itemtype="https://schema.org/Organization" itemid="urn:1"><h1 itemprop="name">Acme</h1>
        <a itemprop="url" href="/x">x</a><img itemprop="logo" src="l.png"><div itemprop="address" itemscope
        itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">Berlin</span></div>
        <time itemprop="foundingDate" datetime="2009">old</time></div><div itemscope><meta itemprop="a" content="b"></div>
        """,
        "<head><meta property='og:title' content='T'><meta property='og:site_name' content='S'></head>",
        """
        <div vocab="https://schema.org/" typeof="Organization" resource="#acme"><h1 property="name legalName">A &amp; B</h1>
        <div property="address" typeof="PostalAddress"><span property="addressLocality">Berlin</span></div>
        <a property="url" href="/x">x</a><img property="logo" src="l.png">
        <span property="foundingDate" content="2009">long ago</span></div>
        <p vocab="https://schema.org/" typeof="Person"><span property="jobTitle">CEO</span></p>
        """,
        """
        <div prefix="s: https://schema.org/" typeof="s:Organization"><span property="s:telephone">+49 30 901820</span>
        <span property="s:email s:description">info@acme.example</span></div>
        """,
    ]

    /// Cards of both generations of microformats, each with its type and what it says of whom.
    private static let cards: [(html: String, type: String, says: [String: String])] = [
        (
            """
            <div class="h-card"><a class="p-name u-url" href="/jane">Jane Sample</a>, <span class="p-job-title">CEO</span>
            <a class="u-email" href="mailto:jane@acme.example">write</a> <span class="p-tel">+49 30 901820</span></div>
            """, "Person",
            [
                "name": "Jane Sample", "url": "https://site.example/jane", "jobTitle": "CEO",
                "email": "mailto:jane@acme.example", "telephone": "+49 30 901820",
            ]
        ),
        (
            """
            <div class="h-card"><span class="p-name p-org">Acme Robotics GmbH</span><a class="u-url" href="/">Web</a>
            <div class="p-adr h-adr"><span class="p-street-address">Beispielweg 1</span>
            <span class="p-postal-code">10115</span> <span class="p-locality">Berlin</span>
            <span class="p-country-name">Germany</span></div></div>
            """, "Organization",
            [
                "name": "Acme Robotics GmbH", "url": "https://site.example/",
                "streetAddress": "Beispielweg 1", "postalCode": "10115", "addressLocality": "Berlin",
                "addressCountry": "Germany",
            ]
        ),
        (
            """
            <div class="vcard"><span class="fn">Jane Sample</span>, <span class="title">CEO</span>
            <a class="email" href="mailto:jane@acme.example">write</a> <span class="tel">+49 30 901820</span></div>
            """, "Person",
            [
                "name": "Jane Sample", "jobTitle": "CEO", "email": "mailto:jane@acme.example",
                "telephone": "+49 30 901820",
            ]
        ),
        (
            """
            <div class="vcard"><span class="fn org">Acme Robotics GmbH</span> <a class="url" href="/x">Web</a>
            <span class="tel">+49 30 901820</span> <span class="locality">Berlin</span></div>
            """, "Organization",
            [
                "name": "Acme Robotics GmbH", "url": "https://site.example/x", "telephone": "+49 30 901820",
                "addressLocality": "Berlin",
            ]
        ),
    ]

    @Test func `of a card is read in microformats of both generations`() {
        for (html, type, says) in Self.cards {
            let items = CardReader.items(in: MarkupDocument(html: html), at: Self.address).map(\.item)
            #expect(items.map(\.types) == [[type]], "\(html)")
            let told = items.first?.properties.map { ($0.name, items.first?.text($0.name) ?? "") } ?? []
            #expect(Dictionary(told) { first, _ in first } == says, "\(html)")
        }
        let plain =
            "<div class='card'><span class='fn'>Jane Sample</span><b class='tel'>+49 30 901820</b></div>"
        #expect(CardReader.items(in: MarkupDocument(html: plain), at: Self.address).isEmpty)
    }

    /// extruct 0.18.
    @Test func `is read as extruct reads it`() throws {
        let pages = Self.pages + Self.cards.map(\.html)
        let said = try Judge.ask(
            "pages", pages.map { ["html": .string($0), "address": .string(Self.address.description)] })
        for (html, theirs) in zip(pages, said) {
            let page = MarkupDocument(html: html)
            compare(page, at: Self.address, theirs)
            let graph = theirs["opengraph"]?.array?.first?["properties"]?.array ?? []
            let metas = MetaProperties.all(in: page).filter { $0.name.hasPrefix("og:") }
            #expect(graph.map { $0.array?.first?.text } == metas.map(\.name))
            #expect(graph.map { $0.array?.last?.text } == metas.map(\.content))
            compare(RDFaReader.items(in: page, at: Self.address), triples: theirs["rdfa"]?.array ?? [])
        }
        #expect(said.count == pages.count)
    }

    /// Pages of the sites that lie beside some projects, each with its address; `scripts/test` finds them.
    private static let sites: [(address: PageAddress, html: String)] = {
        let folder = ProcessInfo.processInfo.environment["BUREAU_TEST_DATA"] ?? ""
        let file = try? String(contentsOfFile: "\(folder)/pages/dev.jsonl", encoding: .utf8)
        return (file ?? "").split(separator: "\n").flatMap { line -> [(address: PageAddress, html: String)] in
            guard let site = try? JSONParser.parse(Array(line.utf8)) else { return [] }
            return (site["pages"]?.object?.members ?? []).compactMap { path, html in
                guard let address = PageAddress((site["site"]?.text ?? "") + path), let html = html.text
                else { return nil }
                return (address, html)
            }
        }
    }()

    @Test(.enabled(if: !sites.isEmpty, "BUREAU_TEST_DATA names no folder"))
    func `of the pages of 200 sites is read as extruct reads it`() throws {
        let said = try Judge.ask(
            "pages",
            Self.sites.map { ["html": .string($0.html), "address": .string($0.address.description)] })
        #expect(said.count == Self.sites.count)
        var counts = (documents: 0, items: 0, cards: 0)
        for (site, theirs) in zip(Self.sites, said) {
            compare(MarkupDocument(html: site.html), at: site.address, theirs)
            counts.documents += theirs["json-ld"]?.array?.count ?? 0
            counts.items += theirs["microdata"]?.array?.count ?? 0
            counts.cards += theirs["microformat"]?.array?.count ?? 0
        }
        #expect(counts.documents > 0 && counts.items > 0 && counts.cards > 0)
    }

    private func compare(_ page: MarkupDocument, at address: PageAddress, _ theirs: JSON) {
        // Of a list theirs are its members.
        let documents = JSONLDReader.documents(in: page).flatMap { $0.json.array ?? [$0.json] }
        #expect(JSON.array(documents) == theirs["json-ld"], "\(address)")
        let items = MicrodataReader.items(in: page, at: address), others = theirs["microdata"]?.array ?? []
        #expect(items.count == others.count, "\(address)")
        for (item, other) in zip(items, others) { compare(item, other) }
        let cards = CardReader.items(in: page, at: address).map(\.item)
        let otherCards = theirs["microformat"]?.array ?? []
        #expect(cards.count == otherCards.count, "\(address)")
        for (card, other) in zip(cards, otherCards) { compare(card: card, other) }
    }

    private static let cardNames = [
        "name": "name", "telephone": "tel", "email": "email", "url": "url", "jobTitle": "job-title",
        "streetAddress": "street-address", "postalCode": "postal-code", "addressLocality": "locality",
        "addressCountry": "country-name",
    ]

    /// Theirs have the parts of an address in an item of its own, where the page makes one.
    private func compare(card: StructuredItem, _ other: JSON) {
        let own = other["properties"], place = own?["adr"]?.array?.first?["properties"]
        for (name, theirName) in Self.cardNames {
            let value = (own?[theirName] ?? place?[theirName])?.array?.first?.text
            let theirs = name == "url" ? value.flatMap { PageAddress($0)?.description } : value
            #expect(card.text(name) == theirs, "\(name)")
        }
    }

    private func compare(_ item: StructuredItem, _ other: JSON) {
        #expect(item.types == (other["type"]?.text.map { [StructuredItem.local($0)] } ?? []))
        for (name, value) in other["properties"]?.object?.members ?? [] {
            if let inner = value["properties"] != nil ? item.items(name).first : nil {
                compare(inner, value)
            } else {
                #expect(item.text(name) == value.text, "\(name)")
            }
        }
    }

    /// Theirs are nodes of a graph that name one another; of what has no type ours say nothing.
    private func compare(_ items: [StructuredItem], triples: [JSON]) {
        func all(_ items: [StructuredItem]) -> [StructuredItem] {
            items
                + items.flatMap { item in
                    all(
                        item.properties.compactMap {
                            if case .item(let inner) = $0.value { inner } else { nil }
                        })
                }
        }
        let ours = all(items), things = triples.filter { $0["@type"] != nil }
        #expect(ours.count == things.count)
        for thing in things {
            let types = (thing["@type"]?.array ?? []).compactMap(\.text).map { StructuredItem.local($0) }
            let item = ours.first { $0.types == types }
            #expect(item != nil, "\(types)")
            for (name, values) in thing.object?.members ?? [] where !name.hasPrefix("@") {
                let name = StructuredItem.local(name)
                for value in values.array ?? [] {
                    if value["@id"]?.text?.hasPrefix("_:") == true {
                        #expect(item?.items(name).count == 1, "\(name)")
                    } else {
                        let text = value["@value"]?.text ?? value["@id"]?.text
                        #expect(item?.texts(name) == text.map { [$0] }, "\(name)")
                    }
                }
            }
        }
    }

    @Test func `of RDFa Lite has its items`() {
        let html = """
            <div vocab="https://schema.org/" typeof="Organization"><span property="name">Acme</span>
            <div property="address" typeof="PostalAddress"><span property="addressLocality">Berlin</span></div>
            <a property="url" href="/x">x</a></div>
            """
        let item = RDFaReader.items(in: MarkupDocument(html: html), at: Self.address)[0]
        #expect(item.types == ["Organization"] && item.text("name") == "Acme")
        #expect(item.items("address").first?.text("addressLocality") == "Berlin")
        #expect(item.text("url") == "https://site.example/x")
    }

    @Test func `that is nested without end is left out`() {
        let html =
            "<script type='application/ld+json'>" + String(repeating: "[", count: 100_000) + "</script>"
        #expect(JSONLDReader.documents(in: MarkupDocument(html: html)).isEmpty)
    }
}
