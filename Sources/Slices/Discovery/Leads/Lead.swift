internal import Agents
internal import ChangeSets
internal import Cryptography
package import Database
internal import Facts
package import JSON
internal import Jobs
internal import Messages
package import Nouns
package import People
package import Records
package import Telemetry
internal import Sequences
internal import Tenancy
internal import Transfer

/// Someone who may become a client: one row of `leads`.
package struct Lead: ManagedRecord {
    package enum Status: String, Choice {
        case new, researched, scored, qualified, disqualified, contacted, engaged, proposal, negotiation, won,
            lost
        case archived
    }

    package enum Priority: String, Choice { case high, medium, low }

    package var head = Head<Nouns.Lead>()

    package var company = ""
    package var website: String?
    package var industry: String?
    package var employeeCount: Int?
    package var annualRevenue: Money?
    package var location: String?
    package var country: String?
    package var contactName: String?
    package var contactTitle: String?
    package var email: String?
    package var phone: String?
    package var linkedinURL: String?
    package var source: String?
    package var status = Status.new
    package var score: Int?
    package var priority: Priority?
    package var conversionProbability: Double?
    /// The next step as it was scored, whatever has become of the lead since.
    private var scoredAction: String?
    /// The next step with it; one that is won or lost has none, whoever writes it.
    package var nextAction: String? {
        get { status.isEnd ? nil : scoredAction }
        set { scoredAction = newValue }
    }
    package var bestContactAt: Instant?
    package var budget: Money?
    package var timelineDays: Int?
    package var authority: Bool?
    package var painPoints: [String] = []
    package var tags: [String] = []
    package var notes: String?
    package var custom: JSONObject = [:]
    package var externalIDs: JSONObject = [:]
    package var ownerID: UserID?
    package var clientID: ClientID?
    package var contactID: ContactID?
    package var companyID: ID<Company>?
    package var mergedInto: LeadID?
    /// The time when it was first qualified, whatever became of it since.
    package var qualifiedAt: Instant?
    /// The time when the lead was won or lost.
    package var closedAt: Instant?
    /// The quality of the record under the agency's rules of data quality.
    package var qualityScore: Int?
    /// Whether mail to the address arrives, as far as that was checked.
    package var emailStatus: Deliverability?
    /// The time at which the agency first knew of the lead, from which its age counts.
    package var knownSince: Instant?
    package var technicalLevel = TechnicalLevel.businessUser
    package var lifecycleStage = LifecycleStage.fresh
    /// The time at which the stage ends; `nil` for what ages no more.
    package var lifecycleDue: Instant?
    /// The digest of the facts that its score was computed from; a run with the same digest finds nothing to do.
    package var scoredInputs: String?
    /// The digest of the facts that it was qualified on; a run with the same digest finds nothing to do.
    package var qualifiedInputs: String?
    /// Company and person, by which a lead without a known address is recognised.
    package var identityKey: String?

    package init() {}

    package static let resource = Resource<Lead>(
        "leads", named: "Lead", personal: .person(),
        console: ConsoleForm(
            title: "company",
            columns: ["contact_name", "status", "score", "next_action", "created_at"],
            form: [
                "company", "contact_name", "contact_title", "email", "phone", "website",
                "status", "source", "tags", "notes",
            ],
            filters: ["status", "priority"]),
        // Data quality and checks of addresses set what follows without changing the lead.
        storing: "quality_score", noting: "next_action",
        [
            .text(
                "company", \.company, max: 300, .required, .filterable, .sortable, .searchable,
                .example("Example GmbH"), .about("The name of the lead's company.")),
            .url("website", \.website, .searchable, .example("https://www.example.com")),
            .text("industry", \.industry, max: 120, .filterable, .searchable, .example("technology")),
            .integer(
                "employee_count", \.employeeCount, in: 0...50_000_000, .filterable, .sortable, .example(120)),
            .money("annual_revenue", \.annualRevenue, .filterable, .about("The revenue of a year.")),
            .text("location", \.location, max: 300, .searchable, .example("Austin, TX")),
            .country("country", \.country, .filterable, .sortable, .example("US")),
            .text(
                "contact_name", \.contactName, max: 200, .personal, .searchable, .sortable,
                .example("Jane Example")),
            .text(
                "contact_title", \.contactTitle, max: 200, .personal, .searchable,
                .example("Marketing Director")),
            .email("email", \.email, .personal, .filterable, .searchable, .example("jane@example.com")),
            .phone(
                "phone", \.phone, countryField: "country", .personal, .filterable,
                .about("E.164; a national number is read as of the lead's country."), .example("+14155552671")
            ),
            .url("linkedin_url", \.linkedinURL, .personal),
            .text(
                "source", \.source, max: 120, .filterable, .example("directory"),
                .about("How the lead became known, such as website or referral.")),
            .choice(
                "status", \.status, .standard("new"), .filterable, .sortable,
                .about("The status of the lead; it changes by the allowed transitions only.")),
            .integer(
                "score", \.score, in: 0...100, .readOnly, .filterable, .sortable,
                .about("How good the lead is, from 0 to 100; null until it is scored.")),
            .choice(
                "priority", \.priority, .readOnly, .filterable,
                .about("How soon to work on the lead, derived from its score.")),
            .number("conversion_probability", \.conversionProbability, in: 0...1, .readOnly),
            .text(
                "next_action", \.nextAction, max: 500, .readOnly,
                .about("The next action; null once the lead is won or lost.")),
            .instant(
                "best_contact_at", \.bestContactAt, .readOnly, .filterable,
                .label("Best time to contact"),
                .about("The best time to contact the lead, in working hours where they are.")),
            .money("budget", \.budget, .filterable, .about("A month.")),
            .integer(
                "timeline_days", \.timelineDays, in: 0...36_500, .filterable,
                .label("Decides within (days)"),
                .about("The number of days within which the lead wants to decide.")),
            .boolean(
                "authority", \.authority, .filterable, .label("Decision-maker"),
                .about("Whether the contact may decide.")),
            .texts("pain_points", \.painPoints, max: 50, length: 500, .searchable),
            .texts("tags", \.tags, max: 100, length: 100, .filterable, .searchable),
            .text("notes", \.notes, max: 20_000, .personal, .searchable),
            .custom(
                "custom", \.custom, .erased, .filterable, .about("Fields of your own; see /v1/custom-fields.")
            ),
            .externalIDs(
                "external_ids", \.externalIDs, .erased, .filterable,
                .about("Identifiers in other systems, unique in each.")),
            .id(
                "owner_id", \.ownerID, of: .colleague, .filterable,
                .about("The user who looks after the lead.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client on whose behalf it is; null: the agency itself.")),
            .id(
                "contact_id", \.contactID, .readOnly, .filterable, .about("The contact that the lead became.")
            ),
            .id(
                "company_id", \.companyID, .readOnly, .filterable,
                .about("The company that the lead works for.")),
            .id("merged_into", \.mergedInto, .readOnly, .about("The lead that took this one in.")),
            .instant("qualified_at", \.qualifiedAt, .readOnly, .filterable),
            .instant(
                "closed_at", \.closedAt, .readOnly, .filterable, .about("When the lead was won or lost.")),
            .integer(
                "quality_score", \.qualityScore, in: 0...100, .readOnly, .filterable, .added(in: 345),
                .about("How good the record is, from 0 to 100; null until it is checked.")),
            .choice(
                "email_status", \.emailStatus, .readOnly, .filterable, .added(in: 857),
                .about("Whether mail to the address arrives; null until the address is checked.")),
            .instant(
                "known_since", \.knownSince, .filterable, .sortable, .added(in: 951), .advanced,
                .about(
                    "When the agency first knew of the lead, from which its age counts; its creation unless it is given."
                )),
            .choice(
                "technical_level", \.technicalLevel, .standard("business_user"), .filterable, .added(in: 951),
                .advanced, .about("The style that the lead's person reads most easily.")),
            .choice(
                "lifecycle_stage", \.lifecycleStage, .readOnly, .filterable, .added(in: 951),
                .about("How long the lead has been known, as a stage; customer once it is won.")),
            .instant("lifecycle_due", \.lifecycleDue, .secret, .added(in: 951)),
            .text("scored_inputs", \.scoredInputs, max: 64, .secret),
            .text("qualified_inputs", \.qualifiedInputs, max: 64, .secret),
            .text("identity_key", \.identityKey, max: 800, .secret),
        ])

    // MARK: Rules

    /// Stages that only a lead that was qualified has reached.
    static let qualifiedStatuses: Set<Status> = [
        .qualified, .contacted, .engaged, .proposal, .negotiation, .won,
    ]

    package mutating func derive() {
        identityKey =
            DedupeKey(email: email, website: website, contactName: contactName, company: company).place
    }

    package mutating func prepare(replacing old: Lead?, by actor: Actor, in tx: Transaction) throws {
        let isBack = old.map { $0.mergedInto == nil && tx.changeSets.isTakingBack } ?? false
        if let old, old.status != status, !isBack {
            try old.status.requireTransition(to: status, by: actor)
        }
        if Self.qualifiedStatuses.contains(status), qualifiedAt == nil {
            qualifiedAt = tx.now
        }
        if !isBack || closedAt == nil { close(replacing: old, at: tx.now) }
        if old?.custom != custom { try tx.customFields.declare(custom, for: .lead, by: actor) }
        try settleAge(replacing: old, in: tx)
        try link(replacing: old, in: tx)
    }

    /// Records when the lead is won or lost, and clears that when it is opened again.
    mutating func close(replacing old: Lead?, at now: Instant) {
        if status.isEnd, closedAt == nil || old?.status != status { closedAt = now }
        if !status.isEnd, status != .archived { closedAt = nil }
    }

    package func saved(replacing old: Lead?, by actor: Actor, in tx: Transaction) throws {
        if old?.externalIDs != externalIDs {
            try tx.contacts.indexExternalIDs(of: subject, from: old?.externalIDs ?? [:], to: externalIDs)
        }
        if status == .won, let old, old.status != .won, !tx.changeSets.isTakingBack, let contactID {
            try tx.templates.credit(ofContact: contactID)
            try tx.sequences.credit(ofContact: contactID)
        }
        if let old, old.website != nil, old.site != site { try tx.facts.expireSiteFacts(of: subject) }
        if let old, old.lifecycleStage != lifecycleStage {
            try tx.publish(
                "lead.lifecycle_changed", subject,
                Self.lifecyclePayload(from: old.lifecycleStage, to: lifecycleStage))
        }
        tx.leads.count(from: old, to: self)
    }

    /// The domain of its website, or the whole address where that is on somebody else's.
    private var site: String? { website.map { WebAddress($0)?.ownDomain ?? $0 } }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        tx.leads.count(from: self, to: nil)
        try tx.contacts.indexExternalIDs(of: subject, from: externalIDs, to: [:])
        try tx.duplicates.forgetMatches(of: self)
        try tx.imports.forget(id)
        try tx.facts.forget([id])
        try tx.enrichment.forget([id])
        try tx.leadSources.forget(id)
    }

    package func erased(replacing old: Lead, in tx: Transaction) throws {
        try tx.leadSources.forget(id)
        try tx.duplicates.forgetMatches(of: old)
        try tx.imports.forget(id)
    }
}

extension Lead.Status {
    /// Whether selling has come to its end with it.
    fileprivate var isEnd: Bool { self == .won || self == .lost }

    /// The statuses to which a person may take a lead from this one.
    package var allowed: [Lead.Status] {
        switch self {
        case .new: [.researched, .archived]
        case .researched: [.scored, .archived]
        case .scored: [.qualified, .disqualified, .archived]
        case .qualified: [.contacted, .disqualified, .archived]
        case .disqualified: [.qualified, .archived]
        case .contacted: [.engaged, .archived]
        case .engaged: [.proposal, .archived]
        case .proposal: [.negotiation, .archived]
        case .negotiation: [.won, .lost, .archived]
        case .won, .lost: [.archived]
        case .archived: []
        }
    }

    /// Agents may skip a stage that was not needed.
    private var allowedToAgents: [Lead.Status] {
        switch self {
        case .new: allowed + [.scored, .qualified, .disqualified]
        case .researched: allowed + [.qualified, .disqualified]
        default: allowed
        }
    }

    func requireTransition(to next: Lead.Status, by actor: Actor) throws(Problem) {
        // Where its deal stands, a lead stands, too.
        if actor == .dealing { return }
        let allowed = actor.kind == .agent || actor.kind == .system ? allowedToAgents : allowed
        if !allowed.contains(next) {
            throw Problem(
                .invalidTransition, "A lead that is \(rawValue) cannot become \(next.rawValue).",
                extra: ["allowed": JSON(allowed.map(\.rawValue))])
        }
    }
}

/// The changes to the counters that dashboards read: how many leads there are in which status, and how many were ever
/// qualified.
struct LeadTally {
    private var changes: [String: Int] = [:]

    mutating func add(from old: Lead?, to new: Lead?) {
        if old?.status != new?.status {
            if let old { changes["leads.status.\(old.status.rawValue)", default: 0] -= 1 }
            if let new { changes["leads.status.\(new.status.rawValue)", default: 0] += 1 }
            if old != nil, let new, new.source != SampleData.mark {
                changes["leads.reached.\(new.status.rawValue)", default: 0] += 1
            }
        }
        let (was, isNow) = (old?.isCountedAsQualified ?? false, new?.isCountedAsQualified ?? false)
        if was != isNow { changes["leads.qualified", default: 0] += isNow ? 1 : -1 }
    }

    func count(in tx: Transaction) {
        for (name, change) in changes where change != 0 { tx.counters.countLater(name, change) }
    }
}

extension LeadStore where Base == Transaction {
    func count(from old: Lead?, to new: Lead?) {
        var tally = LeadTally()
        tally.add(from: old, to: new)
        tally.count(in: tx)
    }
}

extension Lead {
    fileprivate var isCountedAsQualified: Bool { qualifiedAt != nil && status != .archived }
}
