package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry
internal import Templates

/// Attempts that were refused, by who made them: `tx.refusedAttempts`.
package struct RefusedAttemptStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var refusedAttempts: RefusedAttemptStore<Self> { RefusedAttemptStore(tx: self) }
}

package extension RefusedAttemptStore where Base == Transaction {
    /// Keeps that somebody was refused something at an outside service or its credentials. Three times within an hour
    /// are an alert about whoever it was, which is for a person to resolve.
    func note(by actor: Actor, _ detail: String) throws {
        let subject = Subject(type: actor.kind.rawValue, id: actor.id)
        guard actor.kind != .system, try isAttemptToTell(of: subject) else { return }
        let name = try tx.runtime.questions.name(actor, tx)
        try tx.alerts.raise(
            kind: UnauthorisedUse.kind, severity: .warning, subject: subject,
            agent: actor.kind == .agent ? actor.id : nil,
            title: Saying(
                "alert.unauthorised_use",
                [
                    "kind": .text(actor.kind.rawValue), "id": .text(name ?? actor.id),
                    "count": .number(attemptsToldFrom), "detail": .text(detail),
                ]),
            action: Saying("alert.unauthorised_use_do"))
    }

    /// Keeps that somebody knew the address of an integration's webhooks, and not what proves to be its service. Three
    /// times within an hour are an alert about the integration.
    func noteForgedHook(of integration: IntegrationID) throws {
        let subject = Subject(integration)
        try tx.failures.book(
            .init(.hook, integration.keyText, code: "invalid_signature", "a webhook could not be verified"))
        guard let connector = try tx.runtime.questions.connector(tx, integration.keyText),
            try isAttemptToTell(of: subject)
        else { return }
        try tx.alerts.raise(
            kind: UnauthorisedUse.kind, severity: .warning, subject: subject,
            title: Saying(
                "alert.forged_hook", ["name": .text(connector.name), "count": .number(attemptsToldFrom)]),
            action: Saying("alert.forged_hook_do"))
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
    internal func note(_ refusal: ToolRefusal, of request: ToolRequest) throws {
        guard refusal.code == "forbidden", let tool = tx.runtime.tools[request.tool], !tool.isInside
        else { return }
        let actor = request.caller.agent.map { Actor.agent($0) } ?? request.caller.actor
        try note(by: actor, "\(tool.name): \(refusal.detail)")
    }
}

/// The alert about somebody who is refused again and again.
package enum UnauthorisedUse { package static let kind = "unauthorised_use" }

private let attemptsToldFrom = 3

private let readAttempts = Statement(
    "SELECT moments FROM refused_attempts WHERE tenant_id = $1 AND actor_type = $2 AND actor_id = $3")

private let storeAttempts = Statement(
    """
    INSERT INTO refused_attempts (tenant_id, actor_type, actor_id, moments) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, actor_type, actor_id) DO UPDATE SET moments = excluded.moments
    """)
