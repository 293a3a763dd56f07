package import Agents
package import Integrations
package import JSON
internal import Records

/// A company that a source is asked about, as far as it is known.
package struct CompanyQuestion: Sendable {
    package var name: String
    /// The registrable domain of its site.
    package var domain: String?
    package var country: String?
    package var location: String?
    /// The fields that are wanted.
    package var fields: Set<String>
    /// The present year, by the agency's clock: nothing was founded later.
    package var year: Int

    package init(
        name: String, domain: String? = nil, country: String? = nil, location: String? = nil,
        fields: Set<String>, year: Int
    ) {
        (self.name, self.domain, self.country, self.location) = (name, domain, country, location)
        (self.fields, self.year) = (fields, year)
    }
}

/// A value of one field in a source's answer.
package struct CompanyStatement: Sendable {
    package let field: String
    /// The value as the API of leads takes it, or as it came where that is no such value: it is judged before it is
    /// stored.
    package let value: JSON
    /// The words of the answer, as they stand there.
    package let quote: String
    /// The address of the entry that says it; `nil`: the answer's.
    package let url: String?
    /// 0–1: how likely it is that this is true of the company, if it is this company.
    package let confidence: Double

    package init(
        _ field: String, _ value: JSON, quote: String, at url: String? = nil, confidence: Double
    ) {
        (self.field, self.value, self.quote, self.url) = (field, value, quote, url)
        self.confidence = confidence
    }
}

/// A source's answer about a company; without statements it knows nothing of it.
package struct CompanyAnswer: Sendable {
    package var statements: [CompanyStatement] = []
    /// The domain and the name of the company that the answer is about, as it says: another one's are not taken.
    package var domain: String?
    package var name: String?
    /// The country where the answer names one.
    package var country: String?
    /// The limits of a number by other words of the answer, such as a class of sizes: a number outside contradicts it.
    package var ranges: [String: ClosedRange<Int64>] = [:]
    /// The address of the entry, for people to read it there.
    package var url: String?

    package init() {}
}

/// An outside source that tells something of companies: a register, a map, a service that is paid. It is an integration
/// of the capability `company_enrichment`. Each request has passed the gate.
package protocol EnrichmentProvider: IntegrationProvider {
    /// The fields that it may tell: columns of leads, or those of `FactField`.
    var enrichedFields: Set<String> { get }
    /// The kind of source that its facts name.
    var sourceKind: FactSource.Kind { get }
    /// Whether it answers everybody: it is asked without an integration, too.
    var isOpen: Bool { get }

    /// Returns whether what is known suffices to ask.
    func canAnswer(_ question: CompanyQuestion) -> Bool
    /// Asks once. Throws `ToolFailure`, whose code is the service's word for what went wrong.
    func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer
}

extension CompanyStatement {
    package var json: JSON {
        [
            "field": .string(field), "value": value, "quote": .string(quote), "url": JSON(url),
            "confidence": .number(confidence),
        ]
    }

    /// Reads one that was kept.
    package init?(_ json: JSON) {
        guard let field = json["field"]?.text, let value = json["value"] else { return nil }
        self.init(
            field, value, quote: json["quote"]?.text ?? "", at: json["url"]?.text,
            confidence: json["confidence"]?.double ?? 0)
    }
}

extension CompanyAnswer {
    package var json: JSON {
        [
            "statements": .array(statements.map(\.json)), "domain": JSON(domain), "name": JSON(name),
            "country": JSON(country), "url": JSON(url),
            "ranges": .object(
                JSONObject(
                    ranges.sorted { $0.key < $1.key }.map {
                        ($0.key, [.integer($0.value.lowerBound), .integer($0.value.upperBound)])
                    })),
        ]
    }

    /// Reads one that was kept.
    package init(_ json: JSON) {
        statements = (json["statements"]?.array ?? []).compactMap { CompanyStatement($0) }
        (domain, name) = (json["domain"]?.text, json["name"]?.text)
        (country, url) = (json["country"]?.text, json["url"]?.text)
        for (name, range) in json["ranges"]?.object?.members ?? [] {
            guard let low = range.array?.first?.int, let high = range.array?.last?.int, low <= high else {
                continue
            }
            ranges[name] = low...high
        }
    }
}

extension EnrichmentProvider {
    package var sourceKind: FactSource.Kind { .provider }
    package var isOpen: Bool { false }
    package func canAnswer(_ question: CompanyQuestion) -> Bool { question.domain != nil }
}
