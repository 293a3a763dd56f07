internal import Agents
internal import Jobs
internal import Telemetry

/// The pause between two looks at a network.
enum NetworkPause {
    /// Looks, and returns the pause until the next look: the usual one, that which the network asks for, a short one
    /// where it may answer soon, or a long rest where it has to be told something first.
    static func after(
        usual: Duration, rest: Duration, _ look: () async throws -> Void
    ) async throws -> Duration {
        do {
            try await look()
            return usual
        } catch let failure as ToolFailure {
            return failure.retryAfter ?? (failure.isRetryable ? .seconds(600) : rest)
        } catch let snooze as JobSnooze {
            return max(snooze.delay, .seconds(1))
        }
    }
}
