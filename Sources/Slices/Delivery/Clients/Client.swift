internal import Agents
package import Database
package import JSON
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Tenancy
internal import Transfer

/// A company that the agency works for: one row of `clients`.
package struct Client: ManagedRecord {
    package enum Tier: String, Choice { case starter, growth, enterprise }
    package enum Status: String, Choice { case active, paused, former }
    package enum Lifecycle: String, Choice { case onboarding, active, renewal, ended }

    package var head = Head<Nouns.Client>()
    package var name = ""
    package var tier = Tier.starter
    package var status = Status.active
    package var lifecycle = Lifecycle.onboarding
    package var packageID: PackageID?
    package var contactID: ContactID?
    package var contactEmail: String?
    package var leadID: LeadID?
    package var dealID: DealID?
    package var monthlyFee: Money?
    package var health: String?
    package var satisfaction: Double?
    package var notes: String?
    /// The colleague who looks after the client.
    package var managerID: UserID?
    package var endedAt: Instant?
    /// Whether content that speaks for the client goes out with its yes alone.
    package var approvesContent = false
    /// Whether the outlook foretells that the client leaves.
    package var isLikelyToLeave = false
    /// The handover from sales: needs, service levels, specifications, milestones, budget.
    package var handover = JSON.null

    /// Whether the client is to be kept, and not to be asked for more: by how it fares, or by what is foretold.
    var isAtRisk: Bool { health == "at_risk" || isLikelyToLeave }

    package init() {}

    package static let resource = Resource<Client>(
        // The client keeps the address that its invoices go to.
        "clients", named: "Client", rule: .client("id"), personal: .nobody,
        console: ConsoleForm(
            columns: ["status", "tier", "lifecycle", "monthly_fee", "health"],
            form: [
                "name", "tier", "status", "contact_email", "contact_id", "package_id",
                "notes",
            ],
            filters: ["status", "tier"]),
        [
            .text(
                "name", \.name, max: 300, .required, .filterable, .sortable, .searchable,
                .about("The name of the client's company.")),
            .choice("tier", \.tier, .standard("starter"), .filterable),
            .choice(
                "status", \.status, .standard("active"), .filterable,
                .about("Whether the client is active, paused or has left.")),
            .choice("lifecycle", \.lifecycle, .standard("onboarding"), .filterable),
            .id("package_id", \.packageID, .filterable),
            .id("contact_id", \.contactID, .filterable, .about("The client's main contact.")),
            .email("contact_email", \.contactEmail, .personal, .filterable, .searchable),
            .id("lead_id", \.leadID, .filterable, .about("The lead that became the client.")),
            .id(
                "deal_id", \.dealID, .readOnly, .filterable,
                .about("The deal that won the client.")),
            .money(
                "monthly_fee", \.monthlyFee, .readOnly,
                .about("The monthly sum of the client's subscriptions.")),
            .text(
                "health", \.health, max: 40, .readOnly, .filterable,
                .about("How healthy the relationship is, in a word.")),
            .number("satisfaction", \.satisfaction, in: 0...10, .readOnly),
            .text("notes", \.notes, max: 20_000, .searchable),
            .id(
                "manager_id", \.managerID, of: .colleague, .filterable, .added(in: 1043),
                .about("The colleague who looks after the client.")),
            .instant(
                "ended_at", \.endedAt, .readOnly, .filterable, .added(in: 1043),
                .about("When the client left.")),
            .boolean(
                "content_approval", \.approvesContent, .standard(false), .added(in: 1131),
                .about("Whether content that speaks for the client goes out with the client's yes alone.")),
            .boolean(
                "likely_to_leave", \.isLikelyToLeave, .readOnly, .added(in: 1410),
                .about("Whether the outlook foretells that the client leaves within a year.")),
            .document(
                "handover", \.handover, .readOnly,
                .about("The handover from sales: needs, service levels, specifications, milestones, budget.")
            ),
        ])

    package mutating func prepare(replacing old: Client?, by actor: Actor, in tx: Transaction) throws {
        if status == .former, old?.status != .former { endedAt = tx.now }
        if status != .former { endedAt = nil }
        if old == nil, contactID == nil { contactID = try tx.clients.person(of: self) }
    }

    /// Keeps the counters, and closes the portal to a client that has become a former one.
    package func saved(replacing old: Client?, by actor: Actor, in tx: Transaction) throws {
        try tx.clients.countFees(from: old, to: self)
        try tx.clients.countStanding(from: old, to: self)
        try tx.clients.watchManager(of: self, replacing: old)
        guard let old else {
            try tx.clients.claimPerson(of: self)
            return try tx.onboardings.begin(self, by: actor)
        }
        try tx.clients.countOutcome(from: old, to: self)
        guard old.status != .former, status == .former else { return }
        try tx.onboardings.cancel(of: id, by: actor)
        try tx.portal.close(ofClient: id, by: actor)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if try tx.exists("SELECT 1 FROM projects WHERE tenant_id = \(tx.tenant) AND client_id = \(id)") {
            throw Problem(.conflict, "The client has projects: set its lifecycle to former instead.")
        }
        try tx.duplicates.forgetMatches(of: self)
        try tx.onboardings.cancel(of: id, by: actor)
        try tx.outlooks.forget(id)
        try tx.portal.close(ofClient: id, by: actor)
        try tx.clients.countFees(from: self, to: nil)
        try tx.clients.countStanding(from: self, to: nil)
    }
}
