internal import JSON
internal import Records

/// A figure by which a campaign is judged, as far as anybody has told it.
struct CampaignTarget {
    let kpi: CampaignKPI
    /// `nil`: nobody has told it yet.
    let figure: CampaignResultFigure?

    /// The part of the target that has come.
    private var share: Double? {
        guard let figure, let target = kpi.target, target > 0 else { return nil }
        return figure.value / target
    }

    /// Whether it is as good as it is to be.
    private var isReached: Bool? {
        guard let figure, let target = kpi.target else { return nil }
        return kpi.isCeiling ? figure.value <= target : figure.value >= target
    }

    var json: JSON {
        [
            "metric": .string(kpi.metric), "target": kpi.target.map(JSON.number) ?? .null,
            "value": figure.map { .number($0.value) } ?? .null, "unit": JSON(figure?.unit),
            "share": share.map(JSON.number) ?? .null, "reached": isReached.map(JSON.bool) ?? .null,
            "trace": .array(figure?.trace ?? []),
        ]
    }
}

extension CampaignResults {
    /// The figures by which the campaign is judged: those of metrics, or else what the channel itself tells.
    var targets: [CampaignTarget] {
        let (told, channels) = (brought, channels)
        return campaign.kpis.list.map { kpi in
            CampaignTarget(
                kpi: kpi,
                figure: told.first { $0.name == kpi.metric } ?? Self.figure(kpi.metric, among: channels))
        }
    }

    /// Returns the figure of a metric such as `google_ads.clicks` as the channel itself tells it.
    static func figure(
        _ metric: String, among channels: [ChannelResult]
    ) -> CampaignResultFigure? {
        let parts = metric.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let channel = channels.first(where: { $0.name == parts[0] }) else {
            return nil
        }
        let people = parts[1] == ChannelHistory.clicks ? ["mails.clicks_people", "links.clicks_people"] : []
        let names = [parts[1]] + ["ads", "posts", "mails"].map { "\($0).\(parts[1])" } + people
        return names.lazy.compactMap { name in channel.figures.first { $0.name == name } }.first
    }
}
