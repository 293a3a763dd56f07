package import Database
package import Records
package import Runtime

/// Every route of the platform's slices.
package func platformRoutes(_ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime) {
    let accounts = Accounts(services)
    platformEvents(&routes)
    authRoutes(&routes, accounts)
    userRoutes(&routes, accounts)
    invitationRoutes(&routes, accounts)
    apiKeyRoutes(&routes, services)
    webhookRoutes(&routes, services)
    webhookDeliveryRoutes(&routes, runtime)
    modelRoutes(&routes, services, runtime)
    learningRoutes(&routes)
    tenantRoutes(&routes, services)
    adminRoutes(&routes, services)
    sandboxRoutes(&routes, services, runtime)
    integrationRoutes(&routes, services, runtime, services.providers)
    integrationUseRoutes(&routes, runtime)
    oauthRoutes(&routes, services, runtime, services.providers)
    hookRoutes(&routes, services, runtime, services.providers)
    fileRoutes(&routes, services)
    importRoutes(&routes)
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
        "POST /v1/notifications/test",
        "GET /v1/settings", "GET /v1/meta/resources", "GET /v1/integration-providers")
    routes.closeToLimited(
        "POST /v1/integrations", "PATCH /v1/integrations/{id}", "DELETE /v1/integrations/{id}",
        "POST /v1/integrations/{id}/rotate", "POST /v1/integrations/{id}/test",
        "POST /v1/integrations/{id}/connect", "GET /v1/integrations/{id}/use")
}

extension SecretSealing {
    package init(
        sealing: @escaping @Sendable ([UInt8], TenantID) throws -> [UInt8],
        opening: @escaping @Sendable ([UInt8], TenantID) throws -> [UInt8]
    ) {
        self.init(close: sealing, open: opening)
    }
}
