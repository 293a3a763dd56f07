internal import Jobs
internal import Records
internal import Synchronization
internal import Telemetry

/// Leaves LinkedIn alone for a time once it has refused a request as one too many. It says nowhere how much
/// is left of a day, which ends at midnight by UTC: a first refusal may be one of a busy minute, and is tried
/// again after it.
final class LinkedInRefusals: Sendable {
    private static let rest: Duration = .seconds(60), memory: Duration = .seconds(600)

    private let last = Mutex<[String: Instant]>([:])

    func pause(for author: String, at now: Instant) -> Duration {
        let isSecond = last.withLock { last in
            last = last.filter { now - $0.value < Self.memory }
            return last.updateValue(now, forKey: author) != nil
        }
        return isSecond ? TimeSpan.day.bounds(around: now, .utc).end - now : Self.rest
    }
}
