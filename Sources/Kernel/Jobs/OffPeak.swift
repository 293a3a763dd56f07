package import Database
package import Records
package import Telemetry

/// The hours in which what is not urgent is done, by a tenant's zone.
package struct OffPeak: Hashable, Sendable {
    package var hours: Range<Int> = 1..<5

    package init() {}

    /// Now when it is quiet, or else the beginning of the next quiet hours.
    package func next(from instant: Instant, in zone: TimeZoneRules) -> Instant {
        let local = zone.local(of: instant)
        if hours.contains(local.secondsOfDay / 3600) { return instant }
        let isPast = local.secondsOfDay / 3600 >= hours.upperBound
        let day = local.date.daysSinceEpoch + (isPast ? 1 : 0)
        return zone.firstInstant(
            atOrAfter: LocalTime(date: CivilDate(daysSinceEpoch: day), secondsOfDay: hours.lowerBound * 3600))
    }
}

package extension JobStore where Base == Transaction {
    /// Stores a job that is not urgent for the tenant's quiet hours. What asks for the same `key` until then is
    /// done by one job.
    @discardableResult
    func enqueueOffPeak<Kind: JobKind>(
        _ kind: Kind.Type, _ payload: Kind.Payload, key: String, in zone: TimeZoneRules
    ) throws -> EnqueuedJob {
        try enqueue(
            kind, payload,
            JobOptions(
                runAt: tx.runtime.configuration.offPeak.next(from: tx.now, in: zone), uniqueKey: key,
                uniqueness: .untilStarted, priority: 90, waitingFor: "the quiet hours"))
    }
}
