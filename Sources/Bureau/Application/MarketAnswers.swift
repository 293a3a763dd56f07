internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Market
internal import Tenancy

/// The answers of slices to market research, which counts their records.
let answersToMarket: [ModuleAnswer] = [
    ModuleAnswer(for: "discovery", to: MarketDependencies.self) { dependencies in
        dependencies.leads = { try $0.reading.leads.received(since: $1).map(MarketLead.init) }
        dependencies.outcomes = { try $0.reading.leads.closed(since: $1).map(MarketLead.init) }
    },
    ModuleAnswer(for: "deals", to: MarketDependencies.self) { dependencies in
        dependencies.deals = { reader, moment in
            try reader.reading.deals.closed(since: moment).map {
                MarketDeal(lead: $0.lead, service: $0.package, isWon: $0.isWon, value: $0.value)
            }
        }
        dependencies.services = { reader in
            try reader.reading.packages.descriptions().map {
                MarketService($0.id, name: $0.name, text: $0.text, price: $0.price)
            }
        }
    },
    ModuleAnswer(for: "delivery", to: MarketDependencies.self) { dependencies in
        dependencies.deliveries = { reader, moment in
            try reader.reading.clients.tasksDone(since: moment).mapValues {
                MarketDelivery(inTime: $0.inTime, late: $0.late)
            }
        }
    },
]

extension MarketLead {
    fileprivate init(_ lead: LeadTraits) {
        self.init(lead.id, at: lead.at, isWon: lead.isWon)
        (industry, country, source) = (lead.industry, lead.country, lead.source)
        (employees, needs) = (lead.employees, lead.needs)
    }
}
