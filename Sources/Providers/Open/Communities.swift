package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Markup
internal import Records
package import Telemetry

/// Statements of people in public, as communities answer: the words, who said them, and what they link to. Whether a
/// company is named there is the reader's to say.
struct Post {
    let id: String
    var url: String?
    var title: String?
    var text: String?
    var link: String?
    var author: String?

    var listed: ListedCompany {
        var company = ListedCompany(key: id, url: url)
        company.set("company", title.map(HTMLText.decodingReferences))
        company.set("website", link)
        company.words = text.map(Self.plain)
        (company.author, company.confidence) = (author, 0.4)
        return company
    }

    /// The words of a text in HTML, with the addresses that they lead to.
    private static func plain(_ html: String) -> String {
        let page = MarkupDocument(html: html)
        let links = page.nodes.indices.filter { page.nodes[$0].name == .a }
            .compactMap { page.attribute(.href, of: $0) }.filter { $0.hasPrefix("http") }
        return ([page.readableText()] + links).joined(separator: " ")
    }
}

/// Hacker News, by Algolia: https://hn.algolia.com/api
package struct HackerNews: CompanyListing {
    package let name = "hacker_news"
    package let title = "Hacker News"
    package let capabilities: Set<Capability> = [.leadSource]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://hn.algolia.com"
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(500))
    package let isOpen = true
    package let listingLifetime: Duration = .seconds(3600)

    private static let path = "/api/v1/search_by_date", pagesMax = 20
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("Hacker News", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            try await wire.get(Self.path, [("hitsPerPage", "1")], access, ConnectorCall())["hits"]?.array
                != nil
        }
    }

    package func canList(_ criteria: CompanyCriteria) -> Bool { !criteria.keywords.isEmpty }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let page = cursor.flatMap { Int($0) } ?? 0
        let answer = try await wire.get(
            Self.path,
            [
                ("query", criteria.keywords.joined(separator: " ")), ("tags", "story"), ("hitsPerPage", "50"),
                ("page", "\(page)"),
            ], access, reach)
        guard let hits = answer["hits"]?.array else { throw wire.wire.unreadable }
        let posts = hits.compactMap { hit in
            hit["objectID"]?.text.map { id in
                Post(
                    id: id, url: "https://news.ycombinator.com/item?id=\(id)", title: hit["title"]?.text,
                    text: hit["story_text"]?.text, link: hit["url"]?.text, author: hit["author"]?.text)
            }
        }
        let pages = min(Int(answer["nbPages"]?.int ?? 0), Self.pagesMax)
        return ListedPage(posts.map(\.listed), next: page + 1 < pages && !hits.isEmpty ? "\(page + 1)" : nil)
    }
}

/// Stack Exchange: https://api.stackexchange.com
package struct StackExchange: CompanyListing {
    package let name = "stack_exchange"
    package let title = "Stack Exchange"
    package let capabilities: Set<Capability> = [.leadSource]
    package let credentials: [CredentialField] = []
    package let settings = [
        SettingField("site", .text(max: 60), "The site that is searched, such as webmasters.")
    ]
    package let baseURL: String? = "https://api.stackexchange.com"
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(500))
    package let isOpen = true
    package let listingLifetime: Duration = .seconds(6 * 3600)

    private static let path = "/2.3/search/advanced"
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("Stack Exchange", outbound, agent: agent, now: now, throttle: "throttle_violation")
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            let query = [
                (name: "q", value: "crm"), (name: "site", value: site(access)),
                (name: "pagesize", value: "1"),
            ]
            return try await ask(query, access, ConnectorCall())["items"]?.array != nil
        }
    }

    package func canList(_ criteria: CompanyCriteria) -> Bool { !criteria.keywords.isEmpty }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let page = cursor.flatMap { Int($0) } ?? 1
        let answer = try await ask(
            [
                ("q", criteria.keywords.joined(separator: " ")), ("site", site(access)), ("order", "desc"),
                ("sort", "creation"), ("pagesize", "50"), ("page", "\(page)"), ("filter", "withbody"),
            ], access, reach)
        guard let items = answer["items"]?.array else { throw wire.wire.unreadable }
        let posts = items.compactMap { item in
            item["question_id"]?.int.map { id in
                Post(
                    id: "\(id)", url: item["link"]?.text, title: item["title"]?.text,
                    text: item["body"]?.text,
                    author: item["owner"]?["display_name"]?.text)
            }
        }
        return ListedPage(posts.map(\.listed), next: answer["has_more"]?.flag == true ? "\(page + 1)" : nil)
    }

    private func site(_ access: IntegrationAccess) -> String { access.setting("site") ?? "webmasters" }

    /// A pause that an answer asks for counts like a header.
    private func ask(
        _ query: [(name: String, value: String)], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await wire.get(Self.path, query, access, reach)
        var limit = ServiceLimit()
        if let seconds = answer["backoff"]?.int { limit.pause = .seconds(min(max(0, seconds), 86_400)) }
        if !limit.isEmpty { reach.note(limit) }
        return answer
    }
}

/// A server of Mastodon, by its tags.
package struct Mastodon: CompanyListing {
    package let name = "mastodon"
    package let title = "Mastodon"
    package let capabilities: Set<Capability> = [.leadSource]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://mastodon.social"
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(1000))
    package let isOpen = true
    package let listingLifetime: Duration = .seconds(3600)

    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("Mastodon", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            try await wire.get("/api/v1/timelines/tag/crm", [("limit", "1")], access, ConnectorCall()).array
                != nil
        }
    }

    package func canList(_ criteria: CompanyCriteria) -> Bool { !tags(criteria).isEmpty }

    /// A tag is one word. The tags of a search are asked for one after the other: the cursor says which one, and from
    /// where.
    private func tags(_ criteria: CompanyCriteria) -> [String] {
        criteria.keywords.map { TextFolding.fold($0).filter { $0.isLetter || $0.isNumber } }.filter {
            !$0.isEmpty
        }
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let tags = tags(criteria), parts = cursor?.split(separator: "/").map(String.init) ?? []
        let place = parts.first.flatMap { Int($0) } ?? 0
        guard tags.indices.contains(place) else { return ListedPage() }
        var query = [(name: "limit", value: "40")]
        if parts.count > 1 { query.append(("max_id", parts[1])) }
        let answer = try await wire.get("/api/v1/timelines/tag/\(tags[place])", query, access, reach)
        guard let toots = answer.array else { throw wire.wire.unreadable }
        let posts = toots.compactMap { toot in
            toot["id"]?.text.map { id in
                Post(
                    id: toot["url"]?.text ?? id, url: toot["url"]?.text, text: toot["content"]?.text,
                    link: toot["card"]?["url"]?.text, author: toot["account"]?["acct"]?.text)
            }
        }
        let last = toots.count == 40 ? toots.last?["id"]?.text : nil
        let next = last.map { "\(place)/\($0)" } ?? (place + 1 < tags.count ? "\(place + 1)" : nil)
        return ListedPage(posts.map(\.listed), next: next)
    }
}

/// A forum that runs on Discourse, by its search.
package struct Discourse: CompanyListing {
    package let name = "discourse"
    package let title = "Discourse"
    package let capabilities: Set<Capability> = [.leadSource]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://meta.discourse.org"
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(2000))
    package let isOpen = true
    package let listingLifetime: Duration = .seconds(3600)

    private static let pagesMax = 10
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("Discourse", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            try await wire.get("/latest.json", [], access, ConnectorCall()).object != nil
        }
    }

    package func canList(_ criteria: CompanyCriteria) -> Bool { !criteria.keywords.isEmpty }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let page = cursor.flatMap { Int($0) } ?? 1
        let words = criteria.keywords.joined(separator: " ")
        let answer = try await wire.get(
            "/search.json", [("q", "\(words) order:latest"), ("page", "\(page)")], access, reach)
        guard answer.object != nil else { throw wire.wire.unreadable }
        let topics = Dictionary(
            (answer["topics"]?.array ?? []).compactMap { topic in topic["id"]?.int.map { ($0, topic) } },
            uniquingKeysWith: { first, _ in first })
        let posts = (answer["posts"]?.array ?? []).compactMap { post -> Post? in
            guard let id = post["id"]?.int, let topicID = post["topic_id"]?.int else { return nil }
            let topic = topics[topicID], slug = topic?["slug"]?.text ?? "-"
            return Post(
                id: "\(access.baseURL)/\(id)",
                url: "\(access.baseURL)/t/\(slug)/\(topicID)/\(post["post_number"]?.int ?? 1)",
                title: topic?["title"]?.text, text: post["blurb"]?.text, author: post["username"]?.text)
        }
        let isMore = answer["grouped_search_result"]?["more_full_page_results"]?.flag == true
        return ListedPage(posts.map(\.listed), next: isMore && page < Self.pagesMax ? "\(page + 1)" : nil)
    }
}
