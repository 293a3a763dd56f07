internal import Agents
package import Database
internal import JSON
internal import People
package import Records
internal import Telemetry
internal import Tenancy
internal import Wording

extension DealsServices {
    static let validity: Duration = .seconds(14 * 86_400)

    /// Stores a draft with everything in it that was not said, and takes its deal on.
    package func create(_ proposal: inout Proposal, by actor: Actor, in tx: Transaction) throws {
        let lead = try lead(proposal.leadID, in: tx)
        if proposal.contactID == nil { proposal.contactID = lead.contact }
        try compose(&proposal, lead, in: tx)
        let total = try tx.proposals.checkedTotal(of: proposal, by: actor)
        let deal = try deal(
            for: lead, package: proposal.packageID, value: total, stage: .proposalCreated, by: actor, in: tx)
        proposal.dealID = deal.id
        if proposal.clientID == nil {
            proposal.clientID = try deal.clientID ?? dependencies.clientOfLead(tx, lead.id)
        }
        try tx.create(&proposal, by: actor)
    }

    private func compose(_ proposal: inout Proposal, _ lead: LeadFacts, in tx: Transaction) throws {
        let tenant = try tx.agency.tenant()
        let contact = try proposal.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let package = try proposal.packageID.flatMap { try ServicePackage.resource.find($0, in: tx) }
        proposal.locale = proposal.locale ?? contact?.locale ?? tenant.locale
        let words = SellingCopy(try tx.wordings.find(proposal.locale)),
            name = package?.name(in: proposal.locale ?? "en") ?? ""
        proposal.validUntil = proposal.validUntil ?? tx.now + Self.validity
        let prospect = try tx.packages.prospect(lead)
        if proposal.needs.isEmpty {
            var seen: Set<String> = []
            proposal.needs = prospect.needs.filter { seen.insert($0).inserted }
        }
        let locale = proposal.locale ?? "en"
        if proposal.services.list.isEmpty, let package {
            proposal.services = Parts(package.described(in: locale))
        }
        if let package, proposal.priceFactors.list.isEmpty, let price = proposal.price, price != package.price
        {
            let (priced, _) = try tx.packages.priced(package, for: lead.contact)
            let found = try tx.packages.price(of: priced, for: prospect)
            if found.price == price { proposal.priceFactors = Parts(found.factors) }
        }
        if proposal.caseStudies.list.isEmpty {
            proposal.caseStudies = Parts(
                try tx.proposals.caseStudies(of: lead.industry, limit: 2).map(\.summary))
        }
        proposal.title =
            proposal.title
            ?? package.map { _ in
                words("proposal.package_title", ["package": .text(name), "company": .text(lead.company)])
            } ?? words("proposal.title", ["company": .text(lead.company)])
        let company = lead.company.markdownEscaped
        proposal.introduction =
            proposal.introduction
            ?? words("proposal.introduction", ["company": .text(company)])
        proposal.pricingJustification =
            proposal.pricingJustification
            ?? (proposal.items.list.isEmpty
                ? package.map { justification($0, proposal, words) }
                : ItemJustification(proposal, lead, package, words).text)
        proposal.callToAction =
            proposal.callToAction
            ?? words("proposal.call_to_action")
    }

    private func justification(
        _ package: ServicePackage, _ proposal: Proposal, _ words: SellingCopy
    ) -> String {
        var text = words(
            "proposal.justification",
            [
                "package": .text(package.name.markdownEscaped),
                "cadence": .text(package.reportCadence == .weekly ? "weekly" : "monthly"),
            ])
        // Our own considerations are not told.
        let told = proposal.priceFactors.list.filter {
            ["scope", "size", "industry", "urgency"].contains($0.name)
        }
        for factor in told {
            let points = abs(factor.factor - 10_000)
            let percent = points % 100 == 0 ? "\(points / 100)" : "\(points / 100).\(points % 100)"
            text += "\n- \(reason(factor, words)) (\(factor.factor > 10_000 ? "+" : "−")\(percent) %)"
        }
        return told.isEmpty ? text : text.replacing("\n- ", with: "\n\n- ", maxReplacements: 1)
    }
}

/// Why a price is not the package's own, as one tells it to whom it is offered.
private func reason(_ factor: PriceFactor, _ words: SellingCopy) -> String {
    let isMore = factor.factor > 10_000
    return switch factor.name {
    case "scope": words("proposal.factor_scope")
    case "size" where isMore:
        words("proposal.factor_large")
    case "size":
        words("proposal.factor_small")
    case "industry":
        words("proposal.factor_industry")
    case "urgency" where isMore: words("proposal.factor_urgent")
    default: words("proposal.factor_relaxed")
    }
}

extension ProposalStore where Base == Transaction {
    /// Returns the total of a proposal before it is stored: its deal is worth as much.
    fileprivate func checkedTotal(of proposal: Proposal, by actor: Actor) throws -> Money? {
        var checked = proposal
        try checked.prepare(replacing: nil, by: actor, in: tx)
        return checked.total
    }
}

extension String {
    /// The string as text of Markdown, with its special characters escaped.
    package var markdownEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            if "\\`*_{}[]<>#|~&".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar == "\n" || scalar == "\r" ? " " : scalar)
        }
        return result
    }
}
