internal import Agents
internal import Integrations
internal import JSON
internal import Nouns
internal import Records
internal import Transfer

/// The leads in a CRM, by the connector of its integration: Apideck's for all the systems that it knows, or any other.
struct ConnectorPages: CompanyPages {
    /// The objects that may hold leads, the best first.
    private static let objects = ["leads", "contacts", "companies"]

    private let client: ConnectorClient
    private let object: ConnectorObject
    private let use: SourceUse
    private let columns: [String: String]
    private let source: String
    private var cursor: String?
    private var trail = PageTrail()
    private var left: Int
    let integration: IntegrationID?

    init(_ search: SourceSearch) throws {
        let (run, name) = (search.run, search.source.name)
        let found = try run.read { reader in
            try (reader.integrations.all(for: .leadSource) + reader.integrations.all(for: .crm))
                .first { $0.provider == name || $0.provider == "custom.\(name)" }
        }
        let caller = ToolCaller(
            actor: run.actor, agent: run.agent, runID: .agent(run.id), subject: search.search.subject)
        guard let found,
            let client = try search.reach.integrations.client(of: found, run.tenant, for: caller),
            let object = Self.objects.lazy.compactMap({ name in
                client.connector.objects.first { $0.name == name }
            })
            .first(where: { $0.list != nil })
        else {
            throw ToolFailure(
                "no_credentials", "\(search.source.title) needs an integration that lists leads",
                isRetryable: false)
        }
        (self.client, self.object, use, integration) = (client, object, search.use, found.id)
        (left, source) = (search.source.pagesMax, name)
        // The service's names of its fields are read as the columns of a file are.
        let names = object.fields.map(\.name)
        let mapping = HeaderMapping(names)
        columns = Dictionary(
            zip(names, mapping.columns).compactMap { name, column in
                column.target.map { (name, $0.fieldName) }
            },
            uniquingKeysWith: { first, _ in first })
    }

    mutating func next() async throws -> FoundPage? {
        guard left > 0 else { return nil }
        left -= 1
        use.count()
        let page = try await client.page(of: object, after: cursor)
        cursor = page.next
        if page.next == nil { left = 0 }
        if trail.isRepeated(page.records.map(\.id), next: page.next) { throw ToolFailure.pagingLoop }
        return FoundPage(companies: page.records.filter { !$0.isDeleted }.map(company))
    }

    private func company(_ record: RemoteRecord) -> ListedCompany {
        var company = ListedCompany(key: record.id)
        for (name, value) in record.fields.members where !value.isNull {
            guard let field = columns[name], LeadSource.fieldNames.contains(field),
                company.values[field] == nil
            else { continue }
            company.values[field] = value.text.map { .string($0) } ?? value
            company.quotes[field] = value.text ?? value.serialized
        }
        // A lead without a firm is known by its person.
        if company.values["company"] == nil, let person = company.values["contact_name"]?.text {
            company.set("company", person)
        }
        // The other system's status helps whoever judges it here, and decides nothing.
        if let word = record.fields["status"]?.text.map(TextCleaning.line), !word.isEmpty {
            company.values["tags"] = [.string("\(source):\(word.lowercased().prefix(40))")]
        }
        company.confidence = 0.9
        return company
    }
}
