internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Sequences
package import Tenancy

extension Module {
    /// The module of deals, from a qualified lead to a signed contract and a paid invoice.
    package static let deals = Module(
        "deals", migrations: dealsMigrations, sandboxTables: { dealsSandboxTables },
        permissions: dealsPermissions,
        asks: [DealsDependencies.self],
        answers: [
            ModuleAnswer(to: MessagingDependencies.self) { answerMessages(&$0) },
            ModuleAnswer(to: SequenceDependencies.self) { dependencies in
                dependencies.offerFaults = { reader, experiment in
                    try reader.reading.packages.offerFaults(experiment)
                }
                dependencies.adopt = { tx, experiment, winner, actor in
                    try tx.packages.adopt(experiment, winner, by: actor)
                }
            },
        ],
        offers: [
            ModuleOffer((any HookHandler).self) { parts in
                let services = try DealsServices(parts)
                return [BookedMeetings(), PaymentHooks(services), SignatureHooks(services)]
            },
            ModuleOffer((any TextEvidence).self) { _ in [SimilarSuccess()] },
        ],
        seeding: Seeding(counter: dealsSeeded, seedDeals),
        services: { parts in
            let services = try DealsServices(parts)
            parts.add(
                ProposalDrafting { tx, offer, actor in
                    var proposal = Proposal.new(id: tx.nextID(), now: tx.now)
                    (proposal.leadID, proposal.clientID) = (offer.lead, offer.client)
                    proposal.packageID = offer.package
                    try services.create(&proposal, by: actor, in: tx)
                    return proposal.id.value
                })
        },
        agents: { parts in
            [OutreachAgent(parts.answers(), parts.answers()), SalesAgent(try DealsServices(parts))]
        },
        jobs: { registration, parts in dealsJobs(&registration, try DealsServices(parts)) },
        routes: { routes, parts, _ in
            dealsRoutes(&routes, try DealsServices(parts), uploads: parts.uploads)
        })
}

private let dealsPermissions: [DeclaredPermission] = [
    .init("contracts:read", for: .viewer, "Read contracts."),
    .init("contracts:write", for: .manager, "Draft, update, send and delete contracts."),
    .init("credits:read", for: .viewer, "Read credits."),
    .init("credits:write", for: .manager, "Grant, update and delete credits of clients."),
    .init("deals:export", for: .manager, "Export deals to files."),
    .init("deals:import", for: .manager, "Import deals from files."),
    .init(
        "deals:read", for: .viewer, "Read deals, the pipeline, negotiations, objections and selling rules."),
    .init(
        "deals:write", for: .manager,
        "Create, update and delete deals and objections, and make concessions."),
    .init("invoices:read", for: .viewer, "Read invoices."),
    .init("invoices:write", for: .manager, "Draft, update, send, void and credit invoices."),
    .init("meetings:read", for: .viewer, "Read meetings."),
    .init("meetings:write", for: .manager, "Create, update and delete meetings."),
    .init("packages:read", for: .viewer, "Read packages, and get one recommended for a lead."),
    .init(
        "packages:write", for: .manager, "Create, update and delete packages, and change the selling rules."),
    .init("payments:read", for: .viewer, "Read payments."),
    .init("payments:write", for: .manager, "Record, import and refund payments."),
    .init("proposals:read", for: .viewer, "Read proposals and case studies."),
    .init(
        "proposals:write", for: .manager,
        "Draft, update, send and delete proposals, and manage case studies."),
    .init("subscriptions:read", for: .viewer, "Read subscriptions."),
    .init("subscriptions:write", for: .manager, "Create, update, pause, resume and cancel subscriptions."),
]

extension DealsServices {
    fileprivate init(_ parts: ModuleParts) throws {
        self.init(parts.services, try parts[Outbox.self], parts.answers())
    }
}

/// Answers what messages ask about sales.
private func answerMessages(_ dependencies: inout MessagingDependencies) {
    dependencies.inSalesProcess = { reader, contacts in try reader.reading.deals.inSalesProcess(contacts) }
    dependencies.isOverdue = { reader, client in try reader.reading.billing.isOverdue(client) }
    dependencies.dailyCap = { reader, agent in
        guard agent == OutreachAgent.agentName else { return nil }
        return try OutreachAgent(DealsDependencies(), MessagingDependencies()).dailyCap(in: reader)
    }
}
