package import HTTPServer
package import Records
internal import Synchronization
package import Telemetry

/// The generic cell rate algorithm (ITU-T I.371): requests are spaced evenly, with a burst allowed.
/// Holds one number: when the next request would be due if all came evenly spaced.
package final class Limiter: Sendable {
    private let due = Atomic<Int64>(0)
    /// The least that a clock is set back by, in microseconds: requests that come together are less apart.
    private static let setBackMin: Int64 = 60_000_000

    package init() {}

    package struct Verdict: Sendable {
        package let isAllowed: Bool
        let remaining: Int
        /// Seconds until the whole burst is free again.
        let reset: Int64
        /// Seconds until the next request is let in.
        package let retryAfter: Int64
    }

    package func take(_ allowance: Allowance, now: Instant) -> Verdict {
        var seen = due.load(ordering: .relaxed)
        while true {
            // A clock that was set back would refuse everything until it shows again what it did: all begin anew.
            let isSetBack = seen - now.microseconds > allowance.tolerance + Self.setBackMin
            let start = isSetBack ? now.microseconds : max(seen, now.microseconds)
            let isAllowed = start + allowance.spacing - now.microseconds <= allowance.tolerance
            let next = isAllowed ? start + allowance.spacing : start
            if isAllowed {
                let (exchanged, current) = due.weakCompareExchange(
                    expected: seen, desired: next, ordering: .relaxed)
                guard exchanged else {
                    seen = current
                    continue
                }
            }
            let ahead = next - now.microseconds
            return Verdict(
                isAllowed: isAllowed,
                remaining: Int(max(0, (allowance.tolerance - ahead) / allowance.spacing)),
                reset: (ahead + 999_999) / 1_000_000,
                retryAfter: isAllowed
                    ? 0 : max(1, (ahead + allowance.spacing - allowance.tolerance + 999_999) / 1_000_000))
        }
    }
}

/// The number of requests allowed a minute and at once; a burst is never larger than what a minute allows.
package struct Allowance: Sendable {
    let perMinute: Int
    let burst: Int
    /// Microseconds from one request to the next.
    let spacing: Int64
    /// Microseconds that requests may run ahead.
    let tolerance: Int64

    package init(perMinute: Int, burst: Int) {
        self.perMinute = perMinute
        self.burst = max(1, min(burst, perMinute))
        spacing = max(1, 60_000_000 / Int64(max(1, perMinute)))
        tolerance = spacing * Int64(self.burst)
    }
}

/// A limiter for each of many: addresses, people who type.
package final class Limiters<Key: Hashable & Sendable>: Sendable {
    private let allowance: Allowance
    /// More are forgotten, which lets everybody begin anew.
    private let keptMax: Int
    private let limiters = Mutex<[Key: Limiter]>([:])

    package convenience init(perMinute: Int, burst: Int, keptMax: Int = 100_000) {
        self.init(Allowance(perMinute: perMinute, burst: burst), keptMax: keptMax)
    }

    init(_ allowance: Allowance, keptMax: Int = 100_000) {
        (self.allowance, self.keptMax) = (allowance, keptMax)
    }

    func verdict(_ key: Key, now: Instant) -> Limiter.Verdict {
        let limiter = limiters.withLock { limiters in
            if limiters.count > keptMax { limiters.removeAll() }
            if let known = limiters[key] { return known }
            let new = Limiter()
            limiters[key] = new
            return new
        }
        return limiter.take(allowance, now: now)
    }

    /// Returns whether it may, which counts when it does.
    package func allows(_ key: Key, now: Instant) -> Bool { verdict(key, now: now).isAllowed }

    /// Throws 429 for one that came too often.
    package func take(_ key: Key, now: Instant) throws(Problem) {
        let verdict = verdict(key, now: now)
        if !verdict.isAllowed { throw .rateLimited(after: verdict.retryAfter) }
    }
}

/// Limits what comes from one address without a credential. IPv6 subscribers are counted by their /64.
package final class AddressLimiter: Sendable {
    private let limiters: Limiters<AddressRange>

    package convenience init(perMinute: Int) { self.init(Allowance(perMinute: perMinute, burst: perMinute)) }

    init(_ allowance: Allowance) { limiters = Limiters(allowance) }

    func verdict(_ address: RemoteAddress, now: Instant) -> Limiter.Verdict {
        limiters.verdict(address.subscriber, now: now)
    }

    /// Throws 429 when the address has come too often.
    package func take(_ address: RemoteAddress, now: Instant) throws(Problem) {
        try limiters.take(address.subscriber, now: now)
    }
}

extension Problem {
    package static func rateLimited(after seconds: Int64) -> Problem {
        Problem(.rateLimited, "You have sent too many requests: wait \(seconds) s.").with(
            header: "Retry-After", String(seconds))
    }
}
