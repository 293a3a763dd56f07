internal import Database
internal import Platform
internal import Records
internal import Runtime

extension Module {
    /// What jobs, agents and workflows show over HTTP.
    static let runtime = Module(
        "runtime",
        routes: { routes, parts, runtime in
            let services = parts.services
            runtimeRoutes(
                &routes, runtime,
                RuntimeQuestions(
                    isStillSignedIn: { services.isStillSignedIn($0) }, timeZone: { try $0.ownTimeZone() }))
        })
}
