internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// One thing on one day of which several systems tell different figures.
struct FigureDifference {
    /// The figure that one system tells.
    struct Told {
        let source: String
        let value: Double
        let unit: String?
        let trace: JSON
    }

    /// Figures that are apart by less of the largest are the same: services round, and count a moment later.
    private static let shareMin = 0.05
    /// And by less than this: counts of one or two are no news.
    private static let valueMin = 1.0

    /// The names under which services tell what they cost, in units of the currency.
    private static let costs: Set<String> = ["cost", "spend", "spent"]

    /// The channel and the thing, with a dot between them; or the thing alone, where it is the whole campaign's.
    let metric: String
    let date: CivilDate
    let told: [Told]
    var settled: Settlement?

    /// Whether it is a difference at all.
    private var isApart: Bool {
        guard told.count > 1, let most = told.map(\.value).max(), let least = told.map(\.value).min() else {
            return false
        }
        return most - least > max(Self.valueMin, abs(most) * Self.shareMin)
    }

    /// The figures of the systems, as they are compared with what a person has seen.
    var figures: JSON {
        .array(told.map { ["source": .string($0.source), "value": .number($0.value)] })
    }

    var json: JSON {
        [
            "metric": .string(metric), "date": .string(date.iso),
            "figures": .array(
                told.map {
                    [
                        "source": .string($0.source), "value": .number($0.value), "unit": JSON($0.unit),
                        "trace": [$0.trace],
                    ]
                }), "settled": settled?.json ?? .null,
        ]
    }

    /// Finds the differences in what is recorded of a campaign, the newest day first.
    static func all(in records: CampaignRecords) -> [FigureDifference] {
        var told: [Key: [Told]] = [:]
        for spend in records.spending where spend.isByHand {
            told[Key("\(spend.channel).spent", spend.date), default: []].append(
                Told(
                    source: "campaign_spend", value: Double(spend.amount.amount), unit: spend.amount.currency,
                    trace: ["type": "campaign_spend", "id": .string(spend.id)]))
        }
        addAds(records, to: &told)
        addMetrics(records, to: &told)
        return told.map { FigureDifference(metric: $0.key.metric, date: $0.key.date, told: $0.value) }
            .filter(\.isApart)
            .sorted { ($1.date, $0.metric) < ($0.date, $1.metric) }
    }

    private struct Key: Hashable {
        let metric: String
        let date: CivilDate

        init(_ metric: String, _ date: CivilDate) { (self.metric, self.date) = (metric, date) }
    }

    private static func addAds(_ records: CampaignRecords, to told: inout [Key: [Told]]) {
        let days = Dictionary(grouping: records.adDays) { Key($0.network, $0.date) }
        for (key, ads) in days {
            let trace: JSON = ["type": "ad_campaign", "id": JSON(ads[0].ad), "date": .string(key.date.iso)]
            func add(_ thing: String, _ value: Double, _ unit: String? = nil) {
                told[Key("\(key.metric).\(thing)", key.date), default: []].append(
                    Told(source: "ad_campaigns", value: value, unit: unit, trace: trace))
            }
            if let currency = ads.lazy.compactMap(\.spend).first?.currency {
                add("spent", Double(ads.reduce(Int64(0)) { $0 + ($1.spend?.amount ?? 0) }), currency)
            }
            add("clicks", Double(ads.reduce(0) { $0 + $1.clicks }))
            add("impressions", Double(ads.reduce(0) { $0 + $1.impressions }))
        }
    }

    /// Metrics of a channel are compared with what else is known of the channel; those of systems that are no channels
    /// are of the whole campaign, and compared with each other.
    private static func addMetrics(_ records: CampaignRecords, to told: inout [Key: [Told]]) {
        let channels = Set(records.campaign.channels.list.map(\.channel))
            .union(records.spending.map(\.channel)).union(records.adDays.map(\.network))
        for figure in records.figures {
            let parts = figure.name.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            let (source, thing) = (parts[0], parts[1]), isCost = costs.contains(thing)
            let trace: JSON = ["type": "metric", "id": .string(figure.id)]
            let isChannel = channels.contains(source)
            let minor = figure.unit.flatMap { Currency($0) }?.minorUnits ?? 100
            let key = Key(isChannel ? "\(source).\(isCost ? "spent" : thing)" : thing, figure.date)
            told[key, default: []].append(
                Told(
                    source: isChannel ? "metrics" : source,
                    value: figure.value * (isCost ? Double(minor) : 1),
                    unit: figure.unit, trace: trace))
        }
    }
}

/// A person's word on which system is right.
struct Settlement {
    let source: String
    let reason: String?
    let at: Instant
    let by: JSON

    var json: JSON {
        ["source": .string(source), "reason": JSON(reason), "at": .string(at.description), "by": by]
    }
}
