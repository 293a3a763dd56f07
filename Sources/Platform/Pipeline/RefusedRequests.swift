internal import Database
internal import Records
internal import Runtime
internal import Telemetry

extension Route {
    /// Whether it is about outside services and what they are let in with.
    var isAboutServices: Bool {
        pattern.hasPrefix("/v1/integrations") || pattern.hasPrefix("/v1/models")
    }
}

extension PlatformServices {
    /// Keeps that somebody was refused something about outside services: who tries it again and again is told. `what`
    /// names no record and no person.
    func noteRefused(_ principal: Principal, _ what: String) {
        // A few are enough to tell; whoever goes on costs nothing more.
        guard let tenant = principal.tenantID, refusedRequests.allows(principal.actor, now: now()) else {
            return
        }
        let (actor, log) = (principal.actor, log)
        database.submit(tenant, .batch) { tx in
            try tx.noteRefusedAttempt(by: actor, what)
        } completion: { result in
            guard case .failure(let error) = result else { return }
            log.warning("a refused attempt could not be kept", ["error": .init(error)])
        }
    }
}
