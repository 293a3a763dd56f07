import Foundation
import JSON
import StandIns
import Testing

/// Finding and researching as a whole: two hundred companies, a month, two agents that nobody watches, no key.
@Suite(.ownThreadFirst) struct DiscoveryForWeeks {
    /// A fact that is fresh for a fortnight is asked again in the night after: twice in so many.
    private let days = 32

    @Test
    func
        `an empty agency finds two hundred companies without a key and keeps each fact fresh and on its page`()
        throws
    {
        let story = try DiscoveryStory()
        try story.live(days: days)
        let owner = try story.owner()
        try checkLeads(story, owner)
        try checkFacts(story, owner)
        checkPoliteness(story)
        try checkRepeats(story)
        try checkQuiet(owner)
    }

    /// Each company is one lead, and the record says what its site says now.
    private func checkLeads(_ story: DiscoveryStory, _ owner: Caller) throws {
        let companies = story.web.companies
        let leads = try owner.every("/v1/leads")
        let bySite = Dictionary(grouping: leads) { $0.text("website") }
        #expect(leads.count == companies.count && bySite.values.allSatisfy { $0.count == 1 })
        #expect(Dictionary(grouping: leads) { $0.text("source") }.mapValues(\.count).values.min() == 50)
        for company in companies {
            let lead = try #require(bySite["http://\(company.host)"]?.first, "\(company.host)")
            #expect(lead.text("company") == company.name && lead.text("location") == "Berlin")
            let phone = company.phone(hasMoved: true).filter { $0 != " " }
            #expect(lead["phone"] == (company.isOpen ? .string(phone) : .null), "\(company.name)")
            #expect(
                lead["employee_count"] == (company.isOpen ? JSON(company.employees) : .null),
                "\(company.name)")
        }
    }

    /// Each fact leads to a page that has said so in these words; none is stale, and none is made up.
    private func checkFacts(_ story: DiscoveryStory, _ owner: Caller) throws {
        let companies = Dictionary(
            uniqueKeysWithValues: story.web.companies.map { ("http://\($0.host)", $0) })
        let now = try Date(
            iso: owner.get("/v1/agent-runs?limit=5").ok().items.map { $0.text("started_at") }.max() ?? "")
        var traced = 0
        for lead in try owner.every("/v1/leads") {
            let company = try #require(companies[lead.text("website")])
            let facts = try owner.facts(lead)
            let told = facts.filter { ["website", "directory"].contains($0["source"]?.text("kind")) }
            for fact in told {
                let url = fact["source"]?.text("url") ?? "", words = fact["evidence"]?.text("quote") ?? ""
                #expect(fact["evidence"]?.text("url") == url && !words.isEmpty, "\(fact)")
                #expect(story.web.texts(at: url).contains { $0.contains(words) }, "\(fact)")
                traced += 1
            }
            let own = told.filter { $0["source"]?.text("kind") == "website" && $0["status"] == "current" }
            #expect(own.allSatisfy { $0["source"]?.text("url").hasPrefix("http://\(company.host)/") == true })
            #expect(own.isEmpty == !company.isOpen, "\(company.name)")
            let values = Dictionary(own.map { ($0.text("field"), $0["value"] ?? .null) }) { first, _ in first
            }
            guard company.isOpen else { continue }
            #expect(values["legal_name"] == .string(company.legalName), "\(values)")
            #expect(values["founded_year"] == JSON(company.founded), "\(values)")
            #expect(values["decision_makers"] == nil && values["annual_revenue"] == nil, "\(values)")
            // Facts that have expired since the last run are for the next one.
            let phones = try told.filter {
                try $0.text("field") == "phone" && $0["source"]?.text("kind") == "website"
                    && Date(iso: $0.text("expires_at")) > now
            }
            #expect(phones.count == 1 && phones[0]["cost"]?["amount"] == 0, "\(company.name): \(phones)")
        }
        #expect(traced > 1500, "\(traced)")
    }

    private func checkPoliteness(_ story: DiscoveryStory) {
        let asks = story.web.asks
        #expect(story.web.busyMost == 1, "a host is asked one thing at a time")
        let each = Dictionary(grouping: asks) { "\($0.day) \($0.host)\($0.target)" }
        let twice = each.filter { $0.value.count > 1 }.keys.sorted()
        #expect(twice.isEmpty, "\(twice.count): \(twice.prefix(5))")
        for company in story.web.companies {
            let own = asks.filter { $0.host == company.host }
            if company.isClosed {
                #expect(own.allSatisfy { $0.target == "/robots.txt" }, "\(company.name)")
            } else {
                #expect(own.first?.target == "/robots.txt", "\(company.name)")
            }
            let pages = Dictionary(grouping: own, by: \.target).mapValues(\.count)
            #expect(pages.values.allSatisfy { $0 <= 3 }, "\(company.name): \(pages)")
        }
    }

    /// A source that is asked again is asked for what has changed, which is told once.
    private func checkRepeats(_ story: DiscoveryStory) throws {
        var again = 0
        for company in story.web.companies where company.isOpen {
            for path in ["/", "/imprint"] {
                let asks = story.web.asks.filter { $0.host == company.host && $0.target == path }
                let first = try #require(asks.first, "\(company.name)\(path)")
                #expect(first.status == 200, "\(company.name)\(path)")
                // A company that was found late is fresh until the story ends.
                #expect(asks.count > 1 || first.day + 16 > days, "\(company.name)\(path): \(first.day)")
                #expect(asks.dropFirst().allSatisfy { $0.isConditional }, "\(company.name)\(path)")
                let whole = company.moves && path == "/imprint" ? 2 : 1
                #expect(asks.count { $0.status == 200 } <= whole, "\(company.name)\(path)")
                again += asks.count { $0.status == 304 }
            }
        }
        #expect(again > 300, "\(again)")
    }

    /// Nothing has left but questions, and nobody had to look.
    private func checkQuiet(_ owner: Caller) throws {
        for path in ["/v1/messages", "/v1/integrations"] { #expect(try owner.every(path).isEmpty, "\(path)") }
        let failed = try owner.every("/v1/agent-runs?status=failed")
        #expect(failed.isEmpty, "\(failed)")
        #expect(try owner.every("/v1/alerts?kind=lead_source_failing").isEmpty)
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
    }
}
