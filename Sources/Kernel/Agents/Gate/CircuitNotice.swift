package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry
internal import Templates

package extension ConnectorStore where Base == Transaction {
    /// Tells the circuit breaker of a provider how a call has ended. A circuit that opens raises an alert on the
    /// integration, or the model, which ends by itself once it answers again.
    internal func tellBreaker(
        _ tool: String, _ provider: String, named name: String? = nil, _ failure: ToolFailure?
    ) throws {
        var breaker = try tx.circuitBreakers.find(tool, provider)
        let before = breaker
        var hasOpened = false
        if failure?.blamesProvider == true {
            hasOpened = breaker.failed(at: tx.now)
        } else if failure?.isDefinite ?? true {
            // A service that answers that the call is wrong is well.
            breaker.succeeded()
        } else {
            breaker.probeUntil = nil
        }
        guard breaker != before else { return }
        try tx.circuitBreakers.store(breaker, tool, provider)
        let hasClosed = before.openUntil != nil && breaker.isSound
        guard hasOpened || hasClosed else { return }
        guard let name else { return try tellOfTool(tool, provider, breaker, hasOpened) }
        let isModel = tool == CallModelTool.name
        let subject = Subject(type: isModel ? "model" : "integration", id: provider)
        if isModel { try tellOfTool(tool, provider, breaker, hasOpened) }
        if hasOpened {
            if !isModel {
                try tx.publish(
                    "integration.circuit_opened", subject,
                    ["provider": .string(provider), "until": JSON(breaker.openUntil?.description)])
            }
            try tx.alerts.raise(
                kind: CircuitAlert.kind, severity: .warning, subject: subject,
                title: Saying(
                    "alert.circuit_open",
                    [
                        "name": .text(name), "count": .number(breaker.failures),
                        "code": .text(failure?.code ?? ""),
                    ]),
                action: Saying("alert.circuit_open_do"))
        } else {
            if !isModel {
                try tx.publish("integration.circuit_closed", subject, ["provider": .string(provider)])
            }
            try tx.alerts.resolve(kind: CircuitAlert.kind, subject: subject)
        }
    }

    /// Lets an integration that was set otherwise be asked at once: what it had failed with says nothing of it now.
    func closeCircuits(of connector: some Key) throws {
        let connector = connector.keyText
        let breakers = try tx.circuitBreakers.all(ofProvider: connector)
        guard !breakers.isEmpty else { return }
        try tx.run("DELETE FROM tool_breakers WHERE tenant_id = \(tx.tenant) AND provider = \(connector)")
        guard breakers.contains(where: { $0.openUntil != nil }) else { return }
        let subject = Subject(type: "integration", id: connector)
        try tx.publish("integration.circuit_closed", subject, ["provider": .string(connector)])
        try tx.alerts.resolve(kind: CircuitAlert.kind, subject: subject)
    }

    private func tellOfTool(
        _ tool: String, _ provider: String, _ breaker: CircuitBreaker, _ hasOpened: Bool
    ) throws {
        let subject = Subject(type: "tool", id: tool)
        if hasOpened {
            try tx.publish(
                "tool.circuit_opened", subject,
                ["provider": .string(provider), "until": JSON(breaker.openUntil?.description)])
        } else {
            try tx.publish("tool.circuit_closed", subject, ["provider": .string(provider)])
        }
    }
}

extension ToolFailure {
    /// Whether it is an answer that holds however often it is asked: being too busy, or in doubt, shows nothing.
    fileprivate var isDefinite: Bool { !isRetryable && !isAmbiguous }
}

/// The alert about a service that has failed repeatedly.
enum CircuitAlert { static let kind = "integration_circuit_open" }
