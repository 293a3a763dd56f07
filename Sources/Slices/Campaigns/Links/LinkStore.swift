package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import Records
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

    /// Returns how often the links of a campaign were followed.
    package func clicks(ofCampaign campaign: CampaignID) throws -> LinkClicks {
        let links = try tx.all(
            """
            SELECT id FROM tracked_links
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign) ORDER BY id LIMIT 1000
            """
        ) { ID<TrackedLink>($0, 0) }
        return try links.reduce(into: LinkClicks()) { sum, id in
            let own = try clicks(of: id)
            sum.people += own.people
            sum.automatic += own.automatic
        }
    }
}

extension LinkStore where Base == Transaction {
    /// Counts that a link was followed: one change of a row for all that are committed together.
    func count(_ id: ID<TrackedLink>, isPerson: Bool, _ number: Int) {
        tx.counters.countLater(id.counter(ofPeople: isPerson), number)
    }

    func forget(_ id: ID<TrackedLink>) throws {
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

    func count(_ subject: String, isPerson: Bool, _ number: Int, in tx: Transaction) throws {
        if let id = ID<TrackedLink>(subject) { tx.trackedLinks.count(id, isPerson: isPerson, number) }
    }
}

private let targetOfLink = Statement("SELECT target FROM tracked_links WHERE tenant_id = $1 AND id = $2")
