internal import Database
package import Messages
internal import Nouns
internal import Records
internal import Telemetry
package import Workflows

/// Takes one enrolment through its sequence. All that is known of it lies in its row; the workflow looks there, does
/// what is due, and sleeps until the next step is, or something comes: its message has left, a task is done, a pause
/// is over.
package struct SequenceWorkflow: Workflow {
    package struct Input: Codable, Sendable { let enrollment: ID<Enrollment> }

    package static let name = "messaging.sequence"
    /// The signal after which it looks again.
    static let look = "look"

    /// The result of one look.
    struct StepResult: Codable, Sendable {
        var isOver = false
        /// The time to wait for, in microseconds; `nil`: the step waits for an event.
        var until: Int64?
    }

    private let walk: SequenceWalk

    package init(_ outbox: Outbox, evidence: [any TextEvidence] = []) {
        walk = SequenceWalk(outbox, evidence)
    }

    package func run(_ input: Input, _ flow: Flow) async throws -> Nothing {
        while true {
            let result = try await flow.step("look") { [walk] tx -> StepResult in
                guard let enrollment = try Enrollment.resource.find(input.enrollment, in: tx) else {
                    return StepResult(isOver: true)
                }
                return try walk.look(at: enrollment, in: tx)
            }
            if result.isOver { return Nothing() }
            guard let until = result.until else {
                _ = try await flow.signal(Self.look)
                continue
            }
            // By the time at which it begins to wait: however long the server was down before, it is due as said.
            let now = try await flow.now()
            _ = try await flow.signal(Self.look, timeout: max(Instant(microseconds: until) - now, .zero))
        }
    }
}
