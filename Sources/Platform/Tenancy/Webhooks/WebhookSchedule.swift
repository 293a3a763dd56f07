internal import Jobs
internal import Telemetry

/// When a delivery is tried again: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each a little
/// more or less, so that what failed together does not come back together. Some three days in all.
enum WebhookSchedule {
    static let pauses: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]
    static let attemptsMax = pauses.count + 1
    /// An endpoint that has only failed for so long is switched off.
    static let patience: Duration = .seconds(5 * 86_400)
    private static let askedMax: Duration = .seconds(86_400)

    /// The pause after the given number of attempts; `nil` after the last. What the endpoint asks for counts
    /// where it is longer. `name` decides the little more or less.
    static func pause(after attempts: Int, asked: Duration?, name: String) -> Duration? {
        guard attempts < attemptsMax else { return nil }
        var random = SeededRandom(
            seed: name.utf8.reduce(UInt64(attempts)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        let permille = Int64.random(in: 900...1100, using: &random)
        let pause = Duration.microseconds(pauses[attempts - 1].microseconds / 1000 * permille)
        return max(pause, min(asked ?? .zero, askedMax))
    }
}
