internal import Records
package import Telemetry

/// The way in which the calls that a limit allows are let through within its window; each is an algorithm.
package enum Pacing: String, CaseIterable, Sendable, Choice {
    case spread, burst, bucket

    package var algorithm: any PacingAlgorithm {
        switch self {
        case .spread: SpreadPacing()
        case .burst: BurstPacing()
        case .bucket: BucketPacing()
        }
    }
}

/// A limit in its present window.
package struct PacedWindow: Hashable, Sendable {
    package let limit: Int
    package let start: Instant, end: Instant

    package init(limit: Int, from start: Instant, to end: Instant) {
        (self.limit, self.start, self.end) = (limit, start, end)
    }

    /// The time of the window that is one call's share.
    package var share: Duration { .microseconds((end - start).microseconds / Int64(max(1, limit))) }
}

/// Says when calls go while their limit still has room for them. An algorithm keeps nothing itself.
package protocol PacingAlgorithm: Sendable {
    /// Whether it goes by when calls were made, which is then kept for it as one moment.
    var hasMemory: Bool { get }
    /// When the next call may go, at once where that is not later than now. `used`: calls that were made in the window;
    /// `ahead`: those that wait for a turn already; `kept`: what `keep` answered with the last call.
    func next(used: Int, ahead: Int, kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant
    /// Returns what is to be kept now that a call goes.
    func keep(_ kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant
}

extension PacingAlgorithm {
    package var hasMemory: Bool { false }
    package func keep(_ kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant { now }
}

/// At once until 80 %; then each call at its share of the window, so that something is left for what comes late.
struct SpreadPacing: PacingAlgorithm {
    func next(used: Int, ahead: Int, kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant {
        let taken = used + ahead
        // Of less than five there is nothing to spread.
        guard window.limit >= 5, taken * 10 >= window.limit * 8 else { return window.start }
        return window.start + .microseconds(window.share.microseconds * Int64(taken))
    }
}

/// At once until the limit is reached.
struct BurstPacing: PacingAlgorithm {
    func next(used: Int, ahead: Int, kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant {
        window.start
    }
}

/// A bucket that refills evenly and holds a tenth of the limit: what was not used is saved up to that. What is kept is
/// the moment at which it will be full again.
struct BucketPacing: PacingAlgorithm {
    let hasMemory = true

    func next(used: Int, ahead: Int, kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant {
        let full = max(kept ?? now, now)
        let held = max(1, window.limit / 10)
        // With this call, and those ahead of it, it must not be further from full than it holds.
        let lack = Int64(ahead + 1 - held)
        return full + .microseconds(window.share.microseconds * lack)
    }

    func keep(_ kept: Instant?, in window: PacedWindow, at now: Instant) -> Instant {
        max(kept ?? now, now) + window.share
    }
}
