internal import Agents
package import Database
package import JSON
package import Nouns
package import Records
internal import Telemetry
internal import Transfer

/// A firm that leads and contacts belong to.
package struct Company: ManagedRecord {
    package var head = Head<Company>()
    package var name = ""
    package var website: String?
    package var domain: String?
    package var industry: String?
    package var employeeCount: Int?
    package var annualRevenue: Money?
    package var location: String?
    package var country: String?
    package var tags: [String] = []
    package var notes: String?
    package var custom: JSONObject = [:]
    package var externalIDs: JSONObject = [:]
    package var clientID: ClientID?
    /// The key by which a company is recognised: its registrable domain, else its name without legal form.
    package var companyKey = ""

    package init() {}

    package static let idPrefix = "company"
    package static let resource = Resource<Company>(
        "companies", named: "Company",
        console: ConsoleForm(
            columns: ["industry", "location", "employee_count", "created_at"],
            form: ["name", "website", "industry", "location", "country", "tags", "notes"]),
        [
            .text(
                "name", \.name, max: 300, .required, .filterable, .sortable, .searchable,
                .example("Example GmbH"), .about("The name of the company.")),
            .url("website", \.website, .example("https://www.example.com")),
            .text(
                "domain", \.domain, max: 253, .readOnly, .filterable, .searchable,
                .about("The registrable domain.")),
            .text("industry", \.industry, max: 120, .filterable, .searchable),
            .integer("employee_count", \.employeeCount, in: 0...50_000_000, .filterable, .sortable),
            .money(
                "annual_revenue", \.annualRevenue, .filterable,
                .about("The annual revenue of the company.")),
            .text("location", \.location, max: 300, .searchable),
            .country("country", \.country, .filterable),
            .texts(
                "tags", \.tags, max: 100, length: 100, .filterable, .searchable,
                .about("Words of your own to find the company by.")),
            .text("notes", \.notes, max: 20_000, .searchable),
            .custom("custom", \.custom, .filterable),
            .externalIDs("external_ids", \.externalIDs, .filterable),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client on whose behalf the company is kept; null: the agency itself.")),
            .text("company_key", \.companyKey, max: 400, .secret),
        ])

    package mutating func prepare(replacing old: Company?, by actor: Actor, in tx: Transaction) throws {
        domain = website.flatMap { WebAddress($0)?.ownDomain }
        companyKey = domain ?? "name:\(CompanyName.key(name))"
        if old?.custom != custom { try tx.customFields.declare(custom, for: .company, by: actor) }
    }

    package func saved(replacing old: Company?, by actor: Actor, in tx: Transaction) throws {
        if old?.externalIDs != externalIDs {
            try tx.contacts.indexExternalIDs(of: subject, from: old?.externalIDs ?? [:], to: externalIDs)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if try tx.exists("SELECT 1 FROM contacts WHERE tenant_id = \(tx.tenant) AND company_id = \(id)") {
            throw Problem(.conflict, "The company still has contacts: give them another company first.")
        }
        try tx.duplicates.forgetMatches(of: self)
        try tx.contacts.indexExternalIDs(of: subject, from: externalIDs, to: [:])
    }
}
