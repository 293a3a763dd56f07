internal import Agents
internal import Crawling
package import Database
internal import JSON
internal import Jobs
internal import Markup
package import Nouns
package import Records

/// A company that sells what the agency sells, or what a client sells: one row of `competitors`.
package struct Competitor: ManagedRecord {
    package var head = Head<Competitor>()
    package var name = ""
    package var website: String?
    package var clientID: ClientID?
    package var feeds: [String] = []
    package var notes: String?

    package init() {}

    static let feedsMax = 20
    package static let idPrefix = "comp", noun = "competitor"
    package static let resource = Resource<Competitor>(
        "competitors", named: "Competitor",
        console: ConsoleForm(
            title: "name", columns: ["website", "client_id", "created_at"],
            form: ["name", "website", "feeds", "client_id", "notes"]),
        [
            .text(
                "name", \.name, max: 200, .required, .filterable, .sortable, .searchable,
                .example("Rival Ltd"),
                .about("The name of the competitor.")),
            .url(
                "website", \.website, .filterable, .example("https://www.rival.example"),
                .about("The competitor's site, whose first page is watched, with the feeds that it offers.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client with whom it competes; null: with the agency.")),
            .texts(
                "feeds", \.feeds, max: feedsMax, length: 2000,
                .about("Feeds of the competitor's: RSS, Atom or JSON Feed."),
                .example(["https://www.rival.example/feed.xml"])),
            .text("notes", \.notes, max: 20_000, .searchable),
        ])

    package mutating func prepare(replacing old: Competitor?, by actor: Actor, in tx: Transaction) throws {
        guard old?.feeds != feeds else { return }
        var faults = Faults(), seen: Set<String> = []
        var kept: [String] = []
        for (index, text) in feeds.enumerated() {
            guard let address = PageAddress(text), address.port == nil else {
                faults.add(
                    "/feeds/\(index)", "invalid_url",
                    "A feed must begin with http:// or https://, without a name and password, on port 80 or 443."
                )
                continue
            }
            if seen.insert(address.key).inserted { kept.append(address.description) }
        }
        try faults.throwIfAny()
        feeds = kept
    }

    package func saved(replacing old: Competitor?, by actor: Actor, in tx: Transaction) throws {
        guard let old, old.feeds != feeds || old.website != website else { return }
        try tx.market.keepWatches(of: id, at: watched)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.market.forget(id) }

    /// The addresses that are watched because they were given.
    var watched: [PageAddress] { (feeds + [website].compactMap(\.self)).compactMap { PageAddress($0) } }
}
