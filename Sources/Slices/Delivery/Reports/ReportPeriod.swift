internal import Telemetry
internal import Records

/// The days that a report is about.
struct ReportPeriod: Hashable {
    let first: CivilDate, last: CivilDate

    /// The last one of that kind that is over; of none of them, the last thirty days.
    init(lastOf kind: Report.Kind, before today: CivilDate) {
        switch kind {
        case .weekly:
            let monday = today.adding(days: 1 - today.weekday)
            (first, last) = (monday.adding(days: -7), monday.adding(days: -1))
        case .monthly:
            let begin = CivilDate(year: today.year, month: today.month, day: 1)
            (first, last) = (begin.adding(months: -1), begin.adding(days: -1))
        case .quarterly:
            let begin = CivilDate(year: today.year, month: (today.month - 1) / 3 * 3 + 1, day: 1)
            (first, last) = (begin.adding(months: -3), begin.adding(days: -1))
        case .adhoc:
            (first, last) = (today.adding(days: -30), today.adding(days: -1))
        }
    }

    init(_ first: CivilDate, _ last: CivilDate) { (self.first, self.last) = (first, last) }

    /// As many days, just before; of whole months as many months.
    var before: ReportPeriod {
        let end = last.adding(days: 1)
        if first.day == 1, end.day == 1 {
            let months = (end.year - first.year) * 12 + end.month - first.month
            return ReportPeriod(first.adding(months: -months), first.adding(days: -1))
        }
        let days = last.daysSinceEpoch - first.daysSinceEpoch + 1
        return ReportPeriod(first.adding(days: -days), first.adding(days: -1))
    }

    /// When it begins, and when what comes after it does.
    func instants(in zone: TimeZoneRules) -> (start: Instant, end: Instant) {
        (
            zone.firstInstant(atOrAfter: LocalTime(first, hour: 0)),
            zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0))
        )
    }
}

extension CivilDate {
    /// Of first days of months.
    fileprivate func adding(months: Int) -> CivilDate {
        let all = year * 12 + month - 1 + months
        return CivilDate(year: all / 12, month: all % 12 + 1, day: 1)
    }
}
