internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
package import Tenancy
internal import Transfer

extension Module {
    /// The module of clients and of the work for them.
    package static let delivery = Module(
        "delivery", migrations: deliveryMigrations, sandboxTables: { deliverySandboxTables },
        permissions: deliveryPermissions,
        asks: [
            DeliveryDependencies.self, ReferralDependencies.self, OpportunityDependencies.self,
            PortfolioDependencies.self,
        ],
        answers: [
            ModuleAnswer(to: ClientQuestions.self) { questions in
                questions.standing = { try Client.standing(of: $1, in: $0) }
            },
            ModuleAnswer(to: MessagingDependencies.self) { dependencies in
                dependencies.clientStanding = { try Client.standing(of: $1, in: $0) }
                dependencies.onlyReferred = { try $0.reading.referrals.onlyReferred($1) }
            },
            ModuleAnswer(to: Portal.Clients.self) { answerPortal(&$0) },
        ],
        offers: [
            ModuleOffer((any MessageListener).self) { _ in [ReportMails()] },
            ModuleOffer(NotificationKind.self) { _ in NotificationKind.ofDelivery },
        ],
        services: { parts in
            let desk = ReferralDesk(services: try DeliveryServices(parts), dependencies: parts.answers())
            parts.add(
                ReferralIntake { tx, person, referrer in
                    try desk.take(person, from: .form, by: Referrer(referrer), in: tx)
                })
        },
        agents: { parts in
            let services = try DeliveryServices(parts)
            let outlook = OutlookAgent(services, parts.answers())
            let review = PortfolioReview(outlook: outlook, dependencies: parts.answers())
            return [ClientManagementAgent(services, parts.answers(), review), outlook]
        },
        jobs: { registration, parts in
            let services = try DeliveryServices(parts)
            deliveryJobs(&registration, services, references: services.dependencies.references)
            let integrations = try parts[IntegrationServices.self]
            registration.add(
                MetricReadJob(integrations: integrations, dependencies: services.dependencies))
            registration.add(MetricPlanJob(providers: integrations.providers))
            registration.add(MetricPlans(providers: integrations.providers))
            registration.add(ReferralThanksJob(outbox: services.outbox))
            registration.add(ReferrerMerges())
            registration.add(ReferralWatch(dependencies: parts.answers()))
            registration.add(RenewalJob(dependencies: parts.answers()))
            registration.add(OpportunityWatch(dependencies: parts.answers()))
        },
        routes: { routes, parts, runtime in
            metricReadRoutes(&routes, try parts[IntegrationServices.self], runtime)
            let services = try DeliveryServices(parts)
            referralRoutes(&routes, ReferralDesk(services: services, dependencies: parts.answers()))
            outlookRoutes(&routes, services)
            portfolioRoutes(&routes, OutlookAgent(services, parts.answers()), parts.answers())
            opportunityRoutes(&routes, try parts[ProposalDrafting.self])
            deliveryRoutes(
                &routes, services, references: services.dependencies.references, uploads: parts.uploads)
        })
}

private let deliveryPermissions: [DeclaredPermission] = [
    .init("clients:export", for: .manager, "Export clients to files."),
    .init("clients:import", for: .manager, "Import clients from files."),
    .init("clients:read", for: .viewer, "Read clients and their profiles."),
    .init("clients:write", for: .manager, "Create, update and delete clients."),
    .init("deliverables:read", for: .viewer, "Read deliverables."),
    .init(
        "deliverables:write", for: .member,
        "Create, update, submit, review and delete deliverables, and approve them on the client's behalf."),
    .init("documents:read", for: .viewer, "Read documents."),
    .init("documents:write", for: .member, "Create, update and delete documents."),
    .init("goals:read", for: .viewer, "Read the goals of clients."),
    .init("goals:write", for: .member, "Create, update and delete goals of clients."),
    .init("metrics:export", for: .member, "Export metrics to files."),
    .init("metrics:import", for: .member, "Import metrics from files."),
    .init("metrics:read", for: .viewer, "Read metrics."),
    .init("metrics:write", for: .member, "Record, update and delete metrics."),
    .init("onboardings:read", for: .viewer, "Read how clients are taken in."),
    .init("onboardings:write", for: .member, "Complete and skip steps of onboardings."),
    .init("opportunities:read", for: .viewer, "Read opportunities of clients."),
    .init("opportunities:write", for: .manager, "Create, update, offer, dismiss and delete opportunities."),
    .init("project_templates:read", for: .viewer, "Read templates of projects."),
    .init("project_templates:write", for: .manager, "Create, update and delete templates of projects."),
    .init("projects:read", for: .viewer, "Read projects."),
    .init("projects:write", for: .member, "Create, update and delete projects."),
    .init("referrals:read", for: .viewer, "Read referrals, and get the links of clients."),
    .init("referrals:write", for: .member, "Register and delete referrals."),
    .init("reports:read", for: .viewer, "Read reports."),
    .init("reports:write", for: .member, "Compose, update, send and delete reports."),
    .init("tasks:read", for: .viewer, "Read tasks."),
    .init("tasks:write", for: .member, "Create, update and delete tasks."),
]

extension DeliveryServices {
    fileprivate init(_ parts: ModuleParts) throws {
        self.init(parts.services, try parts[Outbox.self], parts.answers())
    }
}

extension DeliveryDependencies {
    /// The columns of a file that say which lead and which package a client came from.
    fileprivate var references: [TransferReference] { [leadReference, packageReference] }
}

extension Client {
    /// Returns the client's standing with the agency; `nil` where there is no such client.
    fileprivate static func standing(of id: ClientID, in reader: any Queryable) throws -> ClientStanding? {
        try Client.resource.find(id, in: reader).map { client in
            ClientStanding(
                name: client.name, tier: client.tier.rawValue,
                worth: try reader.reading.clients.worth(of: client))
        }
    }
}

/// Tells the portal which clients may come in, and as whom their people are known.
private func answerPortal(_ clients: inout Portal.Clients) {
    clients.name = { reader, id in
        guard let client = try Client.resource.find(id, in: reader),
            client.status != .former
        else { return nil }
        return client.name
    }
    clients.contact = { tx, client, name, email, actor in
        try tx.clientPortal.portalContact(ofClient: client, name: name, email: email, by: actor)
    }
    clients.mainContact = { reader, id in
        guard let client = try Client.resource.find(id, in: reader),
            client.status != .former
        else { return nil }
        return client.contactID
    }
}
