internal import Agents
internal import ChangeSets
package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
package import Records
package import Telemetry
internal import Templates

/// Something that the agency tells many people, written once: one row of `content_items`.
package struct ContentItem: ManagedRecord {
    package enum Kind: String, Choice {
        case productLaunch = "product_launch"
        case caseStudy = "case_study"
        case educational
        case companyNews = "company_news"
        case industryInsights = "industry_insights"
    }
    package enum Status: String, Choice {
        case draft, approved, published, archived

        /// Whether people may get it.
        var isGiven: Bool { self == .approved || self == .published }
    }

    package var head = Head<ContentItem>()
    package var title = ""
    package var type = Kind.educational
    package var subject = ""
    /// Markdown, in the language of templates.
    package var body = ""
    package var segmentID: SegmentID?
    package var locale: String?
    package var variants = Parts<ContentVariant>()
    package var technical: ContentLink?
    package var guide: ContentLink?
    package var status = Status.draft
    package var publishedAt: Instant?
    package var adoptedVariant: String?
    package var settledAt: Instant?

    package init() {}

    package static let idPrefix = "content", noun = "content_item"
    package static let resource = Resource<ContentItem>(
        "content_items", named: "ContentItem",
        console: ConsoleForm(
            columns: ["type", "status", "segment_id", "updated_at"],
            form: ["title", "type", "subject", "body", "segment_id", "status"],
            filters: ["type", "status"]),
        [
            .text(
                "title", \.title, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Reports by the hour"), .about("What colleagues and the calendar call it.")),
            .choice("type", \.type, .required, .filterable, .about("The kind of content.")),
            .text(
                "subject", \.subject, max: 300, .required, .line, .searchable,
                .example("{{ lead.company }}: reports by the hour"),
                .about("The subject of mails, with places for values as templates have them.")),
            .text(
                "body", \.body, max: 100_000, .required, .searchable,
                .example("We now report by the hour."),
                .about("Markdown, with names in {{ … }} and conditions in {% … %}; see docs/templates.md.")),
            .id(
                "segment_id", \.segmentID, .filterable,
                .about("Whom it is for, unless a distribution says otherwise; null: all leads.")),
            .text("locale", \.locale, max: 35, .filterable, .about("The language that it is in; BCP 47.")),
            .parts(
                "variants", \.variants, max: 10,
                .about("Other words of which each person gets one, by chance and for good.")),
            .part(
                "technical", \.technical,
                .about("Details for developers, who find the link below the text.")),
            .part(
                "guide", \.guide,
                .about("A guide for readers who are not technical, who find the link below the text.")),
            .choice(
                "status", \.status, .standard("draft"), .filterable,
                .about("Only what is approved or published reaches people.")),
            .instant(
                "published_at", \.publishedAt, .readOnly, .filterable, .sortable,
                .about("When it was first published.")),
            .text(
                "adopted_variant", \.adoptedVariant, max: 40, .readOnly, .filterable, .added(in: 1070),
                .about("The variant that everybody gets from now on; null: each gets one by chance.")),
            .instant(
                "settled_at", \.settledAt, .readOnly, .added(in: 1070),
                .about("When it was settled who gets which variant, by an agent or a person.")),
        ])

    package mutating func prepare(replacing old: ContentItem?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        check(subject, body, at: "", &faults)
        var names: Set<String> = []
        for (index, variant) in variants.list.enumerated() {
            let place = "/variants/\(index)"
            if !names.insert(variant.name).inserted {
                faults.add("\(place)/name", "duplicate_value", "Two variants are called \(variant.name).")
            }
            check(variant.subject ?? subject, variant.body ?? body, at: place, &faults)
        }
        if let given = locale {
            if let tag = LocaleTag(given) {
                locale = tag.description
            } else {
                faults.add(
                    "/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
            }
        }
        try faults.throwIfAny()
        if status == .published, publishedAt == nil { publishedAt = tx.now }
        if let old { forgetTrial(of: old) }
    }

    private func check(_ subject: String, _ body: String, at place: String, _ faults: inout Faults) {
        var words = MessageTemplate()
        (words.subject, words.body) = (subject, body)
        do {
            _ = try words.compiled()
        } catch {
            faults.add(contentsOf: error.faults.map { $0.moved(under: place) })
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if try tx.content.hasReachedAnybody(id) {
            throw Problem(.conflict, "People have got it: archive it instead.")
        }
    }
}

/// Other words of a content item.
package struct ContentVariant: Part {
    package var name = ""
    package var subject: String?
    package var body: String?
    package var weight = 1

    package init() {}

    package static let schema = Schema<ContentVariant>(
        "ContentVariant",
        [
            .text("name", \.name, max: 40, .required, .example("short"), .about("Results are told by it.")),
            .text(
                "subject", \.subject, max: 300, .line, .about("Its subject; the item's own unless given.")),
            .text("body", \.body, max: 100_000, .about("Its text; the item's own unless given.")),
            .integer(
                "weight", \.weight, in: 1...1000, .standard(1),
                .about("How many get it, beside the others.")),
        ])
}

/// A link below a text, for readers of one kind.
package struct ContentLink: Part {
    package var label = ""
    package var url = ""

    package init() {}

    package static let schema = Schema<ContentLink>(
        "ContentLink",
        [
            .text(
                "label", \.label, max: 200, .required, .line, .example("API reference"),
                .about("What the link is called.")),
            .url("url", \.url, .required, .example("https://example.com/api")),
        ])
}
