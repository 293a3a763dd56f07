internal import Database
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The days on which content for fresh leads leaves: those that have a slot for them. Their touches are close enough
/// already; what is late does not come in between.
struct ContentDays: Sendable {
    private let slots: CalendarSlots
    private let zone: TimeZoneRules

    /// The number of days ahead in which the next such day is looked for.
    private static let ahead = 35

    init(_ slots: CalendarSlots, _ zone: TimeZoneRules) { (self.slots, self.zone) = (slots, zone) }

    /// Returns the same time of the day on the first such day that is not past; where there is none, the moment itself.
    func fit(_ moment: Instant) -> Instant {
        let local = zone.local(of: moment)
        guard let day = next(local.date), day > local.date else { return moment }
        return zone.firstInstant(atOrAfter: LocalTime(date: day, secondsOfDay: local.secondsOfDay))
    }

    /// Returns when the next such day begins; `nil` where it is one, or there is none.
    func begin(after moment: Instant) -> Instant? {
        let today = zone.local(of: moment).date
        guard let day = next(today), day > today else { return nil }
        return zone.firstInstant(atOrAfter: LocalTime(day, hour: 0))
    }

    private func next(_ date: CivilDate) -> CivilDate? {
        slots.from(date, through: date.adding(days: Self.ahead)).first { $0.audience == .fresh }?.date
    }
}

extension CalendarStore {
    /// Returns the days on which a distribution may leave; `nil`: on all of them.
    func days(of distribution: Distribution) throws -> ContentDays? {
        guard distribution.audience == .fresh else { return nil }
        return ContentDays(try slots(), try tx.agency.zone())
    }
}
