internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Records
internal import Sequences
package import Telemetry
internal import Tenancy

/// Something that the agency offers for a while to those whom it keeps in touch with: one row of `special_offers`.
/// Prices, shares and dates stand in messages only as they are written here.
package struct SpecialOffer: ManagedRecord {
    package var head = Head<SpecialOffer>()
    package var name = ""
    package var words = Parts<OfferWords>()
    package var url: String?
    package var validFrom = CivilDate(daysSinceEpoch: 0)
    package var validUntil = CivilDate(daysSinceEpoch: 0)
    package var stages: [String] = []
    package var enabled = true

    package init() {}

    package static let idPrefix = "soff", noun = "special_offer"
    /// More than these tell nobody what the agency offers.
    private static let offersMax = 50
    private static let stageNames = ["fresh", "warm", "nurturing", "dormant", "archived"]

    package static let resource = Resource<SpecialOffer>(
        "special_offers", named: "SpecialOffer",
        console: ConsoleForm(
            columns: ["valid_from", "valid_until", "stages", "enabled"],
            form: ["name", "words", "url", "valid_from", "valid_until", "stages", "enabled"],
            filters: ["enabled"]),
        [
            .text(
                "name", \.name, max: 120, .required, .line, .filterable, .sortable, .searchable,
                .example("Spring audit"), .about("The name, for colleagues; readers do not see it.")),
            .parts(
                "words", \.words, max: 20, .required,
                .about(
                    "The text for readers, once for each language; readers of other languages get none.")
            ),
            .link("url", \.url, .about("Where readers find it.")),
            .date(
                "valid_from", \.validFrom, .required, .filterable, .sortable, .example("2030-03-01"),
                .about("The first day on which it is told, where the agency is.")),
            .date(
                "valid_until", \.validUntil, .required, .filterable, .sortable, .example("2030-03-31"),
                .about("The last day on which it holds, and is told.")),
            .texts(
                "stages", \.stages, max: 5, length: 20,
                .about(
                    "The stages of those who are told: fresh, warm, nurturing, dormant, archived; empty: all."
                )
            ),
            .boolean(
                "enabled", \.enabled, .standard(true), .filterable, .about("Whether it may be told at all.")),
        ])

    package mutating func prepare(replacing old: SpecialOffer?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if validUntil < validFrom {
            faults.add("/valid_until", "out_of_range", "valid_until must not be before valid_from.")
        }
        if words.list.isEmpty {
            faults.add("/words", "required", "words must say it in at least one language.")
        }
        var languages: Set<String> = []
        for (index, said) in words.list.enumerated() {
            guard let tag = LocaleTag(said.locale) else {
                faults.add(
                    "/words/\(index)/locale", "invalid_locale",
                    "locale must be a language tag, such as en or pt-BR.")
                continue
            }
            words.list[index].locale = tag.description
            if !languages.insert(tag.language).inserted {
                faults.add(
                    "/words/\(index)/locale", "duplicate_value",
                    "The offer is said in this language already: keep one text for each."
                )
            }
        }
        for (index, stage) in stages.enumerated() where !Self.stageNames.contains(stage) {
            faults.add(
                "/stages/\(index)", "invalid_choice",
                "The stage does not exist: choose \(Self.stageNames.joined(separator: ", ")).",
                choices: Self.stageNames)
        }
        try faults.throwIfAny()
        let count = try tx.int("SELECT count(*) FROM special_offers WHERE tenant_id = \(tx.tenant)")
        guard old == nil, Int(count ?? 0) >= Self.offersMax
        else { return }
        throw Problem(
            .conflict, "An agency has at most \(Self.offersMax) special offers: delete one that is over.")
    }

    /// Messages that have not left tell it as it was: they are written anew, with what is valid then.
    package func saved(replacing old: SpecialOffer?, by actor: Actor, in tx: Transaction) throws {
        if old != nil { try tx.unlimited.enrollments.withdrawTold(of: subject) }
        guard old?.validUntil != validUntil else { return }
        let end = try end(in: tx.agency.zone())
        guard end > tx.now else { return }
        try tx.jobs.enqueue(
            OfferEndJob.self, .init(offer: id),
            JobOptions(runAt: end, uniqueKey: "\(id)/\(validUntil.iso)", subject: subject))
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.unlimited.enrollments.withdrawTold(of: subject)
    }

    /// The beginning of the day after its last one.
    func end(in zone: TimeZoneRules) -> Instant {
        zone.firstInstant(atOrAfter: LocalTime(validUntil.adding(days: 1), hour: 0))
    }

    /// Returns whether it is told on a day to those of a stage.
    func isTold(on day: CivilDate, in stage: String) -> Bool {
        enabled && validFrom <= day && day <= validUntil && (stages.isEmpty || stages.contains(stage))
    }

    /// Returns what is said of it in a language.
    func said(in locale: String) -> OfferWords? {
        let language = LocaleTag(locale)?.language
        return words.list.first { LocaleTag($0.locale)?.language == language }
    }
}

/// An offer as readers of a language are told of it.
package struct OfferWords: Part {
    package var locale = ""
    package var title = ""
    package var text = ""

    package init() {}

    package static let schema = Schema<OfferWords>(
        "OfferWords",
        [
            .text("locale", \.locale, max: 35, .required, .example("en"), .about("The language; BCP 47.")),
            .text(
                "title", \.title, max: 120, .required, .line, .example("A first audit at half the price"),
                .about("The offer in a line.")),
            .text(
                "text", \.text, max: 1000, .required, .example("Until the end of March, for practices."),
                .about("The description of the offer, and of those it is for: plain text.")),
        ])
}
