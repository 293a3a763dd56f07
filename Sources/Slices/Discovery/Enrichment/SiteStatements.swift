internal import Agents
internal import ChangeSets
internal import Crawling
internal import Database
internal import Extraction
internal import Facts
internal import Intelligence
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// The statements of a site's pages about its company, by a lead's fields.
enum SiteStatements {
    /// The name of the source in plans and facts.
    static let source = "website"
    /// The fields that a site may tell.
    static let fields: Set<String> = [
        "phone", "email", "country", "location", "employee_count", "linkedin_url", "pain_points",
        "legal_name",
        "description", "founded_year", "social_urls", "technologies", "decision_makers",
        "registration_number", "hiring", "growth", "news", "history", SocialActivity.field,
    ]
    /// The time for which a site's statements hold where the plan says nothing else.
    static let lifetime: Duration = .seconds(90 * 86_400)

    private static let names: [FoundFact.Field: String] = [
        .legalName: "legal_name", .description: "description", .phone: "phone", .email: "email",
        .country: "country", .city: "location", .employeeCount: "employee_count",
        .foundedYear: "founded_year",
        .linkedIn: "linkedin_url", .social: "social_urls", .technologies: "technologies",
        .decisionMaker: "decision_makers", .registrationNumber: "registration_number", .hiring: "hiring",
        .growth: "growth", .painPoint: "pain_points", .news: "news",
        .history: "history",
    ]

    static func statements(_ facts: [FoundFact]) -> [CompanyStatement] {
        // Words that speak to a machine say nothing of a company.
        let reading = SiteReading(
            facts: facts.filter { !$0.isWorded || !InjectionCheck.givesOrders($0.words) })
        let single = FoundFact.Field.allCases.compactMap { reading.best[$0] }.compactMap { fact in
            names[fact.field].map {
                CompanyStatement(
                    $0, fact.value, quote: fact.quote, at: fact.address.description,
                    confidence: fact.confidence)
            }
        }
        let lists = FoundFact.Field.allCases.compactMap { field -> CompanyStatement? in
            guard let name = names[field], let found = reading.lists[field], let first = found.first else {
                return nil
            }
            return CompanyStatement(
                name, .array(found.map(\.value)), quote: first.quote, at: first.address.description,
                confidence: first.confidence)
        }
        return single + lists
    }
}

extension FoundFact {
    /// Whether its value is words of the page, and no number, name of a place or address.
    fileprivate var isWorded: Bool {
        switch field {
        case .description, .painPoint, .growth, .history, .hiring, .news, .decisionMaker, .companyName,
            .legalName:
            true
        default: false
        }
    }

    fileprivate var words: String {
        [value.text, value["text"]?.text, value["name"]?.text, value["title"]?.text, quote].compactMap(\.self)
            .joined(separator: ". ")
    }
}

extension CompanyStatement {
    /// The statement as a site's observation.
    func observation(at now: Instant, for lifetime: Duration) -> Observation {
        Observation(
            field, value, from: FactSource(.website, SiteStatements.source, url: url), quote: quote, at: url,
            confidence: confidence, cost: nil, observedAt: now, expiresAt: now.end(of: lifetime))
    }
}

extension CrawlStore where Base == Transaction {
    /// Gives a crawl's lead what its pages say, as one change set; answers how many facts that were.
    func tellFacts(of crawl: Crawl) throws -> Int {
        guard let id = crawl.leadID, let lead = try Lead.resource.find(id, in: tx) else { return 0 }
        let statements = SiteStatements.statements(try facts(of: crawl.id))
        try tx.siteReadings.keep(statements, of: crawl.url)
        guard !statements.isEmpty else { return 0 }
        let observations = try statements.map {
            var observation = $0.observation(at: tx.now, for: SiteStatements.lifetime)
            observation.cost = Money(amount: 0, currency: try tx.runtime.questions.currency(tx))
            return observation
        }
        let report = try tx.facts.observe(
            observations, of: lead.subject,
            as: NewChangeSet(.crawl, Saying("change_set.site", ["url": .text("\(crawl.url)")]).english),
            by: .system)
        return report.outcomes.count { $0.result != .invalid }
    }
}
