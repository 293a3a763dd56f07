import JSON
import Records
import Telemetry
import Testing

@testable import Tenancy

@Suite struct NotificationPreferencesTests {
    private let zone = TimeZoneRules.utc
    /// A Monday.
    private let monday = CivilDate(daysSinceEpoch: 20_458)

    private func instant(_ days: Int, _ hour: Int, _ minute: Int = 0) -> Instant {
        zone.firstInstant(
            atOrAfter: LocalTime(
                date: monday.adding(days: days), secondsOfDay: hour * 3600 + minute * 60))
    }

    private func onDuty(_ days: JSON = [1, 2, 3, 4, 5]) -> NotificationPreferences {
        var hours = BusinessHours(), preferences = NotificationPreferences()
        hours.days = days
        preferences.dutyHours = hours
        return preferences
    }

    @Test func `whoever has no hours is reached at once`() {
        #expect(NotificationPreferences().reachable(from: instant(5, 3), in: zone) == instant(5, 3))
    }

    @Test(arguments: [
        (0, 10, 0, 10), (0, 8, 0, 9), (0, 17, 1, 9), (0, 20, 1, 9), (4, 17, 7, 9), (5, 12, 7, 9),
        (6, 23, 7, 9), (4, 16, 4, 16),
    ])
    func `off duty it waits for the next hour of duty`(
        _ day: Int, _ hour: Int, _ wantedDay: Int, _ wantedHour: Int
    ) {
        let found = onDuty().reachable(from: instant(day, hour), in: zone)
        #expect(found == instant(wantedDay, wantedHour))
    }

    @Test func `who works one day a week is reached on that day, the next week too`() {
        let mondays = onDuty([1])
        #expect(mondays.reachable(from: instant(0, 18), in: zone) == instant(7, 9))
        #expect(mondays.reachable(from: instant(1, 10), in: zone) == instant(7, 9))
    }

    @Test func `quiet comes before duty`() {
        var preferences = onDuty()
        preferences.quietUntil = instant(1, 12)
        #expect(preferences.reachable(from: instant(0, 10), in: zone) == instant(1, 12))
        preferences.quietUntil = instant(1, 19)
        #expect(preferences.reachable(from: instant(0, 10), in: zone) == instant(2, 9))
        preferences.dutyHours = nil
        #expect(preferences.reachable(from: instant(0, 10), in: zone) == instant(1, 19))
    }

    @Test func `a merge patch changes what it names, and says every fault`() throws {
        let changed = try onDuty().patched(with: ["mail": "never"])
        #expect(changed.mail == .never && changed.dutyHours != nil)
        #expect(try changed.patched(with: ["duty_hours": nil]).dutyHours == nil)
        #expect(throws: Problem.self) { try changed.patched(with: ["colour": "red"]) }
        #expect(throws: Problem.self) {
            try changed.patched(with: ["duty_hours": ["from": "9", "to": "17:00"]])
        }
    }
}
