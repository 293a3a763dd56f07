import JSON
import StandIns

/// Services that know companies, each with a key.
struct CompanyServices {
    let peopleDataLabs: PeopleDataLabsStandIn, apollo: ApolloStandIn, abstract: AbstractCompanyStandIn
    let places: GooglePlacesStandIn

    init() throws {
        (peopleDataLabs, apollo) = (try PeopleDataLabsStandIn(), try ApolloStandIn())
        (abstract, places) = (try AbstractCompanyStandIn(), try GooglePlacesStandIn())
    }

    var all: [Service] {
        [
            service("people_data_labs", "company_enrichment", peopleDataLabs.service, peopleDataLabs.apiKey),
            service("apollo", "company_enrichment", apollo.service, apollo.apiKey),
            service("abstract_company", "company_enrichment", abstract.service, abstract.apiKey),
            service("google_places", "lead_source", places.service, places.apiKey),
        ]
    }

    private func service(
        _ provider: String, _ capability: String, _ server: ServiceStandIn, _ key: String
    ) -> Service {
        Service(
            provider: provider, capability: capability, settings: ["base_url": .string(server.url)],
            credentials: ["api_key": .string(key)])
    }
}
