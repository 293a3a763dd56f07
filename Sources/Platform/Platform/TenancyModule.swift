internal import Database
internal import Records
internal import Runtime

extension Module {
    /// Agencies and who works for them: accounts, roles, keys, the pipeline of requests, files, the portal, webhooks.
    package static let tenancy = Module(
        "tenancy", migrations: tenancyMigrations, sandboxTables: { tenancySandboxTables },
        asks: [Portal.Clients.self],
        jobs: { registration, parts in
            let services = parts.services
            registration.questions.timeZone = { try $0.ownTimeZone() }
            registration.questions.currency = { try $0.ownTenant().currency }
            registration.questions.permissions = { try $1.permissions(of: $0) }
            registration.add(SandboxRemoval(services))
            webhookJobs(&registration, services)
            registration.add(NotificationJob(services))
            registration.add(PostNotificationTool())
            registration.add(
                LearningJob(try parts.composition.offers(of: (any LearnedTaskModels).self, parts)))
            registration.add(AnsweredRequests())
        },
        routes: { tenancyRoutes(&$0, $1.services, $2) })
}

private func tenancyRoutes(_ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime) {
    let accounts = Accounts(services)
    tenancyEvents(&routes)
    authRoutes(&routes, accounts)
    userRoutes(&routes, accounts)
    invitationRoutes(&routes, accounts)
    apiKeyRoutes(&routes, services)
    webhookRoutes(&routes, services)
    webhookDeliveryRoutes(&routes, runtime)
    learningRoutes(&routes)
    tenantRoutes(&routes, services)
    wordingRoutes(&routes)
    adminRoutes(&routes, services)
    sandboxRoutes(&routes, services, runtime)
    fileRoutes(&routes, services)
    portalRoutes(&routes, services, runtime)
    notificationRoutes(&routes)
    limitedMembers(&routes)
}

/// Opens to limited members, besides their clients' records, their own account and what they need to know of the
/// agency. Routes that import or export the agency's records as a whole stay closed to them.
private func limitedMembers(_ routes: inout Routes) {
    routes.openToLimited(
        "GET /v1/me", "PATCH /v1/me", "POST /v1/auth/logout", "GET /v1/auth/sessions",
        "DELETE /v1/auth/sessions/{id}", "GET /v1/notifications/preferences",
        "PATCH /v1/notifications/preferences", "POST /v1/notifications/read-all",
        "POST /v1/notifications/test", "GET /v1/settings", "GET /v1/meta/resources")
}
