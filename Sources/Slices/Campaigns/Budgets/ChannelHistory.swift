internal import Database
internal import JSON
internal import Nouns
internal import Records

/// The costs of a campaign's channels, and what they have brought.
struct ChannelHistory {
    let campaign: Campaign
    /// In minor units.
    let spent: [String: Int64]
    /// Results, as each channel's own source counts them in metrics, or else as the channel itself tells them.
    let brought: [String: Double]
    private let currency: String

    static let conversions = "conversions", impressions = "impressions", clicks = "clicks"

    /// Reads the results that the campaign's budgets follow: those that its objective judges by, as its KPIs are, or
    /// conversions where no channel tells these. Impressions count by the thousand, as they are bought.
    init(of campaign: Campaign, _ dependencies: CampaignDependencies, in reader: some Queryable) throws {
        let metric = CampaignPlan.metric(of: campaign.objective)
        let unit = metric == Self.impressions ? 1000.0 : 1
        let own = try Self(of: campaign, counting: metric, by: unit, dependencies, in: reader)
        self =
            own.brought.isEmpty && metric != Self.conversions
            ? try Self(of: campaign, counting: Self.conversions, dependencies, in: reader) : own
    }

    init(
        of campaign: Campaign, counting metric: String, by unit: Double = 1,
        _ dependencies: CampaignDependencies, in reader: some Queryable
    ) throws {
        self.campaign = campaign
        currency = try reader.campaignSpending.currency(of: campaign)
        spent = Dictionary(
            try reader.campaignSpending.all(on: campaign.id).map { ($0.channel, $0.amount.amount) },
            uniquingKeysWith: +)
        let figures = try dependencies.figures(reader, campaign.id)
        let told = Dictionary(
            figures.compactMap { figure -> (String, Double)? in
                let parts = figure.name.split(separator: ".", maxSplits: 1)
                guard parts.count == 2, parts[1] == metric else { return nil }
                return (String(parts[0]), figure.value / unit)
            }, uniquingKeysWith: +)
        let untold = Set(spent.filter { $0.value > 0 && told[$0.key] == nil }.keys)
        let own =
            try untold.isEmpty ? [:] : Self.own(metric, of: campaign, untold, dependencies, in: reader)
        brought = told.merging(own.mapValues { $0 / unit }) { told, _ in told }
    }

    /// Returns what channels tell themselves, where no metric does: their ads, posts, mails and links, as KPIs count
    /// them.
    private static func own(
        _ metric: String, of campaign: Campaign, _ channels: Set<String>,
        _ dependencies: CampaignDependencies, in reader: some Queryable
    ) throws -> [String: Double] {
        let records = try CampaignRecords(of: campaign, dependencies, in: reader)
        let results = CampaignResults(records: records, lift: [], differences: [])
        var found: [String: Double] = [:]
        for channel in results.channels where channels.contains(channel.name) {
            let figure = CampaignResults.figure("\(channel.name).\(metric)", among: [channel])
            if let figure, figure.value > 0 { found[channel.name] = figure.value }
        }
        return found
    }

    /// The return of a channel for each unit of money; 0 where nothing was spent.
    func earns(_ channel: String) -> Double {
        guard let cost = spent[channel], cost > 0 else { return 0 }
        let minor = Double(Currency(currency)?.minorUnits ?? 100)
        return max((brought[channel] ?? 0) / (Double(cost) / minor), 0)
    }
}
