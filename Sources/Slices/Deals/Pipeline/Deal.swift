internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Tenancy

/// A sale on its way: one row of `deals`.
package struct Deal: ManagedRecord {
    package enum Stage: String, Choice {
        case outreach
        case needsAssessment = "needs_assessment"
        case proposalCreated = "proposal_created"
        case proposalDelivered = "proposal_delivered"
        case negotiation, contract, won, lost
    }

    package var head = Head<Nouns.Deal>()
    package var leadID = LeadID.unset
    package var contactID: ContactID?
    package var name = ""
    package var value: Money?
    package var stage = Stage.outreach
    package var probability: Double?
    /// A person has set it, so it does not follow the stage.
    package var hasOwnProbability = false
    package var weightedValue: Money?
    package var expectedClose: CivilDate?
    package var packageID: PackageID?
    package var ownerID: UserID?
    package var clientID: ClientID?
    package var lostReason: String?
    package var stageEnteredAt = Instant(seconds: 0)
    package var closedAt: Instant?
    package var needs = Parts<DealNeed>()
    package var preferences: CommunicationPreferences?
    package var notes: String?

    package init() {}

    package static let resource = Resource<Deal>(
        "deals", named: "Deal", rule: .first(of: [.client(), .parent("lead_id", of: "leads")]),
        personal: .emptied(in: "deals"),
        console: ConsoleForm(
            columns: ["stage", "value", "probability", "expected_close", "owner_id", "created_at"],
            form: [
                "name", "lead_id", "value", "stage", "expected_close", "package_id",
                "owner_id", "notes",
            ],
            filters: ["stage"]),
        [
            .id("lead_id", \.leadID, .required, .writeOnce, .filterable),
            .id("contact_id", \.contactID, .filterable),
            .text(
                "name", \.name, max: 300, .required, .filterable, .sortable, .searchable, .example("Acme"),
                .about("The name of the deal, for colleagues.")),
            .money(
                "value", \.value, .filterable, .sortable, .about("The monthly value, or that of all items.")),
            .choice(
                "stage", \.stage, .standard("outreach"), .filterable, .sortable,
                .about(
                    "The stage of the deal: it moves freely among the open stages; won is final, and lost may be reopened."
                )),
            .number(
                "probability", \.probability, in: 0...1,
                .about(
                    "The probability that the deal is won; that of its stage by default.")),
            .boolean("has_own_probability", \.hasOwnProbability, .readOnly),
            .money(
                "weighted_value", \.weightedValue, .readOnly,
                .about("The value of the deal times its probability.")),
            .date("expected_close", \.expectedClose, .filterable, .sortable, .example("2027-03-31")),
            .id("package_id", \.packageID, .filterable),
            .id("owner_id", \.ownerID, of: .colleague, .filterable, .about("The user who leads the deal.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client that the deal has become.")),
            .text("lost_reason", \.lostReason, max: 1000),
            .instant("stage_entered_at", \.stageEnteredAt, .readOnly, .filterable, .sortable),
            .instant("closed_at", \.closedAt, .readOnly, .filterable, .sortable),
            .parts(
                "needs", \.needs, max: 100, .erased,
                .about("The needs of the prospect, each with its source.")),
            .part("preferences", \.preferences, .erased, .about("How the prospect wants to be reached.")),
            .text("notes", \.notes, max: 20_000, .personal, .searchable),
        ])

    package mutating func prepare(replacing old: Deal?, by actor: Actor, in tx: Transaction) throws {
        try tx.packages.requireOwnCurrency([("/value", value)])
        if let old, old.stage != stage { try old.stage.requireTransition(to: stage) }
        if old?.stage != stage {
            stageEnteredAt = tx.now
            closedAt = stage.isOpen ? nil : tx.now
            if stage != .lost { lostReason = nil }
        }
        weigh(replacing: old)
    }

    /// A closed deal is as likely as it is; an open one as somebody said, or as its stage has it.
    private mutating func weigh(replacing old: Deal?) {
        if probability != old?.probability { hasOwnProbability = probability != nil }
        if !stage.isOpen || !hasOwnProbability || probability == nil {
            probability = stage.probability
            hasOwnProbability = false
        }
        let share = Int64(((probability ?? 0) * 10_000).rounded())
        weightedValue = value.map { value in
            let (product, overflows) = value.amount.multipliedReportingOverflow(by: share)
            return Money(
                amount: overflows ? value.amount / 10_000 * share : (product + 5_000) / 10_000,
                currency: value.currency)
        }
    }

    package func saved(replacing old: Deal?, by actor: Actor, in tx: Transaction) throws {
        try tx.deals.count(from: old, to: self)
        guard let old, old.stage != stage else { return }
        let told: JSON = [
            "from": .string(old.stage.rawValue), "to": .string(stage.rawValue), "lead_id": JSON(leadID),
            "value": value?.json ?? .null, "client_id": JSON(clientID), "reason": JSON(lostReason),
        ]
        try tx.publish("deal.stage_changed", subject, told)
        if stage == .won || stage == .lost { try tx.publish("deal.\(stage.rawValue)", subject, told) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        let isUsed = try tx.exists(
            "SELECT 1 FROM proposals WHERE tenant_id = \(tx.tenant) AND deal_id = \(id) AND status <> 'draft'"
        )
        if isUsed || stage == .won {
            throw Problem(.conflict, "The deal has sent or signed documents: set its stage to lost instead.")
        }
        try tx.deals.count(from: self, to: nil)
    }

    /// Withdraws the offers that wait for a yes: nobody is asked about them any more.
    package func erased(replacing old: Deal, in tx: Transaction) throws {
        for stored in try DealOffer.resource.all(
            where: "deal_id = \(id)", suffix: "ORDER BY id LIMIT 10000", in: tx)
        {
            if stored.status == .pending {
                var offer = stored
                (offer.status, offer.decidedAt) = (.withdrawn, tx.now)
                try tx.update(stored, to: &offer, by: .system)
            }
            try tx.approvals.forgetEffects(of: stored.id)
        }
    }
}

/// Something that a prospect needs, and how that is known.
package struct DealNeed: Part {
    package enum Kind: String, Choice { case explicit, implicit }

    package var kind = Kind.explicit
    package var text = ""
    package var quote: String?
    package var confidence: Double?

    package init() {}
    package static let schema = Schema<DealNeed>(
        "DealNeed",
        [
            .choice(
                "kind", \.kind,
                .standard(
                    "explicit"), .about("Whether the need was said, or inferred (implicit).")),
            .text("text", \.text, max: 1000, .required),
            .text("quote", \.quote, max: 2000, .about("The words that show the need.")),
            .number("confidence", \.confidence, in: 0...1),
        ])
}

/// The ways by which a person prefers to be reached.
package struct CommunicationPreferences: Part {
    package var channel: String?
    package var language: String?
    package var times: String?
    package var note: String?

    package init() {}
    package static let schema = Schema<CommunicationPreferences>(
        "CommunicationPreferences",
        [
            .text("channel", \.channel, max: 40, .example("email")),
            .text("language", \.language, max: 35, .example("en")),
            .text("times", \.times, max: 200, .example("Tuesdays, in the morning")),
            .text("note", \.note, max: 1000),
        ])
}
