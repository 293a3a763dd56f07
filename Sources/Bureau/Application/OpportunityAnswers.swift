internal import Agents
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Support
internal import Tenancy

/// The answers of the slice that sells to opportunities.
let answersToOpportunities: [ModuleAnswer] = [
    ModuleAnswer(for: "deals", to: OpportunityDependencies.self) { dependencies in
        dependencies.ending = { reader, id in
            guard let contract = try Contract.resource.find(id, in: reader),
                contract.status == .signed, let client = contract.clientID, let endsOn = contract.endsOn
            else { return nil }
            let goesOn = try Contract.resource.first(
                where: """
                    client_id = \(client) AND status = 'signed' AND id <> \(id)
                        AND (ends_on IS NULL OR ends_on > \(endsOn.iso)) AND signed_at > \(contract.signedAt)
                    """, suffix: "ORDER BY id LIMIT 1", in: reader)
            guard goesOn == nil else { return nil }
            let term = Int64(contract.termMonths ?? 1)
            let value = contract.price.map { price in
                Money(amount: min(price.amount * term, Money.amountMax), currency: price.currency)
            }
            return EndingContract(of: client, contract.packageID, worth: value, until: endsOn)
        }
        dependencies.dearer = { reader, id in
            guard let price = try ServicePackage.resource.find(id, in: reader)?.price else { return nil }
            return try ServicePackage.resource.all(
                where: "archived = 0", suffix: "ORDER BY position, id LIMIT 200", in: reader
            ).map { OfferedPackage($0.id, $0.price) }
                .filter { $0.price.currency == price.currency && $0.price.amount > price.amount }
                .min { ($0.price.amount, $0.id) < ($1.price.amount, $1.id) }
        }
        dependencies.overdue = { reader, client, most in
            try Invoice.resource.all(
                where: "client_id = \(client) AND status = 'overdue'", suffix: "ORDER BY id LIMIT \(most)",
                in: reader
            ).map { "\($0.id)" }
        }
        dependencies.answering = { try $0.reading.packages.answering($1, beyond: $2) }
    },
    ModuleAnswer(for: "support", to: OpportunityDependencies.self) { dependencies in
        dependencies.support = { reader, client, most in
            let tickets = try Ticket.resource.all(
                where: "client_id = \(client) AND status NOT IN ('resolved', 'closed')",
                suffix: "ORDER BY CASE priority WHEN 'urgent' THEN 0 ELSE 1 END, created_at LIMIT \(most)",
                in: reader)
            let answers = try SurveyResponse.resource.all(
                where: "client_id = \(client)", suffix: "ORDER BY id DESC LIMIT \(most)", in: reader)
            return TroublesInSupport(
                tickets: tickets.map { "\($0.id)" }, answers: answers.map { "\($0.id)" })
        }
    },
    ModuleAnswer(for: "discovery", to: OpportunityDependencies.self) { dependencies in
        dependencies.needs = { try Lead.resource.find($1, in: $0)?.painPoints ?? [] }
    },
]

extension PackageStore {
    /// Returns the first package, in their order, that answers a need with something that another one has not.
    fileprivate func answering(_ needs: [String], beyond own: PackageID) throws -> NeededPackage? {
        try needed(needs, beyond: own).map { package, need in
            NeededPackage(OfferedPackage(package.id, package.price), for: need)
        }
    }
}

/// The answers about the companies that clients are.
let answersToPortfolio: [ModuleAnswer] = [
    ModuleAnswer(for: "discovery", to: PortfolioDependencies.self) { dependencies in
        dependencies.companies = { reader, leads in
            var found: [LeadID: ClientCompany] = [:]
            for start in stride(from: 0, to: leads.count, by: 500) {
                let some = leads[start..<min(start + 500, leads.count)].map { "\($0)" }
                for lead in try Lead.resource.all(
                    where: "id IN \(list: some)", suffix: "ORDER BY row", in: reader)
                {
                    found[lead.id] = ClientCompany(industry: lead.industry, employees: lead.employeeCount)
                }
            }
            return found
        }
    }
]
