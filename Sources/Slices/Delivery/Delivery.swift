internal import Agents
package import Database
package import Jobs
internal import Records
package import Routing
internal import RuntimeRoutes
package import Transfer
internal import Workflows

/// Adds the routes of clients and of the work for them.
package func deliveryRoutes(
    _ routes: inout Routes, _ services: DeliveryServices, references: [TransferReference], uploads: String
) {
    deliveryEvents(&routes)
    routes.standard(Client.resource, read: "clients:read", write: "clients:write")
    routes.duplicates(of: Client.resource, read: "clients:read")
    routes.transfer(Client.transfer(references), folder: uploads)
    routes.standard(Project.resource, read: "projects:read", write: "projects:write")
    routes.standard(ProjectTask.resource, read: "tasks:read", write: "tasks:write")
    routes.standard(
        ProjectTemplate.resource, read: "project_templates:read", write: "project_templates:write")
    projectLogRoutes(&routes)
    deliverableRoutes(&routes)
    reviewRuleRoutes(&routes)
    metricRoutes(&routes, uploads: uploads)
    routes.standard(Goal.resource, read: "goals:read", write: "goals:write")
    onboardingRoutes(&routes, services)
    routes.standard(ClientDocument.resource, read: "documents:read", write: "documents:write")
    reportRoutes(&routes, services)
    profileRoute(&routes, services)
    deliveryPortalRoutes(&routes, services)
    routes.openToLimited("GET /v1/clients/export", "GET /v1/metrics/export")
}

package func deliveryJobs(
    _ registration: inout JobRegistration, _ services: DeliveryServices, references: [TransferReference]
) {
    registration.add(ReportMailJob(services: services))
    registration.add(CompileJob(services: services))
    registration.add(workflow: OnboardingWorkflow(services: services))
    registration.add(OnboardingData())
    registration.add(Goal.resource, read: "goals:read", write: "goals:write")
    registration.add(ClientSatisfaction())
    registration.add(ClientManagers())
    registration.add(Report.resource, read: "reports:read", write: "reports:write")
    registration.add(Client.transfer(references))
    registration.add(DuplicateJob<Client>())
    registration.add(Client.resource, read: "clients:read", write: "clients:write")
    registration.add(MetricValue.transfer)
    registration.add(Project.resource, read: "projects:read", write: "projects:write")
    registration.add(ProjectTask.resource, read: "tasks:read", write: "tasks:write")
    registration.add(
        ProjectTemplate.resource, read: "project_templates:read", write: "project_templates:write")
    registration.add(Deliverable.resource, read: "deliverables:read", write: "deliverables:write")
    registration.add(ReviewRule.resource, read: "deliverables:read", write: "deliverables:write")
    registration.add(MetricValue.resource, read: "metrics:read", write: "metrics:write")
    registration.add(ClientDocument.resource, read: "documents:read", write: "documents:write")
    registration.add(Opportunity.resource, read: "opportunities:read", write: "opportunities:write")
    registration.add(Referral.resource, read: "referrals:read", write: "referrals:write")
}

package let deliverySandboxTables: [SandboxTable] = [
    .copied(Client.resource, changing: ["matched_version": .integer(0)]), .copied(Project.resource),
    .copied(ProjectTask.resource), .copied(ProjectTemplate.resource), .copied(ProjectLogEntry.resource),
    .copied(Deliverable.resource), .copied(ReviewRule.resource), .copied("deliverable_reviews"),
    .copied(MetricValue.resource), .copied("metric_names"),
    .copied(ClientDocument.resource), .copied(Report.resource), .copied(Referral.resource),
    .copied(Goal.resource),
    .left("onboardings", because: "clients outside are taken in outside"),
    .copied(Opportunity.resource),
    .copied("client_snapshots"), .copied("client_models"),
    .left("metric_reads", because: "they belong to integrations, which are left behind"),
]

package let deliveryMigrations: [Migration] =
    [
        Migration(number: 600, name: "clients") { dialect in
            [
                """
                CREATE TABLE clients (
                    \(dialect.identity()),
                    tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                    name TEXT NOT NULL, tier TEXT NOT NULL, status TEXT NOT NULL, lifecycle TEXT NOT NULL, package_id TEXT,
                    contact_id TEXT, contact_email TEXT, lead_id TEXT, deal_id TEXT, monthly_fee_amount INTEGER,
                    monthly_fee_currency TEXT, health TEXT, satisfaction REAL, notes TEXT, handover TEXT,
                    \(dialect.key("tenant_id, id"))
                ) \(dialect.tableOptions)
                """,
                "CREATE INDEX clients_status ON clients (tenant_id, status, id)",
                "CREATE INDEX clients_contact ON clients (tenant_id, contact_id) WHERE contact_id IS NOT NULL",
            ] + dialect.searchTable("clients_search")
        },
        Migration(number: 611, name: "clients are found by what files call them") { _ in
            [
                "CREATE INDEX clients_name ON clients (tenant_id, name)",
                "CREATE INDEX clients_email ON clients (tenant_id, contact_email) WHERE contact_email IS NOT NULL",
            ]
        },
        Migration(number: 782, name: "clients by the lead that they were") { _ in
            ["CREATE INDEX clients_lead ON clients (tenant_id, lead_id) WHERE lead_id IS NOT NULL"]
        },
        Migration(number: 783, name: "what clients see, by client") { _ in
            [
                "CREATE INDEX deliverables_of_client ON deliverables (tenant_id, client_id, id)",
                "CREATE INDEX reports_of_client ON reports (tenant_id, client_id, id)",
            ]
        },
        Migration(number: 792, name: "what clients pay together") { _ in
            [("paying", "count(*)"), ("fees", "CAST(sum(monthly_fee_amount) AS BIGINT)")].map {
                name, figure in
                """
                INSERT INTO counters (tenant_id, name, value)
                SELECT tenant_id, 'clients.\(name).' || monthly_fee_currency, \(figure) FROM clients
                WHERE status <> 'former' AND monthly_fee_amount > 0
                GROUP BY tenant_id, monthly_fee_currency
                """
            }
        },
        Migration(number: 797, name: "how content clients are, and since when they are clients") { _ in
            let band = """
                CASE WHEN satisfaction IS NULL THEN 'unknown' WHEN satisfaction < 5 THEN 'unhappy'
                WHEN satisfaction < 8 THEN 'neutral' ELSE 'content' END
                """
            return [
                ("band", band, "count(*)"), ("tier", "tier", "count(*)"),
                ("since", "tier", "CAST(sum(created_at / 86400000000) AS BIGINT)"),
            ].map { name, value, figure in
                """
                INSERT INTO counters (tenant_id, name, value)
                SELECT tenant_id, 'clients.\(name).' || \(value), \(figure) FROM clients
                WHERE status <> 'former' GROUP BY tenant_id, \(value)
                """
            }
        },
        Migration(number: 875, name: "readings of metrics out of services") { dialect in
            MetricRead.resource.creation(dialect) + [
                "CREATE INDEX metric_reads_of ON metric_reads (tenant_id, integration_id, status, through)",
                "CREATE INDEX metric_reads_job ON metric_reads (tenant_id, job_id)",
                "CREATE INDEX metric_reads_client ON metric_reads (tenant_id, client_id, id)",
            ]
        },
        clientTermMigration,
        Migration(number: 668, name: "clients are compared with each other") { _ in
            [
                "ALTER TABLE clients ADD COLUMN matched_version INTEGER NOT NULL DEFAULT 0",
                "CREATE INDEX clients_unmatched ON clients (tenant_id, id) WHERE matched_version <> version",
            ]
        },
    ] + workMigrations + reportMigrations + [
        reportAudienceMigration,
        ownMetricsMigration, campaignMetricsMigration, contentApprovalMigration, referralMigration,
        opportunityMigration,
        outlookModelMigration, foretoldMigration, retentionMigration,
    ] + successMigrations
