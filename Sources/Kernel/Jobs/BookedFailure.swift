package import Database
internal import JSON
package import Nouns
internal import Records

/// Something that went wrong, told in the transaction that books it.
package struct BookedFailure: Sendable {
    package enum Origin: String, Sendable {
        case job, agent, tool, service, file
        /// News of a service that could not be used.
        case hook
    }

    package let origin: Origin
    /// The component that failed: the kind of a job, an agent, a tool, or the id of the connector that was asked or has
    /// told us something.
    package let component: String
    /// The name by which people know it, where that is another.
    package var name: String?
    package let code: String, detail: String
    /// The number of times that it failed at once.
    package var count: Int

    /// The integration that failed; `nil` where something else did.
    package var integrationID: IntegrationID? { IntegrationID(component) }

    package init(
        _ origin: Origin, _ component: String, name: String? = nil, code: String, _ detail: String,
        count: Int = 1
    ) {
        (self.origin, self.component, self.name) = (origin, component, name)
        (self.code, self.detail, self.count) = (code, detail, count)
    }
}

/// Somebody whom every failure concerns: what follows from one is there if and only if the failure is booked.
package protocol FailureConsumer: Sendable {
    func failed(_ failure: BookedFailure, in tx: Transaction) throws
}

/// Failures as they are booked: `tx.failures`.
package struct FailureStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var failures: FailureStore<Self> { FailureStore(tx: self) }
}

extension FailureStore where Base == Transaction {
    /// Tells those who listen of a failure that this transaction books.
    package func book(_ failure: BookedFailure) throws {
        for consumer in tx.runtime.failureConsumers { try consumer.failed(failure, in: tx) }
    }
}

extension JobFailure {
    /// The ends of a job that are nobody's fault: it was held, stopped or refused.
    private static let intended: Set = [
        "cancelled", "interrupted", "brake", "quota_exhausted", "quota_near", "budget_exhausted",
        "circuit_open",
        "tool_unavailable", "tool_disabled", "agent_stopped", "agent_not_active", "approval_rejected",
        "approval_expired",
    ]

    /// As it is told to those who look for patterns; `nil` for an end that is nobody's fault.
    func booked(ofJob kind: String, _ payload: String) -> BookedFailure? {
        guard !Self.intended.contains(code) else { return nil }
        if let agent = kind == Self.agentRun ? JSON(stored: payload)["agent"]?.text : nil {
            return BookedFailure(.agent, agent, code: code, detail)
        }
        return BookedFailure(.job, kind, code: code, detail)
    }

    /// The kind of the job behind every run of an agent.
    private static let agentRun = "agent.run"
}
