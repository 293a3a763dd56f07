internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Templates

/// Something that is conceded in a negotiation: one row of `deal_offers`. What lies beyond the agency's rules is
/// offered once somebody has said yes.
package struct DealOffer: ManagedRecord {
    package enum Status: String, Choice { case made, pending, refused, accepted, withdrawn }

    package var head = Head<DealOffer>()
    package var dealID = DealID.unset
    package var discountPercent: Int?
    package var price: Money?
    package var freeMonths = 0
    package var scope: String?
    package var reason: String?
    package var status = Status.made
    package var beyond: [String] = []
    package var approvalID: ApprovalID?
    package var decidedAt: Instant?

    package init() {}

    package static let writing: Permission = "deals:write"
    package static let idPrefix = "offer", noun = "offer"
    package static let resource = Resource<DealOffer>(
        "deal_offers", named: "DealOffer", rule: .parent("deal_id", of: "deals"),
        [
            .id("deal_id", \.dealID, .readOnly, .filterable),
            .integer(
                "discount_percent", \.discountPercent, in: 0...100,
                .about(
                    "The discount in percent of the package's price, or of the deal's value without a package."
                )),
            .money("price", \.price, .about("The monthly price that is offered; give this or the discount.")),
            .integer("free_months", \.freeMonths, in: 0...24, .standard(0)),
            .text("scope", \.scope, max: 5000, .about("The work that is added to the scope, or left out.")),
            .text("reason", \.reason, max: 2000, .about("Why the concession is made.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about(
                    "Whether the offer was made, waits for approval, or was accepted, refused or withdrawn.")),
            .texts("beyond", \.beyond, .readOnly, .about("The selling rules that the offer goes beyond.")),
            .text("approval_id", \.approvalID, max: 64, .readOnly),
            .instant("decided_at", \.decidedAt, .readOnly),
        ])
}

package extension OfferStore where Base == Transaction {
    /// Offers something, or asks whether it may be offered.
    func make(_ draft: DealOffer, in dealID: DealID, by actor: Actor) throws -> DealOffer {
        let deal = try Deal.resource.get(dealID, in: tx)
        guard deal.stage.isOpen else {
            throw Problem(
                .invalidTransition, "The deal is \(deal.stage.rawValue), so there is nothing to negotiate.",
                extra: ["allowed": []])
        }
        let package = try deal.packageID.flatMap { try ServicePackage.resource.find($0, in: tx) }
        var offer = draft
        offer.beginLife(id: tx.nextID(), now: tx.now)
        offer.dealID = dealID
        try complete(&offer, base: package?.price ?? deal.value)
        offer.beyond = try rulesBeyond(offer, package, base: package?.price ?? deal.value)
        if offer.beyond.isEmpty {
            offer.decidedAt = tx.now
            try tx.create(&offer, by: actor)
            try apply(offer, to: deal, by: actor)
        } else {
            offer.status = .pending
            offer.approvalID = try ask(offer, deal, by: actor).id
            try tx.create(&offer, by: actor)
        }
        return offer
    }

    /// Price from discount, and discount from price.
    private func complete(_ offer: inout DealOffer, base: Money?) throws {
        try tx.packages.requireOwnCurrency([("/price", offer.price)])
        guard let base else {
            if offer.price == nil, offer.discountPercent != nil {
                throw Problem(faults: [
                    Fault(
                        "/discount_percent", "out_of_range",
                        "The deal has neither a package nor a value: give it one before you discount it.")
                ])
            }
            return
        }
        if let price = offer.price {
            let off = max(0, base.amount - price.amount)
            // Up: half a percent more than is allowed is more than is allowed.
            offer.discountPercent =
                base.amount > 0 ? Int((Double(off) / Double(base.amount) * 100).rounded(.up)) : 0
        } else if let percent = offer.discountPercent {
            let (product, overflows) = base.amount.multipliedReportingOverflow(by: Int64(100 - percent))
            offer.price = Money(
                amount: overflows ? base.amount / 100 * Int64(100 - percent) : (product + 50) / 100,
                currency: base.currency)
        }
    }

    private func rulesBeyond(_ offer: DealOffer, _ package: ServicePackage?, base: Money?) throws -> [String]
    {
        let rules = try sellingRules()
        var beyond: [String] = []
        if let percent = offer.discountPercent, percent > rules.discountMax {
            beyond.append("max_discount_percent")
        }
        if offer.freeMonths > rules.freeMonthsMax { beyond.append("max_free_months") }
        if let package, let price = offer.price {
            if let least = rules.minPrices["\(package.id)"]?.int, price.amount < least {
                beyond.append("min_price")
            }
            if let cost = package.cost,
                Double(price.amount) * Double(100 - rules.marginMin) < Double(cost.amount) * 100
            {
                beyond.append("min_margin_percent")
            }
        }
        return beyond
    }

    /// Refuses to offer a client, who renews or buys more, a price beyond the rules that was not conceded in its deal.
    func requireConceded(_ proposal: Proposal) throws {
        guard proposal.clientID != nil else { return }
        try requireConceded(try proposal.offered, proposal.dealID, proposal.packageID)
    }

    /// Refuses the same of a contract that has a price of its own: what its proposal has offered already was held to
    /// the rules when that was sent.
    func requireConceded(_ contract: Contract) throws {
        guard contract.clientID != nil, let price = contract.offered else { return }
        if let proposal = try Proposal.resource.find(contract.proposalID, in: tx), proposal.status != .draft,
            let offered = try proposal.offered, offered.amount <= price.amount
        {
            return
        }
        try requireConceded(price, contract.dealID, contract.packageID)
    }

    private func requireConceded(_ price: Money?, _ dealID: DealID?, _ packageID: PackageID?) throws {
        guard let deal = try dealID.flatMap({ try Deal.resource.find($0, in: tx) }) else { return }
        let package = try (packageID ?? deal.packageID)
            .flatMap { try ServicePackage.resource.find($0, in: tx) }
        var offer = DealOffer()
        offer.price = price
        try complete(&offer, base: package?.price ?? deal.value)
        let beyond = try rulesBeyond(offer, package, base: package?.price ?? deal.value)
        guard !beyond.isEmpty, let price = offer.price else { return }
        let conceded = try DealOffer.resource.all(
            where: "deal_id = \(deal.id) AND status IN ('made', 'accepted')", suffix: "ORDER BY id LIMIT 500",
            in: tx)
        if conceded.contains(where: { $0.price.map { $0.amount <= price.amount } ?? false }) { return }
        throw Problem(
            .conflict,
            "The price goes beyond the selling rules (\(beyond.joined(separator: ", "))): concede it in the negotiation of its deal, where somebody approves it, and send it then.",
            extra: ["beyond": JSON(beyond), "deal_id": JSON(deal.id)])
    }

    private func ask(_ offer: DealOffer, _ deal: Deal, by actor: Actor) throws -> Approval {
        try tx.approvals.request(
            ApprovalRequest(
                owner: AgentEffects.owner(of: offer.id), key: MakeOfferTool.name,
                title: Saying(
                    "approval.offer",
                    ["deal": .text(deal.name), "percent": .number(offer.discountPercent ?? 0)]
                ).english,
                preview: [
                    "deal": .string(deal.name), "discount_percent": JSON(offer.discountPercent),
                    "price": offer.price?.json ?? .null, "free_months": JSON(offer.freeMonths),
                    "scope": JSON(offer.scope), "beyond": JSON(offer.beyond),
                ], reason: offer.reason ?? Saying("approval.beyond").english,
                arguments: [
                    "discount_percent": JSON(offer.discountPercent), "price": offer.price?.json ?? .null,
                    "free_months": JSON(offer.freeMonths),
                ], agent: actor.kind == .agent ? actor.id : nil, tool: MakeOfferTool.name,
                subject: deal.subject, requestedBy: actor))
    }

    /// The deal is worth what was offered, and what was drafted for its client says so, too.
    fileprivate func apply(_ offer: DealOffer, to old: Deal, by actor: Actor) throws {
        var deal = old
        if let price = offer.price {
            deal.value = price
            for draft in try Proposal.resource.all(
                where: "deal_id = \(old.id) AND status = 'draft' AND client_id IS NOT NULL",
                suffix: "ORDER BY id LIMIT 100", in: tx) where draft.items.list.isEmpty
            {
                var proposal = draft
                proposal.price = price
                try tx.update(draft, to: &proposal, by: actor)
            }
        }
        if deal.stage.isBefore(.negotiation) { deal.stage = .negotiation }
        try tx.update(old, to: &deal, by: actor)
        try tx.publish(
            "deal.offer_made", deal.subject,
            [
                "offer_id": JSON(offer.id), "price": offer.price?.json ?? .null,
                "discount_percent": JSON(offer.discountPercent), "free_months": JSON(offer.freeMonths),
            ])
    }
}

extension Proposal {
    /// The price that the selling rules look at: what is paid every month, else what is paid once.
    fileprivate var offered: Money? {
        get throws { try items.checkedSum(.monthly).flatMap { $0.amount > 0 ? $0 : nil } ?? total }
    }
}

extension Contract {
    /// The price that the selling rules look at: what is paid every month, else what is paid once.
    fileprivate var offered: Money? { price.flatMap { $0.amount > 0 ? $0 : nil } ?? value }
}

/// Concedes what lies beyond the agency's rules, once somebody has said yes.
struct MakeOfferTool: ExecutorTool, AskingTool {
    typealias Input = NoToolInput

    static let name = "make_offer"
    let title = "Make an offer"
    let summary = "Concedes something in a negotiation; what goes beyond the selling rules waits for a yes."
    let effect = ToolClass.writes

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        arguments == approval.arguments
            ? []
            : [
                ValueFault(
                    pointer: "", code: "read_only",
                    detail: "The offer cannot be edited here: reject it, and make another offer.")
            ]
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        guard let id = approval.work(of: DealOffer.self), let old = try DealOffer.resource.find(id, in: tx),
            old.status == .pending, let deal = try Deal.resource.find(old.dealID, in: tx)
        else { return }
        var offer = old
        offer.decidedAt = tx.now
        let isWanted = approval.status == .approved && deal.stage.isOpen
        offer.status = isWanted ? .made : approval.status == .approved ? .withdrawn : .refused
        try tx.update(old, to: &offer, by: approval.decidedBy ?? .system)
        if isWanted { try tx.offers.apply(offer, to: deal, by: .system) }
        try tx.approvals.recordEffect(
            of: approval.id,
            ["offer_id": JSON(offer.id), "status": .string(offer.status.rawValue)])
    }
}
