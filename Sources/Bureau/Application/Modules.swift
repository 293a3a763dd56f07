internal import Addresses
internal import Agents
internal import Campaigns
internal import ChangeSets
internal import Content
internal import Conversations
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Facts
internal import Insights
internal import Integrations
internal import Jobs
internal import Market
internal import Messages
internal import Nurture
internal import People
internal import Posts
internal import Quality
internal import Records
internal import Sequences
internal import Support
internal import Sync
internal import Tenancy
internal import Transfer

extension Module {
    /// The modules of the product, each above those that it sees.
    static let all: [Module] = [
        .jobs, .agents, .workflows, .runtime, .tenancy, .operations, .integrations, .transfer, .changeSets,
        .people, .facts, .addresses, .messages, .sequences, .discovery, .deals, .delivery, .support,
        .conversations, .plan, .insights, .quality, .sync, .market,
        .nurture, .content, .posts, .campaigns,
    ]

    /// The agents of the plan that are not built yet.
    static let plan = Module("plan", agents: { _ in plannedAgents })

    static var allMigrations: [Migration] { all.flatMap(\.migrations) }
    /// The number of steps that the migrations are: several modules may have a place in one.
    static let migrationSteps = Set(allMigrations.map(\.number)).count
    static var allSandboxTables: [SandboxTable] { all.flatMap { $0.sandboxTables() } }
}

extension App {
    var housekeeping: Housekeeping { Housekeeping(services, tidying) }

    /// Returns whether anybody has ever written here.
    func acrossTenantsHearsPeople() throws -> Bool {
        try database.acrossTenantsRead { try $0.int("SELECT max(row) FROM conversations") } != nil
    }

    /// Gives the agencies that are there already what a later release brought: schedules, packages, SLA targets.
    func acrossTenantsSeed() async throws {
        for seeding in composition.modules.compactMap(\.seeding) {
            guard let counter = seeding.counter else { continue }
            for tenant in try database.acrossTenantsRead({ try $0.acrossTenantsWithout(counter: counter) }) {
                try await database.write(tenant, .batch) { try seeding.seed($0) }
            }
        }
        try await runtime.acrossTenantsInstallSchedules { reader in
            try reader.all("SELECT id, time_zone FROM tenants ORDER BY id") { row in
                (tenant: TenantID(rawValue: row.text(0)), timeZone: row.text(1))
            }
        }
    }
}

extension Configuration {
    /// Files that wait to be imported.
    var uploads: String { data + "/uploads" }
}
