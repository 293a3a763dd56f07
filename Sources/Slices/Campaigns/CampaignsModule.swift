internal import Agents
internal import Integrations
internal import Jobs
internal import Messages
internal import Records
package import Tenancy

extension Module {
    /// Campaigns with their budgets, the mails of a campaign, links that are counted, and advertisements.
    package static let campaigns = Module(
        "campaigns", migrations: campaignMigrations + reachMigrations,
        sandboxTables: { campaignSandboxTables + reachSandboxTables },
        permissions: [
            .init("ad_audiences:read", for: .viewer, "Read the audiences of advertisements."),
            .init(
                "ad_audiences:write", for: .manager,
                "Create, update and delete audiences of advertisements, which services are told of."),
            .init("campaigns:read", for: .viewer, "Read campaigns, their spending and their results."),
            .init("campaigns:spend", for: .manager, "Set the budgets of campaigns at advertising services."),
            .init(
                "campaigns:write", for: .member,
                "Create, update, run and delete campaigns, and record what they cost."),
        ] + reachPermissions,
        asks: [CampaignDependencies.self, MailingDependencies.self],
        answers: [
            ModuleAnswer(to: MessagingDependencies.self) {
                $0.campaignsUnderWay = { try CampaignsUnderWay.reasons($0, $1, $2) }
            }
        ],
        offers: [
            ModuleOffer((any TextEvidence).self) { parts in
                [CampaignEvidence(dependencies: parts.answers())]
            },
            ModuleOffer((any LinkFollowing).self) { _ in [TrackedLinkFollowing()] },
            ModuleOffer((any MessageListener).self) { parts in
                [EmailCampaignListener(messaging: parts.answers())]
            },
        ],
        agents: { parts in
            [
                BudgetAllocationAgent(dependencies: parts.answers()),
                CampaignManagerAgent(
                    dependencies: parts.answers(), outbox: try parts[Outbox.self]),
                CampaignPlanningAgent(dependencies: parts.answers()),
            ]
        },
        jobs: { registration, parts in
            registration.add(Campaign.resource, read: "campaigns:read", write: "campaigns:write")
            registration.add(MoveBudgetTool())
            registration.add(CampaignMilestoneJob())
            registration.add(CampaignWatch(dependencies: parts.answers()))
            let outbox = try parts[Outbox.self]
            promotionJobs(&registration, outbox.integrations, parts.answers())
            registration.add(OrderAdBudgetTool())
            registration.add(AdBudgetJob(services: outbox.integrations))
            registration.add(AudienceWatch())
            registration.add(
                ReferringColumn("email_recipients", "contact_id", of: "contacts", once: "email_campaign_id"))
            registration.add(AudienceJob(services: outbox.integrations, dependencies: parts.answers()))
            registration.add(EmailCampaignPlanJob(outbox: outbox, dependencies: parts.answers()))
            registration.add(EmailCampaignSendJob(outbox: outbox))
            registration.add(EmailCampaignStopJob(outbox: outbox))
        },
        routes: { routes, parts, _ in
            let outbox = try parts[Outbox.self]
            campaignRoutes(&routes, parts.answers())
            linkRoutes(&routes, outbox)
            emailCampaignRoutes(&routes, outbox, parts.answers())
            adRoutes(&routes, try parts[IntegrationServices.self])
            promotionRoutes(&routes, try parts[IntegrationServices.self], parts.answers())
            audienceRoutes(&routes, try parts[IntegrationServices.self], parts.answers())
        })
}
