internal import Telemetry

/// Exponential backoff with full jitter: the n-th failure waits a random time between nothing and
/// `min(cap, base · 2ⁿ⁻¹)`, so that what failed together does not come back together.
package struct RetryPolicy: Hashable, Sendable {
    package var base: Duration, cap: Duration

    package init(base: Duration = .seconds(1), cap: Duration = .seconds(3600)) {
        (self.base, self.cap) = (base, cap)
    }

    package func delay(afterAttempt attempt: Int, using random: inout some RandomNumberGenerator) -> Duration
    {
        let exponent = min(max(attempt - 1, 0), 40)
        let (product, overflows) = base.microseconds.multipliedReportingOverflow(by: 1 << exponent)
        let ceiling = overflows ? cap.microseconds : min(product, cap.microseconds)
        return .microseconds(Int64.random(in: 0...max(ceiling, 0), using: &random))
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and the same sequence for a seed everywhere.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
