internal import Agents
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy

/// The answers of slices to referrals, which bring leads and credits.
let answersToReferrals: [ModuleAnswer] = [
    ModuleAnswer(for: "discovery", to: ReferralDependencies.self) { dependencies in
        dependencies.isLead = { reader, email in
            try reader.exists("SELECT 1 FROM leads WHERE tenant_id = \(reader.tenant) AND email = \(email)")
        }
        dependencies.makeLead = { tx, person in
            var lead = Lead.new(id: tx.nextID(), now: tx.now)
            (lead.contactName, lead.email, lead.source) = (person.name, person.email, "referral")
            lead.company = person.company ?? person.name
            lead.derive()
            try tx.create(&lead, by: .system)
            return lead.id
        }
        dependencies.lead = { reader, id in
            var found = try Lead.resource.find(id, in: reader)
            while let kept = found?.mergedInto { found = try Lead.resource.find(kept, in: reader) }
            return found.map { lead in
                let domain = lead.website.flatMap { WebAddress($0)?.ownDomain }
                return ReferredLead(Referral.Status(of: lead), domain: domain)
            }
        }
        dependencies.merged = { reader, id in
            try [id]
                + reader.all(
                    """
                    WITH RECURSIVE merged (id) AS (
                        SELECT id FROM leads WHERE tenant_id = \(reader.tenant) AND merged_into = \(id)
                        UNION
                        SELECT l.id FROM merged
                        JOIN leads AS l ON l.tenant_id = \(reader.tenant) AND l.merged_into = merged.id
                    )
                    SELECT id FROM merged
                    """
                ) { LeadID($0, 0) }
        }
    },
    ModuleAnswer(for: "deals", to: ReferralDependencies.self) { dependencies in
        dependencies.grant = { tx, grant in
            var credit = ServiceCredit.new(id: tx.nextID(), now: tx.now)
            (credit.clientID, credit.amount) = (grant.client, grant.amount)
            (credit.reason, credit.expiresOn) = (String(grant.reason.prefix(500)), grant.expiresOn)
            try tx.create(&credit, by: .system)
            return ID(credit.id.value)
        }
        dependencies.revoke = { tx, id in try tx.serviceCredits.revoke(ID(id.value)) }
        dependencies.credit = { reader, id in
            guard let credit = try ServiceCredit.resource.find(ID(id.value), in: reader) else { return nil }
            let invoices = try Invoice.resource.all(
                where: "client_id = \(credit.clientID) AND status NOT IN ('draft', 'void')",
                suffix: "ORDER BY id DESC LIMIT 200", in: reader)
            return GrantedCreditUse(
                rest: credit.rest, expiresOn: credit.expiresOn,
                invoices: invoices.filter { $0.credits.list.contains { $0.creditID == credit.id } }
                    .compactMap(\.number))
        }
        dependencies.isRefunded = { reader, id in
            try Invoice.resource.find(id, in: reader).map { $0.paid.amount == 0 } ?? false
        }
    },
]

extension Referral.Status {
    /// The status of a referral while its lead is where it is.
    fileprivate init(of lead: Lead) {
        self =
            switch lead.status {
            case .new, .researched, .scored: .registered
            case .qualified, .contacted, .engaged, .proposal, .negotiation: .qualified
            case .won: .won
            case .lost, .archived: .lost
            case .disqualified: .rejected
            }
    }
}
