internal import Integrations
internal import Telemetry

/// The patience with an entry that a service has neither clearly taken nor clearly refused.
struct HistoryPatience {
    /// After so long without an answer that says what became of it an entry is given up.
    static let timeMax: Duration = .seconds(12 * 3600)
    private static let pauseMax: Duration = .seconds(600)

    /// When it was handed over first, and when last.
    let tried: Instant, asked: Instant
    /// Whether the last call has ended: where nobody knows, it may still be under way.
    let hasEnded: Bool

    /// Returns when it may be looked for and handed over once more: what a service does not take keeps it busy ever
    /// more seldom. `lag`: for so long a service may not find what it has.
    func next(lag: Duration) -> Instant {
        let pause = min((asked - tried) / 4, Self.pauseMax)
        return asked + max(lag, pause, hasEnded ? .zero : IntegrationServices.deadline)
    }

    /// Returns for how long a service is left alone that has failed to take an entry. `open`: so many others are in
    /// doubt.
    static func pause(open: Int) -> Duration {
        open == 0 ? .seconds(2) : min(.seconds(15) * (1 << min(open, 8)), pauseMax)
    }

    /// Whether it was tried for long enough; time in which nobody tried does not count.
    var isOver: Bool { asked - tried >= Self.timeMax }
}

extension SyncNote {
    /// `nil`: it was not handed over yet.
    var patience: HistoryPatience? {
        askedAt.map { HistoryPatience(tried: triedAt ?? $0, asked: $0, hasEnded: code != nil) }
    }
}
