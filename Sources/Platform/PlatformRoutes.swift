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
    oauthRoutes(&routes, services, runtime, services.providers)
    hookRoutes(&routes, services, runtime, services.providers)
    fileRoutes(&routes, services)
    importRoutes(&routes)
    portalRoutes(&routes, services, runtime)
    notificationRoutes(&routes)
}

extension SecretSealing {
    package init(
        sealing: @escaping @Sendable ([UInt8], TenantID) throws -> [UInt8],
        opening: @escaping @Sendable ([UInt8], TenantID) throws -> [UInt8]
    ) {
        self.init(close: sealing, open: opening)
    }
}
