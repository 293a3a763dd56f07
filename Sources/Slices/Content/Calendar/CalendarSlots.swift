internal import Nouns
internal import Records
internal import Telemetry

/// A day on which something is to be told, as a rule says.
struct CalendarSlot: Hashable, Sendable {
    let date: CivilDate
    let rule: ID<CalendarRule>
    let scope: CalendarRule.Scope
    let type: ContentItem.Kind
    let theme: String
    let audience: Distribution.Audience
}

/// The slots that follow from rules.
struct CalendarSlots: Sendable {
    let rules: [CalendarRule]
    /// Whether a fifth week has what the fourth has, where no rule says otherwise.
    let repeatsFourthWeek: Bool

    /// The slots from one day through another, in the order of their days.
    func from(_ first: CivilDate, through last: CivilDate) -> [CalendarSlot] {
        let enabled = rules.filter(\.isEnabled)
        var slots: [CalendarSlot] = []
        var month = CivilDate(year: first.year, month: first.month, day: 1)
        while month <= last {
            for rule in enabled { slots += days(of: rule, in: month).map { slot($0, rule) } }
            if repeatsFourthWeek, !enabled.contains(where: { $0.scope == .monthly && $0.week == 5 }) {
                for rule in enabled where rule.scope == .monthly && rule.week == 4 {
                    if let date = Self.workingDay(ofWeek: 5, in: month) { slots.append(slot(date, rule)) }
                }
            }
            month = month.nextMonth
        }
        let order = CalendarRule.Scope.allCases
        return slots.filter { first <= $0.date && $0.date <= last }.sorted { one, other in
            if one.date != other.date { return one.date < other.date }
            let places = (order.firstIndex(of: one.scope) ?? 0, order.firstIndex(of: other.scope) ?? 0)
            return places.0 == places.1 ? one.rule.text < other.rule.text : places.0 < places.1
        }
    }

    private func slot(_ date: CivilDate, _ rule: CalendarRule) -> CalendarSlot {
        CalendarSlot(
            date: date, rule: rule.id, scope: rule.scope, type: rule.type, theme: rule.theme,
            audience: rule.audience)
    }

    /// The days of a rule in a month, which is named by its first day.
    private func days(of rule: CalendarRule, in month: CivilDate) -> [CivilDate] {
        switch rule.scope {
        case .weekly: return month.days.filter { $0.weekday == rule.weekday }
        case .monthly:
            return [rule.week.flatMap { Self.workingDay(ofWeek: $0, in: month) }].compactMap(\.self)
        case .seasonal:
            guard month.month % 3 == 1, month.month / 3 + 1 == rule.quarter else { return [] }
        case .campaign:
            guard month.month == rule.month else { return [] }
        }
        let fits = month.days.first { day in rule.weekday.map { $0 == day.weekday } ?? (day.weekday < 6) }
        return [fits].compactMap(\.self)
    }

    /// The first working day among the days 7n−6 to 7n; the fifth week has what is left of the month.
    private static func workingDay(ofWeek week: Int, in month: CivilDate) -> CivilDate? {
        month.days.first { ($0.day - 1) / 7 + 1 == week && $0.weekday < 6 }
    }
}

extension CivilDate {
    fileprivate var nextMonth: CivilDate {
        month == 12
            ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
    }

    /// The days of its month.
    fileprivate var days: [CivilDate] {
        (1...CivilDate.daysInMonth(month, year: year)).map { CivilDate(year: year, month: month, day: $0) }
    }
}
