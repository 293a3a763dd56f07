internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Tenancy

/// The results of a campaign over one way to people. What the way does not tell is `nil`: that is not 0.
struct ChannelFigures {
    enum Means: String, CaseIterable {
        case messages, posts, links
        case advertisements
    }

    let channel: String
    let means: Means
    var sent: Int?, delivered: Int?, bounced: Int?
    var opened: Int?, machineOpened: Int?
    var replied: Int?
    var clicked: Int?, machineClicked: Int?
    /// The number of times that it was shown, where that is told.
    var impressions: Int?
    var people: ReachedPeople?

    /// The whole of which answers and clicks are a share: what has left, or how often it was shown.
    var base: Int? { means == .messages ? sent : impressions }
}

/// The results of a campaign over all of its channels: what arrived, was read, answered and followed, and
/// whom it has won.
struct CampaignFigures {
    /// For so many days after a message somebody is won by it.
    static let windowUsual = 90, windowMax = 365

    let campaign: CampaignID
    let windowDays: Int
    let channels: [ChannelFigures]
    /// Whom its messages have reached, each once, over whatever channels.
    let people: ReachedPeople

    init(
        of records: CampaignRecords, _ reach: [ChannelReach], _ people: ReachedPeople, windowDays: Int,
        tracking: Tracking?
    ) {
        (campaign, self.windowDays, self.people) = (records.campaign.id, windowDays, people)
        var rows = reach.map { ChannelFigures($0, tracking) }
        rows += Self.posts(records) + Self.advertisements(records)
        // Links that were given out say what a way itself does not: each is counted at one of them.
        var left = Dictionary(grouping: records.links, by: \.channel)
        for index in rows.indices {
            let isUntold = rows[index].clicked == nil || rows[index].means == .posts
            guard isUntold, let links = left.removeValue(forKey: rows[index].channel) else { continue }
            rows[index].take(links)
        }
        rows += left.sorted { $0.key < $1.key }.map { channel, links in
            var row = ChannelFigures(channel: channel, means: .links)
            row.take(links)
            return row
        }
        channels = rows.sorted { ($0.channel, $0.means.rawValue) < ($1.channel, $1.means.rawValue) }
    }

    private static func posts(_ records: CampaignRecords) -> [ChannelFigures] {
        let standing = records.posts.filter { $0.publishedAt != nil }
        return Dictionary(grouping: standing, by: \.network).map { network, posts in
            var row = ChannelFigures(channel: network, means: .posts)
            func sum(_ name: String) -> Int? {
                let told = posts.compactMap { $0.figures[name] }
                return told.isEmpty ? nil : Int(told.reduce(0, +))
            }
            (row.sent, row.replied) = (posts.count, sum("comments"))
            (row.impressions, row.clicked) = (sum("impressions"), sum("clicks"))
            return row
        }
    }

    private static func advertisements(_ records: CampaignRecords) -> [ChannelFigures] {
        Dictionary(grouping: records.adDays, by: \.network).map { network, days in
            var row = ChannelFigures(channel: network, means: .advertisements)
            row.impressions = days.reduce(0) { $0 + $1.impressions }
            row.clicked = days.reduce(0) { $0 + $1.clicks }
            return row
        }
    }
}

extension ChannelFigures {
    fileprivate init(_ reach: ChannelReach, _ tracking: Tracking?) {
        self.init(channel: reach.channel.rawValue, means: .messages)
        (sent, replied, people) = (reach.sent, reach.replied, reach.people)
        if reach.tellsArrival { (delivered, bounced) = (reach.delivered, reach.bounced) }
        if reach.tellsOpening(tracking) { (opened, machineOpened) = (reach.opened, reach.machineOpened) }
        if reach.tellsClicks(tracking) { (clicked, machineClicked) = (reach.clicked, reach.machineClicked) }
    }

    /// Takes over how often people have followed links that were given out this way.
    fileprivate mutating func take(_ links: [CampaignLink]) {
        clicked = links.reduce(0) { $0 + $1.clicks.people }
        machineClicked = links.reduce(0) { $0 + $1.clicks.automatic }
    }
}
