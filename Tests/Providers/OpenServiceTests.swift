import Agents
import Facts
import HTTPClient
import Integrations
import JSON
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

/// Services that answer everybody: what they say is read to the letter, and only of the company that was meant.
@Suite struct OpenServiceTests {
    private let agent = "BureauBot/1.0 (+https://bureau.example/bot)"

    private func json(_ value: JSON, status: Int = 200) -> StandInAnswer {
        StandInAnswer(status, value.serialized, headers: [("Content-Type", "application/json")])
    }

    private func question(
        _ name: String, domain: String? = nil, at location: String? = nil
    ) -> CompanyQuestion {
        CompanyQuestion(
            name: name, domain: domain, country: nil, location: location, fields: ["legal_name"], year: 2026)
    }

    private func code(_ work: () async throws -> some Any) async -> String? {
        do {
            _ = try await work()
            return nil
        } catch let failure as ToolFailure {
            return failure.code
        } catch {
            return "\(error)"
        }
    }

    // MARK: Registers

    private func entity(_ id: String, _ name: String, _ city: String, _ code: String) -> JSON {
        [
            "id": .string(id),
            "attributes": [
                "entity": [
                    "legalName": ["name": .string(name)],
                    "legalAddress": ["city": .string(city), "postalCode": .string(code), "country": "DE"],
                    "registeredAs": "HRB 1", "jurisdiction": "DE", "status": "ACTIVE",
                    "creationDate": "2009-03-01T00:00:00Z",
                ], "registration": ["status": "LAPSED"],
            ],
        ]
    }

    @Test func `a register's entry is the company's where name and place agree, and no other`() async throws {
        let (right, other) = (
            entity("A", "Acme Robotics GmbH", "Berlin", "10115"),
            entity("B", "Acme Robotics GmbH", "Bonn", "53111")
        )
        let standIn = try StandIn { [self] _ in json(["data": [right, other]]) }
        let gleif = GLEIF(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(standIn.url)
        let told = try await gleif.ask(question("Acme Robotics", at: "10115 Berlin"), access, ConnectorCall())
        #expect(told.name == "Acme Robotics GmbH" && told.country == "DE")
        let founded = told.statements.first { $0.field == "founded_year" }
        #expect(
            founded?.value == 2009 && founded?.quote == "2009-03-01T00:00:00Z" && founded?.confidence == 0.6)
        #expect(standIn.requests.first?.header("User-Agent") == agent)
        let nowhere = try await gleif.ask(question("Acme Robotics", at: "Hamburg"), access, ConnectorCall())
        #expect(nowhere.statements.isEmpty)
        let namesake = try await gleif.ask(question("Acme Robots", at: "Berlin"), access, ConnectorCall())
        #expect(namesake.statements.isEmpty)
    }

    @Test func `a range of staff is an estimate, and of natural persons nothing is taken`() async throws {
        @Sendable func entry(_ status: String, revenue: Int64 = 5_000_000) -> JSON {
            [
                "siren": "356000000", "nom_complet": "ACME", "nom_raison_sociale": "ACME SAS",
                "nature_juridique": "5710", "tranche_effectif_salarie": "12",
                "statut_diffusion": .string(status),
                "date_creation": "1991-01-01", "siege": ["code_postal": "75015", "libelle_commune": "PARIS"],
                "dirigeants": [
                    [
                        "nom": "EXEMPLE", "prenoms": "JEANNE MARIE", "qualite": "Présidente",
                        "type_dirigeant": "personne physique", "annee_de_naissance": "1970",
                    ]
                ], "finances": ["2023": ["ca": 1], "2024": ["ca": .integer(revenue)]],
            ]
        }
        let standIn = try StandIn { [self] request in
            if request.target.contains("great") { return json(["results": [entry("O", revenue: .max)]]) }
            return json(["results": [entry(request.target.contains("private") ? "P" : "O")]])
        }
        let register = RechercheEntreprises(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(standIn.url)
        let told = try await register.ask(question("Acme", at: "75015 Paris"), access, ConnectorCall())
        let values = Dictionary(told.statements.map { ($0.field, $0) }) { first, _ in first }
        #expect(values["employee_count"]?.value == 34 && values["employee_count"]?.confidence == 0.6)
        #expect(values["annual_revenue"]?.value == ["amount": 500_000_000, "currency": "EUR"])
        #expect(values["decision_makers"]?.value == ["JEANNE EXEMPLE, Présidente"])
        // More than an amount may be is no revenue.
        let great = makeAccess(standIn.url + "/great")
        let most = try await register.ask(question("Acme", at: "75015 Paris"), great, ConnectorCall())
        #expect(!most.statements.isEmpty && !most.statements.contains { $0.field == "annual_revenue" })
        let hidden = makeAccess(standIn.url + "/private")
        let nothing = try await register.ask(question("Acme", at: "75015 Paris"), hidden, ConnectorCall())
        #expect(nothing.statements.isEmpty)
    }

    @Test func `Wikidata's preferred claim counts, by the site alone, and a server under load is left alone`()
        async throws
    {
        @Sendable func claim(
            _ value: JSON, _ rank: String = "normal", _ time: String = "+2020-00-00T00:00:00Z"
        ) -> JSON {
            [
                "rank": .string(rank),
                "mainsnak": ["snaktype": "value", "datavalue": ["value": value]],
                "qualifiers": ["P585": [["datavalue": ["value": ["time": .string(time)]]]]],
            ]
        }
        let standIn = try StandIn { [self] request in
            if request.target.contains("search=busy") { return json(["error": ["code": "maxlag"]]) }
            if request.target.contains("wbsearchentities") {
                return json(["search": [["id": "Q1"], ["id": "Q2"]]])
            }
            let claims: JSON = [
                "P856": [claim("https://www.acme.example/")],
                "P1128": [
                    claim(["amount": "+120"]), claim(["amount": "+140"], "normal", "+2024-00-00T00:00:00Z"),
                ],
                "P571": [
                    claim(["time": "+2009-03-01T00:00:00Z"]),
                    claim(["time": "+1900-00-00T00:00:00Z"], "deprecated"),
                ],
                "P2139": [["rank": "normal", "mainsnak": ["snaktype": "somevalue"]]],
            ]
            let name: JSON = ["en": ["value": "Acme"]]
            return json([
                "entities": [
                    "Q1": ["labels": name, "claims": ["P856": [claim("https://other.example")]]],
                    "Q2": ["labels": name, "claims": claims],
                ]
            ])
        }
        let wikidata = Wikidata(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(standIn.url)
        let told = try await wikidata.ask(question("Acme", domain: "acme.example"), access, ConnectorCall())
        let values = Dictionary(told.statements.map { ($0.field, $0.value) }) { first, _ in first }
        #expect(
            values["employee_count"] == 140 && values["founded_year"] == 2009
                && values["annual_revenue"] == nil)
        #expect(told.url == "https://www.wikidata.org/wiki/Q2")
        let stranger = try await wikidata.ask(
            question("Acme", domain: "third.example"), access, ConnectorCall())
        #expect(stranger.statements.isEmpty)
        let busy = await code {
            try await wikidata.ask(question("busy", domain: "x.example"), access, ConnectorCall())
        }
        #expect(busy == "rate_limited")
    }

    @Test func `the longest suffix names the registry, and what it lacks says nothing`() async throws {
        let standIn = try StandIn { [self] request in
            switch request.target {
            case "/rdap/dns.json":
                let base = "http://\(request.header("Host") ?? "")"
                return json([
                    "services": [
                        [["example"], [.string("\(base)/short/")]],
                        [["co.example"], [.string("\(base)/long")]],
                    ]
                ])
            case "/long/domain/acme.co.example":
                return json([
                    "ldhName": "ACME.co.example",
                    "events": [["eventAction": "registration", "eventDate": "2009-03-01T00:00:00Z"]],
                ])
            default: return StandInAnswer(404, "{}")
            }
        }
        let rdap = RDAP(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(standIn.url)
        let told = try await rdap.ask(question("Acme", domain: "acme.co.example"), access, ConnectorCall())
        #expect(told.statements.map(\.field) == ["growth"] && told.domain == "acme.co.example")
        let absent = try await rdap.ask(question("Acme", domain: "gone.example"), access, ConnectorCall())
        #expect(absent.statements.isEmpty)
        #expect(standIn.requests.filter { $0.target == "/rdap/dns.json" }.count == 1)
    }

    // MARK: News

    @Test func `news count where the title names the company, and words in place of an answer are a fault`()
        async throws
    {
        let standIn = try StandIn { [self] request in
            if request.target.contains("fault") { return StandInAnswer(200, "Your query was too short.") }
            if request.target.contains("limit") { return StandInAnswer(429, "slow down") }
            if request.target.contains("nothing") { return json([:]) }
            return json([
                "articles": [
                    [
                        "url": "https://news.example/1", "seendate": "20260115T100000Z",
                        "title": "Acme Robotics opens in Bonn &#39;soon&#39;",
                    ],
                    ["url": "https://news.example/2", "title": "Acme Robotics opens in Bonn &#39;soon&#39;"],
                    ["url": "https://news.example/3", "title": "Robots of all kinds"],
                    ["url": "https://news.example/4", "title": "Prize for Acme Robotics"],
                ]
            ])
        }
        let news = GDELTNews(makeClient(), agent: agent, now: { MailRig.now })
        let access = makeAccess(standIn.url)
        let told = try await news.ask(question("Acme Robotics GmbH"), access, ConnectorCall())
        #expect(told.statements.map(\.quote) == ["Acme Robotics opens in Bonn 'soon'"])
        #expect(told.statements.first?.url == "https://news.example/1")
        let articles: JSON = [
            [
                "title": "Acme Robotics opens in Bonn 'soon'", "url": "https://news.example/1",
                "seen_at": .string(Instant("2026-01-15T10:00:00Z")?.description ?? ""),
            ],
            ["title": "Prize for Acme Robotics", "url": "https://news.example/4", "seen_at": .null],
        ]
        #expect(told.statements.first?.value == articles)
        #expect(try await news.ask(question("Nothing Known"), access, ConnectorCall()).statements.isEmpty)
        // One word may be any word.
        #expect(try await news.ask(question("Apple"), access, ConnectorCall()).statements.isEmpty)
        #expect(
            await code { try await news.ask(question("Fault Inc Two"), access, ConnectorCall()) }
                == "invalid_answer")
        #expect(
            await code { try await news.ask(question("Limit Reached"), access, ConnectorCall()) }
                == "rate_limited")
    }

    // MARK: Misbehaviour

    @Test(arguments: [
        (500, "{}", "unavailable"), (429, "", "rate_limited"), (200, "[1", "invalid_answer"),
        (200, "{\"other\": 1}", "invalid_answer"), (302, "", "redirected"), (403, "", "permission_missing"),
    ])
    func `an answer that is none is told by name`(
        _ status: Int, _ body: String, _ wanted: String
    ) async throws {
        let standIn = try StandIn { _ in
            StandInAnswer(status, body, headers: [("Content-Type", "application/json")])
        }
        let access = makeAccess(standIn.url)
        let client = makeClient()
        var criteria = CompanyCriteria()
        (criteria.keywords, criteria.countries, criteria.place) = (["acme"], ["FR"], "75015")
        let listings: [any CompanyListing] = [
            GLEIF(client, agent: agent, now: { MailRig.now }),
            RechercheEntreprises(client, agent: agent, now: { MailRig.now }),
            Wikidata(client, agent: agent, now: { MailRig.now }),
            OpenStreetMap(client, agent: agent, now: { MailRig.now }),
            HackerNews(client, agent: agent, now: { MailRig.now }),
            StackExchange(client, agent: agent, now: { MailRig.now }),
        ]
        for listing in listings {
            #expect(listing.canList(criteria))
            let told = await code { try await listing.list(criteria, after: nil, access, ConnectorCall()) }
            #expect(told == wanted, "\(listing.name)")
        }
    }
}
