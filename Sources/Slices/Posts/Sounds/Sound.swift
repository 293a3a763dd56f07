internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Lexicons
internal import Nouns
package import Records
package import Social
package import Telemetry
internal import Transfer

/// A sound of a network's own that people may put under a film, with the licence to it: one row of `sounds`. No
/// interface lists them: people keep them here, or bring them in from a file.
package struct Sound: ManagedRecord {
    package var head = Head<Sound>()
    package var name = ""
    package var network = SocialNetwork.tiktok
    package var url: String?
    package var licence = ""
    package var validUntil: CivilDate?

    package init() {}

    package static let idPrefix = "sound", noun = "sound"
    package static let resource = Resource<Sound>(
        "sounds", named: "Sound", rule: .everyone,
        console: ConsoleForm(
            columns: ["network", "licence", "valid_until"],
            form: ["name", "network", "url", "licence", "valid_until"], filters: ["network"]),
        [
            .text(
                "name", \.name, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Slow mornings"), .about("The name of the sound on the network.")),
            .choice(
                "network", \.network, .standard("tiktok"), .filterable,
                .about("The network in whose app it is chosen.")),
            .link("url", \.url, .about("Where it is heard.")),
            .text(
                "licence", \.licence, max: 500, .required,
                .example("Commercial Music Library, all countries"),
                .about("The licence that allows its use, and for what.")),
            .date(
                "valid_until", \.validUntil, .filterable, .sortable, .example("2030-03-31"),
                .about("The last day on which it may be used; null: nothing says.")),
        ])

    /// The import and export of sounds as files. A sound is the one of its name on its network.
    static let transfer = Transfer(resource, Lexicon("sounds", in: ResourceTable.texts)) { sound, tx in
        try resource.first(
            where: "network = \(sound.network.rawValue) AND name = \(sound.name)",
            suffix: "ORDER BY row LIMIT 1", in: tx)?.id
    }
}
