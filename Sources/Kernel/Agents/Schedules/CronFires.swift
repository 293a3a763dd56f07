package import Records
package import Telemetry

/// When an expression fires in a time zone: pure functions of the expression, the zone's rules and an
/// instant.
extension Cron {
    /// The first fire after `instant`; `nil` when there is none.
    package func next(after instant: Instant, in zone: TimeZoneRules) -> Instant? {
        followsElapsedTime ? elapsedFire(after: instant, zone) : fixedFire(after: instant, zone)
    }

    /// The next fires after `instant`, at most `count`.
    package func nextFires(_ count: Int, after instant: Instant, in zone: TimeZoneRules) -> [Instant] {
        var fires: [Instant] = []
        var last = instant
        while fires.count < count, let fire = next(after: last, in: zone) {
            fires.append(fire)
            last = fire
        }
        return fires
    }

    /// Civil times in order map to instants in order, so the first one that maps beyond `instant` is it.
    private func fixedFire(after instant: Instant, _ zone: TimeZoneRules) -> Instant? {
        var civil = Int(instant.seconds) + zone.offset(at: instant) + 1
        while let match = firstMatch(from: civil) {
            let fire = zone.firstInstant(atOrAfter: LocalTime(civilSecond: match))
            if fire > instant { return fire }
            civil = match + 1
        }
        return nil
    }

    /// Searches one stretch of constant offset after the other.
    private func elapsedFire(after instant: Instant, _ zone: TimeZoneRules) -> Instant? {
        var cursor = Instant(seconds: instant.seconds + 1)
        while true {
            let offset = zone.offset(at: cursor)
            guard let match = firstMatch(from: Int(cursor.seconds) + offset) else { return nil }
            let fire = Instant(seconds: Int64(match - offset))
            guard let change = zone.nextTransition(after: cursor), change <= fire else { return fire }
            cursor = change
        }
    }
}

extension LocalTime {
    /// From seconds since 1970, counted as if the wall hung at UTC.
    fileprivate init(civilSecond: Int) {
        let day = civilSecond.dividedDown(by: 86_400)
        self.init(date: CivilDate(daysSinceEpoch: day), secondsOfDay: civilSecond - day * 86_400)
    }
}
