internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records

/// A link whose followers are counted, people apart from programs: one row of `tracked_links`.
package struct TrackedLink: ManagedRecord {
    package var head = Head<TrackedLink>()
    package var name: String?
    package var url = ""
    package var utm: LinkMarks?
    package var campaignID: CampaignID?
    package var target = ""
    /// The token of its public address, which stays the same.
    package var token = ""
    /// The source that its marks name, by which its clicks are found.
    package var source: String?

    package init() {}

    package static let idPrefix = "lnk", noun = "tracked_link"
    package static let resource = Resource<TrackedLink>(
        "tracked_links", named: "TrackedLink",
        console: ConsoleForm(
            title: "target", columns: ["name", "campaign_id", "created_at"],
            form: ["name", "url", "utm", "campaign_id"], filters: ["campaign_id"]),
        [
            .text(
                "name", \.name, max: 200, .line, .filterable, .sortable, .searchable,
                .example("Spring post"), .about("The name of the link, for colleagues.")),
            .text(
                "url", \.url, max: LinkTarget.lengthMax, .required, .line, .searchable,
                .example("https://www.example.com/spring#offer"),
                .about("The web address that the link leads to; its query and fragment stay.")),
            .part(
                "utm", \.utm,
                .about("The marks that are added to the address, where it does not have them yet.")),
            .id("campaign_id", \.campaignID, .filterable, .about("The campaign that the link is part of.")),
            .text(
                "target", \.target, max: 6000, .readOnly,
                .about("The address that followers are led to, with its marks.")),
            .text("token", \.token, max: 500, .secret),
            .text("source", \.source, max: 200, .secret, .added(in: 1342)),
        ])

    package mutating func prepare(replacing old: TrackedLink?, by actor: Actor, in tx: Transaction) throws {
        guard let address = LinkTarget(url) else {
            throw Problem(faults: [
                Fault(
                    "/url", "invalid_url",
                    """
                    url must be the whole address of a page that everybody can reach, such as \
                    https://www.example.com/page.
                    """)
            ])
        }
        target = address.completed(with: utm?.parameters ?? []).header
        source = utm?.source
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.trackedLinks.forget(id) }
}

/// Marks by which the pages' own statistics know where a visitor came from (UTM).
package struct LinkMarks: Part {
    package var source: String?
    package var medium: String?
    package var campaign: String?
    package var content: String?
    package var term: String?

    package init() {}

    package static let schema = Schema<LinkMarks>(
        "LinkMarks",
        [
            .text(
                "source", \.source, max: 200, .line, .example("newsletter"),
                .about("The sender of the visitor: utm_source.")),
            .text(
                "medium", \.medium, max: 200, .line, .example("social"),
                .about("The way by which they come: utm_medium.")),
            .text(
                "campaign", \.campaign, max: 200, .line, .example("Spring"),
                .about("The campaign: utm_campaign.")),
            .text(
                "content", \.content, max: 200, .line,
                .about("The link that was followed, where there are several: utm_content.")),
            .text("term", \.term, max: 200, .line, .about("The word that was searched for: utm_term.")),
        ])

    /// The parameters of an address that are given.
    var parameters: [(name: String, value: String)] {
        [
            ("utm_source", source), ("utm_medium", medium), ("utm_campaign", campaign),
            ("utm_content", content), ("utm_term", term),
        ].compactMap { name, value in
            guard let value, !value.isEmpty else { return nil }
            return (name, value)
        }
    }
}
