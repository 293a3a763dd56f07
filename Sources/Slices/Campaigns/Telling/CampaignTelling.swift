internal import Agents
package import Database
internal import JSON
package import Jobs
package import Messages
package import Nouns
internal import People
internal import Records
package import Telemetry
internal import Templates
internal import Tenancy
package import Wording

/// The facts that a client may be told of its campaign: how it stands, its results with where they come from, and what
/// is next.
/// A figure without a record is left out, and so is the cost per result that it would lead to.
struct CampaignTelling {
    /// The figures that are told at most.
    private static let figuresMax = 5

    let campaign: Campaign
    /// Newest first.
    let figures: [CampaignFigure]
    /// The figures of its ads, newest first, as far as no metric of the campaign says the same.
    private let advertised: [CampaignFigure]
    /// The channels with what they tell themselves, where no metric does; none where nobody has read it.
    private var channels: [ChannelResult] = []
    let today: CivilDate

    init(
        _ campaign: Campaign, _ figures: (any Queryable, CampaignID) throws -> [CampaignFigure],
        in reader: some Queryable
    ) throws {
        self.campaign = campaign
        // Figures of another client are not told, even where somebody noted them of this campaign.
        self.figures = try figures(reader, campaign.id).filter { $0.isTold(to: campaign.clientID) }
        let names = Set(self.figures.map(\.name))
        advertised = try reader.campaignTelling.advertised(campaign).filter { !names.contains($0.name) }
        today = try reader.campaignSpending.today()
    }

    /// Also knows what its ads, posts, mails and links tell, as its KPIs are judged.
    init(_ records: CampaignRecords, in reader: some Queryable) throws {
        try self.init(records.campaign, { _, _ in records.figures }, in: reader)
        var own = records
        let client = records.campaign.clientID
        own.adDays = records.adDays.filter { $0.client == nil || $0.client == client }
        channels = CampaignResults(records: own, lift: [], differences: []).channels
    }

    private typealias Told = (name: String, days: [CampaignFigure])

    /// All that is told of it.
    private var told: [Told] { ordered(figures + advertised) }

    /// The figures by which it is judged come first.
    private func ordered(_ figures: [CampaignFigure]) -> [Told] {
        let byName = Dictionary(grouping: figures.filter { !Self.isCost($0.name) }, by: \.name)
        let judged = campaign.kpis.list.map(\.metric).filter { byName[$0] != nil }
        let others = byName.keys.sorted().filter { !judged.contains($0) }
        return (judged + others).prefix(Self.figuresMax).compactMap { name in
            byName[name].map { (name, $0) }
        }
    }

    /// Returns whether a figure is what something costs.
    static func isCost(_ name: String) -> Bool {
        ["cost", "spend", "spent"].contains { name.hasSuffix(".\($0)") || name.contains(".\($0)_per_") }
    }

    /// Each figure as a sentence, with its target where it has one, its source and its days.
    func sentences(_ words: Wording) -> [String] {
        let locale = TextLocale(words.asked)
        return told.map { name, days in
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            let value = days[0].isRatio ? days[0].value : days.reduce(0) { $0 + $1.value }
            let target = campaign.kpis.list.first { $0.metric == name }?.target
            let first = days[0].isRatio ? days[0].date : days[days.count - 1].date
            return words(
                "campaign.word_figure",
                [
                    "name": .text(Self.readable(parts.last ?? name)), "value": .text(locale.shown(value)),
                    "unit": .text(days[0].unit.map { " \($0)" } ?? ""),
                    "has_target": .flag(target != nil),
                    "target": .text(target.map { locale.shown($0) } ?? ""),
                    "source": .text(Self.readable(parts.first ?? name)),
                    "day": .text(locale.shown(days[0].date)),
                    "has_first": .flag(first < days[0].date), "first": .text(locale.shown(first)),
                ])
        }
    }

    /// The targets that were reached, with the figures that say so. Whether something has stayed below its target is
    /// known once the campaign is over.
    var reached: [ReachedTarget] {
        let told = ordered(figures).compactMap { name, days -> ReachedTarget? in
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            let value = days[0].isRatio ? days[0].value : days.reduce(0) { $0 + $1.value }
            guard parts.count == 2, let kpi = campaign.kpis.list.first(where: { $0.metric == name }),
                let target = kpi.target, isReached(kpi, target, by: value)
            else { return nil }
            return ReachedTarget(
                metric: name, label: Self.readable(parts[1]), source: Self.readable(parts[0]), value: value,
                target: target, records: days.prefix(5).map { Subject(type: $0.type, id: $0.id) })
        }
        return told + campaign.kpis.list.compactMap(reachedByChannel)
    }

    private func isReached(_ kpi: CampaignKPI, _ target: Double, by value: Double) -> Bool {
        kpi.isCeiling ? campaign.status == .completed && value <= target : value >= target
    }

    /// Returns the target that a channel's own figure has reached, where no metric tells that figure.
    private func reachedByChannel(_ kpi: CampaignKPI) -> ReachedTarget? {
        guard let target = kpi.target, target > 0, !Self.isCost(kpi.metric),
            !figures.contains(where: { $0.name == kpi.metric }),
            let figure = CampaignResults.figure(kpi.metric, among: channels),
            isReached(kpi, target, by: figure.value)
        else { return nil }
        let parts = kpi.metric.split(separator: ".", maxSplits: 1).map(String.init)
        var records: [Subject] = []
        for record in figure.trace {
            guard let type = record["type"]?.text, let id = record["id"]?.text else { continue }
            let subject = Subject(type: type, id: id)
            // All days of an ad stand in one record.
            if !records.contains(subject) { records.append(subject) }
        }
        return ReachedTarget(
            metric: kpi.metric, label: Self.readable(parts[1]), source: Self.readable(parts[0]),
            value: figure.value, target: target, records: Array(records.prefix(5)))
    }

    /// The figures as a report has them.
    var reported: [ReportedCampaign.Figure] {
        ordered(figures).compactMap { name, days in
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            let isRatio = days[0].isRatio
            return ReportedCampaign.Figure(
                label: Self.readable(parts[1]), source: parts[0], metric: parts[1],
                value: isRatio ? days[0].value : days.reduce(0) { $0 + $1.value }, unit: days[0].unit,
                isSum: !isRatio)
        }
    }

    /// The fewest results of all channels that say something about one, and by how much its share of them is above its
    /// share of the budget then.
    private static let resultsMin = 50.0, leadMin = 1.5

    /// The channel that brings clearly more results than its share of the budget would; `nil`: none does, or there are
    /// few results.
    var promising: String? {
        let judged = brought(CampaignPlan.metric(of: campaign.objective))
        let results = judged.isEmpty ? brought(ChannelHistory.conversions) : judged
        let channels = campaign.channels.list.compactMap { channel in
            channel.budget.flatMap {
                $0.amount > 0 ? (name: channel.channel, budget: Double($0.amount)) : nil
            }
        }
        let budget = channels.reduce(0) { $0 + $1.budget }
        let all = channels.reduce(0) { $0 + (results[$1.name] ?? 0) }
        guard channels.count > 1, all >= Self.resultsMin else { return nil }
        func lead(_ channel: (name: String, budget: Double)) -> Double {
            (results[channel.name] ?? 0) / all / (channel.budget / budget)
        }
        return channels.max { (lead($0), $1.name) < (lead($1), $0.name) }.flatMap {
            lead($0) >= Self.leadMin ? $0.name : nil
        }
    }

    /// Returns the results of each channel, by metrics or else as it tells them itself. Impressions count by the
    /// thousand, as for budgets.
    private func brought(_ metric: String) -> [String: Double] {
        let unit = metric == ChannelHistory.impressions ? 1000.0 : 1
        var found: [String: Double] = [:]
        for channel in campaign.channels.list.map(\.channel) {
            let name = "\(channel).\(metric)", days = figures.filter { $0.name == name }
            let own = days.isEmpty ? CampaignResults.figure(name, among: channels)?.value : nil
            let value = own ?? days.reduce(0) { $0 + $1.value }
            if value > 0 { found[channel] = value / unit }
        }
        return found
    }

    /// The channel that has brought most results; `nil` where there is nothing to compare.
    func best(_ words: Wording) -> String? {
        let sums = Dictionary(
            figures.filter { $0.name.hasSuffix(".conversions") }.map { ($0.name, $0.value) },
            uniquingKeysWith: +
        ).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard sums.count > 1, sums[0].value > sums[1].value else { return nil }
        return words(
            "campaign.word_best",
            [
                "channel": .text(Self.readable(String(sums[0].key.dropLast(".conversions".count)))),
                "value": .text(TextLocale(words.asked).shown(sums[0].value)),
            ])
    }

    /// Returns what is next: the first milestone that is to come.
    func next(_ words: Wording) -> String? {
        guard campaign.status == .active || campaign.status == .paused else { return nil }
        return campaign.milestones.list.filter { $0.dueOn > today }.min { $0.dueOn < $1.dueOn }.map {
            words(
                "campaign.word_next",
                [
                    "milestone": .text($0.name), "day": .text(TextLocale(words.asked).shown($0.dueOn)),
                ])
        }
    }

    /// Returns its state in words.
    func state(_ words: Wording) -> String {
        words(
            "campaign.word_state",
            [
                "campaign": .text(campaign.name), "status": .text(campaign.status.rawValue),
                "has_end": .flag(campaign.endOn != nil),
                "day": .text(campaign.endOn.map { TextLocale(words.asked).shown($0) } ?? ""),
            ])
    }

    /// The records that a mail about an occasion rests on.
    func sources(of occasion: CampaignOccasion) -> [Subject] {
        let known = sources
        return known + (occasion.reached(in: self)?.records.filter { !known.contains($0) } ?? [])
    }

    /// The records that it rests on.
    var sources: [Subject] {
        var sources = [campaign.subject]
        for figure in told.flatMap({ $0.days.prefix(5) }) {
            let source = Subject(type: figure.type, id: figure.id)
            // All days of an ad stand in one record.
            if !sources.contains(source) { sources.append(source) }
        }
        return sources
    }

    /// The values of templates; `text` is what it is about.
    func values(_ words: Wording, topic: String, subject: String, text: String) -> JSON {
        [
            "topic": .string(topic), "name": .string(campaign.name), "subject": .string(subject),
            "text": .string(text), "status": .string(campaign.status.rawValue),
            "figures": JSON(sentences(words)), "best": JSON(best(words)), "next": JSON(next(words)),
        ]
    }

    static func readable(_ name: String) -> String {
        name.split(whereSeparator: { $0 == "_" || $0 == "-" || $0 == "." })
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}

extension CampaignFigure {
    fileprivate func isTold(to client: ClientID?) -> Bool { self.client == nil || self.client == client }
}

/// The campaigns of a client, as texts and reports tell of them: `tx.campaignTelling`.
package struct CampaignTellingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var campaignTelling: CampaignTellingStore<Self> { CampaignTellingStore(tx: self) }
}

extension CampaignTellingStore {
    /// Returns what advertising services told of the ads of a campaign, newest first; nothing of ads in the account of
    /// another client.
    fileprivate func advertised(_ campaign: Campaign) throws -> [CampaignFigure] {
        try tx.campaignResults.adDays(of: campaign).flatMap { day in
            [("clicks", day.clicks), ("impressions", day.impressions)].map { name, count in
                var figure = CampaignFigure(
                    "\(day.ad)", "\(day.network).\(name)", Double(count), unit: nil, on: day.date,
                    of: campaign.id, day.client)
                figure.type = AdCampaign.noun
                return figure
            }
        }.filter { $0.isTold(to: campaign.clientID) }
    }
}

/// A target that a campaign has reached.
package struct ReachedTarget: Sendable {
    package let metric: String, label: String, source: String
    package let value: Double, target: Double
    /// The newest records of the figure.
    package let records: [Subject]
}

extension CampaignTellingStore {
    /// Returns a client's campaigns that run or were completed since a moment, each with the targets that it has
    /// reached.
    package func reached(
        by client: ClientID, since moment: Instant,
        _ figures: (any Queryable, CampaignID) throws -> [CampaignFigure],
        posts: (any Queryable, CampaignID) throws -> [CampaignPost]
    ) throws -> [(campaign: Campaign, targets: [ReachedTarget])] {
        let over = try tx.campaigns.completed(of: client).filter {
            $0.completedAt.map { $0 > moment } ?? false
        }
        return try (tx.campaigns.active(of: client) + over).map { campaign in
            let records = try CampaignRecords(of: campaign, figures: figures, posts: posts, in: tx)
            return (campaign, try CampaignTelling(records, in: tx).reached)
        }
    }

    /// The campaigns that one answer tells of.
    private var toldMax: Int { 3 }

    /// Returns what a client's people may be told of its campaigns that run; `nil` where none does. `alsoPaused`: of
    /// those that rest, too, for whoever asks.
    package func told(
        toClient client: ClientID, alsoPaused: Bool = false, _ words: Wording,
        _ figures: (any Queryable, CampaignID) throws -> [CampaignFigure]
    ) throws -> ToldCampaigns? {
        let found = try alsoPaused ? tx.campaigns.underWay(of: client) : tx.campaigns.active(of: client)
        let all = try found.prefix(toldMax).map { try CampaignTelling($0, figures, in: tx) }
        guard let first = all.first else { return nil }
        let text = all.map { $0.state(words) }.joined(separator: " ")
        let subject = words("campaign.word_subject", ["campaign": .text(first.campaign.name)])
        var values = first.values(words, topic: "state", subject: subject, text: text)
        if all.count > 1 {
            let figures = all.flatMap { telling in
                telling.sentences(words).map { "\(telling.campaign.name): \($0)" }
            }
            values = values.merging(["figures": JSON(figures), "best": .null])
        }
        return ToldCampaigns(values: values, sources: all.flatMap(\.sources))
    }
}

/// The state of a client's campaign, for texts that tell of it: they are silent for readers of whom none
/// runs.
struct CampaignEvidence: TextEvidence {
    let name = "campaign"
    let dependencies: CampaignDependencies

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        guard let client = contact.clientID else { return nil }
        let reader = reader.reading
        let words = try reader.wordings.find(contact.locale ?? reader.agency.tenant().locale)
        guard let told = try reader.campaignTelling.told(toClient: client, words, dependencies.figures),
            // A text that tells how it stands has nothing to say without a figure.
            told.values["figures"]?.array?.isEmpty == false
        else { return nil }
        return told.values
    }
}
