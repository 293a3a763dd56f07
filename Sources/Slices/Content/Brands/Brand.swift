internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records

/// The way in which a brand wants to be written about, the agency's own or a client's: one row of `brands`.
package struct Brand: ManagedRecord {
    package var head = Head<Brand>()
    package var name = ""
    package var clientID: ClientID?
    package var banned: [String] = []
    package var preferred = Parts<BrandPreference>()
    package var disclosures = Parts<BrandDisclosure>()
    package var maxGrade: Int?
    package var aiDisclosure: String?

    package init() {}

    package static let idPrefix = "brd", noun = "brand"
    package static let resource = Resource<Brand>(
        "brands", named: "Brand",
        console: ConsoleForm(
            columns: ["client_id", "max_grade", "updated_at"],
            form: ["name", "client_id", "banned", "preferred", "disclosures", "ai_disclosure", "max_grade"],
            filters: ["client_id"]),
        [
            .text(
                "name", \.name, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Acme"), .about("The name of the brand.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client whose content is checked by it; null: the agency's own, and all other.")),
            .texts(
                "banned", \.banned, max: 500, length: 100, .example(["cheap"]),
                .about("The words that are never said.")),
            .parts(
                "preferred", \.preferred, max: 500, .about("The words that are said instead of others.")),
            .parts(
                "disclosures", \.disclosures, max: 50,
                .about("The statements that a piece has to make, and when.")),
            .integer(
                "max_grade", \.maxGrade, in: 1...20, .example(9),
                .about("The years of school that readers need at most; null: as hard as it likes.")),
            .text(
                "ai_disclosure", \.aiDisclosure, max: 300, .line, .added(in: 1480), .example("#MadeWithAI"),
                .about(
                    "The words, or the hashtag, that a piece has to have that a model has made; null: none.")
            ),
        ])

    package mutating func prepare(replacing old: Brand?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (index, rule) in preferred.list.enumerated() where rule.insteadOf.isEmpty {
            faults.add("/preferred/\(index)/instead_of", "required", "instead_of must name a word at least.")
        }
        try faults.throwIfAny()
    }

    /// The rules as the checks read them.
    var rules: BrandRules {
        var rules = BrandRules()
        (rules.name, rules.banned, rules.maxGrade) = (name, banned, maxGrade)
        rules.aiDisclosure = aiDisclosure
        rules.preferred = preferred.list.map { BrandRules.Preference(use: $0.use, insteadOf: $0.insteadOf) }
        rules.disclosures = disclosures.list.map {
            BrandRules.Disclosure(when: $0.when, text: $0.text)
        }
        return rules
    }
}

/// Words that a brand says instead of others.
package struct BrandPreference: Part {
    package var use = ""
    package var insteadOf: [String] = []

    package init() {}

    package static let schema = Schema<BrandPreference>(
        "BrandPreference",
        [
            .text(
                "use", \.use, max: 100, .required, .line, .example("clients"),
                .about("The words that are said.")),
            .texts(
                "instead_of", \.insteadOf, max: 50, length: 100, .required, .example(["customers"]),
                .about("The words that are said otherwise.")),
        ])
}

/// Something that a piece has to say where it speaks of something.
package struct BrandDisclosure: Part {
    package var when: String?
    package var text = ""

    package init() {}

    package static let schema = Schema<BrandDisclosure>(
        "BrandDisclosure",
        [
            .text(
                "when", \.when, max: 100, .line, .example("partner"),
                .about("The words that ask for it; null: every piece does.")),
            .text(
                "text", \.text, max: 300, .required, .line, .example("#ad"),
                .about("The words, or the hashtag, that it has to have.")),
        ])
}
