package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Wikidata: https://www.wikidata.org/w/api.php (CC0). It knows larger companies, by their sites.
package struct Wikidata: EnrichmentProvider, CompanyListing {
    package let name = "wikidata"
    package let title = "Wikidata"
    package let capabilities: Set<Capability> = [.companyEnrichment, .leadSource]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://www.wikidata.org"
    /// It wants its questions one after the other.
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(500))
    package let isOpen = true
    package let enrichedFields: Set<String> = [
        "employee_count", "annual_revenue", "founded_year", "website", "linkedin_url",
    ]
    package var sourceKind: FactSource.Kind { .register }

    private static let path = "/w/api.php", pageSize = 20
    /// The languages that labels are asked for in, the most wanted first.
    fileprivate static let languages = "en|de|fr|es"
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("Wikidata", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            try await search("Wikidata", from: 0, access, ConnectorCall()).ids.isEmpty == false
        }
    }

    // MARK: Lists

    package func canList(_ criteria: CompanyCriteria) -> Bool { !criteria.keywords.isEmpty }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let start = cursor.flatMap { Int($0) } ?? 0
        let found = try await search(
            criteria.keywords.joined(separator: " "), from: start, access, reach)
        guard !found.ids.isEmpty else { return ListedPage() }
        let entities = try await entities(found.ids, access, reach)
        return ListedPage(entities.compactMap { company($0) }, next: found.next.map { "\($0)" })
    }

    /// Entries without a site are no companies that could be written to.
    private func company(_ entity: WikidataEntity) -> ListedCompany? {
        guard let site = entity.text("P856"), let label = entity.label else { return nil }
        var company = ListedCompany(key: entity.id, url: entity.url)
        company.set("company", label)
        company.set("website", site)
        if let founded = entity.year("P571") {
            company.set("founded_year", founded.year, quote: founded.quote)
        }
        if let staff = entity.amount("P1128") {
            company.values["employee_count"] = .integer(staff.value)
            company.quotes["employee_count"] = staff.quote
        }
        return company
    }

    // MARK: One company

    /// An entry is the company's where its site is.
    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        let found = try await search(question.name, from: 0, access, reach)
        guard let domain = question.domain, !found.ids.isEmpty else { return CompanyAnswer() }
        let entity = try await entities(found.ids, access, reach).first { entity in
            CompanyIdentity.domain(of: entity.text("P856")) == domain
        }
        guard let entity else { return CompanyAnswer() }
        var answer = CompanyAnswer()
        (answer.domain, answer.name, answer.url) = (domain, entity.label, entity.url)
        func say(_ field: String, _ value: JSON, _ quote: String, _ confidence: Double = 0.8) {
            answer.statements.append(CompanyStatement(field, value, quote: quote, confidence: confidence))
        }
        if let site = entity.text("P856") { say("website", .string(site), site) }
        if let staff = entity.amount("P1128") {
            say("employee_count", .integer(staff.value), staff.quote, 0.7)
        }
        if let founded = entity.year("P571"), let year = Int64(founded.year) {
            say("founded_year", .integer(year), founded.quote)
        }
        if let revenue = entity.amount("P2139"), let currency = entity.currency("P2139") {
            let (cents, isTooLarge) = revenue.value.multipliedReportingOverflow(by: 100)
            if !isTooLarge {
                say(
                    "annual_revenue", ["amount": .integer(cents), "currency": .string(currency)],
                    revenue.quote, 0.7)
            }
        }
        if let handle = entity.text("P4264") {
            say("linkedin_url", .string("https://www.linkedin.com/company/\(handle)"), handle)
        }
        return answer
    }

    // MARK: Questions

    private func search(
        _ text: String, from start: Int, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> (ids: [String], next: Int?) {
        let answer = try await ask(
            [
                ("action", "wbsearchentities"), ("search", text), ("language", "en"), ("type", "item"),
                ("limit", "\(Self.pageSize)"), ("continue", "\(start)"),
            ], access, reach)
        guard let hits = answer["search"]?.array else { throw wire.wire.unreadable }
        let next = answer["search-continue"]?.int.map { Int($0) }.flatMap { $0 > start ? $0 : nil }
        return (hits.compactMap { $0["id"]?.text }, next)
    }

    private func entities(
        _ ids: [String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [WikidataEntity] {
        let answer = try await ask(
            [
                ("action", "wbgetentities"), ("ids", ids.prefix(50).joined(separator: "|")),
                ("props", "claims|labels"), ("languages", Self.languages),
            ], access, reach)
        guard let found = answer["entities"]?.object else { throw wire.wire.unreadable }
        return ids.compactMap { id in found[id].map { WikidataEntity(id, $0) } }
    }

    private func ask(
        _ query: [(name: String, value: String)], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await wire.get(
            Self.path, query + [("format", "json"), ("maxlag", "5")], access, reach)
        // Too loaded: that comes as a good answer.
        switch answer["error"]?["code"]?.text {
        case nil: return answer
        case "maxlag": throw wire.wire.pause(reach, for: .seconds(5))
        default: throw wire.wire.unreadable
        }
    }
}

/// An entry of Wikidata.
private struct WikidataEntity {
    let id: String
    private let document: JSON

    init(_ id: String, _ document: JSON) { (self.id, self.document) = (id, document) }

    var url: String { "https://www.wikidata.org/wiki/\(id)" }

    var label: String? {
        let labels = document["labels"]
        for language in Wikidata.languages.split(separator: "|") {
            if let text = labels?[String(language)]?["value"]?.text { return text }
        }
        return nil
    }

    /// The claim that counts: the preferred one, else the newest.
    private func claim(_ property: String) -> JSON? {
        let claims = (document["claims"]?[property]?.array ?? []).filter { claim in
            claim["rank"]?.text != "deprecated" && claim["mainsnak"]?["snaktype"]?.text == "value"
        }
        if let preferred = claims.first(where: { $0["rank"]?.text == "preferred" }) { return preferred }
        return claims.max { Self.time(of: $0) < Self.time(of: $1) }
    }

    private static func time(of claim: JSON) -> String {
        claim["qualifiers"]?["P585"]?.array?.first?["datavalue"]?["value"]?["time"]?.text ?? ""
    }

    private func value(_ property: String) -> JSON? { claim(property)?["mainsnak"]?["datavalue"]?["value"] }

    func text(_ property: String) -> String? { value(property)?.text }

    /// `+140` is a text with its sign.
    func amount(_ property: String) -> (value: Int64, quote: String)? {
        guard let text = value(property)?["amount"]?.text, let number = Double(text), number >= 0,
            number < 9e15
        else {
            return nil
        }
        return (Int64(number), text)
    }

    func year(_ property: String) -> (year: String, quote: String)? {
        guard let text = value(property)?["time"]?.text, text.hasPrefix("+") else { return nil }
        return (String(text.dropFirst().prefix(4)), text)
    }

    /// The currency that an amount is in; others than these are not read.
    func currency(_ property: String) -> String? {
        let known = ["Q4916": "EUR", "Q4917": "USD", "Q25224": "GBP", "Q25344": "CHF"]
        return value(property)?["unit"]?.text?.split(separator: "/").last.flatMap { known[String($0)] }
    }
}
