package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// News about a company, by GDELT DOC 2.0: https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts
package struct GDELTNews: EnrichmentProvider {
    package let name = "news"
    package let title = "GDELT"
    package let capabilities: Set<Capability> = [.companyEnrichment]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://api.gdeltproject.org"
    /// One question in five seconds is allowed to an address.
    package let pace = ServicePace(concurrent: 1, interval: .seconds(5))
    package let isOpen = true
    package let enrichedFields: Set<String> = ["news"]
    package var sourceKind: FactSource.Kind { .feed }

    private static let articlesMax = 10, lengthMin = 3
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("GDELT", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            _ = try await articles("\"climate change\"", access, ConnectorCall())
            return true
        }
    }

    package func canAnswer(_ question: CompanyQuestion) -> Bool {
        CompanyName.key(question.name).utf8.count >= Self.lengthMin
    }

    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        let key = CompanyName.key(question.name)
        var query = "\"\(key)\""
        // A name of one word may be any word: without its town beside it nothing counts.
        let town = question.location.map {
            TextFolding.fold($0).split(separator: ",").first.map(String.init) ?? ""
        }
        let isCommon = !key.contains(" ")
        if isCommon {
            guard let town, !town.isEmpty else { return CompanyAnswer() }
            query += " \"\(town.filter { $0.isLetter || $0 == " " })\""
        }
        var seen: Set<String> = [], told: [(title: String, url: String, json: JSON)] = []
        for article in try await articles(query, access, reach) where told.count < Self.articlesMax {
            guard let title = article["title"]?.text.map(HTMLText.decodingReferences),
                let url = article["url"]?.text,
                Self.names(key, in: title), seen.insert(TextFolding.fold(title)).inserted
            else { continue }
            let at = article["seendate"]?.text.flatMap(Self.time)
            told.append((title, url, ["title": .string(title), "url": .string(url), "seen_at": JSON(at)]))
        }
        // The articles are one statement: each by itself would take the place of the one before.
        guard let newest = told.first else { return CompanyAnswer() }
        var answer = CompanyAnswer()
        answer.name = question.name
        answer.statements = [
            CompanyStatement(
                "news", .array(told.map(\.json)), quote: newest.title, at: newest.url,
                confidence: isCommon ? 0.4 : 0.6)
        ]
        return answer
    }

    /// `20260115T100000Z` in the form of the API.
    private static func time(_ text: String) -> String? {
        let digits = text.filter(\.isNumber)
        guard digits.count == 14, text.hasSuffix("Z") else { return nil }
        func part(_ from: Int, _ length: Int) -> Substring { digits.dropFirst(from).prefix(length) }
        let day = "\(part(0, 4))-\(part(4, 2))-\(part(6, 2))"
        return Instant("\(day)T\(part(8, 2)):\(part(10, 2)):\(part(12, 2))Z")?.description
    }

    private static func names(_ key: String, in title: String) -> Bool {
        let words = TextFolding.fold(title).split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
        return " \(words) ".contains(" \(key) ")
    }

    private func articles(
        _ query: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [JSON] {
        let answer = try await wire.get(
            "/api/v2/doc/doc",
            [
                ("query", query), ("mode", "artlist"), ("format", "json"), ("maxrecords", "75"),
                ("timespan", "3m"),
                ("sort", "datedesc"),
            ], access, reach)
        // Nothing found is an object without members.
        return answer["articles"]?.array ?? []
    }
}
