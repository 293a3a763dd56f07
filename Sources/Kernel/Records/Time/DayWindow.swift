internal import JSON
package import Telemetry

/// A window of every day, in the local time of wherever it is applied. One that ends before it begins goes past
/// midnight; one that ends when it begins lasts all day.
package struct DayWindow: Part {
    package var from = "20:00"
    package var to = "08:00"

    package init() {}
    package init(from: String, to: String) { (self.from, self.to) = (from, to) }

    package static let schema = Schema<DayWindow>(
        "DayWindow",
        [
            .text(
                "from", \.from, max: 5, .required, .about("When the window begins, as HH:MM in local time."),
                .example("20:00")),
            .text("to", \.to, max: 5, .required, .example("08:00")),
        ])

    package var faults: [Fault] {
        [("/from", from), ("/to", to)].filter { Self.minutes($0.1) == nil }.map {
            Fault($0.0, "invalid_time", "\($0.0.pointedMember) must be a time of day, such as 08:30.")
        }
    }

    package func contains(_ local: LocalTime) -> Bool {
        let minute = local.secondsOfDay / 60
        let (start, end) = (startMinute, endMinute)
        return start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    /// Returns the end of the window that `instant` lies in; `instant` itself where it lies in none.
    package func end(around instant: Instant, in zone: TimeZoneRules) -> Instant {
        let local = zone.local(of: instant)
        guard contains(local) else { return instant }
        let end = endMinute
        let endsToday = local.secondsOfDay / 60 < end
        let day = CivilDate(daysSinceEpoch: local.date.daysSinceEpoch + (endsToday ? 0 : 1))
        let over = zone.firstInstant(atOrAfter: LocalTime(day, hour: end / 60, minute: end % 60))
        // In an hour that comes twice, the first time that the clock showed the end may be past already.
        return over > instant ? over : instant + .seconds(end * 60 - local.secondsOfDay)
    }

    /// Minutes since midnight.
    package var startMinute: Int { Self.minutes(from) ?? 0 }
    package var endMinute: Int { Self.minutes(to) ?? 0 }

    /// Minutes since midnight; `nil` for what is no `HH:MM`.
    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
