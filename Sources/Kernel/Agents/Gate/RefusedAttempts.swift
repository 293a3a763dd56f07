package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

package extension GateStore where Base == Transaction {
    /// Keeps that somebody was refused something at an outside service or its credentials. Three times within an hour
    /// are an alert about whoever it was, which is for a person to resolve.
    func noteRefusedAttempt(by actor: Actor, _ detail: String) throws {
        let subject = Subject(type: actor.kind.rawValue, id: actor.id)
        guard actor.kind != .system, try isAttemptToTell(of: subject) else { return }
        try tx.alerts.raise(
            kind: UnauthorisedUse.kind, severity: .warning, subject: subject,
            agent: actor.kind == .agent ? actor.id : nil,
            title:
                "\(actor.named) was denied external services \(attemptsToldFrom) times within an hour: \(detail)",
            action: """
                Check the attempts (/v1/audit, /v1/refusals). If they are intended, grant the permission. Otherwise \
                revoke the key, the session or the agent, and rotate the credentials that it may have seen.
                """)
    }

    /// Keeps that somebody knew the address of an integration's webhooks, and not what proves to be its service. Three
    /// times within an hour are an alert about the integration.
    func noteForgedHook(of integration: IntegrationID) throws {
        let subject = Subject(integration)
        guard let connector = try tx.runtime.questions.connector(tx, integration.text),
            try isAttemptToTell(of: subject)
        else { return }
        try tx.alerts.raise(
            kind: UnauthorisedUse.kind, severity: .warning, subject: subject,
            title: """
                Webhooks of \(connector.name) were rejected \(attemptsToldFrom) times within an hour: they could not \
                be verified.
                """,
            action: """
                Compare the webhook secret with the one at the service, and correct it (PATCH \
                /v1/integrations/\(integration)). If they match, others know the address: create a new one \
                (POST /v1/integrations/\(integration)/rotate without a body), and set it at the service.
                """)
    }

    /// Keeps an attempt; answers whether it is the third within an hour, or a later one.
    private func isAttemptToTell(of subject: Subject) throws -> Bool {
        guard !tx.sandboxClock.isSandbox else { return false }
        let since = (tx.now - .seconds(3600)).microseconds
        let known = try tx.first(
            readAttempts, [tx.tenant.sqlValue, subject.type.sqlValue, subject.id.sqlValue]
        ) {
            JSON(stored: $0.text(0)).array ?? []
        }
        let recent = (known ?? []).compactMap(\.int).filter { $0 > since } + [tx.now.microseconds]
        let moments = JSON.array(recent.suffix(attemptsToldFrom).map { JSON.integer($0) })
        try tx.run(
            storeAttempts,
            [
                tx.tenant.sqlValue, subject.type.sqlValue, subject.id.sqlValue, moments.serialized.sqlValue,
            ])
        return recent.count >= attemptsToldFrom
    }

    /// Keeps that the gate has refused a call for want of permission, unless its tool stays inside.
    internal func noteRefusedAttempt(_ refusal: ToolRefusal, of request: ToolRequest) throws {
        guard refusal.code == "forbidden", let tool = tx.runtime.tools[request.tool], !tool.isInside
        else { return }
        let actor = request.caller.agent.map { Actor.agent($0) } ?? request.caller.actor
        try noteRefusedAttempt(by: actor, "\(tool.name): \(refusal.detail)")
    }
}

/// The alert about somebody who is refused again and again.
package enum UnauthorisedUse { package static let kind = "unauthorised_use" }

private let attemptsToldFrom = 3

extension Actor {
    fileprivate var named: String {
        switch kind {
        case .agent: "The agent \(id)"
        case .apiKey: "The key \(id)"
        case .user, .system: "The user \(id)"
        }
    }
}

private let readAttempts = Statement(
    "SELECT moments FROM refused_attempts WHERE tenant_id = $1 AND actor_type = $2 AND actor_id = $3")

private let storeAttempts = Statement(
    """
    INSERT INTO refused_attempts (tenant_id, actor_type, actor_id, moments) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, actor_type, actor_id) DO UPDATE SET moments = excluded.moments
    """)
