import Agents
import Integrations
import JSON
import Providers
import StandIns
import Testing

/// Communities that answer everybody: what somebody has said there, in their words, with who said it and where.
@Suite struct CommunityTests {
    private let agent = "BureauBot/1.0 (+https://bureau.example/bot)"

    private func criteria(_ keywords: String...) -> CompanyCriteria {
        var criteria = CompanyCriteria()
        criteria.keywords = keywords
        return criteria
    }

    private func answering(_ answers: JSON...) throws -> ServiceStandIn {
        let service = try ServiceStandIn { _ in StandInAnswer(200, "[]") }
        for answer in answers {
            service.next(.answer(200, answer.serialized, headers: [("Content-Type", "application/json")]))
        }
        return service
    }

    @Test func `a story of Hacker News brings its words, its link and its author, page by page`()
        async throws
    {
        let first: JSON = [
            "hits": [
                [
                    "objectID": "41", "title": "Ask HN: We need help with a CRM", "url": .null,
                    "author": "ann", "created_at_i": 1_767_225_600,
                    "story_text": "<p>We are <a href=\"https://seeker.example/x\">Seeker</a> &amp; look.</p>",
                ],
                [
                    "objectID": "42", "title": "Cedar looks for a CRM", "url": "https://cedar.example/",
                    "author": "bo", "created_at_i": 1_767_225_601, "story_text": .null,
                ], ["title": "without a number"],
            ], "nbPages": 2, "page": 0,
        ]
        let service = try answering(first, ["hits": [], "nbPages": 2, "page": 1])
        let news = HackerNews(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(service.url), asked = criteria("small crm", "shop")
        let page = try await news.list(asked, after: nil, access, ConnectorCall())
        #expect(page.companies.map(\.key) == ["41", "42"] && page.next == "1")
        #expect(page.companies[0].url == "https://news.ycombinator.com/item?id=41")
        #expect(page.companies[0].author == "ann" && page.companies[0].values["website"] == nil)
        let words = page.companies[0].words ?? ""
        #expect(words.contains("& look.") && words.contains("https://seeker.example/x"), "\(words)")
        #expect(page.companies[1].values["website"] == "https://cedar.example/")
        #expect(page.companies[1].words == nil && page.companies[1].confidence == 0.4)
        let end = try await news.list(asked, after: page.next, access, ConnectorCall())
        #expect(end.companies.isEmpty && end.next == nil)
        let targets = service.requests.map(\.target)
        #expect(targets[0].hasPrefix("/api/v1/search_by_date?query=small%20crm%20shop&tags=story"))
        #expect(targets[0].hasSuffix("page=0") && targets[1].hasSuffix("page=1"))
        #expect(service.requests[0].header("User-Agent") == agent)
    }

    @Test func `a question of Stack Exchange is read without its entities, on the site that was named`()
        async throws
    {
        let first: JSON = [
            "items": [
                [
                    "question_id": 7, "title": "Which CRM for &#39;small&#39; shops?",
                    "link": "https://webmasters.stackexchange.com/q/7", "creation_date": 1_767_225_600,
                    "tags": ["crm"], "owner": ["display_name": "ann"],
                    "body": "<p>See https://seeker.example/ for what we do.</p>",
                ]
            ], "has_more": true, "quota_max": 300, "quota_remaining": 290,
        ]
        let throttled: JSON = [
            "error_id": 502, "error_name": "throttle_violation", "error_message": "too many",
        ]
        let service = try answering(first)
        service.next(.answer(502, throttled.serialized))
        let exchange = StackExchange(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(service.url, ["site": "softwarerecs"])
        let page = try await exchange.list(criteria("crm"), after: nil, access, ConnectorCall())
        let company = try #require(page.companies.first)
        #expect(company.key == "7" && company.url == "https://webmasters.stackexchange.com/q/7")
        #expect(company.values["company"] == "Which CRM for 'small' shops?" && company.author == "ann")
        #expect(company.words?.contains("https://seeker.example/") == true && page.next == "2")
        #expect(service.requests[0].target.contains("q=crm&site=softwarerecs&order=desc&sort=creation"))
        // Its refusal is a 502 in its own words, which is no fault of its own.
        do throws(ToolFailure) {
            _ = try await exchange.list(criteria("crm"), after: "2", access, ConnectorCall())
            Issue.record("it wants to be left alone")
        } catch {
            #expect(error.code == "rate_limited" && error.retryAfter == .seconds(60) && !error.blamesProvider)
        }
        #expect(service.requests[1].target.contains("page=2"))
    }

    private func toot(_ id: Int, _ content: String) -> JSON {
        [
            "id": .string("\(id)"), "created_at": "2026-01-15T10:00:00.000Z",
            "url": .string("https://mastodon.example/@ann/\(id)"), "content": .string(content),
            "language": "en", "account": ["acct": "ann@mastodon.example"], "tags": [["name": "crm"]],
        ]
    }

    @Test func `Mastodon's tags are read one after the other, each to its end`() async throws {
        let many = JSON.array((1...40).reversed().map { toot($0, "<p>#crm</p>") })
        let service = try answering(many, [toot(9, "<p>Who does a <b>CRM</b>?</p>")], [])
        let mastodon = Mastodon(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(service.url), asked = criteria("CRM", "Small shop", "!")
        let first = try await mastodon.list(asked, after: nil, access, ConnectorCall())
        #expect(first.companies.count == 40 && first.next == "0/1")
        #expect(first.companies[0].key == "https://mastodon.example/@ann/40")
        #expect(first.companies[0].author == "ann@mastodon.example")
        let second = try await mastodon.list(asked, after: first.next, access, ConnectorCall())
        #expect(second.companies.count == 1 && second.next == "1")
        #expect(second.companies[0].words?.hasPrefix("Who does a CRM") == true)
        let third = try await mastodon.list(asked, after: second.next, access, ConnectorCall())
        #expect(third.companies.isEmpty && third.next == nil)
        #expect(
            service.requests.map(\.target) == [
                "/api/v1/timelines/tag/crm?limit=40", "/api/v1/timelines/tag/crm?limit=40&max_id=1",
                "/api/v1/timelines/tag/smallshop?limit=40",
            ])
        #expect(!mastodon.canList(criteria("!")))
    }
}
