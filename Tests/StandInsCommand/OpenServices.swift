import JSON
import StandIns

/// Registers, maps, news and communities, which answer everybody without a key.
struct OpenServices {
    let registers: OpenRegisters, news: OpenNews

    init() throws { (registers, news) = (try OpenRegisters(), try OpenNews()) }

    var all: [Service] {
        let companies = [
            ("gleif", registers.gleif), ("recherche_entreprises", registers.annuaire),
            ("wikidata", registers.wikidata), ("rdap", registers.rdap), ("openstreetmap", registers.map),
            ("news", news.news),
        ]
        let people = [
            ("hacker_news", news.hackerNews), ("stack_exchange", news.stackExchange),
            ("mastodon", news.mastodon), ("discourse", news.discourse),
        ]
        return companies.map { service($0, "company_enrichment", $1) }
            + people.map { service($0, "lead_source", $1) }
    }

    private func service(_ provider: String, _ capability: String, _ server: ServiceStandIn) -> Service {
        Service(
            provider: provider, capability: capability, settings: ["base_url": .string(server.url)])
    }
}
