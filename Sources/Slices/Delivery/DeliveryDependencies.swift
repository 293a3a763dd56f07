package import Agents
package import Database
package import Documents
package import Integrations
package import JSON
package import Jobs
package import Nouns
package import Telemetry
internal import Tenancy
package import Transfer
package import Wording

/// The questions that delivery asks the slices beside it.
package struct DeliveryDependencies: Asking {
    /// `weekly` or `monthly`, by what a client's package promises.
    @ModuleNeed("how often a package promises reports", for: "client management")
    package var reportCadence: @Sendable (any Queryable, _ package: PackageID) throws -> String?
    /// Returns what people call a package; `nil`: there is none.
    @ModuleNeed("what a package is called", for: "the welcome of clients")
    package var packageName: @Sendable (any Queryable, _ package: PackageID) throws -> String?
    /// Returns the numbers of a client's unpaid invoices; `nil` where nobody knows.
    @ModuleNeed("what a client has not paid", for: "the health of clients")
    package var unpaid: @Sendable (any Queryable, _ client: ClientID) throws -> UnpaidInvoices?
    /// Returns the numbers of a client's open tickets; `nil` where nobody knows.
    @ModuleNeed("what a client waits for an answer to", for: "the health of clients")
    package var tickets: @Sendable (any Queryable, _ client: ClientID) throws -> OpenTickets?
    /// Returns further facts about a client, by name, for its profile.
    @ModuleNeed("what else is known of a client", for: "the profiles of clients")
    package var profile: @Sendable (any Queryable, _ client: ClientID) throws -> JSONObject
    /// Returns further milestones between the agency and a client, such as contracts that were signed.
    @ModuleNeed("the contracts that a client has signed", for: "the milestones of clients")
    package var milestones: @Sendable (any Queryable, _ client: ClientID) throws -> [RelationshipMilestone]
    /// Returns the look of the agency's documents.
    @ModuleNeed("how the agency's documents look", for: "reports")
    package var brand: @Sendable (any Queryable) throws -> Documents.Brand
    /// Sets a document, when its turn comes.
    @ModuleNeed("setting a document", for: "reports")
    package var set: @Sendable (Document) async throws -> [UInt8]

    /// Returns the industry of the lead that became a client.
    @ModuleNeed("which industry a lead is of", for: "the welcome of clients")
    package var industry: @Sendable (any Queryable, LeadID) throws -> String?

    /// Returns a client's campaigns under way, as they are answered.
    @ModuleNeed("a client's campaigns under way", for: "the profiles of clients")
    package var campaignsUnderWay: @Sendable (any Queryable, _ client: ClientID) throws -> [JSON]
    /// Returns when campaigns of a client were completed.
    @ModuleNeed("a client's campaigns that were completed", for: "the milestones of clients")
    package var completedCampaigns:
        @Sendable (any Queryable, _ client: ClientID) throws -> [RelationshipMilestone]
    /// Returns a client's campaigns that run or were completed since a moment, with the targets that they have reached.
    @ModuleNeed("the targets that campaigns have reached", for: "thanks to clients")
    package var campaignSuccesses:
        @Sendable (any Queryable, _ client: ClientID, _ since: Instant) throws -> [CampaignSuccess]
    /// Returns a client's campaigns of a period, as a report tells of them.
    @ModuleNeed("what a client's campaigns have brought", for: "reports to clients")
    package var reportedCampaigns:
        @Sendable (
            any Queryable, _ client: ClientID, _ first: CivilDate, _ last: CivilDate, Wording
        ) throws -> [CampaignReport]
    /// Keeps what single campaigns of an advertising service cost and brought.
    @ModuleNeed("keeping campaigns of advertising services", for: "readings of metrics")
    package var keepAds: @Sendable (Transaction, Integration, [RemoteAdDay]) throws -> Void

    /// Returns the marks of links (`utm_campaign`) by which visits are known to be of a campaign of a client's, or of
    /// the agency's own; each is of one campaign.
    @ModuleNeed("the marks of campaigns' links", for: "readings of metrics")
    package var campaignMarks: @Sendable (any Queryable, _ client: ClientID?) throws -> [CampaignMark]

    /// The ways in which a file names the lead, and the package, that a client came from.
    @ModuleNeed("how a file names a lead", for: "imports of clients")
    package var leadReference: TransferReference
    @ModuleNeed("how a file names a package", for: "imports of clients")
    package var packageReference: TransferReference

    package init() {}
}

/// A mark that links of a campaign carry, and the days that are the campaign's.
package struct CampaignMark: Sendable {
    package let name: String
    package let campaign: CampaignID
    package let days: ClosedRange<CivilDate>

    package init(_ name: String, of campaign: CampaignID, on days: ClosedRange<CivilDate>) {
        (self.name, self.campaign, self.days) = (name, campaign, days)
    }
}

/// A campaign as a report tells of it.
package struct CampaignReport: Sendable {
    /// A figure of the period, with the list of records that it comes from.
    package struct Figure: Sendable {
        package let label: String, source: String, query: String
        package let value: Double
        package let unit: String?
        package let isSum: Bool

        package init(
            _ label: String, _ value: Double, unit: String?, isSum: Bool, from source: String, _ query: String
        ) {
            (self.label, self.value, self.unit, self.isSum) = (label, value, unit, isSum)
            (self.source, self.query) = (source, query)
        }
    }

    package let name: String, text: String
    package let figures: [Figure]

    package init(_ name: String, _ text: String, _ figures: [Figure]) {
        (self.name, self.text, self.figures) = (name, text, figures)
    }
}

/// The numbers of a client's unpaid invoices, and of the overdue ones among them.
package struct UnpaidInvoices: Hashable, Sendable {
    package let open: Int, overdue: Int

    package init(open: Int, overdue: Int) { (self.open, self.overdue) = (open, overdue) }
}

/// The numbers of a client's tickets that are not resolved yet, and of the urgent ones among them.
package struct OpenTickets: Hashable, Sendable {
    package let open: Int, urgent: Int

    package init(open: Int, urgent: Int) { (self.open, self.urgent) = (open, urgent) }
}

/// A campaign of a client, as far as there is something to be glad of.
package struct CampaignSuccess: Sendable {
    package struct Target: Sendable {
        /// The figure with its source, such as `google_ads.conversions`, and both as people read them.
        package let metric: String, label: String, source: String
        package let value: Double, target: Double
        /// The records of the figure.
        package let records: [Subject]

        package init(
            _ metric: String, label: String, source: String, value: Double, target: Double,
            records: [Subject]
        ) {
            (self.metric, self.label, self.source) = (metric, label, source)
            (self.value, self.target, self.records) = (value, target, records)
        }
    }

    package let id: CampaignID, name: String
    /// `nil`: it runs.
    package let completedAt: Instant?
    package let targets: [Target]

    package init(_ id: CampaignID, _ name: String, completedAt: Instant?, targets: [Target]) {
        (self.id, self.name, self.completedAt, self.targets) = (id, name, completedAt, targets)
    }
}
