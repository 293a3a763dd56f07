internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// Asks a service for companies that are like an ideal customer.
struct ListCompaniesTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "list_companies"
    let title = "List companies"
    let summary = "Asks registers, maps, communities and services for companies; searches do that."
    let effect = ToolClass.reads
    let takesQuota = true
}

/// The pages of a service that lists companies. Each request passes the gate, with the limits, the circuit and the
/// price of its integration; one that answers everybody is asked without an integration, too. What it has listed of
/// late is not asked for again.
struct ServicePages: CompanyPages {
    private static let attemptsMax = 3
    /// A service that asks to be left alone for longer is left for the next run.
    private static let patience: Duration = .seconds(10)

    private let search: SourceSearch
    private let provider: any CompanyListing
    private let criteria: CompanyCriteria
    private let intent: IntentPhrases?
    private var cursor: String?
    private var page = 0
    private var trail = PageTrail()
    private var isOver = false
    private(set) var integration: IntegrationID?

    init(_ search: SourceSearch) throws(ToolFailure) {
        let name = search.source.platform?.rawValue ?? search.source.name
        guard let provider = search.reach.integrations.providers[name] as? any CompanyListing else {
            throw ToolFailure("disabled", "the service \(name) is switched off here", isRetryable: false)
        }
        var criteria = CompanyCriteria(search.search)
        criteria.phrases = search.source.phrases
        guard provider.canList(criteria) else {
            throw ToolFailure(
                "no_criteria", "the search has nothing that \(provider.title) could be asked for",
                isRetryable: false)
        }
        (self.search, self.provider, self.criteria) = (search, provider, criteria)
        intent = search.source.kind == .community ? IntentPhrases(search.source, search.search) : nil
    }

    mutating func next() async throws -> FoundPage? {
        guard !isOver, page < search.source.pagesMax else { return nil }
        page += 1
        let answer = try await answer()
        cursor = answer.next
        isOver = answer.next == nil
        if trail.isRepeated(answer.companies.map(\.key), next: answer.next) { throw ToolFailure.pagingLoop }
        guard let intent, let origin = PageAddress(search.source.startURL ?? provider.baseURL ?? "") else {
            return FoundPage(companies: answer.companies)
        }
        let found = answer.companies.compactMap { post in
            intent.company(
                of: Said(
                    key: post.key, title: post.values["company"]?.text ?? "", text: post.words ?? "",
                    url: post.url, author: post.author,
                    links: post.values["website"]?.text.flatMap { PageAddress($0) }.map { [$0] } ?? []),
                from: origin)
        }
        return FoundPage(companies: found)
    }

    private mutating func answer() async throws -> ListedPage {
        var attempts = 0
        while true {
            attempts += 1
            let attempt = try await ask()
            if let answer = attempt.freshAnswer { return ListedPage(answer.value) }
            let reason = attempt.reason ?? "failed"
            let failure = ToolFailure(
                reason, Self.words(reason, provider.title), isRetryable: attempt.calls > 0)
            let now = try search.run.read { $0.now }
            let pause = attempt.until.map { $0 - now } ?? .seconds(1)
            guard attempts < Self.attemptsMax, pause <= Self.patience, Self.passing.contains(reason) else {
                throw failure
            }
            await systemWait(until: .steadyClock() + max(pause, .milliseconds(50)))
            try Task.checkCancellation()
        }
    }

    private mutating func ask() async throws -> ServiceAttempt {
        let (provider, criteria, cursor) = (provider, criteria, cursor)
        var question = ServiceQuestion(
            tool: ListCompaniesTool.name, kind: "companies",
            key: Hex.encode(SHA256.hash("\(search.source.startURL ?? "") \(criteria.key) \(cursor ?? "")")),
            for: ToolCaller(
                actor: search.run.actor, agent: search.run.agent, runID: .agent(search.run.id),
                subject: search.search.subject))
        question.costMax = search.progress.costLeft
        guard let connection = try connection(question) else {
            throw ToolFailure(
                "no_credentials", "\(provider.title) needs an integration: add one", isRetryable: false)
        }
        integration = connection.integrationID
        guard search.progress.mayCost(connection.connector.price) else {
            throw ToolFailure("over_budget", Self.words("over_budget", provider.title), isRetryable: false)
        }
        let attempt = try await search.reach.integrations.ask(connection, question, of: search.run.tenant) {
            access, reach async throws(ToolFailure) in
            let page = try await provider.list(criteria, after: cursor, access, reach)
            return ServiceReply(page.json, lifetime: provider.listingLifetime)
        }
        search.progress.giveBack(cost: connection.connector.price - attempt.cost)
        search.use.count(attempt.calls, cost: attempt.cost)
        search.run.spent(cost: attempt.cost)
        // Some forbid that what they list is kept.
        if provider.listingLifetime == .zero, attempt.calls > 0 {
            let key = question.key
            try await search.run.write { try $0.keptAnswers.forget("companies", [key]) }
        }
        return attempt
    }

    private func connection(_ question: ServiceQuestion) throws -> ServiceConnection? {
        let (search, provider) = (search, provider), integrations = search.reach.integrations
        return try search.run.read { reader in
            let known = try integrations.connections(for: .leadSource, question, in: reader)
            if let own = known.first(where: { $0.provider.name == provider.name }) { return own }
            // An integration that is switched off, or fails, is not gone around.
            let hasOwn = try reader.exists(
                """
                SELECT 1 FROM integrations WHERE tenant_id = \(reader.tenant) AND provider = \(provider.name)
                    AND capability = 'lead_source'
                """)
            guard provider.isOpen, !hasOwn, let open = integrations.openConnection(to: provider) else {
                return nil
            }
            guard search.source.kind == .community, let address = search.source.startURL else { return open }
            return open.at(address)
        }
    }

    /// Reasons that may be over in a moment.
    private static let passing: Set<String> = [
        "rate_limited", "unavailable", "busy", "timeout", "disconnected", "quota_near", "invalid_answer",
        "connect",
    ]

    private static func words(_ reason: String, _ name: String) -> String {
        switch reason {
        case "over_budget": "the search, or a budget, does not allow what \(name) costs"
        case "quota_exhausted", "quota_near": "\(name) may not be asked more often for the moment"
        case "circuit_open": "\(name) has failed repeatedly, and is left alone for a while"
        case "unauthenticated": "\(name) does not accept the key"
        case "rate_limited": "\(name) wants to be asked later"
        case "invalid_answer": "\(name) has answered in a way that cannot be read"
        case "sandbox": "a sandbox asks no services"
        default: "\(name) did not answer: \(reason)"
        }
    }
}

extension CompanyCriteria {
    init(_ search: LeadSearch) {
        self.init()
        (countries, industries, keywords) = (search.countries, search.industries, search.keywords)
        employeesFrom = search.employeeCount["gte"]?.int.map { Int($0) }
        employeesTo = search.employeeCount["lte"]?.int.map { Int($0) }
        guard let area = search.area.flatMap({ Area($0) }) else { return }
        if let name = area.name {
            place = name
        } else {
            circle = Circle(latitude: area.latitude, longitude: area.longitude, metres: area.metres)
        }
    }
}
