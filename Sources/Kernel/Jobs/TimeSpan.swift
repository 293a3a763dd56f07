package import Records
package import Telemetry

/// A stretch of the calendar that quotas and budgets are counted by.
package enum TimeSpan: String, CaseIterable, Sendable, Choice {
    case minute, hour, day, month

    /// The one that holds the instant, from its first moment to that of the next. Days and months are those of the
    /// zone's clocks, and so now and then an hour longer or shorter.
    package func bounds(around instant: Instant, _ zone: TimeZoneRules) -> (start: Instant, end: Instant) {
        switch self {
        case .minute, .hour:
            let length: Int64 = self == .minute ? 60 : 3600
            // The hours of a zone need not begin with those of UTC.
            let offset = Int64(zone.offset(at: instant))
            let start = (instant.seconds + offset).dividedDown(by: length) * length - offset
            return (Instant(seconds: start), Instant(seconds: start + length))
        case .day:
            let today = zone.local(of: instant).date
            return (
                zone.firstInstant(atOrAfter: LocalTime(today, hour: 0)),
                zone.firstInstant(
                    atOrAfter: LocalTime(CivilDate(daysSinceEpoch: today.daysSinceEpoch + 1), hour: 0))
            )
        case .month:
            let today = zone.local(of: instant).date
            let (year, month) = today.month == 12 ? (today.year + 1, 1) : (today.year, today.month + 1)
            return (
                zone.firstInstant(
                    atOrAfter: LocalTime(CivilDate(year: today.year, month: today.month, day: 1), hour: 0)),
                zone.firstInstant(atOrAfter: LocalTime(CivilDate(year: year, month: month, day: 1), hour: 0))
            )
        }
    }
}
