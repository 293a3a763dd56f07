internal import Agents
package import Database
package import JSON
internal import Messages
package import Nouns
internal import People
package import Records
package import Telemetry
package import Tenancy

/// An agreement between an agency and its client: one row of `contracts`. Once it is sent it stays as it is.
package struct Contract: ManagedRecord {
    package enum Status: String, Choice { case draft, sent, signed, declined, withdrawn }

    package var head = Head<Nouns.Contract>()
    package var proposalID = ID<Proposal>.unset
    package var leadID = LeadID.unset
    package var dealID: DealID?
    package var packageID: PackageID?
    package var contactID: ContactID?
    package var clientID: ClientID?
    package var clientName = ""
    package var status = Status.draft
    package var title: String?
    package var terms: String?
    package var services = Parts<ServiceDescription>()
    package var items = Parts<OfferItem>()
    package var price: Money?
    package var oneOff: Money?
    package var sla = Parts<ServiceLevel>()
    package var milestones = Parts<Milestone>()
    package var startsOn: CivilDate?
    package var months: Int?
    package var termMonths: Int?
    package var endsOn: CivilDate?
    package var noticeDays = 30
    package var locale: String?
    package var notes: String?
    package var publicURL: String?
    package var messageID: MessageID?
    package var sentAt: Instant?
    package var signedAt: Instant?
    package var signedBy: String?
    package var declinedAt: Instant?
    package var declineReason: String?
    package var withdrawnAt: Instant?
    package var withdrawReason: String?
    package var fileID: ID<StoredFile>?
    package var documentHash: String?
    package var signedFileID: ID<StoredFile>?
    package var signedHash: String?
    package var signature: ContractSignature?
    package var evidence = JSON.null

    package init() {}

    package static let resource = Resource<Contract>(
        "contracts", named: "Contract", rule: .first(of: [.client(), .parent("lead_id", of: "leads")]),
        personal: .emptied(
            in: "deals",
            kept: KeptData(
                "proposals and contracts",
                "Accepted and signed documents, and who accepted them, are kept as proof (GDPR art. 17(3)(e))."
            )),
        console: ConsoleForm(
            columns: ["status", "starts_on", "signed_at", "created_at"],
            form: ["proposal_id", "title", "starts_on", "months", "notes"],
            filters: ["status"]),
        [
            .id("proposal_id", \.proposalID, .required, .writeOnce, .filterable),
            .id("lead_id", \.leadID, .readOnly, .filterable),
            .id("deal_id", \.dealID, .readOnly, .filterable),
            .id("package_id", \.packageID, .readOnly, .filterable),
            .id("contact_id", \.contactID, .filterable, .about("The contact who signs.")),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client that was created when the contract was signed.")),
            .text(
                "client_name", \.clientName, max: 300, .searchable,
                .about("The client's name in the contract.")),
            .choice(
                "status", \.status, .readOnly, .filterable, .sortable,
                .about("Whether the contract is a draft, sent, signed, declined or withdrawn.")),
            .text("title", \.title, max: 300, .searchable, .about("The title on the contract's first page.")),
            .text(
                "terms", \.terms, max: 100_000,
                .about(
                    "The terms, as Markdown; from the agency's template by default.")),
            .parts("services", \.services, max: 60),
            .parts("items", \.items, max: 200),
            .money(
                "price", \.price, .readOnly, .filterable, .about("The monthly price, as in the proposal.")),
            .money(
                "one_off", \.oneOff, .readOnly,
                .about("The amount that is invoiced once, when the contract is signed.")),
            .parts(
                "sla", \.sla, max: 50, .about("The SLA of the services: what is promised, and the targets.")),
            .parts("milestones", \.milestones, max: 50),
            .date("starts_on", \.startsOn, .filterable, .about("The day; today by default.")),
            .integer(
                "months", \.months, in: 1...120, .about("The minimum term in months; null: until notice.")),
            .integer(
                "term_months", \.termMonths, in: 1...120, .added(in: 1042),
                .about(
                    "The fixed term in months, after which the contract ends; null: it goes on until notice.")
            ),
            .date(
                "ends_on", \.endsOn, .readOnly, .filterable, .added(in: 1042),
                .about("The last day of the fixed term.")),
            .integer("notice_days", \.noticeDays, in: 0...365, .standard(30)),
            .text("locale", \.locale, max: 35),
            .text(
                "notes", \.notes, max: 20_000, .personal,
                .about("Notes for the agency; the client never sees them.")),
            .text(
                "public_url", \.publicURL, max: 4000, .readOnly, .about("The public page, once it is sent.")),
            .id("message_id", \.messageID, .readOnly, .about("The message that sent the contract.")),
            .instant("sent_at", \.sentAt, .readOnly, .filterable),
            .instant("signed_at", \.signedAt, .readOnly, .filterable, .sortable),
            .text("signed_by", \.signedBy, max: 200, .readOnly, .personal),
            .instant("declined_at", \.declinedAt, .readOnly, .filterable),
            .text("decline_reason", \.declineReason, max: 2000, .readOnly, .erased),
            .instant(
                "withdrawn_at", \.withdrawnAt, .readOnly, .filterable, .added(in: 521),
                .about("When the agency took it back.")),
            .text(
                "withdraw_reason", \.withdrawReason, max: 2000, .readOnly, .erased, .added(in: 521),
                .about("Why the agency has withdrawn it; the client never sees the reason.")),
            .id("file_id", \.fileID, .readOnly, .about("The document as it was presented, byte for byte.")),
            .text(
                "document_hash", \.documentHash, max: 64, .readOnly,
                .about("SHA-256 of the document that was presented.")),
            .id(
                "signed_file_id", \.signedFileID, .readOnly,
                .about("The file of the signed contract, with the signature's certificate.")),
            .text("signed_hash", \.signedHash, max: 64, .readOnly, .about("SHA-256 of that.")),
            .part(
                "signature", \.signature, .readOnly, .added(in: 880),
                .about("Where and how it is signed; null for a draft.")),
            .document(
                "evidence", \.evidence, .readOnly, .personal,
                .about("How it was opened, signed or declined: when, by whom, from where.")),
        ])

    package mutating func prepare(replacing old: Contract?, by actor: Actor, in tx: Transaction) throws {
        if let old, old.status != .draft, contents != old.contents { throw Self.isSent(old.status) }
        for (index, item) in items.list.enumerated() {
            try tx.packages.requireOwnCurrency([("/items/\(index)/unit_price", item.unitPrice)])
        }
        if old?.status ?? .draft == .draft {
            try sumUp()
            endsOn = term
        }
        if let given = locale {
            guard let tag = LocaleTag(given) else {
                throw Problem(faults: [
                    Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
                ])
            }
            locale = tag.description
        }
    }

    /// Where there are items, they say what is paid.
    mutating func sumUp() throws(Problem) {
        guard let monthly = try items.checkedSum(.monthly), let once = try items.checkedSum(.once) else {
            return
        }
        (price, oneOff) = (monthly, once.amount > 0 ? once : nil)
    }

    /// The last day of the fixed term: the one before it would begin anew, or the last of a month that has no such day.
    private var term: CivilDate? {
        guard let termMonths, let startsOn else { return nil }
        let next = startsOn.later(byMonths: termMonths)
        return next.day < startsOn.day ? next : next.adding(days: -1)
    }

    /// Keeps what proves that it was signed.
    package mutating func erased(replacing old: Contract, in tx: Transaction) {
        guard old.status == .signed else { return }
        (signedBy, evidence, declineReason) = (old.signedBy, old.evidence, old.declineReason)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if status != .draft { throw Self.isSent(status) }
    }

    /// The content that the client was shown.
    private var contents: [JSON] {
        [
            clientName.json, title.json, terms.json, services.json, items.json, price.json, oneOff.json,
            sla.json,
            milestones.json, startsOn.json, months.json, termMonths.json, noticeDays.json, locale.json,
        ]
    }

    static func isSent(_ status: Status) -> Problem {
        Problem(
            .invalidTransition,
            "The contract is \(status.rawValue) and cannot be changed: create another one.",
            extra: ["allowed": []])
    }

    /// The value of the deal: the price of a month, and what is billed once.
    var value: Money? {
        guard let oneOff, let price else { return price }
        return Money(amount: min(price.amount + oneOff.amount, Money.amountMax), currency: price.currency)
    }

    /// The payload of its events.
    var payload: JSON {
        [
            "lead_id": JSON(leadID), "deal_id": JSON(dealID),
            "proposal_id": JSON(proposalID),
            "client_id": JSON(clientID), "price": price?.json ?? .null, "status": .string(status.rawValue),
            "document_hash": JSON(documentHash),
        ]
    }
}

/// Something that is promised, and how well.
package struct ServiceLevel: Part {
    package var name = ""
    package var target = ""

    package init() {}
    package init(_ name: String, _ target: String) { (self.name, self.target) = (name, target) }
    package static let schema = Schema<ServiceLevel>(
        "ServiceLevel",
        [
            .text("name", \.name, max: 200, .required, .example("First answer")),
            .text("target", \.target, max: 500, .required, .example("Within four working hours")),
        ])
}

/// Something that will be there by a day.
package struct Milestone: Part {
    package var name = ""
    package var due: CivilDate?

    package init() {}
    package init(_ name: String, _ due: CivilDate?) { (self.name, self.due) = (name, due) }
    package static let schema = Schema<Milestone>(
        "Milestone",
        [
            .text("name", \.name, max: 300, .required, .example("Campaigns live")),
            .date("due", \.due, .example("2027-03-01")),
        ])
}
