internal import Facts
internal import Integrations
internal import JSON
internal import Records

/// The sources that this installation can ask about companies: their own sites, and the providers.
struct EnrichmentSources: Sendable {
    private let found: Deferred<[any EnrichmentProvider]>
    var providers: [any EnrichmentProvider] { found.value }

    init(_ services: IntegrationServices) {
        // Each cast searches through all conformances of the program: not at its start.
        found = Deferred {
            let able = services.providers.all.compactMap { $0 as? any EnrichmentProvider }
            return able.filter(\.isOpen) + able.filter { !$0.isOpen }
        }
    }

    var names: [String] { [SiteStatements.source] + providers.map(\.name) }

    /// All fields that any source may tell.
    var fields: Set<String> {
        providers.reduce(SiteStatements.fields) { $0.union($1.enrichedFields) }
    }

    func has(_ name: String) -> Bool { names.contains(name) }

    subscript(name: String) -> (any EnrichmentProvider)? { providers.first { $0.name == name } }

    /// The sources that may tell a field, those without a price first.
    func names(for field: String) -> [String] {
        (SiteStatements.fields.contains(field) ? [SiteStatements.source] : [])
            + providers.filter { $0.enrichedFields.contains(field) }.map(\.name)
    }

    /// The fields of a lead that tell something of it that others can know.
    private static let columns: Set = [
        "website", "industry", "employee_count", "annual_revenue", "location", "country", "contact_name",
        "contact_title", "email", "phone", "linkedin_url", "pain_points",
    ]

    /// Returns whether sources can fill a field.
    static func isField(_ name: String) -> Bool {
        columns.contains(name) || FactField(rawValue: name) != nil
    }

    /// The fields that are the company's, whoever of it the lead is.
    static let ofCompany: Set<String> = Set(
        ["website", "industry", "employee_count", "annual_revenue", "location", "country"]
            + FactField.choices)
}
