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
    package var pages: [String] = []
    package var notes: String?

    package init() {}

    static let feedsMax = 20, pagesMax = 10
    package static let idPrefix = "comp", noun = "competitor"
    package static let resource = Resource<Competitor>(
        "competitors", named: "Competitor",
        console: ConsoleForm(
            title: "name", columns: ["website", "client_id", "created_at"],
            form: ["name", "website", "feeds", "pages", "client_id", "notes"]),
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
            .texts(
                "pages", \.pages, max: pagesMax, length: 2000, .added(in: 970),
                .about("Further pages that are watched, such as those of prices and services."),
                .example(["https://www.rival.example/pricing"])),
            .text("notes", \.notes, max: 20_000, .searchable),
        ])

    package mutating func prepare(replacing old: Competitor?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if old?.feeds != feeds { feeds = Self.plain(feeds, "feeds", "A feed", &faults) }
        if old?.pages != pages { pages = Self.plain(pages, "pages", "A page", &faults) }
        try faults.throwIfAny()
    }

    /// Returns addresses as they are asked for, each once.
    private static func plain(
        _ addresses: [String], _ field: String, _ subject: String, _ faults: inout Faults
    ) -> [String] {
        var seen: Set<String> = [], kept: [String] = []
        for (index, text) in addresses.enumerated() {
            guard let address = PageAddress(text), address.port == nil else {
                faults.add(
                    "/\(field)/\(index)", "invalid_url",
                    "\(subject) must begin with http:// or https://, without a name and password, on port 80 or 443."
                )
                continue
            }
            if seen.insert(address.key).inserted { kept.append(address.description) }
        }
        return kept
    }

    package func saved(replacing old: Competitor?, by actor: Actor, in tx: Transaction) throws {
        guard let old, [old.feeds, old.pages] != [feeds, pages] || old.website != website else { return }
        try tx.market.keepWatches(of: id, at: watched)
        try tx.market.endStatements(of: id, except: watched.map(\.description))
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.market.forget(id) }

    /// The addresses that are watched because they were given.
    var watched: [PageAddress] {
        (feeds + [website].compactMap(\.self) + pages).compactMap { PageAddress($0) }
    }
}
