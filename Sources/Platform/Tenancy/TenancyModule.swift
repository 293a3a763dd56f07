internal import Agents
internal import Database
internal import Jobs
internal import Records
internal import Routing

extension Module {
    /// Agencies and who works for them: accounts, roles, keys, the pipeline of requests, files, the portal, webhooks.
    package static let tenancy = Module(
        "tenancy", migrations: tenancyMigrations, sandboxTables: { tenancySandboxTables },
        permissions: tenancyPermissions + portalPermissions,
        asks: [Portal.Clients.self],
        services: { $0.services.portal.connect($0.answers()) },
        slots: [WebhookDeliveryJob.queue: 32],
        jobs: { registration, parts in
            let services = parts.services
            registration.questions.timeZone = { try $0.reading.agency.timeZone() }
            registration.questions.currency = { try $0.reading.agency.tenant().currency }
            registration.questions.words = { try $0.reading.wordings.find(for: $1, accepted: $2) }
            let permissions = services.permissions
            registration.questions.permissions = { try permissions.held(by: $0, in: $1) }
            registration.questions.name = { actor, reader in
                if let id = actor.userID { return try User.resource.find(id, in: reader)?.name }
                return try actor.apiKeyID.flatMap { try APIKey.resource.find($0, in: reader)?.name }
            }
            registration.questions[PermissionCatalog.self] = permissions
            registration.questions[Deferred<PortalWords>.self] = services.settings.portalWords
            registration.add(SandboxRemoval(services))
            webhookJobs(&registration, services)
            registration.add(NotificationJob(services))
            registration.add(PostNotificationTool())
            registration.add(
                LearningJob(try parts.composition.offers(of: (any LearnedTaskModels).self, parts)))
            registration.add(AnsweredRequests())
        },
        routes: { routes, parts, runtime in
            tenancyRoutes(
                &routes, parts.services, runtime,
                try parts.composition.offers(of: (any PortalExportListener).self, parts))
            notificationRoutes(&routes, try parts.composition.offers(of: NotificationKind.self, parts))
        })
}

private let tenancyPermissions: [DeclaredPermission] = [
    .init("api_keys:read", for: .manager, "Read API keys, without their secrets."),
    .init("api_keys:write", for: .manager, "Create, update, rotate and delete API keys."),
    .init("files:read", for: .viewer, "Read and download files, and create links to them."),
    .init("files:write", for: .manager, "Upload, update and delete files."),
    .init("invitations:read", for: .viewer, "Read invitations."),
    .init("invitations:write", for: .manager, "Create and revoke invitations."),
    .init("notifications:read", for: .viewer, "Read your own notifications, and choose how you get them."),
    .init("roles:read", for: .viewer, "Read roles."),
    .init("roles:write", for: .owner, "Create, update and delete roles."),
    .init("sample_data:write", for: .member, "Remove the sample data, and what agents have made of them."),
    .init("sandboxes:read", for: .viewer, "Read sandboxes and their clocks."),
    .init(
        "sandboxes:write", for: .manager,
        "Create and delete sandboxes, rotate their tokens and advance their clocks."),
    .init("users:read", for: .viewer, "Read users."),
    .init("users:write", for: .manager, "Create, update and delete users."),
    .init("views:read", for: .viewer, "Read your own views of lists, and those that others share."),
    .init("views:write", for: .viewer, "Create, update, share and delete your own views of lists."),
    .init("webhooks:read", for: .viewer, "Read webhooks and their deliveries."),
    .init(
        "webhooks:write", for: .manager,
        "Create, update, test and delete webhooks, and redeliver what they missed."),
]

private func tenancyRoutes(
    _ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime,
    _ exportListeners: [any PortalExportListener]
) {
    let accounts = Accounts(services)
    tenancyEvents(&routes)
    authRoutes(&routes, accounts, runtime)
    userRoutes(&routes, accounts)
    userSessionRoutes(&routes)
    invitationRoutes(&routes, accounts)
    apiKeyRoutes(&routes, services)
    webhookRoutes(&routes, services)
    webhookDeliveryRoutes(&routes, runtime)
    learningRoutes(&routes)
    tenantRoutes(&routes, services)
    wordingRoutes(&routes, services.settings.portalWords)
    adminRoutes(&routes, services)
    sandboxRoutes(&routes, services, runtime)
    fileRoutes(&routes, services)
    portalRoutes(&routes, services, runtime, exportListeners)
    savedViewRoutes(&routes, services.lists)
    sampleRoutes(&routes, services.sampleData)
    limitedMembers(&routes)
}

/// Opens to limited members, besides their clients' records, their own account and what they need to know of the
/// agency. Routes that import or export the agency's records as a whole stay closed to them.
private func limitedMembers(_ routes: inout Routes) {
    routes.openToLimited(
        "GET /v1/me", "PATCH /v1/me", "POST /v1/auth/logout", "GET /v1/auth/sessions",
        "DELETE /v1/auth/sessions/{id}", "GET /v1/notifications/preferences",
        "PATCH /v1/notifications/preferences", "GET /v1/notifications/kinds",
        "POST /v1/notifications/read-all", "POST /v1/notifications/test", "GET /v1/settings",
        "GET /v1/meta/resources")
}
