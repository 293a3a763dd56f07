internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
package import Workflows

/// Accompanies a client through its onboarding. All that is known of it lies in its row; the workflow looks there,
/// does what is due, and sleeps until the next reminder, or until a step is done.
package struct OnboardingWorkflow: Workflow {
    package struct Input: Codable, Sendable { let onboarding: ID<Onboarding> }

    package static let name = "delivery.onboarding"
    /// The signal after which it looks again.
    static let look = "look"

    /// The result of one look.
    struct StepResult: Codable, Sendable {
        var isOver = false
        /// The time to wait for, in microseconds; `nil`: until somebody does a step.
        var until: Int64?
    }

    let services: DeliveryServices

    package func run(_ input: Input, _ flow: Flow) async throws -> Nothing {
        while true {
            let result = try await flow.step("look") { [services] tx in
                try services.look(at: input.onboarding, in: tx)
            }
            if result.isOver { return Nothing() }
            guard let until = result.until else {
                _ = try await flow.signal(Self.look)
                continue
            }
            let now = try await flow.now()
            _ = try await flow.signal(Self.look, timeout: max(Instant(microseconds: until) - now, .zero))
        }
    }
}

extension DeliveryServices {
    /// After how many days without a step the client is reminded, and after how many people are told.
    private static let remindedAfter: [Int64] = [3, 7]
    private static let stalledAfter: Int64 = 10

    fileprivate func look(at id: ID<Onboarding>, in tx: Transaction) throws -> OnboardingWorkflow.StepResult {
        guard let old = try Onboarding.resource.find(id, in: tx), old.status != .cancelled,
            let client = try Client.resource.find(old.clientID, in: tx)
        else { return .init(isOver: true) }
        try tell(client, old, in: tx)
        guard old.isRunning else { return .init(isOver: true) }
        var new = old
        if !new.isWelcomed {
            try welcome(client, new, in: tx)
            new.isWelcomed = true
        }
        let series = try goOn(client, new, in: tx)
        guard let since = new.waitingSince else {
            try tx.onboardings.change(old, to: &new)
            return .init(until: series?.microseconds)
        }
        func day(_ days: Int64) -> Instant { since + .seconds(days * 86_400) }
        while new.reminders < Self.remindedAfter.count, day(Self.remindedAfter[new.reminders]) <= tx.now {
            new.reminders += 1
            try remind(client, new, in: tx)
        }
        if new.status == .active, day(Self.stalledAfter) <= tx.now {
            new.status = .stalled
            try tx.onboardings.change(old, to: &new)
            try tellStalled(new, client, in: tx)
        } else {
            try tx.onboardings.change(old, to: &new)
        }
        let next =
            new.reminders < Self.remindedAfter.count
            ? day(Self.remindedAfter[new.reminders]) : new.status == .active ? day(Self.stalledAfter) : nil
        return .init(until: [next, series].compactMap(\.self).min()?.microseconds)
    }

    private func tellStalled(_ onboarding: Onboarding, _ client: Client, in tx: Transaction) throws {
        try tx.publish("onboarding.stalled", onboarding.subject, onboarding.payload)
        let steps = onboarding.openToClient.map(\.title).joined(separator: ", ")
        try tx.alerts.raise(
            kind: Onboarding.stalledAlert, severity: .warning, subject: onboarding.subject,
            title: Saying(
                "alert.onboarding_stalled",
                ["client": .text(client.name), "days": .number(Int(Self.stalledAfter))]),
            action: Saying("alert.onboarding_stalled_do", ["steps": .text(steps)]))
    }
}
