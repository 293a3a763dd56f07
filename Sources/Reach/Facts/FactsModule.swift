internal import Agents
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
package import Tenancy

extension Module {
    /// The sources of what records hold, with their words, times and costs.
    package static let facts = Module(
        "facts", migrations: factMigrations, sandboxTables: { factSandboxTables },
        permissions: [
            .init("facts:read", for: .viewer, "Read who says what of leads and companies."),
            .init("facts:write", for: .member, "Accept and reject facts about records that you may change."),
        ],
        jobs: { registration, parts in
            registration.questions[FactTraces.self] = FactTraces(
                places: try parts.composition.offers(of: (any FactTrace).self, parts))
            registration.add(FactData())
            // A company's facts go with it; where another check refuses that, all stays.
            registration.guardDeletion(of: Company.self) { tx, id in try tx.facts.forget([id.description]) }
        },
        routes: { routes, _, runtime in factRoutes(&routes, runtime) })
}
