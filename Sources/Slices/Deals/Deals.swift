internal import Agents
package import Database
package import Jobs
package import Messages
internal import Records
package import Routing
package import Tenancy
internal import Transfer

/// The services that selling works with.
package struct DealsServices: Sendable {
    package let platform: PlatformServices
    package let outbox: Outbox
    package let dependencies: DealsDependencies

    package init(_ platform: PlatformServices, _ outbox: Outbox, _ dependencies: DealsDependencies) {
        (self.platform, self.outbox, self.dependencies) = (platform, outbox, dependencies)
    }
}

/// Adds the routes of deals, from a qualified lead to a signed contract and a paid invoice.
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
    registration.questions[DealsDependencies.self] = services.dependencies
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
    sellingMigrations + billingMigrations + signingMigrations

/// Creates the seed data of a new agency for selling, outreach and billing.
@Sendable package func seedDeals(_ tx: Transaction) throws {
    try seedSelling(tx)
    try tx.outreach.seed()
    try tx.billing.seedBilling()
}
