package import Database
package import Messaging
package import Platform
package import Records
package import Runtime

/// The services that selling works with.
package struct DealsServices: Sendable {
    package let platform: PlatformServices
    package let outbox: Outbox
    package let sources: DealsSources

    package init(_ platform: PlatformServices, _ outbox: Outbox, _ sources: DealsSources) {
        (self.platform, self.outbox, self.sources) = (platform, outbox, sources)
    }
}

/// From a qualified lead to a signed contract and a paid invoice.
package func dealsRoutes(_ routes: inout Routes, _ services: DealsServices, uploads: String) {
    dealsEvents(&routes)
    routes.transfer(services.transfer, folder: uploads)
    sellingRoutes(&routes, services)
    billingRoutes(&routes, services)
    dealsPortalRoutes(&routes, services)
    publicPageRoutes(
        &routes, services,
        [
            ProposalPage(database: services.platform.database), ContractPage(),
            InvoicePage(services: services),
        ])
    routes.openToLimited("GET /v1/deals/export", "GET /v1/pipeline", "GET /v1/selling-rules")
}

package func dealsJobs(_ registration: inout JobRegistration, _ services: DealsServices) {
    sellingJobs(&registration, services)
    registration.add(services.transfer)
    registration.add(SendProposalTool())
    registration.add(SendContractTool())
    registration.add(SaleStepJob(services: services))
    billingJobs(&registration, services)
}

package let dealsSandboxTables: [SandboxTable] =
    sellingSandboxTables + billingSandboxTables

package let dealsMigrations: [Migration] =
    sellingMigrations + billingMigrations

/// Creates the seed data of a new agency for selling, outreach and billing.
@Sendable package func furnishDeals(_ tx: Transaction) throws {
    try furnishSelling(tx)
    try tx.furnishOutreach()
    try tx.furnishBilling()
}
