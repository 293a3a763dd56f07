internal import Database
internal import Records
internal import RuntimeRoutes
internal import Tenancy

extension Module {
    /// The module that serves jobs, agents and workflows over HTTP.
    static let runtime = Module(
        "runtime",
        routes: { routes, parts, runtime in
            let services = parts.services
            runtimeRoutes(
                &routes, runtime,
                RuntimeQuestions(
                    isStillSignedIn: { services.isStillSignedIn($0) }, timeZone: { try $0.agency.timeZone() })
            )
        })
}
