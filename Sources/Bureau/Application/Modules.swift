internal import Database
internal import Discovery
internal import Platform
internal import Records
internal import Runtime

/// What a module brings to the product. A new module is one more line of `all`.
struct Module: Sendable {
    let name: String
    var migrations: [Migration] = []
    var agents: @Sendable (PlatformServices) -> [any AgentDefinition] = { _ in [] }
    var jobs: @Sendable (inout JobRegistration, PlatformServices) -> Void = { _, _ in }
    /// What a new agency gets.
    var furnish: @Sendable (Transaction) throws -> Void = { _ in }
    var routes: @Sendable (inout Routes, PlatformServices, Runtime) -> Void = { _, _, _ in }
    /// What an agency may still lack.
    var setup: [SetupQuestion] = []

    static let all: [Module] = [
        Module(name: "runtime", migrations: runtimeMigrations, furnish: furnishSchedules),
        Module(
            name: "platform", migrations: platformMigrations, routes: { routes, services, _ in platformRoutes(&routes, services) },
            setup: platformSetup),
        Module(name: "discovery", migrations: discoveryMigrations, setup: discoverySetup),
    ]

    static var migrations: [Migration] { all.flatMap(\.migrations) }
}

/// A new agency's agents work by its own time.
@Sendable private func furnishSchedules(_ tx: Transaction) throws {
    try tx.installSchedules(timeZone: try tx.ownTenant().timeZone)
}
