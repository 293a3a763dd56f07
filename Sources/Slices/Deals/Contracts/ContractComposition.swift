internal import Agents
internal import Database
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

extension DealsServices {
    /// Stores a draft of what a proposal's acceptance comes to.
    func create(_ contract: inout Contract, by actor: Actor, in tx: Transaction) throws {
        let proposal = try Proposal.resource.get(contract.proposalID, in: tx)
        guard proposal.status != .declined, proposal.status != .expired else {
            throw Problem(
                .invalidTransition, "The proposal is \(proposal.status.rawValue): create another one.",
                extra: ["allowed": []])
        }
        let tenant = try tx.agency.tenant()
        let lead = try lead(proposal.leadID, in: tx)
        (contract.leadID, contract.dealID, contract.packageID) = (
            lead.id, proposal.dealID, proposal.packageID
        )
        contract.contactID = contract.contactID ?? proposal.contactID
        contract.clientID = proposal.clientID
        contract.price = proposal.total
        contract.locale = contract.locale ?? proposal.locale ?? tenant.locale
        if contract.clientName.isEmpty { contract.clientName = lead.company }
        if contract.services.list.isEmpty { contract.services = proposal.services }
        if contract.items.list.isEmpty { contract.items = proposal.items }
        try contract.sumUp()
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let start = contract.startsOn ?? zone.local(of: tx.now).date
        contract.startsOn = start
        let words = SellingCopy(try tx.wordings.find(contract.locale))
        if contract.sla.list.isEmpty { contract.sla = Parts(try usualLevels(proposal, words, in: tx)) }
        if contract.milestones.list.isEmpty { contract.milestones = Parts(usualMilestones(start, words)) }
        if contract.title == nil || contract.terms == nil {
            let written = try terms(of: contract, lead, in: tx)
            contract.title = contract.title ?? written.title
            contract.terms = contract.terms ?? written.body
        }
        try tx.create(&contract, by: actor)
    }

    private func usualLevels(
        _ proposal: Proposal, _ words: SellingCopy, in tx: Transaction
    ) throws -> [ServiceLevel] {
        let package = try proposal.packageID.flatMap { try ServicePackage.resource.find($0, in: tx) }
        let isUrgent = package?.contents.contains { PackageWords.promisesFastAnswers($0) } ?? false
        let isWeekly = package?.reportCadence == .weekly
        return [
            ServiceLevel(
                words("contract.sla_answer"),
                isUrgent
                    ? words("contract.sla_hour")
                    : words("contract.sla_day")),
            ServiceLevel(
                words("contract.sla_report"),
                isWeekly ? words("contract.sla_weekly") : words("contract.sla_monthly")),
        ]
    }

    private func usualMilestones(_ start: CivilDate, _ words: SellingCopy) -> [Milestone] {
        [
            Milestone(words("contract.milestone_start"), start.adding(days: 7)),
            Milestone(words("contract.milestone_plan"), start.adding(days: 21)),
            Milestone(words("contract.milestone_report"), start.adding(days: 35)),
        ]
    }

    /// The agency's own words, where it has a template of them.
    private func terms(
        of contract: Contract, _ lead: LeadFacts, in tx: Transaction
    ) throws -> (title: String, body: String) {
        let words = SellingCopy(try tx.wordings.find(contract.locale))
        let title = words("contract.title", ["client": .text(contract.clientName)])
        let template = try MessageTemplate.resource.first(
            where: "kind = 'contract_terms' AND variant_of IS NULL", suffix: "ORDER BY row LIMIT 1", in: tx)
        var contact = try contract.contactID.flatMap { try Contact.resource.find($0, in: tx) } ?? Contact()
        contact.locale = contract.locale
        guard let template else { return (title, "") }
        let start = contract.startsOn.map { words.locale.shown($0) } ?? ""
        let written = try outbox.write(
            template.id, to: contact, lead: lead.values,
            extra: [
                "contract": [
                    "client": .string(contract.clientName),
                    "price": contract.price.flatMap { $0.amount > 0 ? $0.json : nil } ?? .null,
                    "one_off": contract.oneOff?.json ?? .null,
                    "start": .string(start), "months": JSON(contract.months),
                    "notice_days": JSON(contract.noticeDays),
                    "services": JSON(contract.services.list.map(\.title)),
                ]
            ], in: tx)
        return (written.subject ?? title, written.body)
    }
}
