package import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// All that is recorded of a campaign: what it costs, what leaves for it, and what comes back.
struct CampaignRecords {
    let campaign: Campaign
    let spending: [CampaignSpend]
    /// Newest first.
    let figures: [CampaignFigure]
    var posts: [CampaignPost]
    var mailings: [CampaignMailing]
    let links: [CampaignLink]
    var adDays: [CampaignAdDay]

    init(
        of campaign: Campaign, _ dependencies: CampaignDependencies, in reader: some Queryable
    ) throws {
        try self.init(
            of: campaign, figures: dependencies.figures, posts: dependencies.posts, in: reader)
    }

    init(
        of campaign: Campaign, figures: (any Queryable, CampaignID) throws -> [CampaignFigure],
        posts: (any Queryable, CampaignID) throws -> [CampaignPost], in reader: some Queryable
    ) throws {
        let store = reader.campaignResults
        self.campaign = campaign
        spending = try reader.campaignSpending.all(on: campaign.id)
        self.figures = try figures(reader, campaign.id)
        self.posts = try posts(reader, campaign.id)
        mailings = try store.mailings(of: campaign.id)
        links = try store.links(of: campaign.id)
        adDays = try store.adDays(of: campaign)
    }
}

/// The mails of one e-mail campaign, counted.
struct CampaignMailing {
    let id: ID<EmailCampaign>
    let name: String
    let startedAt: Instant?
    var sent = 0, bounced = 0, replied = 0
    /// Of how many a person has followed a link, and of how many a program.
    var people = 0, programs = 0
    var heldOut = 0

    var delivered: Int { sent - bounced }
}

/// A tracked link of a campaign, with its followers.
struct CampaignLink {
    let link: TrackedLink
    let clicks: LinkClicks

    /// The channel on which it was given out: the source that its marks name.
    var channel: String { link.utm?.source ?? "links" }
}

/// The cost and results, on a day, of a campaign of an advertising service that is part of a campaign.
struct CampaignAdDay {
    let ad: ID<AdCampaign>
    /// The client whom the service's account is of.
    let client: ClientID?
    /// The advertising service, which is a channel.
    let network: String
    let date: CivilDate
    let spend: Money?
    let clicks: Int, impressions: Int
}

/// The mails, links and advertisements of campaigns, and whom they have reached: `tx.campaignResults`.
package struct CampaignResultStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var campaignResults: CampaignResultStore<Self> { CampaignResultStore(tx: self) }
}

extension CampaignResultStore {
    private var partsMax: Int { 2000 }
    private var daysMax: Int { 50_000 }

    /// Returns the e-mail campaigns of a campaign, the oldest first; at most 2,000.
    func mailings(of campaign: CampaignID) throws -> [CampaignMailing] {
        let all = try EmailCampaign.resource.all(
            where: "campaign_id = \(campaign)", suffix: "ORDER BY id LIMIT \(partsMax)", in: tx)
        guard !all.isEmpty else { return [] }
        var found = all.map { CampaignMailing(id: $0.id, name: $0.name, startedAt: $0.startedAt) }
        let places = Dictionary(uniqueKeysWithValues: found.enumerated().map { ($1.id, $0) })
        try tx.each(
            """
            SELECT \(trusted: MailingRow.counted) FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id IN \(list: all.map(\.id))
            GROUP BY email_campaign_id
            """
        ) { row in
            let counts = try MailingRow(row)
            guard let place = places[counts.id] else { return }
            (found[place].sent, found[place].bounced) = (counts.sent, counts.bounced)
            (found[place].replied, found[place].people) = (counts.replied, counts.people)
            (found[place].programs, found[place].heldOut) = (counts.programs, counts.heldOut)
        }
        return found
    }

    /// Returns the tracked links of a campaign, the oldest first; at most 2,000.
    func links(of campaign: CampaignID) throws -> [CampaignLink] {
        let links = try TrackedLink.resource.all(
            where: "campaign_id = \(campaign)", suffix: "ORDER BY id LIMIT \(partsMax)", in: tx)
        let clicks = try tx.trackedLinks.clicks(of: links.map(\.id))
        return links.map { CampaignLink(link: $0, clicks: clicks[$0.id] ?? LinkClicks()) }
    }

    /// Returns what advertising services told of the campaigns there that are part of one, by day, the newest first: of
    /// its own days, where it has a first and a last one.
    func adDays(of campaign: Campaign) throws -> [CampaignAdDay] {
        let ads = try AdCampaign.resource.all(
            where: "campaign_id = \(campaign.id)", suffix: "ORDER BY id LIMIT \(partsMax)", in: tx)
        guard !ads.isEmpty else { return [] }
        let byID = Dictionary(uniqueKeysWithValues: ads.map { ($0.id, $0) })
        let (first, last) = (campaign.startOn?.iso ?? "", campaign.endOn?.iso ?? "9999-12-31")
        return try tx.all(
            """
            SELECT \(AdDayRow.columns) FROM ad_days
            WHERE tenant_id = \(tx.tenant) AND ad_campaign_id IN \(list: ads.map(\.id))
                AND date >= \(first) AND date <= \(last)
            ORDER BY date DESC, ad_campaign_id LIMIT \(daysMax)
            """
        ) { row -> CampaignAdDay? in
            let day = try AdDayRow(row)
            guard let ad = byID[day.ad], let date = day.date else { return nil }
            let spend = ad.spend.map { Money(amount: day.spend, currency: $0.currency) }
            return CampaignAdDay(
                ad: ad.id, client: ad.clientID, network: ad.network, date: date, spend: spend,
                clicks: day.clicks, impressions: day.impressions)
        }.compactMap(\.self)
    }
}

/// The recipients of an e-mail campaign, counted.
private struct MailingRow: StoredRow {
    let id: ID<EmailCampaign>
    let sent: Int, bounced: Int, replied: Int
    let people: Int, programs: Int, heldOut: Int

    static let columns = Columns(of: Self.self)

    static let counted = columns.of(
        "email_recipients",
        with: [
            "sent": "count(sent_at)", "bounced": "count(CASE WHEN sent_at IS NOT NULL THEN bounced_at END)",
            "replied": "count(replied_at)", "people": "count(clicked_at)",
            "programs": "count(machine_clicked_at)", "held_out": "count(CASE WHEN variant = '' THEN 1 END)",
        ])

    init(_ row: inout ColumnReader) {
        id = row.id("email_campaign_id")
        (sent, bounced, replied) = (row.int("sent"), row.int("bounced"), row.int("replied"))
        (people, programs, heldOut) = (row.int("people"), row.int("programs"), row.int("held_out"))
    }
}

/// A day of a campaign of an advertising service: a row of `ad_days`.
private struct AdDayRow: StoredRow {
    let ad: ID<AdCampaign>
    let date: CivilDate?
    let spend: Int64
    let clicks: Int, impressions: Int

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (ad, date) = (row.id("ad_campaign_id"), CivilDate(iso: row.text("date")))
        (spend, clicks, impressions) = (row.int64("spend"), row.int("clicks"), row.int("impressions"))
    }
}
