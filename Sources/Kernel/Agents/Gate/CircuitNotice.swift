internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

extension Transaction {
    /// Tells the circuit breaker of a provider how a call has ended. A circuit that opens raises an alert on the
    /// integration, or the model, which ends by itself once it answers again.
    func tellBreaker(
        _ tool: String, _ provider: String, named name: String? = nil, _ failure: ToolFailure?
    ) throws {
        var breaker = try circuitBreaker(tool, provider)
        let before = breaker
        var hasOpened = false
        if failure?.blamesProvider == true {
            hasOpened = breaker.failed(at: now)
        } else if failure?.isDefinite ?? true {
            // Whoever answers that the call is wrong is well.
            breaker.succeeded()
        } else {
            breaker.probeUntil = nil
        }
        guard breaker != before else { return }
        try store(breaker, tool, provider)
        let hasClosed = before.openUntil != nil && breaker.isSound
        guard hasOpened || hasClosed else { return }
        guard let name else { return try tellOfTool(tool, provider, breaker, hasOpened) }
        let isModel = tool == CallModelTool.name
        let subject = Subject(type: isModel ? "model" : "integration", id: provider)
        if isModel { try tellOfTool(tool, provider, breaker, hasOpened) }
        if hasOpened {
            if !isModel {
                try publish(
                    "integration.circuit_opened", subject,
                    ["provider": .string(provider), "until": JSON(breaker.openUntil?.description)])
            }
            try raiseAlert(
                kind: CircuitAlert.kind, severity: .warning, subject: subject,
                title: "\(name) has failed \(breaker.failures) times in a row (\(failure?.code ?? "")).",
                action: """
                    Nothing if it recovers soon: it is retried automatically, and waiting work continues. Otherwise \
                    check its status page, or put another one first.
                    """)
        } else {
            if !isModel {
                try publish("integration.circuit_closed", subject, ["provider": .string(provider)])
            }
            try resolveAlert(kind: CircuitAlert.kind, subject: subject)
        }
    }

    /// Lets an integration that was set otherwise be asked at once: what it had failed with says nothing of it now.
    package func closeCircuits(of connector: String) throws {
        let breakers = try circuitBreakers(ofProvider: connector)
        guard !breakers.isEmpty else { return }
        try run("DELETE FROM tool_breakers WHERE tenant_id = \(tenant) AND provider = \(connector)")
        guard breakers.contains(where: { $0.openUntil != nil }) else { return }
        let subject = Subject(type: "integration", id: connector)
        try publish("integration.circuit_closed", subject, ["provider": .string(connector)])
        try resolveAlert(kind: CircuitAlert.kind, subject: subject)
    }

    private func tellOfTool(
        _ tool: String, _ provider: String, _ breaker: CircuitBreaker, _ hasOpened: Bool
    ) throws {
        let subject = Subject(type: "tool", id: tool)
        if hasOpened {
            try publish(
                "tool.circuit_opened", subject,
                ["provider": .string(provider), "until": JSON(breaker.openUntil?.description)])
        } else {
            try publish("tool.circuit_closed", subject, ["provider": .string(provider)])
        }
    }
}

extension ToolFailure {
    /// Whether it is an answer that holds however often it is asked: being too busy, or in doubt, shows nothing.
    fileprivate var isDefinite: Bool { !isRetryable && !isAmbiguous }
}

/// The alert about a service that has failed repeatedly.
enum CircuitAlert { static let kind = "integration_circuit_open" }
