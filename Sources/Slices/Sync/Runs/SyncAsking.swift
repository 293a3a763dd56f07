internal import Agents
internal import Integrations
internal import Jobs
internal import Synchronization
internal import Telemetry

/// Asks a service for a run: waits and asks again where the service cannot answer now, and counts how often it was
/// asked.
final class SyncAsking: Sendable {
    /// A pause of the service's that is shorter is waited for here, a longer one without a worker.
    private static let patience: Duration = .seconds(30)
    private static let triesMax = 8
    /// From then on, a service that does not answer fails the run.
    private static let timeMax: Duration = .seconds(12 * 3600)

    private final class Use: Sendable {
        let state: Mutex<(calls: Int, isSlowedDown: Bool)>

        init(_ calls: Int, _ isSlowedDown: Bool) { state = Mutex((calls, isSlowedDown)) }
    }

    private let client: ConnectorClient
    private let startedAt: Instant
    private let now: @Sendable () -> Instant
    private let counts: Use

    init(_ client: ConnectorClient, for run: SyncRun, now: @escaping @Sendable () -> Instant) {
        let counts = Use(run.calls, run.isSlowedDown)
        var client = client
        // One question may take several calls, such as reading a record before it is written.
        client.asked = { counts.state.withLock { $0.calls += 1 } }
        (self.client, self.now, startedAt) = (client, now, run.startedAt ?? now())
        self.counts = counts
    }

    var connector: ConnectorDocument { client.connector }
    /// The number of times that the service was asked, and whether it wanted to be left alone for a while.
    var use: (calls: Int, isSlowedDown: Bool) { counts.state.withLock(\.self) }

    /// Asks; `isFinal` says of which failures whoever asks wants to hear at once.
    func ask<Answer: Sendable>(
        unless isFinal: (ToolFailure) -> Bool = { $0.isAmbiguous },
        _ question: (ConnectorClient) async throws -> Answer
    ) async throws -> Answer {
        var tries = 0
        while true {
            do {
                return try await question(client)
            } catch let failure as ToolFailure where failure.isRetryable && !isFinal(failure) {
                tries += 1
                if failure.code == "rate_limited" { counts.state.withLock { $0.isSlowedDown = true } }
                let backoff = Duration.milliseconds(250 * (1 << min(tries, 7)))
                let pause = max(failure.retryAfter ?? .zero, backoff)
                if now() - startedAt > Self.timeMax { throw failure }
                guard tries < Self.triesMax, pause <= Self.patience else {
                    throw JobSnooze(for: pause, waitingFor: "the service: \(failure.code)")
                }
                await systemWait(until: .steadyClock() + pause)
                try Task.checkCancellation()
            }
        }
    }
}

extension ToolFailure {
    /// Whether a service that was asked to make a record may have done so.
    var mayHaveMade: Bool { isAmbiguous || code == "unavailable" }

    /// Whether it is about the one record: others may well be taken.
    var isOfRecord: Bool {
        isAmbiguous
            || [
                "refused", "not_found", "read_only", "invalid_request", "invalid_answer", "invalid_value",
                "conflict",
            ].contains(code)
    }
}
