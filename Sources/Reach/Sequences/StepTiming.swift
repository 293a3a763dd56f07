package import Records
package import Telemetry

/// The time when a step is due: some time after the one before it, and then on the days and in the hours that it
/// allows, in the recipient's time zone; at an hour that they like, where one is known and the step's hours have it.
package struct StepTiming: Sendable {
    package var delay: Duration
    /// 1 is Monday, 7 is Sunday; empty: every day.
    package var weekdays: Set<Int>
    package var window: DayWindow?
    /// The hour of the day, 0 to 23, at which the recipient likes to be written to.
    package var hour: Int?

    package init(delay: Duration, weekdays: Set<Int> = [], window: DayWindow? = nil, hour: Int? = nil) {
        (self.delay, self.weekdays, self.window, self.hour) = (delay, weekdays, window, hour)
    }

    package func due(after base: Instant, in zone: TimeZoneRules) -> Instant {
        fit(delayed(base, in: zone), in: zone)
    }

    /// Returns the liked hour of a moment's day, or that moment where none is liked.
    func atLikedHour(_ moment: Instant, in zone: TimeZoneRules) -> Instant {
        guard let liked else { return moment }
        return zone.firstInstant(atOrAfter: LocalTime(zone.local(of: moment).date, hour: liked, minute: 0))
    }

    /// Whole days are days of the calendar: three days after nine o'clock it is nine o'clock, also where the clocks
    /// have been put forward meanwhile. Where an hour is liked it is that one of the same day, be it earlier.
    private func delayed(_ base: Instant, in zone: TimeZoneRules) -> Instant {
        let day: Int64 = 86_400
        guard delay > .zero, delay.components.attoseconds == 0, delay.components.seconds % day == 0 else {
            return base + delay
        }
        var local = zone.local(of: base)
        let days = Int(delay.components.seconds / day)
        local.date = CivilDate(daysSinceEpoch: local.date.daysSinceEpoch + days)
        if let liked { local = LocalTime(local.date, hour: liked, minute: 0) }
        return zone.firstInstant(atOrAfter: local)
    }

    /// The first moment from `instant` on that is allowed.
    package func fit(_ instant: Instant, in zone: TimeZoneRules) -> Instant {
        guard window != nil || liked != nil || !weekdays.isEmpty else { return instant }
        let today = zone.local(of: instant).date.daysSinceEpoch
        // A window of yesterday may go past midnight; one may fall into an hour that a day does not have.
        for day in (today - 1)...(today + 15) {
            let date = CivilDate(daysSinceEpoch: day)
            guard weekdays.isEmpty || weekdays.contains(date.weekday) else { continue }
            let (start, end) = bounds(on: date, zone)
            let first = max(instant, start)
            if first < end { return first }
        }
        return instant
    }

    /// The liked hour, if the step's hours have it.
    private var liked: Int? {
        guard let hour, let window else { return hour }
        let day = CivilDate(daysSinceEpoch: 0)
        return window.contains(LocalTime(day, hour: hour, minute: 0)) ? hour : nil
    }

    private func bounds(on date: CivilDate, _ zone: TimeZoneRules) -> (start: Instant, end: Instant) {
        var (from, to) = window.map { ($0.startMinute, $0.endMinute) } ?? (0, 0)
        if let liked { (from, to) = (liked * 60, (liked + 1) % 24 * 60) }
        let last = from < to ? date : CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1)
        return (
            zone.firstInstant(atOrAfter: LocalTime(date, hour: from / 60, minute: from % 60)),
            zone.firstInstant(atOrAfter: LocalTime(last, hour: to / 60, minute: to % 60))
        )
    }
}
