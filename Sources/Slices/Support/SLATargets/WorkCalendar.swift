internal import Database
internal import Records
internal import Telemetry
internal import Tenancy

/// The time that counts: all of it, or the agency's business hours by its own clocks.
struct WorkCalendar: Sendable {
    /// `nil`: all time counts.
    private let week: (hours: BusinessHours, weekdays: Set<Int>, start: Int, end: Int)?
    private let zone: TimeZoneRules

    /// Days that are looked through at most: a week with a single hour in it reaches far enough.
    private static let daysMax = 4000

    init(_ hours: BusinessHours?, in zone: TimeZoneRules) {
        self.zone = zone
        guard let hours, !hours.weekdays.isEmpty else {
            week = nil
            return
        }
        let window = hours.window
        // A window that ends before it begins goes on until midnight and beyond.
        let end = window.endMinute > window.startMinute ? window.endMinute : window.endMinute + 1440
        week = (hours, Set(hours.weekdays), window.startMinute, end)
    }

    static let always = WorkCalendar(nil, in: .utc)

    /// When so much counted time has passed since `start`.
    func add(_ duration: Duration, to start: Instant) -> Instant {
        guard week != nil else { return start + duration }
        var left = duration, last = start
        for window in windows(from: start) {
            let begin = max(window.lowerBound, start), length = window.upperBound - begin
            last = window.upperBound
            guard length > .zero else { continue }
            if left <= length { return begin + left }
            left -= length
        }
        return last
    }

    /// Returns the counted time between two instants.
    func elapsed(from start: Instant, to end: Instant) -> Duration {
        guard end > start else { return .zero }
        guard week != nil else { return end - start }
        var total = Duration.zero
        for window in windows(from: start) {
            guard window.lowerBound < end else { break }
            let length = min(window.upperBound, end) - max(window.lowerBound, start)
            if length > .zero { total += length }
        }
        return total
    }

    /// The windows of the days from the one before `start`, which may reach past midnight.
    private func windows(from start: Instant) -> some Sequence<Range<Instant>> {
        let first = zone.local(of: start).date.daysSinceEpoch - 1, zone = zone
        return (0..<Self.daysMax).lazy.compactMap { [week] offset -> Range<Instant>? in
            let date = CivilDate(daysSinceEpoch: first + offset)
            guard let week, week.weekdays.contains(date.weekday), !week.hours.isHoliday(date) else {
                return nil
            }
            func instant(_ minute: Int) -> Instant {
                zone.firstInstant(
                    atOrAfter: LocalTime(
                        CivilDate(daysSinceEpoch: first + offset + minute / 1440), hour: minute % 1440 / 60,
                        minute: minute % 60))
            }
            let (begin, end) = (instant(week.start), instant(week.end))
            return begin < end ? begin..<end : nil
        }
    }
}

extension SLATargetStore {
    /// The agency's, as its settings stand.
    func workCalendar(_ hours: SLAPolicy.Hours) throws -> WorkCalendar {
        guard hours == .business else { return .always }
        let tenant = try tx.agency.tenant()
        return WorkCalendar(
            tenant.businessHours ?? BusinessHours(), in: TimeZoneRules(named: tenant.timeZone) ?? .utc)
    }
}
