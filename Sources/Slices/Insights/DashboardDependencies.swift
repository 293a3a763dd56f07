package import Agents
package import Database
internal import Jobs
package import Nouns
package import Telemetry
internal import Tenancy

/// The questions that the dashboards ask the slices which own the metrics.
package struct DashboardDependencies: Asking {
    /// The statuses by which leads can be filtered.
    @ModuleNeed("what leads can be filtered by", for: "dashboards")
    package var leadStatuses: [String]
    @ModuleNeed("leads, page by page", for: "dashboards")
    package var leadPage: @Sendable (Reader, LeadPageQuery) throws -> LeadPage
    @ModuleNeed("what deals stand in which stage", for: "dashboards")
    package var deals: @Sendable (Reader) throws -> [DealStage: DealMetrics]
    /// Active clients.
    @ModuleNeed("the active clients", for: "dashboards")
    package var clients: @Sendable (Reader) throws -> [DashboardClient]
    /// Returns the metrics of clients, by client.
    @ModuleNeed("what the figures of clients come to", for: "dashboards")
    package var clientMetrics: @Sendable (Reader) throws -> [ClientID: [DashboardMetric]]
    @ModuleNeed("how many were written to and replied", for: "dashboards")
    package var outreach: @Sendable (Reader) throws -> OutreachTotals
    /// Returns the steps of a person's journey with the agency; `nil`: the person does not exist.
    @ModuleNeed("what a person and the agency have come through", for: "journeys")
    package var journey: @Sendable (Reader, _ contact: ContactID) throws -> [JourneyStep]?

    package init() {}
}

package struct LeadTotals: Hashable, Sendable {
    /// The number of leads without archived ones.
    package var total = 0
    /// Ever qualified.
    package var qualified = 0

    package init(total: Int, qualified: Int) { (self.total, self.qualified) = (total, qualified) }

    /// Reads the totals from the counters that are kept with every change of a lead.
    package init(counting reader: Reader) throws {
        if reader.limit != nil {
            let sql: SQL = """
                SELECT count(*), count(qualified_at) FROM leads
                WHERE tenant_id = \(reader.tenant) AND status <> 'archived'\(reader.limit(on: "leads"))
                """
            (total, qualified) = try reader.first(sql) { ($0.int(0), $0.int(1)) } ?? (0, 0)
            return
        }
        let prefix = "leads.status."
        total = try reader.counters.all(prefix: prefix).filter { $0.key != prefix + "archived" }.values
            .reduce(
                0, +)
        qualified = try reader.counters.find("leads.qualified")
    }
}

package struct LeadPageQuery: Hashable, Sendable {
    package enum Sort: String, CaseIterable, Sendable {
        /// Newest first.
        case createdDate = "created_date"
        /// Highest first; those without a score last.
        case score
        /// The company's name, in ascending order.
        case companyName = "company_name"
    }

    /// `nil`: all but archived ones.
    package var status: String?
    package var sort = Sort.createdDate
    package var limit: Int, offset: Int
}

package struct LeadPage: Sendable {
    package var leads: [DashboardLead]
    /// The number of leads on all pages.
    package var total: Int

    package init(leads: [DashboardLead], total: Int) { (self.leads, self.total) = (leads, total) }
}

package struct DashboardLead: Sendable {
    package var id: LeadID
    package var companyName: String
    package var contactName: String?, email: String?, phone: String?
    package var status: String
    package var score: Int?
    package var priority: String?
    package var createdAt: Instant

    package init(
        id: LeadID, companyName: String, contactName: String?, email: String?, phone: String?, status: String,
        score: Int?, priority: String?, createdAt: Instant
    ) {
        (self.id, self.companyName, self.contactName) = (id, companyName, contactName)
        (self.email, self.phone, self.status) = (email, phone, status)
        (self.score, self.priority, self.createdAt) = (score, priority, createdAt)
    }
}

/// The stages of a deal, in their order.
package enum DealStage: String, CaseIterable, Sendable {
    case outreach
    case needsAssessment = "needs_assessment"
    case proposalCreated = "proposal_created"
    case proposalDelivered = "proposal_delivered"
    case negotiation, contract, won, lost

    package var isOpen: Bool { self != .won && self != .lost }
}

package struct DealMetrics: Hashable, Sendable {
    package var deals = 0
    /// The value of the deals, in minor units of the agency's currency.
    package var value: Int64 = 0

    package init(deals: Int = 0, value: Int64 = 0) { (self.deals, self.value) = (deals, value) }
}

package struct DashboardClient: Sendable {
    package var id: ClientID
    package var name: String
    package var package: String?
    package var status: String
    /// The monthly fee, in minor units of the agency's currency.
    package var monthlyFee: Int64
    package var satisfaction: Double?
    package var health: String?

    package init(
        id: ClientID, name: String, package: String?, status: String, monthlyFee: Int64,
        satisfaction: Double?,
        health: String?
    ) {
        (self.id, self.name, self.package, self.status) = (id, name, package, status)
        (self.monthlyFee, self.satisfaction, self.health) = (monthlyFee, satisfaction, health)
    }
}

/// The total of a client's metrics of one kind.
package struct DashboardMetric: Sendable {
    package var source: String, metric: String
    package var unit: String?
    /// Over the last thirty days, and the thirty before.
    package var value: Double, previous: Double

    package init(source: String, metric: String, unit: String?, value: Double, previous: Double) {
        (self.source, self.metric, self.unit) = (source, metric, unit)
        (self.value, self.previous) = (value, previous)
    }
}

package struct OutreachTotals: Hashable, Sendable {
    package var sent = 0, replies = 0

    package init(sent: Int = 0, replies: Int = 0) { (self.sent, self.replies) = (sent, replies) }
}
