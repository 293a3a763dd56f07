internal import Agents
package import Database
package import JSON
internal import Messages
package import Nouns
internal import People
package import Records
package import Telemetry

/// An offer to somebody, with its price and its end: one row of `proposals`. Once it is sent it stays as it is.
package struct Proposal: ManagedRecord {
    package enum Status: String, Choice {
        case draft, sent, viewed, accepted, declined, expired, withdrawn
    }

    package var head = Head<Proposal>()
    package var leadID = LeadID.unset
    package var clientID: ClientID?
    package var dealID: DealID?
    package var contactID: ContactID?
    package var packageID: PackageID?
    package var status = Status.draft
    package var title: String?
    package var introduction: String?
    package var needs: [String] = []
    package var services = Parts<ServiceDescription>()
    package var items = Parts<OfferItem>()
    package var price: Money?
    package var total: Money?
    package var priceFactors = Parts<PriceFactor>()
    package var pricingJustification: String?
    package var caseStudies = Parts<CaseStudySummary>()
    package var callToAction: String?
    package var validUntil: Instant?
    package var locale: String?
    package var notes: String?
    package var publicURL: String?
    package var messageID: MessageID?
    package var sentAt: Instant?
    package var viewedAt: Instant?
    package var acceptedAt: Instant?
    package var acceptedBy: String?
    package var declinedAt: Instant?
    package var declineReason: String?
    package var expiredAt: Instant?
    package var withdrawnAt: Instant?
    package var withdrawReason: String?
    package var evidence = JSON.null

    package init() {}

    package static let idPrefix = "prop", noun = "proposal"
    package static let resource = Resource<Proposal>(
        "proposals", named: "Proposal",
        rule: .first(of: [
            .client(), .parent("lead_id", of: "leads"),
        ]),
        personal: .emptied(in: "deals"),
        console: ConsoleForm(
            columns: ["lead_id", "status", "total", "created_at"],
            form: ["lead_id", "package_id", "title", "introduction", "valid_until"],
            filters: ["status"]),
        [
            .id(
                "lead_id", \.leadID, .required, .writeOnce, .filterable,
                .about("The lead whom the proposal is for.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client who sees the proposal in the portal, if the lead is a client already.")),
            .id("deal_id", \.dealID, .readOnly, .filterable),
            .id(
                "contact_id", \.contactID, .filterable,
                .about(
                    "The contact who gets the proposal; the lead's by default.")),
            .id("package_id", \.packageID, .filterable),
            .choice(
                "status", \.status, .readOnly, .filterable, .sortable,
                .about(
                    "Whether the proposal is a draft, sent, viewed, accepted, declined, expired or withdrawn."
                )),
            .text("title", \.title, max: 300, .searchable, .about("The title on the proposal's first page.")),
            .text("introduction", \.introduction, max: 20_000, .erased, .about("Markdown.")),
            .texts("needs", \.needs, max: 50, length: 1000, .erased, .about("The needs, as understood.")),
            .parts("services", \.services, max: 60, .about("The services; the package's by default.")),
            .parts(
                "items", \.items, max: 200, .about("The price item by item; empty: the price as a whole.")
            ),
            .money("price", \.price, .about("The monthly price; the package's by default.")),
            .money(
                "total", \.total, .readOnly, .filterable, .sortable,
                .about("The total of the items, or the price.")),
            .parts(
                "price_factors", \.priceFactors, max: 20, .about("Why the price is not the package's own.")),
            .text("pricing_justification", \.pricingJustification, max: 20_000, .about("Markdown.")),
            .parts("case_studies", \.caseStudies, max: 10),
            .text("call_to_action", \.callToAction, max: 2000),
            .instant(
                "valid_until", \.validUntil, .filterable, .sortable,
                .about(
                    "The last day on which the proposal can be accepted; in 14 days by default.")),
            .text("locale", \.locale, max: 35, .about("The language that it is in; BCP 47.")),
            .text(
                "notes", \.notes, max: 20_000, .erased,
                .about("Notes for the agency; the client never sees them.")),
            .text(
                "public_url", \.publicURL, max: 4000, .readOnly, .about("The public page, once it is sent.")),
            .id("message_id", \.messageID, .readOnly, .about("The mail that the proposal was sent with.")),
            .instant("sent_at", \.sentAt, .readOnly, .filterable, .sortable),
            .instant("viewed_at", \.viewedAt, .readOnly, .filterable),
            .instant("accepted_at", \.acceptedAt, .readOnly, .filterable),
            .text("accepted_by", \.acceptedBy, max: 200, .readOnly, .personal),
            .instant("declined_at", \.declinedAt, .readOnly, .filterable),
            .text("decline_reason", \.declineReason, max: 2000, .readOnly, .erased),
            .instant("expired_at", \.expiredAt, .readOnly, .filterable),
            .instant(
                "withdrawn_at", \.withdrawnAt, .readOnly, .filterable, .added(in: 521),
                .about("When the agency took it back.")),
            .text(
                "withdraw_reason", \.withdrawReason, max: 2000, .readOnly, .erased, .added(in: 521),
                .about("Why the agency has withdrawn it; the client never sees the reason.")),
            .document(
                "evidence", \.evidence, .readOnly, .personal,
                .about("How it was opened, read, accepted or declined: when, by whom, from where.")),
        ])

    package mutating func prepare(replacing old: Proposal?, by actor: Actor, in tx: Transaction) throws {
        // A story that its client takes back leaves by itself what was sent, too.
        if let old, old.status != .draft, actor.kind != .system, contents != old.contents {
            throw Self.isSent(old.status)
        }
        var amounts: [(String, Money?)] = [("/price", price)]
        for (index, item) in items.list.enumerated() {
            amounts.append(("/items/\(index)/unit_price", item.unitPrice))
        }
        try tx.packages.requireOwnCurrency(amounts)
        if let given = locale {
            guard let tag = LocaleTag(given) else {
                throw Problem(faults: [
                    Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
                ])
            }
            locale = tag.description
        }
        if old == nil || old?.status == .draft {
            total = try sum(packageID.flatMap { try ServicePackage.resource.find($0, in: tx) })
        }
    }

    private func sum(_ package: ServicePackage?) throws(Problem) -> Money {
        if let sum = try items.checkedSum() { return sum }
        guard let price = price ?? package?.price ?? total else {
            throw Problem(
                faults: [Fault("/package_id", "required", "The proposal needs a package, items or a price.")])
        }
        return price
    }

    /// Keeps what proves what was accepted, and by whom.
    package mutating func erased(replacing old: Proposal, in tx: Transaction) {
        guard old.status == .accepted else { return }
        (needs, introduction, acceptedBy) = (old.needs, old.introduction, old.acceptedBy)
        (evidence, declineReason) = (old.evidence, old.declineReason)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if status != .draft { throw Self.isSent(status) }
    }

    /// The content that the recipient was shown.
    private var contents: [JSON] {
        [
            JSON(leadID), packageID.json, title.json, introduction.json, needs.json, services.json,
            items.json,
            price.json, priceFactors.json, pricingJustification.json, caseStudies.json, callToAction.json,
            locale.json,
        ]
    }

    static func isSent(_ status: Status) -> Problem {
        Problem(
            .invalidTransition,
            "The proposal is \(status.rawValue) and cannot be changed: create another one.",
            extra: ["allowed": []])
    }

    /// Whether whoever has the link may still answer.
    var isOpen: Bool { status == .sent || status == .viewed }

    /// The payload of its events.
    var payload: JSON {
        [
            "lead_id": JSON(leadID), "deal_id": JSON(dealID), "package_id": JSON(packageID),
            "total": total?.json ?? .null, "status": .string(status.rawValue),
        ]
    }
}
