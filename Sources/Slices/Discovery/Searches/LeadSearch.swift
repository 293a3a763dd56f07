internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// A search for companies that are like an ideal customer, in some sources: one row of `searches`.
package struct LeadSearch: ManagedRecord {
    package var head = Head<LeadSearch>()
    package var name = ""
    package var sources: [String] = []
    package var countries: [String] = []
    package var industries: [String] = []
    package var keywords: [String] = []
    package var employeeCount: JSONObject = [:]
    package var area: String?
    package var websites: [String] = []
    package var targetCount: Int?
    package var maxCost: Money?
    package var isEnabled = true
    package var lastRunID: AgentRunID?
    package var lastRunAt: Instant?
    package var found = 0
    package var created = 0

    package init() {}

    package static let idPrefix = "search"
    package static let noun = "search"
    package static let resource = Resource<LeadSearch>(
        "searches", named: "LeadSearch", rule: .hidden,
        console: ConsoleForm(
            title: "name",
            columns: ["sources", "target_count", "enabled", "found", "created", "last_run_at"],
            form: [
                "name", "sources", "countries", "industries", "keywords", "employee_count", "area",
                "websites",
                "target_count", "max_cost", "enabled",
            ],
            filters: ["enabled"]),
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .example("Software firms of Berlin"),
                .about("The name of the search.")),
            .texts(
                "sources", \.sources, max: 50, length: 40, .required, .example(["gleif", "openstreetmap"]),
                .about("The names of the sources that are searched, as in /v1/lead-sources.")),
            .texts(
                "countries", \.countries, max: 50, length: 2, .example(["DE"]),
                .about("The countries where the companies are; none: anywhere.")),
            .texts(
                "industries", \.industries, max: 50, length: 120, .example(["software"]),
                .about("The industries that they work in; none: any.")),
            .texts(
                "keywords", \.keywords, max: 50, length: 100, .example(["robotics"]),
                .about("Words that sources are asked for.")),
            .document(
                "employee_count", \.employeeCount, .example(["gte": 10, "lte": 500]),
                .about("The least and the greatest number of employees, gte and lte.")),
            .text(
                "area", \.area, max: 200, .example("Berlin"),
                .about("A town, a postal code, or latitude, longitude and metres, such as 52.52,13.40,5000.")),
            .texts(
                "websites", \.websites, max: 200, length: 500, .example(["https://acme.example"]),
                .about("Sites of companies that the source websites takes in.")),
            .integer(
                "target_count", \.targetCount, in: 1...100_000, .example(20),
                .about("The number of new leads that end a run; null: the agent's target of a day.")),
            .money(
                "max_cost", \.maxCost, .about("The most that a run may cost; null: only budgets limit it.")),
            .boolean(
                "enabled", \.isEnabled, .standard(true), .filterable,
                .about("Whether the daily run of lead generation searches it.")),
            .id("last_run_id", \.lastRunID, .readOnly, .about("The run that last searched it.")),
            .instant("last_run_at", \.lastRunAt, .readOnly, .sortable, .about("When it was last searched.")),
            .integer(
                "found", \.found, in: 0...Int64.max, .readOnly,
                .about("How many companies its runs have found.")),
            .integer(
                "created", \.created, in: 0...Int64.max, .readOnly,
                .about("How many leads its runs have created.")),
        ])

    private static let perTenantMax = 500

    package mutating func prepare(replacing old: LeadSearch?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if old == nil {
            let count = try tx.int("SELECT count(*) FROM searches WHERE tenant_id = \(tx.tenant)") ?? 0
            guard count < Self.perTenantMax else {
                throw Problem(
                    .conflict, "An agency may have at most \(Self.perTenantMax) searches: delete one first.")
            }
        }
        if old?.sources != sources { try checkSources(&faults, in: tx) }
        for (index, code) in countries.enumerated() {
            guard let country = Country(code) else {
                faults.add(
                    "/countries/\(index)", "invalid_country",
                    "\(code) is not the code of a country: send two letters of ISO 3166, such as DE.")
                continue
            }
            countries[index] = country.code
        }
        checkEmployees(&faults)
        if old?.maxCost != maxCost { try maxCost?.checkCap(at: "/max_cost", &faults, in: tx, tx.runtime) }
        if let area, Area(area) == nil {
            faults.add("/area", "invalid_text", "area must be a place, or latitude, longitude and metres.")
        }
        for (index, text) in websites.enumerated() where WebAddress(text) == nil {
            faults.add(
                "/websites/\(index)", "invalid_url",
                "\(text.prefix(100)) is not the address of a website: send one such as https://example.com.")
        }
        try faults.throwIfAny()
    }

    private func checkSources(_ faults: inout Faults, in tx: Transaction) throws {
        if sources.isEmpty { faults.add("/sources", "required", "sources must name at least one source.") }
        for (index, name) in sources.enumerated() {
            guard let source = try tx.leadSources.find(name) else {
                faults.add(
                    "/sources/\(index)", "unknown_reference",
                    "No lead source has the name \(name): list them at /v1/lead-sources.")
                continue
            }
            if source.isPassive {
                faults.add(
                    "/sources/\(index)", "invalid_choice",
                    "Leads come from \(name) by themselves: there is nothing to search.")
            }
        }
    }

    private func checkEmployees(_ faults: inout Faults) {
        for (name, value) in employeeCount.members {
            let pointer = "/employee_count/\(name.pointerToken)"
            if name != "gte", name != "lte" {
                faults.add(
                    pointer, "unknown_field", "employee_count has gte and lte.", choices: ["gte", "lte"])
            } else if value.int.map({ $0 < 0 }) ?? true {
                faults.add(pointer, "wrong_type", "\(name) must be a number of employees.")
            }
        }
        if let least = employeeCount["gte"]?.int, let most = employeeCount["lte"]?.int, least > most {
            faults.add("/employee_count/lte", "out_of_range", "lte must not be less than gte.")
        }
    }
}

/// The place that a search is about: its name, or a circle.
struct Area: Hashable, Sendable {
    static let radiusMax = 50_000.0

    let name: String?
    let latitude: Double, longitude: Double, metres: Double

    /// Reads `52.52,13.40,5000`, or a name.
    init?(_ text: String) {
        let parts = text.split(separator: ",").map { Double($0.filter { $0 != " " }) }
        if parts.count == 3, let latitude = parts[0], let longitude = parts[1], let metres = parts[2] {
            guard (-90...90).contains(latitude), (-180...180).contains(longitude),
                (1...Self.radiusMax).contains(metres)
            else { return nil }
            (name, self.latitude, self.longitude, self.metres) = (nil, latitude, longitude, metres)
            return
        }
        guard text.unicodeScalars.contains(where: { $0.properties.isAlphabetic || ("0"..."9").contains($0) })
        else {
            return nil
        }
        (name, latitude, longitude, metres) = (text, 0, 0, 0)
    }
}
