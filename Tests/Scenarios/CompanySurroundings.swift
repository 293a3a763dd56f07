import Foundation
import JSON
import StandIns
import Testing

/// The surroundings of a company: who competes with it and where it stands among them, and how much it does
/// in networks.
@Suite(.ownThread) struct CompanySurroundings {
    static let web = try! CrawledWeb()
    static let server = try! BureauProcess.start(web.settings)
    let web = Self.web, server = Self.server

    /// A firm of robots whose site tells when it was founded, how many people it has, and what it is made with.
    private func firm(
        _ name: String, _ agency: Agency, year: Int, people: Int, isOnWordPress: Bool = true,
        _ more: JSON = [:]
    ) throws -> JSON {
        let host = "\(name.lowercased().replacing(" ", with: "-")).example"
        let data: JSON = [
            "@context": "https://schema.org", "@type": "Organization", "name": .string(name),
            "url": .string("http://\(host)/"), "foundingDate": .string("\(year)-03-01"),
        ]
        let head = "<script type=\"application/ld+json\">\(data.serialized)</script>"
        let system = isOnWordPress ? "WordPress 6.5" : "Drupal 10 (https://www.drupal.org)"
        let generator = "<meta name=\"generator\" content=\"\(system)\">"
        web.page("\(host)/", name, head: head + generator)
        let known: JSON = [
            "company": .string(name), "industry": "robotics", "country": "DE", "employee_count": JSON(people),
        ]
        return try agency.bareLead(host, known.merging(more))
    }

    @Test func `the landscape is who does the same around it, and where it stands, trait by trait`() throws {
        let agency = try server.researchingAgency(), owner = agency.owner
        for (number, name) in ["Alpha Arms", "Beta Arms", "Gamma Arms", "Delta Arms", "Epsilon Arms"]
            .enumerated()
        {
            let lead = try firm(name, agency, year: 2000 + number, people: 10 * (number + 1))
            _ = try owner.enriched(lead, ["fields": ["founded_year", "technologies"]])
        }
        web.service("landscape-map.example/search") { _ in
            StandInAnswer(
                200,
                JSON.array([
                    [
                        "name": "Zeta Arms", "category": "office", "type": "engineer", "lat": "52.5",
                        "lon": "13.4",
                        "osm_type": "node", "osm_id": 7, "address": ["postcode": "10115", "city": "Berlin"],
                        "extratags": ["website": "http://zeta-arms.example/"],
                    ]
                ]).serialized, headers: [("Content-Type", "application/json")])
        }
        web.service("landscape-map.example/api/interpreter") { _ in
            Searching.answer([
                "elements": [
                    ["type": "node", "id": 7, "tags": ["name": "Zeta Arms"]],
                    ["type": "node", "id": 8, "tags": ["name": "Near Engineers"]],
                    ["type": "node", "id": 9, "tags": ["name": "Next Engineers"]],
                    ["type": "node", "id": 10, "tags": ["name": "Near Engineers"]],
                ]
            ])
        }
        try agency.connect(
            "openstreetmap", "http://landscape-map.example", settings: [:], capability: "company_enrichment")
        try owner.planned("competitors", ["openstreetmap"])
        let lead = try firm(
            "Zeta Arms", agency, year: 2002, people: 35, isOnWordPress: false, ["location": "10115 Berlin"])
        let asked = try owner.enriched(lead, ["fields": ["competitors"]])
        #expect(asked.tried == ["openstreetmap found"], "\(asked)")
        let rivals = try owner.fact(lead, "competitors")
        #expect(rivals["value"] == ["Near Engineers", "Next Engineers"], "\(rivals)")
        #expect(rivals["source"]?["name"] == "openstreetmap")
        #expect(rivals["evidence"]?["quote"] == "office=engineer: Near Engineers, Next Engineers")
        #expect(rivals["evidence"]?["url"] == "https://www.openstreetmap.org/node/7")
        let question = web.requests("landscape-map.example").last { $0.target == "/api/interpreter" }
        let code =
            question.map { String(decoding: $0.body, as: UTF8.self).removingPercentEncoding ?? "" } ?? ""
        #expect(
            code.contains("[\"office\"=\"engineer\"]") && code.contains("(around:20000,52.5,13.4)"), "\(code)"
        )

        _ = try owner.enriched(lead)
        let position = try owner.fact(lead, "competitive_position")
        #expect(
            position["value"] == [
                "Larger than 3 of 5 companies in robotics: 35 people, half of them have up to 30",
                "Older than 2 of 5 companies in robotics: since 2002",
                "Does not use WordPress, as 5 of 5 companies in robotics do",
            ], "\(position)")
        #expect(position["source"]?["kind"] == "model")
        let german = try owner.get(
            "/v1/leads/\(lead.id)/facts?field=competitive_position", ["Accept-Language": "de"]
        ).ok().items.first
        #expect(
            german?["value"]?.array?.first
                == "Größer als 3 von 5 Unternehmen der Branche robotics: 35 Leute, die Hälfte hat bis zu 30")
    }

    private func feed(daysAgo: [Int]) -> StandInAnswer {
        let style = ISO8601DateFormatter()
        let entries = daysAgo.map { days in
            let at = style.string(from: Date.now.addingTimeInterval(-86_400 * Double(days)))
            return "<entry><id>p\(days)</id><title>Post of \(days)</title><updated>\(at)</updated></entry>"
        }
        return StandInAnswer(
            200, "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title>\(entries.joined())</feed>",
            headers: [("Content-Type", "application/atom+xml")])
    }

    @Test func `profiles are told with how active they are, and without a key it is said what hides that`()
        throws
    {
        let agency = try server.researchingAgency(), owner = agency.owner
        let profiles = [
            "http://lively.example/@sociable", "http://sleepy.example/@sociable",
            "http://shut.example/@sociable",
        ]
        let closed = [
            "https://www.linkedin.com/company/sociable-works", "https://de-de.facebook.com/sociable-works",
            "https://www.threads.com/@sociable-works",
        ]
        let links =
            profiles.map { "<a rel=\"me noopener\" href=\"\($0)\">Mastodon</a>" }
            + closed.map { "<a href=\"\($0)\">+</a>" }
        web.text(
            "sociable.example/", "Sociable Works",
            """
            <footer>\(links.joined())</footer>
            <section class="testimonials"><a href="http://lively.example/@stranger">Mastodon</a></section>
            """)
        web.set("lively.example/@sociable.rss") { [feed] _ in feed([3, 20, 80, 200]) }
        web.set("sleepy.example/@sociable.rss") { [feed] _ in feed([400]) }
        web.set("shut.example/robots.txt") { _ in StandInAnswer(200, "User-agent: *\nDisallow: /\n") }
        let lead = try agency.bareLead("sociable.example", ["company": "Sociable Works"])
        try owner.planned("social_activity", ["website"])
        _ = try owner.enriched(lead, ["fields": ["social_urls", "social_activity"]])
        let urls = try owner.fact(lead, "social_urls")["value"]?.array?.compactMap(\.text) ?? []
        #expect(Set(urls) == Set(profiles + closed))
        let fact = try owner.fact(lead, "social_activity"), rows = fact["value"]?.array ?? []
        let told = rows.map { row in
            [row.text("network"), row.text("state"), row["posts"]?.serialized ?? "", row.text("reason")]
        }
        #expect(
            Set(told) == [
                ["lively.example", "active", "3", ""], ["sleepy.example", "silent", "0", ""],
                ["shut.example", "unknown", "null", "robots_disallowed"],
                ["linkedin.com", "unknown", "null", "needs_key"],
                ["de-de.facebook.com", "unknown", "null", "needs_key"],
                ["threads.com", "unknown", "null", "needs_key"],
            ], "\(fact)")
        #expect(rows.allSatisfy { $0["days"] == 90 })
        #expect(fact["evidence"]?["quote"] == "Post of 3")
        #expect(fact["evidence"]?["url"] == "http://lively.example/@sociable.rss")
        #expect(!web.asked("lively.example").contains { $0.contains("stranger") })
        #expect(web.asked("shut.example") == ["/robots.txt"])
    }
}
