internal import Foundation
internal import JSON
internal import Synchronization

/// A company as registers, maps and news know it.
package struct RegisteredCompany: Sendable {
    package var name: String, town: String, postcode: String, country: String, site: String
    package var number: String, founded: Int, employees: Int

    package init(
        _ name: String, in town: String, _ postcode: String, _ country: String, site: String, number: String,
        founded: Int, employees: Int
    ) {
        (self.name, self.town, self.postcode, self.country) = (name, town, postcode, country)
        (self.site, self.number, self.founded, self.employees) = (site, number, founded, employees)
    }

    /// The companies that stand-ins know unless they are told others.
    package static let known = [
        RegisteredCompany(
            "Alder Robotics GmbH", in: "Berlin", "10115", "DE", site: "https://alder-robotics.example",
            number: "HRB 11111", founded: 2009, employees: 140),
        RegisteredCompany(
            "Birch Optics SAS", in: "Lyon", "69001", "FR", site: "https://birch-optics.example",
            number: "111 222 333", founded: 1998, employees: 35),
        RegisteredCompany(
            "Cedar Pumps Ltd", in: "Leeds", "LS1 1AA", "GB", site: "https://cedar-pumps.example",
            number: "00012345", founded: 1984, employees: 620),
    ]

    /// Returns whether a question names it, by whole words or a part of them.
    func fits(_ question: String) -> Bool {
        let words = question.lowercased()
        return words.isEmpty || name.lowercased().contains(words) || words.contains(name.lowercased())
    }

    var domain: String { String(site.drop { $0 != "/" }.drop { $0 == "/" }) }
}

/// Registers and maps that answer everybody, each on a port of its own. All of them want to know who asks; `slow` is
/// answered after 20 seconds.
package final class OpenRegisters: Sendable {
    package let gleif: ServiceStandIn, annuaire: ServiceStandIn, wikidata: ServiceStandIn
    package let rdap: ServiceStandIn, map: ServiceStandIn

    package init(_ companies: [RegisteredCompany] = RegisteredCompany.known) throws {
        gleif = try Self.service { Self.gleif($0, companies) }
        annuaire = try Self.service { Self.annuaire($0, companies) }
        let isLoaded = Once(), isBusy = Once()
        wikidata = try Self.service { Self.wikidata($0, companies, isLoaded) }
        map = try Self.service { Self.map($0, companies, isBusy) }
        let place = Place()
        rdap = try Self.service { Self.rdap($0, companies, place.url) }
        place.set(rdap.url)
    }

    /// One that refuses whoever does not say who they are.
    private static func service(
        _ answer: @escaping @Sendable (ReceivedRequest) -> StandInAnswer
    ) throws -> ServiceStandIn {
        try ServiceStandIn { request in
            guard let agent = request.header("User-Agent"), agent.hasPrefix("BureauBot/") else {
                return StandInAnswer(403, "<html>Say who you are.</html>")
            }
            if request.target.contains("slow") { Thread.sleep(forTimeInterval: 20) }
            return answer(request)
        }
    }

    // MARK: Registers

    /// `Nobody` is nobody's name there.
    private static func gleif(_ request: ReceivedRequest, _ companies: [RegisteredCompany]) -> StandInAnswer {
        guard request.path == "/api/v1/lei-records" else { return StandInAnswer(404, #"{"errors":[]}"#) }
        let country = request.asked("filter[entity.legalAddress.country]")
        let found = companies.filter { company in
            company.fits(request.asked("filter[entity.legalName]") ?? "")
                && (country == nil
                    || country?.split(separator: ",").contains { $0 == company.country } == true)
        }
        let records = found.map { company -> JSON in
            let lei = "LEI" + company.number.filter { $0 != " " }
            let address: JSON = [
                "city": .string(company.town), "country": .string(company.country),
                "postalCode": .string(company.postcode),
            ]
            let entity: JSON = [
                "legalName": ["name": .string(company.name), "language": "en"], "legalAddress": address,
                "headquartersAddress": address, "registeredAs": .string(company.number),
                "jurisdiction": .string(company.country), "status": "ACTIVE",
                "creationDate": .string("\(company.founded)-03-01T00:00:00Z"),
            ]
            return [
                "type": "lei-records", "id": .string(lei),
                "attributes": [
                    "lei": .string(lei), "entity": entity, "registration": ["status": "ISSUED"],
                ],
                "links": ["self": .string("https://api.gleif.org/api/v1/lei-records/\(lei)")],
            ]
        }
        return answer(["data": .array(records), "links": [:]])
    }

    /// `limit` has asked too often.
    private static func annuaire(
        _ request: ReceivedRequest, _ companies: [RegisteredCompany]
    ) -> StandInAnswer {
        guard request.path == "/search" else { return StandInAnswer(404, "{}") }
        let question = request.asked("q") ?? ""
        if question == "limit" { return StandInAnswer(429, "{}", headers: [("Retry-After", "2")]) }
        let found = companies.filter { $0.country == "FR" && $0.fits(question) }
        let results = found.map { company -> JSON in
            [
                "siren": .string(company.number.filter { $0 != " " }),
                "nom_complet": .string(company.name.uppercased()),
                "nom_raison_sociale": .string(company.name.uppercased()), "nature_juridique": "5710",
                "etat_administratif": "A", "statut_diffusion": "O",
                "date_creation": .string("\(company.founded)-03-01"), "tranche_effectif_salarie": "12",
                "siege": [
                    "libelle_commune": .string(company.town.uppercased()),
                    "code_postal": .string(company.postcode),
                ], "dirigeants": [], "finances": .null,
            ]
        }
        return answer([
            "results": .array(results), "total_results": JSON(results.count), "page": 1, "total_pages": 1,
        ])
    }

    /// The first question that says `maxlag` as its words finds it too loaded.
    private static func wikidata(
        _ request: ReceivedRequest, _ companies: [RegisteredCompany], _ isLoaded: Once
    ) -> StandInAnswer {
        switch request.asked("action") {
        case "wbsearchentities":
            let question = request.asked("search") ?? ""
            if question == "maxlag", isLoaded.isFirst() {
                return answer(
                    ["error": ["code": "maxlag", "info": "Waiting for a host"]], [("Retry-After", "5")])
            }
            let hits = companies.enumerated().filter { $1.fits(question) || question == "Wikidata" }
            return answer(["search": .array(hits.map { ["id": .string("Q\($0.offset + 1)")] })])
        case "wbgetentities":
            let ids = (request.asked("ids") ?? "").split(separator: "|").map(String.init)
            let entities = companies.enumerated().filter { ids.contains("Q\($0.offset + 1)") }
            return answer([
                "entities": .object(
                    JSONObject(entities.map { ("Q\($0.offset + 1)", entity($0.element)) }))
            ])
        default: return answer(["error": ["code": "badvalue", "info": "Unrecognized value"]])
        }
    }

    private static func entity(_ company: RegisteredCompany) -> JSON {
        func claim(_ value: JSON) -> JSON {
            [["mainsnak": ["snaktype": "value", "datavalue": ["value": value]], "rank": "normal"]]
        }
        return [
            "labels": ["en": ["value": .string(company.name)]],
            "claims": [
                "P856": claim(.string(company.site)),
                "P1128": claim(["amount": .string("+\(company.employees)")]),
                "P571": claim(["time": .string("+\(company.founded)-00-00T00:00:00Z")]),
            ],
        ]
    }

    /// The list of registries names itself for every suffix of a domain that it knows.
    private static func rdap(
        _ request: ReceivedRequest, _ companies: [RegisteredCompany], _ url: String
    ) -> StandInAnswer {
        if request.path == "/rdap/dns.json" {
            return answer(["services": [[["example", "test"], [.string("\(url)/registry/")]]]])
        }
        let domain = request.path.split(separator: "/").last.map(String.init)
        guard request.path.hasPrefix("/registry/domain/"),
            let company = companies.first(where: { $0.domain == domain })
        else { return StandInAnswer(404, #"{"errorCode":404}"#) }
        return answer([
            "objectClassName": "domain", "ldhName": .string(company.domain), "status": ["active"],
            "events": [
                [
                    "eventAction": "registration",
                    "eventDate": .string("\(company.founded + 1)-03-01T00:00:00Z"),
                ]
            ],
        ])
    }

    // MARK: The map

    /// Nominatim and Overpass. The first question for hotels finds it busy, and one for restaurants is cut short.
    private static func map(
        _ request: ReceivedRequest, _ companies: [RegisteredCompany], _ isBusy: Once
    ) -> StandInAnswer {
        guard request.path == "/api/interpreter" else { return places(request, companies) }
        if request.text.contains("hotel"), isBusy.isFirst() {
            return StandInAnswer(
                504, "<html>The server is probably too busy", headers: [("Retry-After", "1")])
        }
        let elements = companies.enumerated().map { number, company -> JSON in
            [
                "type": "node", "id": JSON(number + 1), "lat": 52.5, "lon": 13.4,
                "tags": [
                    "name": .string(company.name), "website": .string(company.site),
                    "addr:city": .string(company.town), "addr:postcode": .string(company.postcode),
                    "addr:country": .string(company.country),
                ],
            ]
        }
        guard request.text.contains("restaurant") else { return answer(["elements": .array(elements)]) }
        let remark = "runtime error: Query timed out in \"query\" at line 1 after 25 seconds."
        return answer([
            "elements": .array(Array(elements.prefix(elements.count / 2))), "remark": .string(remark),
        ])
    }

    private static func places(_ request: ReceivedRequest, _ companies: [RegisteredCompany]) -> StandInAnswer
    {
        let question = (request.asked("q") ?? "").lowercased()
        let found = companies.filter {
            question.contains($0.town.lowercased()) || $0.town.lowercased().contains(question)
        }
        return .init(
            200,
            JSON.array(
                found.map { company in
                    [
                        "name": .string(company.town), "osm_type": "relation", "osm_id": 1,
                        "boundingbox": ["52.3", "52.7", "13.0", "13.8"],
                        "address": ["country_code": .string(company.country.lowercased())],
                    ]
                }
            ).serialized)
    }

    private static func answer(_ json: JSON, _ headers: [(String, String)] = []) -> StandInAnswer {
        StandInAnswer(200, json.serialized, headers: [("Content-Type", "application/json")] + headers)
    }
}

/// Tells the first time from all others.
final class Once: Sendable {
    private let isOver = Mutex(false)

    func isFirst() -> Bool {
        isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
    }
}

/// An address that is known once its server listens.
private final class Place: Sendable {
    private let text = Mutex("")

    var url: String { text.withLock { $0 } }
    func set(_ url: String) { text.withLock { $0 = url } }
}

extension ReceivedRequest {
    /// A parameter of the query as it was meant, brackets in its name included.
    func asked(_ name: String) -> String? {
        for part in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.first?.removingPercentEncoding == name {
                return pair.dropFirst().first?.replacing("+", with: " ").removingPercentEncoding ?? ""
            }
        }
        return nil
    }
}
