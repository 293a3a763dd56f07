internal import Agents
package import Database
package import Jobs
internal import Records
internal import Routing
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
        guard let tenant = principal.tenantID else { return }
        let actor = principal.actor
        keepRefused(tenant, Subject(type: actor.kind.rawValue, id: actor.id)) { tx in
            try tx.refusedAttempts.note(by: actor, what)
        }
    }

    /// Keeps an attempt that was refused: a few of each subject a minute.
    package func keepRefused(
        _ tenant: TenantID, _ subject: Subject, _ keep: @escaping @Sendable (Transaction) throws -> Void
    ) {
        // A few are enough to tell; whoever goes on costs nothing more.
        guard refusedRequests.allows(subject, now: now()) else { return }
        database.submit(tenant, .batch) { tx in
            try keep(tx)
        } completion: { [log] result in
            guard case .failure(let error) = result else { return }
            log.warning("a refused attempt could not be kept", ["error": .init(error)])
        }
    }
}
