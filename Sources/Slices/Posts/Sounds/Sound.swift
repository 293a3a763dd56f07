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

/// A sound or an effect of a network's own that people may put into a film, with the licence to it: one row of
/// `sounds`. No interface lists them: people keep them here, or bring them in from a file.
package struct Sound: ManagedRecord {
    package enum Kind: String, Choice {
        case sound
        case cameraEffect = "camera_effect"
    }

    package var head = Head<Sound>()
    package var name = ""
    package var network = SocialNetwork.tiktok
    package var url: String?
    package var licence = ""
    package var validUntil: CivilDate?
    package var kind = Kind.sound

    package init() {}

    package static let idPrefix = "sound", noun = "sound"
    package static let resource = Resource<Sound>(
        "sounds", named: "Sound", rule: .everyone,
        console: ConsoleForm(
            columns: ["kind", "network", "licence", "valid_until"],
            form: ["name", "kind", "network", "url", "licence", "valid_until"],
            filters: ["kind", "network"]),
        [
            .text(
                "name", \.name, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Slow mornings"), .about("The name of the sound or effect on the network.")),
            .choice(
                "network", \.network, .standard("tiktok"), .filterable,
                .about("The network in whose app it is chosen.")),
            .link("url", \.url, .about("Where it is heard or seen.")),
            .text(
                "licence", \.licence, max: 500, .required,
                .example("Commercial Music Library, all countries"),
                .about("The licence that allows its use, and for what.")),
            .date(
                "valid_until", \.validUntil, .filterable, .sortable, .example("2030-03-31"),
                .about("The last day on which it may be used; null: nothing says.")),
            .choice(
                "kind", \.kind, .standard("sound"), .filterable, .added(in: 1605),
                .about("Whether it is a sound, or an effect of the app's camera.")),
        ])

    /// The import and export of sounds as files. A sound or an effect is the one of its name on its network.
    static let transfer = Transfer(resource, Lexicon("sounds", in: ResourceTable.texts)) { sound, tx in
        try resource.first(
            where: """
                network = \(sound.network.rawValue) AND name = \(sound.name) AND kind = \(sound.kind.rawValue)
                """,
            suffix: "ORDER BY row LIMIT 1", in: tx)?.id
    }
}
