package import Agents
package import Database
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// The questions that market research asks the slices whose records it counts.
package struct MarketDependencies: Asking {
    /// Returns the leads that came in since a moment, but for those out of files, newest first; at most 100,000.
    @ModuleNeed("the leads that came in", for: "trends and seasons")
    package var leads: @Sendable (any Queryable, _ since: Instant) throws -> [MarketLead]
    /// Returns the leads that were won or lost since a moment, newest first; at most 100,000.
    @ModuleNeed("which leads were won and lost", for: "segments of the market")
    package var outcomes: @Sendable (any Queryable, _ since: Instant) throws -> [MarketLead]
    /// Returns the deals that were won or lost since a moment, newest first; at most 100,000.
    @ModuleNeed("which deals were won and lost", for: "segments of the market")
    package var deals: @Sendable (any Queryable, _ since: Instant) throws -> [MarketDeal]
    /// Returns what the agency offers.
    @ModuleNeed("what the agency offers", for: "gaps of the market")
    package var services: @Sendable (any Queryable) throws -> [MarketService]
    /// Returns how tasks for clients were done since a moment, by the lead that became the client.
    @ModuleNeed("how work for clients was done", for: "segments of the market")
    package var deliveries: @Sendable (any Queryable, _ since: Instant) throws -> [LeadID: MarketDelivery]

    package init() {}
}

/// A lead as far as it is counted.
package struct MarketLead: Hashable, Sendable {
    package let id: LeadID
    /// The time at which it came in, or was won or lost.
    package let at: Instant
    package let isWon: Bool
    package var industry: String?, country: String?, source: String?
    package var employees: Int?
    package var needs: [String] = []

    package init(_ id: LeadID, at moment: Instant, isWon: Bool = false) {
        (self.id, at, self.isWon) = (id, moment, isWon)
    }
}

/// A deal as far as it is counted.
package struct MarketDeal: Hashable, Sendable {
    package let lead: LeadID
    package let service: PackageID?
    package let isWon: Bool
    package let value: Money?

    package init(lead: LeadID, service: PackageID?, isWon: Bool, value: Money?) {
        (self.lead, self.service, self.isWon, self.value) = (lead, service, isWon, value)
    }
}

/// Something that the agency offers, and the words in which it does.
package struct MarketService: Hashable, Sendable {
    package let id: PackageID
    package let name: String
    package let text: String
    /// A month.
    package let price: Money

    package init(_ id: PackageID, name: String, text: String, price: Money) {
        (self.id, self.name, self.text, self.price) = (id, name, text, price)
    }
}

/// The number of tasks with a due day that were done by that day, and later.
package struct MarketDelivery: Hashable, Sendable {
    package var inTime: Int, late: Int

    package init(inTime: Int, late: Int) { (self.inTime, self.late) = (inTime, late) }
}
