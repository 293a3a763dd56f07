internal import Agents
internal import Database
internal import Jobs
internal import Messages
internal import Records
internal import Routing
internal import RuntimeRoutes

// The selling half, from a first offer to a signed contract: what `Deals.swift` registers.

func sellingRoutes(_ routes: inout Routes, _ services: DealsServices) {
    packageRoutes(&routes, services)
    dealRoutes(&routes, services)
    proposalRoutes(&routes, services)
    contractRoutes(&routes, services)
    negotiationRoutes(&routes)
    routes.standard(Meeting.resource, read: "meetings:read", write: "meetings:write")
}

func sellingJobs(_ registration: inout JobRegistration, _ services: DealsServices) {
    registration.add(LeadsFollow(dependencies: services.dependencies))
    registration.add(ProposalExpiryJob())
    registration.add(MakeOfferTool())
    registration.add(SignatureSendJob(services))
    registration.add(SignatureAskJob(services))
    registration.add(SignatureVoidJob(services))
    registration.add(SignatureRemindJob(services))
    signatureTools(&registration)
    registration.add(PendingReminders(services.outbox))
    registration.add(Deal.resource, read: "deals:read", write: "deals:write")
    registration.add(ServicePackage.resource, read: "packages:read", write: "packages:write")
    registration.add(DealObjection.resource, read: "deals:read", write: "deals:write")
    registration.add(Meeting.resource, read: "meetings:read", write: "meetings:write")
    registration.questions.won = { try $0.reading.deals.won(through: $1, since: $2) }
}

let sellingSandboxTables: [SandboxTable] = [
    .copied(ServicePackage.resource),
    .copied(Deal.resource),
    .left("proposals", because: "their links and mails are the live tenant's"),
    .copied(CaseStudy.resource),
    .left("contracts", because: "what is signed is signed outside"),
    .left("signature_requests", because: "who signs there signs the live tenant's contract"),
    .copied("selling_rules"),
    .left("deal_offers", because: "they wait for approvals, which are left behind"),
    .copied(Objection.resource),
    .copied(DealObjection.resource),
    .copied(Meeting.resource),
]

/// Creates the packages, objections and templates of a new agency, once: what it has taken away does not come back.
func seedSelling(_ tx: Transaction) throws {
    guard try tx.counters.find(dealsSeeded) == 0 else { return }
    try tx.counters.count(dealsSeeded, 1)
    try tx.packages.seed()
    try tx.offers.seedObjections()
    for template in sellingTemplates { try tx.templates.seed(template) }
}

/// The words with which proposals and contracts go out, and what contracts say.
private let sellingTemplates = [
    SeedTemplate("Proposal", kind: "proposal"), SeedTemplate("Contract", kind: "contract"),
    SeedTemplate("Terms of a contract", kind: "contract_terms"),
    SeedTemplate("Questions before a proposal", kind: "needs_assessment"),
    SeedTemplate("What it costs", kind: "price_answer"),
    SeedTemplate("A reminder", kind: "sales_follow_up"),
]

/// Counts how often an agency was seeded.
package let dealsSeeded = "deals.furnished"
