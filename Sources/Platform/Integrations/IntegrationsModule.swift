internal import Agents
internal import Database
internal import Jobs
internal import Records
internal import Routing
internal import Nouns
package import Tenancy

extension Module {
    /// The outside services and language models that agencies connect.
    package static let integrations = Module(
        "integrations", migrations: integrationsMigrations, sandboxTables: { integrationsSandboxTables },
        permissions: integrationsPermissions,
        seeding: checkSeeding,
        tidying: { _ in
            [
                TenantTidying(
                    due: { try AnswerRetention.due(in: $0) }, tidyUp: { try AnswerRetention.remove(in: $0) })
            ]
        },
        services: { parts in
            parts.add(
                IntegrationServices(
                    parts.services, try parts[IntegrationProviders.self], try parts[SharedConnections.self]))
        },
        slots: [HookJob.queue: 8],
        jobs: { registration, parts in
            let integrations = try parts[IntegrationServices.self]
            modelConnectors(&registration)
            webServiceAccounts(&registration, integrations)
            integrationTools(&registration)
            registration.add(AskConnectorTool())
            registration.add(WriteConnectorTool())
            registration.add(EventForwarding())
            registration.add(ForwardEventsJob(integrations: integrations))
            registration.add(ReadMetricsTool())
            registration.add(SetAdBudgetTool())
            registration.add(ChangeAudienceTool())
            registration.add(CredentialDateJob(integrations.platform.secrets))
            registration.add(IntegrationCheckJob(integrations))
            registration.add(
                AnswerRenewalJob(
                    renewals: try parts.composition.offers(of: (any RenewedAnswers).self, parts)))
            let connectors = ConnectorHookHandler(
                integrations, try parts.composition.offers(of: (any ConnectorListener).self, parts))
            let handlers = try parts.composition.offers(of: (any HookHandler).self, parts)
            registration.add(HookJob(handlers + [connectors]))
        },
        routes: { routes, parts, runtime in
            let integrations = try parts[IntegrationServices.self]
            modelRoutes(&routes, parts.services, runtime)
            integrationRoutes(&routes, integrations, runtime)
            connectorRoutes(&routes, integrations)
            connectorObjectRoutes(&routes, integrations, runtime)
            subscriptionRoutes(&routes, integrations, runtime)
            integrationUseRoutes(&routes, runtime)
            oauthRoutes(&routes, integrations, runtime)
            hookRoutes(&routes, integrations, runtime)
            trackingRoutes(&routes, integrations)
            routes.openToLimited("GET /v1/integration-providers")
            routes.closeToLimited(
                "POST /v1/integrations", "PATCH /v1/integrations/{id}", "DELETE /v1/integrations/{id}",
                "POST /v1/integrations/{id}/rotate", "POST /v1/integrations/{id}/test",
                "POST /v1/integrations/{id}/connect", "POST /v1/integrations/{id}/subscribe",
                "GET /v1/integrations/{id}/use")
        })
}

private let integrationsPermissions: [DeclaredPermission] = [
    .init(
        "integrations:read", for: .viewer,
        "Read integrations, their use and costs, and what services sent to them."),
    .init(
        "integrations:write", for: .manager,
        "Create, update, test, rotate and delete integrations, and replay what services sent."),
    .init("models:read", for: .viewer, "Read language models."),
    .init("models:write", for: .manager, "Create, update, test and delete language models."),
]

private let integrationsSandboxTables: [SandboxTable] =
    [
        .left("models", because: "their keys are the live tenant's, and a sandbox asks no model"),
        .left(
            "integrations", because: "their credentials are the live tenant's, and nothing leaves a sandbox"),
        .copied(DeclaredConnector.resource),
        .left("integration_uses", because: "they belong to integrations, which are left behind"),
        .left("hook_receipts", because: "they are the live tenant's history"),
        .left("forwarded_events", because: "they belong to integrations, which are left behind"),
    ] + lookupSandboxTables

/// The models through which calls of models can go.
private func modelConnectors(_ registration: inout JobRegistration) {
    registration.questions.addConnectors(of: [CallModelTool.name]) { reader in
        try LanguageModel.resource.all(
            where: "enabled = 1", suffix: "ORDER BY position, id", in: reader
        ).map(\.id)
    }
}
