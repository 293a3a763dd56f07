internal import Agents
package import Database
package import JSON
internal import Jobs
package import Records
package import Telemetry

/// A place where companies are found that may become leads: one row of `lead_sources`. The built-in ones are there from
/// the start; a directory is declared by where its pages are and what stands where on them.
package struct LeadSource: ManagedRecord {
    package enum Kind: String, Choice {
        case directory, register, website, feed, community, referral, form, file, provider, crm
    }

    package enum State: String, Choice {
        case active, disabled
        case needsCredentials = "needs_credentials"
        case failing
    }

    /// The programs that communities run on.
    package enum Platform: String, Choice {
        case hackerNews = "hacker_news"
        case stackExchange = "stack_exchange"
        case mastodon, discourse
    }

    package var head = Head<LeadSource>()
    package var name = ""
    package var kind = Kind.directory
    package var title = ""
    package var state = State.active
    package var needsKey = false
    package var isBuiltIn = false
    package var startURL: String?
    package var item: String?
    package var next: String?
    package var expressions: JSONObject = [:]
    package var pagesMax = 10
    package var platform: Platform?
    package var phrases: [String] = []
    package var definition = 1
    package var found = 0
    package var created = 0
    /// The number of runs in a row that have failed.
    package var failures = 0
    package var lastRunAt: Instant?
    package var error: String?

    package init() {}

    package static let idPrefix = "lsrc"
    package static let noun = "lead_source"
    package static let resource = Resource<LeadSource>(
        "lead_sources", named: "LeadSource", rule: .everyone,
        console: ConsoleForm(
            title: "title", columns: ["name", "kind", "state", "found", "created", "last_run_at", "error"],
            form: [
                "name", "title", "kind", "state", "start_url", "item", "fields", "next", "pages_max",
                "phrases",
            ],
            filters: ["kind", "state"]),
        [
            .text(
                "name", \.name, max: 40, .required, .writeOnce, .filterable, .sortable, .line,
                .example("berlin_firms"),
                .about("The name of the source, which leads have as their source.")),
            .choice(
                "kind", \.kind, .required, .writeOnce, .filterable,
                .about("The kind of source; directory, website, feed and community can be created.")),
            .text(
                "title", \.title, max: 200, .example("Firms of Berlin"),
                .about("The source's name, for people.")),
            .choice(
                "state", \.state, .standard("active"), .filterable,
                .about(
                    "Whether the source is searched, is disabled, needs credentials, or finds nothing any more."
                )),
            .boolean(
                "needs_key", \.needsKey, .readOnly, .filterable,
                .about("Whether it needs an integration with credentials.")),
            .boolean(
                "built_in", \.isBuiltIn, .readOnly, .filterable, .about("Whether it comes with Bureau.")),
            .url(
                "start_url", \.startURL, .example("https://directory.example/list"),
                .about("The first page, the feed, or the community's address.")),
            .text(
                "item", \.item, max: 2000, .example("//li[@class='firm']"),
                .about("The XPath expression that finds the entries on a page of a directory.")),
            .text(
                "next", \.next, max: 2000, .example("//a[@rel='next']/@href"),
                .about("The XPath expression that finds the address of the next page.")),
            .document(
                "fields", \.expressions, .example(["company": "h2", "website": "a/@href"]),
                .about("The XPath expression of each field of a lead, asked from an entry.")),
            .integer(
                "pages_max", \.pagesMax, in: 1...200, .standard(10),
                .about("How many pages are asked for in a run at most.")),
            .choice(
                "platform", \.platform,
                .about("The program that a community runs on.")),
            .texts(
                "phrases", \.phrases, max: 50, length: 100, .example(["looking for an agency"]),
                .about("The words by which people show that they need something; one of them has to occur.")),
            .integer(
                "definition", \.definition, in: 1...1_000_000, .readOnly,
                .about("The number of the definition's version.")),
            .integer(
                "found", \.found, in: 0...Int64.max, .readOnly, .sortable,
                .about("How many companies the source has named.")),
            .integer(
                "created", \.created, in: 0...Int64.max, .readOnly, .sortable,
                .about("How many leads were created from it.")),
            .integer("failures", \.failures, in: 0...Int64.max, .secret),
            .instant("last_run_at", \.lastRunAt, .readOnly, .about("When it was last searched.")),
            .text(
                "error", \.error, max: 500, .readOnly, .about("The error of the last search.")),
        ])

    private static let perTenantMax = 200
    static let failing = "lead_source_failing"
    /// The kinds that an agency can declare.
    static let declared: Set<Kind> = [.directory, .website, .feed, .community]

    /// Whether leads come from it by themselves, so that there is nothing to search.
    package var isPassive: Bool { [.referral, .form, .file].contains(kind) }

    package func prepare(replacing old: LeadSource?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if let old {
            if old.state != state, actor.kind != .system, actor.kind != .agent,
                state == .failing || state == .needsCredentials
                    || old.state == .needsCredentials && state == .active
            {
                faults.add(
                    "/state", "invalid_choice", "A person sets a source active or disabled.",
                    choices: ["active", "disabled"])
            }
        } else if try tx.leadSources.find(name) != nil {
            throw Problem(
                .alreadyExists, "The source \(name) exists already: change it, or choose another name.")
        } else if try tx.int("SELECT count(*) FROM lead_sources WHERE tenant_id = \(tx.tenant)") ?? 0
            >= Self.perTenantMax
        {
            throw Problem(
                .conflict, "An agency may have at most \(Self.perTenantMax) lead sources: delete one first.")
        }
        try faults.throwIfAny()
    }

    package func saved(replacing old: LeadSource?, by actor: Actor, in tx: Transaction) throws {
        if old == nil || old?.definition != definition {
            try tx.leadSources.keepVersion(of: self, by: actor)
        }
        if state != .failing, old?.state == .failing {
            try tx.alerts.resolve(kind: Self.failing, subject: subject)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard !isBuiltIn else {
            throw Problem(.conflict, "\(name) comes with Bureau: disable it instead.")
        }
        try tx.alerts.resolve(kind: Self.failing, subject: subject)
        try tx.leadSources.forget(self)
    }
}

extension LeadSource {
    /// The part of the definition that a version keeps, as the API writes it.
    var defined: JSONObject {
        [
            "start_url": JSON(startURL), "item": JSON(item), "next": JSON(next),
            "fields": .object(expressions),
            "pages_max": JSON(pagesMax), "platform": JSON(platform?.rawValue), "phrases": JSON(phrases),
        ]
    }

    /// Raises the number of the definition where that has changed.
    mutating func countDefinition(replacing old: LeadSource) {
        if old.defined != defined { definition = old.definition + 1 }
    }
}
