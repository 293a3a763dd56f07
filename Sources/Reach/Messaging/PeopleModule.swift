internal import Database
package import Platform
internal import Records
internal import Runtime

extension Module {
    /// The module of the people whom the agency knows, and of the consents that they have given.
    package static let people = Module(
        "people", migrations: peopleMigrations, sandboxTables: { peopleSandboxTables },
        asks: [ClientQuestions.self],
        jobs: { registration, parts in
            registration.questions[ClientQuestions.self] = parts.answers(ClientQuestions.self)
            peopleJobs(&registration)
        },
        routes: { routes, parts, _ in peopleRoutes(&routes, uploads: parts.uploads) })
}
