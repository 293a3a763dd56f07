package import Telemetry

extension CivilDate {
    /// Returns the same day of a later month, or that month's last.
    package func later(byMonths months: Int) -> CivilDate {
        let all = year * 12 + month - 1 + months
        let (year, month) = (all / 12, all % 12 + 1)
        return CivilDate(
            year: year, month: month, day: min(day, CivilDate.daysInMonth(month, year: year)))
    }
}
