package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Counted links and their followers: `tx.trackedLinks`.
package struct LinkStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var trackedLinks: LinkStore<Self> { LinkStore(tx: self) }
}

/// The number of times that a link was followed.
package struct LinkClicks: Hashable, Sendable {
    package var people = 0
    /// The clicks by programs: scanners of mails, previews, searches.
    package var automatic = 0

    package init() {}

    var json: JSON { ["people": JSON(people), "automatic": JSON(automatic)] }

    static let schema = JSON.schema(
        [
            "people": ["type": "integer", "description": "How often people followed the link."],
            "automatic": [
                "type": "integer",
                "description": "How often programs did: previews, scanners of mails, searches.",
            ],
        ], required: ["people", "automatic"]
    ).merging(["description": "How often the link was followed, people apart from programs."])
}

extension LinkStore {
    /// Returns where a link leads; `nil` where there is none.
    func target(of id: ID<TrackedLink>) throws -> String? {
        try tx.first(targetOfLink, [tx.tenant.sqlValue, id.sqlValue]) { $0.text(0) }
    }

    func clicks(of id: ID<TrackedLink>) throws -> LinkClicks {
        var clicks = LinkClicks()
        clicks.people = try tx.counters.find(id.counter(ofPeople: true))
        clicks.automatic = try tx.counters.find(id.counter(ofPeople: false))
        return clicks
    }

    /// Returns how often links were followed, those that somebody has followed.
    func clicks(of links: [ID<TrackedLink>]) throws -> [ID<TrackedLink>: LinkClicks] {
        let counts = try tx.counters.all(
            of: links.map { $0.counter(ofPeople: true) } + links.map { $0.counter(ofPeople: false) })
        return Dictionary(
            uniqueKeysWithValues: links.map { id in
                var clicks = LinkClicks()
                clicks.people = counts[id.counter(ofPeople: true)] ?? 0
                clicks.automatic = counts[id.counter(ofPeople: false)] ?? 0
                return (id, clicks)
            })
    }

    /// Returns how often the links of a campaign were followed.
    package func clicks(ofCampaign campaign: CampaignID) throws -> LinkClicks {
        let links = try tx.all(
            """
            SELECT id FROM tracked_links
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign) ORDER BY id LIMIT 1000
            """
        ) { ID<TrackedLink>($0, 0) }
        return try clicks(of: links).values.reduce(into: LinkClicks()) { sum, own in
            sum.people += own.people
            sum.automatic += own.automatic
        }
    }
}

extension LinkStore where Base == Transaction {
    /// Counts that a link was followed: one change of a row for all that are committed together.
    func count(_ id: ID<TrackedLink>, isPerson: Bool, _ number: Int, at moment: Instant) {
        tx.counters.countLater(id.counter(ofPeople: isPerson), number)
        // When programs come says nothing of readers.
        guard isPerson else { return }
        let quarter = moment.quarter
        tx.add(number, to: "link_clicks \(tx.tenant) \(id) \(quarter)") { number in
            if number != 0 { try count(id, number, in: quarter) }
        }
    }

    private func count(_ id: ID<TrackedLink>, _ number: Int, in quarter: Int64) throws {
        try tx.run(countInQuarter, [tx.tenant.sqlValue, id.sqlValue, quarter.sqlValue, number.sqlValue])
    }

    func forget(_ id: ID<TrackedLink>) throws {
        try tx.run("DELETE FROM link_clicks WHERE tenant_id = \(tx.tenant) AND link_id = \(id)")
        let clicks = try clicks(of: id)
        try tx.counters.count(id.counter(ofPeople: true), -clicks.people)
        try tx.counters.count(id.counter(ofPeople: false), -clicks.automatic)
    }
}

extension ID<TrackedLink> {
    fileprivate func counter(ofPeople isPeople: Bool) -> String {
        "tracked_link.\(isPeople ? "people" : "automatic").\(text)"
    }
}

/// Leads those who follow an agency's links, and counts them.
struct TrackedLinkFollowing: LinkFollowing {
    let prefix = TrackedLink.idPrefix

    func target(of subject: String, in reader: any Queryable) throws -> String? {
        try ID<TrackedLink>(subject).flatMap { try reader.reading.trackedLinks.target(of: $0) }
    }

    func count(
        _ subject: String, isPerson: Bool, _ number: Int, at moment: Instant, in tx: Transaction
    ) throws {
        guard let id = ID<TrackedLink>(subject) else { return }
        tx.trackedLinks.count(id, isPerson: isPerson, number, at: moment)
    }
}

extension Instant {
    /// The quarter of an hour that it is in, since 1970. Every zone's hours begin with one.
    fileprivate var quarter: Int64 { seconds.dividedDown(by: 900) }
}

private let countInQuarter = Statement(
    """
    INSERT INTO link_clicks (tenant_id, link_id, quarter, people) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, link_id, quarter) DO UPDATE SET people = link_clicks.people + excluded.people
    """)

private let targetOfLink = Statement("SELECT target FROM tracked_links WHERE tenant_id = $1 AND id = $2")
