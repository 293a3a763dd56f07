internal import JSON
internal import Records

/// The costs and results of one channel of a campaign.
struct ChannelResult {
    /// The channel of mails.
    static let email = "email"

    let name: String
    let objective: Campaign.Objective
    let budget: Money?
    let spent: Money?
    let figures: [CampaignResultFigure]

    /// The result by which the campaign's objective judges the channel, and its name. Of several systems that tell it,
    /// the first that does is believed: what they tell is not added up.
    var result: CampaignResultFigure? {
        wanted.lazy.compactMap { names in
            let found = figures.filter { names.contains($0.name) }
            guard !found.isEmpty else { return nil }
            return found.count == 1
                ? found[0]
                : CampaignResultFigure(
                    names.joined(separator: "+"), found.reduce(0) { $0 + $1.value }, found.flatMap(\.trace))
        }.first
    }

    private var wanted: [[String]] {
        switch objective {
        case .awareness: [["\(name).impressions"], ["ads.impressions"], ["posts.impressions"]]
        case .traffic:
            [["\(name).clicks"], ["ads.clicks"], ["mails.clicks_people", "links.clicks_people"]]
        case .leads: [["\(name).leads"], ["\(name).conversions"]]
        case .sales: [["\(name).conversions"]]
        case .retention: [["mails.replied"], ["\(name).conversions"]]
        }
    }

    /// The cost of one result, rounded to the cent; `nil` where nothing came, or nothing was spent.
    var costPerResult: Money? {
        guard let spent, let value = result?.value, value > 0 else { return nil }
        let cost = (Double(spent.amount) / value).rounded()
        return cost < Double(Money.amountMax) ? Money(amount: Int64(cost), currency: spent.currency) : nil
    }

    var json: JSON {
        [
            "channel": .string(name), "budget": budget?.json ?? .null, "spent": spent?.json ?? .null,
            "result": result?.json ?? .null, "cost_per_result": costPerResult?.json ?? .null,
            "figures": .array(figures.map(\.json)),
        ]
    }
}
