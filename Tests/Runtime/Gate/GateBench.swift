import Records
import Telemetry

@testable import Agents
@testable import RuntimeTesting

extension Connector {
    static let one = Connector("int_one", name: "One", priority: 1)
    static let two = Connector("int_two", name: "Two", priority: 2)

    func with(
        priority: Int? = nil, price: Int64? = nil, limits: ToolLimits? = nil, included: Int? = nil,
        pacing: Pacing? = nil
    ) -> Connector {
        Connector(
            id, name: name, priority: priority ?? self.priority, price: price ?? self.price,
            limits: limits ?? self.limits, included: included ?? self.included, pacing: pacing ?? self.pacing)
    }
}

extension ToolFailure {
    static let broken = ToolFailure("http_500", "no", isRetryable: true, blamesProvider: true)
    static let declined = ToolFailure("http_422", "no", isRetryable: true)
    static let doubtful = ToolFailure("unknown", "nobody knows", isRetryable: false, isAmbiguous: true)
}

extension TestRuntime {
    /// Lets one effect out, which is then on its way.
    @discardableResult
    func permit(_ connector: Connector, _ key: String, attempt: Int = 1) async throws -> Permit {
        try await write { tx in
            try tx.gate.permit(
                .message(key: key, attempt: attempt), by: connector, nil,
                ToolUsage(cost: connector.price, sends: 1, calls: 1), deadline: .seconds(30))
        }
    }

    func settle(_ permit: Permit, _ end: ConnectorCallEnd = .succeeded) async throws {
        try await write { tx in try tx.gate.settle(permit, end) }
    }

    /// Lets an effect out and settles it, with what the service has said of its limits.
    func reach(
        _ connector: Connector, _ key: String, _ end: ConnectorCallEnd = .succeeded, attempt: Int = 1,
        took: Duration = .zero, said limit: ServiceLimit = ServiceLimit()
    ) async throws {
        let permit = try await permit(connector, key, attempt: attempt)
        permit.reach.note(took: took)
        permit.reach.note(limit)
        try await settle(permit, end)
    }

    func rank(_ connectors: [Connector], _ key: String = "next") throws -> ConnectorRanking {
        try read { try $0.connectors.rank(connectors, for: "messenger", key: key, .utc) }
    }
}

extension ConnectorRanking {
    var names: [String] { ranked.map { $0.connector.name } }
    var codes: [CallReason.Code] { ranked.map { $0.why.code } }
}
