package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Recherche d'entreprises, the open register of France: https://recherche-entreprises.api.gouv.fr (Licence Ouverte).
package struct RechercheEntreprises: EnrichmentProvider, CompanyListing {
    package let name = "recherche_entreprises"
    package let title = "Recherche d’entreprises"
    package let capabilities: Set<Capability> = [.companyEnrichment, .leadSource]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://recherche-entreprises.api.gouv.fr"
    /// Seven a second are allowed to an address.
    package let pace = ServicePace(concurrent: 2, interval: .milliseconds(200))
    package let isOpen = true
    package let enrichedFields: Set<String> = [
        "legal_name", "registration_number", "location", "country", "founded_year", "employee_count",
        "annual_revenue",
        "decision_makers",
    ]
    package var sourceKind: FactSource.Kind { .register }

    /// The least and the greatest number of staff that a code means; the last has no end.
    private static let sizes: [(code: String, least: Int, most: Int)] = [
        ("00", 0, 0), ("01", 1, 2), ("02", 3, 5), ("03", 6, 9), ("11", 10, 19), ("12", 20, 49),
        ("21", 50, 99),
        ("22", 100, 199), ("31", 200, 249), ("32", 250, 499), ("41", 500, 999), ("42", 1000, 1999),
        ("51", 2000, 4999), ("52", 5000, 9999), ("53", 10_000, 10_000),
    ]
    private static let pageSize = 25, pagesMax = 400
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("Recherche d’entreprises", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            let query = [(name: "q", value: "la poste"), (name: "per_page", value: "1")]
            return try await wire.get("/search", query, access, ConnectorCall())["results"]?.array != nil
        }
    }

    // MARK: Lists

    package func canList(_ criteria: CompanyCriteria) -> Bool {
        (criteria.countries.isEmpty || criteria.countries.contains("FR")) && !Self.query(criteria).isEmpty
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let page = cursor.flatMap { Int($0) } ?? 1
        let query =
            Self.query(criteria) + [
                ("etat_administratif", "A"), ("page", "\(page)"), ("per_page", "\(Self.pageSize)"),
            ]
        let answer = try await wire.get("/search", query, access, reach)
        guard let results = answer["results"]?.array else { throw wire.wire.unreadable }
        let companies = results.compactMap { company($0) }
        let pages = min(Int(answer["total_pages"]?.int ?? 0), Self.pagesMax)
        return ListedPage(companies, next: page < pages && !results.isEmpty ? "\(page + 1)" : nil)
    }

    /// An unknown parameter is ignored there without a word, so that only known ones are sent.
    private static func query(_ criteria: CompanyCriteria) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = [], words = criteria.keywords
        let codes = criteria.industries.filter(isActivity)
        if !codes.isEmpty { query.append(("activite_principale", codes.joined(separator: ","))) }
        if let place = criteria.place {
            let digits = place.utf8.allSatisfy { (0x30...0x39).contains($0) }
            switch (digits, place.utf8.count) {
            case (true, 5): query.append(("code_postal", place))
            case (true, 2...3): query.append(("departement", place))
            default: words.append(place)
            }
        }
        if criteria.employeesFrom != nil || criteria.employeesTo != nil {
            let fitting = sizes.filter { size in
                size.most >= criteria.employeesFrom ?? 0 && size.least <= criteria.employeesTo ?? .max
            }
            query.append(("tranche_effectif_salarie", fitting.map(\.code).joined(separator: ",")))
        }
        if !words.isEmpty { query.append(("q", words.joined(separator: " "))) }
        return query
    }

    /// `62.01Z`, the code of an activity.
    private static func isActivity(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[2] == UInt8(ascii: "."), (0x41...0x5A).contains(bytes[5]) else {
            return false
        }
        return [0, 1, 3, 4].allSatisfy { (0x30...0x39).contains(bytes[$0]) }
    }

    private func company(_ entry: JSON) -> ListedCompany? {
        guard let siren = entry["siren"]?.text, let name = entry["nom_complet"]?.text, !Self.isPerson(entry)
        else { return nil }
        var company = ListedCompany(key: siren, url: address(of: siren))
        company.set("company", name)
        company.set("legal_name", entry["nom_raison_sociale"]?.text)
        company.set("registration_number", siren)
        company.set("country", "FR", quote: siren)
        company.set("location", entry["siege"]?["libelle_commune"]?.text)
        company.set(
            "founded_year", (entry["date_creation"]?.text).map { String($0.prefix(4)) },
            quote: entry["date_creation"]?.text)
        company.registerNumber = "FR:\(siren)"
        company.confidence = 0.95
        return company
    }

    // MARK: One company

    package func canAnswer(_ question: CompanyQuestion) -> Bool {
        (question.country == nil || question.country == "FR") && question.location != nil
    }

    /// It knows no sites: an entry is the company's where name and town, or postal code, are.
    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        let query = [
            (name: "q", value: question.name), (name: "per_page", value: "10"), (name: "page", value: "1"),
        ]
        let answer = try await wire.get("/search", query, access, reach)
        guard let results = answer["results"]?.array else { throw wire.wire.unreadable }
        let same = results.filter { entry in
            guard let place = question.location else { return false }
            let names = [entry["nom_complet"]?.text, entry["nom_raison_sociale"]?.text].compactMap(\.self)
            let seat = entry["siege"]
            return names.contains { CompanyIdentity.isSame($0, question.name) }
                && (CompanyIdentity.names(place, seat?["code_postal"]?.text)
                    || CompanyIdentity.names(place, seat?["libelle_commune"]?.text))
        }
        guard same.count == 1, !Self.isPerson(same[0]) else { return CompanyAnswer() }
        return told(same[0])
    }

    private func told(_ entry: JSON) -> CompanyAnswer {
        var answer = CompanyAnswer()
        guard let siren = entry["siren"]?.text else { return answer }
        (answer.name, answer.country) = (entry["nom_complet"]?.text, "FR")
        answer.url = address(of: siren)
        func say(_ field: String, _ text: String?, _ value: JSON? = nil, _ confidence: Double = 0.95) {
            guard let text, !text.isEmpty else { return }
            answer.statements.append(
                CompanyStatement(field, value ?? .string(text), quote: text, confidence: confidence))
        }
        say("legal_name", entry["nom_raison_sociale"]?.text ?? answer.name)
        say("registration_number", siren)
        say("country", siren, "FR")
        say("location", entry["siege"]?["libelle_commune"]?.text)
        let made = entry["date_creation"]?.text
        say("founded_year", made, made.flatMap { Int64($0.prefix(4)) }.map { .integer($0) })
        if let code = entry["tranche_effectif_salarie"]?.text,
            let size = Self.sizes.first(where: { $0.code == code })
        {
            // The middle of a range is an estimate.
            say("employee_count", code, .integer(Int64((size.least + size.most) / 2)), 0.6)
        }
        if let (year, figures) = entry["finances"]?.object?.members.max(by: { $0.key < $1.key }),
            let revenue = figures["ca"]?.int, (1...Money.amountMax / 100).contains(revenue)
        {
            say(
                "annual_revenue", "\(year): \(revenue)",
                ["amount": .integer(revenue * 100), "currency": "EUR"], 0.9)
        }
        let people = (entry["statut_diffusion"]?.text == "O" ? entry["dirigeants"]?.array ?? [] : [])
            .compactMap(Self.person)
        if !people.isEmpty {
            say("decision_makers", people.joined(separator: "; "), JSON(people), 0.9)
        }
        return answer
    }

    /// Names and roles only.
    private static func person(_ officer: JSON) -> String? {
        guard officer["type_dirigeant"]?.text == "personne physique", let last = officer["nom"]?.text else {
            return nil
        }
        let name = [officer["prenoms"]?.text?.split(separator: " ").first.map(String.init), last].compactMap(
            \.self
        )
        .joined(separator: " ")
        return officer["qualite"]?.text.map { "\(name), \($0)" } ?? name
    }

    /// Sole traders, and who does not want to be told of, are natural persons: nothing is taken of them.
    private static func isPerson(_ entry: JSON) -> Bool {
        entry["nature_juridique"]?.text?.hasPrefix("1") == true || entry["statut_diffusion"]?.text == "P"
    }

    private func address(of siren: String) -> String {
        "https://annuaire-entreprises.data.gouv.fr/entreprise/\(siren)"
    }
}
