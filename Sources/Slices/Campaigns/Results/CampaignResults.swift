internal import Database
internal import JSON
internal import Nouns
internal import Records

/// A figure of a campaign, with the records that it is made of.
struct CampaignResultFigure {
    let name: String
    let value: Double
    let unit: String?
    let trace: [JSON]

    /// The most records that a figure names: a sum of a year may have hundreds.
    static let traceMax = 50

    init(_ name: String, _ value: Double, unit: String? = nil, _ trace: some Sequence<JSON>) {
        (self.name, self.value, self.unit) = (name, value, unit)
        self.trace = Array(trace.prefix(Self.traceMax))
    }

    var json: JSON {
        ["name": .string(name), "value": .number(value), "unit": JSON(unit), "trace": .array(trace)]
    }
}

/// The costs and results of a campaign, as a whole and by channel, each figure with the records that it is made of.
struct CampaignResults {
    let records: CampaignRecords
    let lift: [CampaignLift]
    let differences: [FigureDifference]

    var campaign: Campaign { records.campaign }

    var json: JSON {
        [
            "figures": .array((costs + brought).map(\.json)), "kpis": .array(targets.map(\.json)),
            "channels": .array(channels.map(\.json)),
            "lift": .array(lift.map(\.json)), "differences": .array(differences.map(\.json)),
        ]
    }

    // MARK: As a whole

    private var costs: [CampaignResultFigure] {
        guard let currency = records.spending.first?.amount.currency else { return [] }
        let channels = Dictionary(grouping: records.spending, by: \.channel).sorted { $0.key < $1.key }
        return [Self.cost("spent", records.spending, currency)]
            + channels.map { Self.cost("spent.\($0.key)", $0.value, currency) }
    }

    private static func cost(
        _ name: String, _ rows: [CampaignSpend], _ currency: String
    ) -> CampaignResultFigure {
        CampaignResultFigure(
            name, Double(rows.reduce(0) { $0 + $1.amount.amount }), unit: currency,
            rows.lazy.map {
                [
                    "type": "campaign_spend", "id": .string($0.id), "channel": .string($0.channel),
                    "date": .string($0.date.iso),
                ]
            })
    }

    var brought: [CampaignResultFigure] {
        Dictionary(grouping: records.figures, by: \.name).sorted { $0.key < $1.key }
            .map { Self.sum($0.key, $0.value) }
    }

    /// The figures of one name, newest first, as one.
    private static func sum(_ name: String, _ days: [CampaignFigure]) -> CampaignResultFigure {
        let (unit, isRatio) = (days[0].unit, days[0].isRatio)
        // Shares and prices do not add up: the newest day's counts.
        return CampaignResultFigure(
            name, isRatio ? days[0].value : days.reduce(0) { $0 + $1.value }, unit: unit,
            days.prefix(isRatio ? 1 : days.count).lazy.map {
                ["type": "metric", "id": .string($0.id), "date": .string($0.date.iso)]
            })
    }

    // MARK: By channel

    /// The channels that the campaign has, spends on or is seen on, by name.
    var channels: [ChannelResult] {
        var names = Set(campaign.channels.list.map(\.channel))
        names.formUnion(records.spending.map(\.channel))
        names.formUnion(records.posts.map(\.network))
        names.formUnion(records.links.map(\.channel))
        names.formUnion(records.adDays.map(\.network))
        if !records.mailings.isEmpty { names.insert(ChannelResult.email) }
        return names.sorted().map(channel)
    }

    private func channel(_ name: String) -> ChannelResult {
        let spending = records.spending.filter { $0.channel == name }
        let own = records.figures.filter { $0.name.hasPrefix("\(name).") }
        let metrics = Dictionary(grouping: own, by: \.name).sorted { $0.key < $1.key }
            .map { Self.sum($0.key, $0.value) }
        return ChannelResult(
            name: name, objective: campaign.objective,
            budget: campaign.channels.list.first { $0.channel == name }?.budget,
            spent: spending.first.map { first in
                Money(
                    amount: spending.reduce(0) { $0 + $1.amount.amount }, currency: first.amount.currency)
            },
            figures: (spending.first.map { [Self.cost("spent", spending, $0.amount.currency)] } ?? [])
                + metrics + mails(name) + posts(name) + links(name) + ads(name))
    }

    private func mails(_ channel: String) -> [CampaignResultFigure] {
        guard channel == ChannelResult.email, !records.mailings.isEmpty else { return [] }
        let counts: [(String, KeyPath<CampaignMailing, Int>)] = [
            ("mails.sent", \.sent), ("mails.delivered", \.delivered), ("mails.replied", \.replied),
            ("mails.clicks_people", \.people), ("mails.clicks_programs", \.programs),
        ]
        return counts.map { name, count in
            CampaignResultFigure(
                name, Double(records.mailings.reduce(0) { $0 + $1[keyPath: count] }),
                records.mailings.lazy.map { ["type": "email_campaign", "id": JSON($0.id)] })
        }
    }

    private func posts(_ channel: String) -> [CampaignResultFigure] {
        let own = records.posts.filter { $0.network == channel && $0.publishedAt != nil }
        guard records.posts.contains(where: { $0.network == channel }) else { return [] }
        func trace(_ posts: [CampaignPost]) -> some Sequence<JSON> {
            posts.lazy.map { ["type": "social_post", "id": .string($0.id)] }
        }
        let measured = Set(own.flatMap(\.figures.keys)).sorted().map { name in
            let posts = own.filter { $0.figures[name] != nil }
            return CampaignResultFigure(
                "posts.\(name)", posts.reduce(0) { $0 + ($1.figures[name] ?? 0) }, trace(posts))
        }
        return [CampaignResultFigure("posts.published", Double(own.count), trace(own))] + measured
    }

    private func links(_ channel: String) -> [CampaignResultFigure] {
        let own = records.links.filter { $0.channel == channel }
        guard !own.isEmpty else { return [] }
        let trace = own.map { link -> JSON in ["type": "tracked_link", "id": JSON(link.link.id)] }
        return [
            CampaignResultFigure(
                "links.clicks_people", Double(own.reduce(0) { $0 + $1.clicks.people }), trace),
            CampaignResultFigure(
                "links.clicks_programs", Double(own.reduce(0) { $0 + $1.clicks.automatic }), trace),
        ]
    }

    private func ads(_ channel: String) -> [CampaignResultFigure] {
        let own = records.adDays.filter { $0.network == channel }
        guard !own.isEmpty else { return [] }
        let trace = own.map { day -> JSON in
            ["type": "ad_campaign", "id": JSON(day.ad), "date": .string(day.date.iso)]
        }
        let currency = own.lazy.compactMap(\.spend).first?.currency
        let spent = own.reduce(Int64(0)) { $0 + ($1.spend?.amount ?? 0) }
        return
            (currency == nil ? [] : [CampaignResultFigure("ads.spent", Double(spent), unit: currency, trace)])
            + [
                CampaignResultFigure("ads.clicks", Double(own.reduce(0) { $0 + $1.clicks }), trace),
                CampaignResultFigure(
                    "ads.impressions", Double(own.reduce(0) { $0 + $1.impressions }), trace),
            ]
    }
}
