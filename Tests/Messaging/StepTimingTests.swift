import Records
import Telemetry
import Testing

@testable import Sequences

private let berlin = TimeZoneRules(named: "Europe/Berlin")!
private let newYork = TimeZoneRules(named: "America/New_York")!

private func due(_ timing: StepTiming, _ base: String, _ zone: TimeZoneRules) -> String {
    timing.due(after: Instant(base)!, in: zone).description
}

private func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }

struct StepTimings {
    private let office = DayWindow(from: "09:00", to: "17:00")
    private let workdays: Set<Int> = [1, 2, 3, 4, 5]

    @Test func `whole days keep the hour, also where the clocks were put forward or back meanwhile`() {
        let timing = StepTiming(delay: days(3))
        // 2027-03-28 and 2027-10-31 in Berlin.
        #expect(due(timing, "2027-03-26T08:00:00Z", berlin) == "2027-03-29T07:00:00.000Z")
        #expect(due(timing, "2027-10-29T07:00:00Z", berlin) == "2027-11-01T08:00:00.000Z")
        #expect(due(timing, "2027-06-01T07:00:00Z", berlin) == "2027-06-04T07:00:00.000Z")
        // Hours are hours.
        #expect(
            due(StepTiming(delay: .seconds(36 * 3600)), "2027-03-27T08:00:00Z", berlin)
                == "2027-03-28T20:00:00.000Z")
        #expect(due(StepTiming(delay: .zero), "2027-03-27T08:00:00Z", berlin) == "2027-03-27T08:00:00.000Z")
    }

    @Test func `whole days end at the hour that somebody likes, and all else at the next one`() {
        let liked = StepTiming(delay: days(3), hour: 16)
        #expect(due(liked, "2027-01-04T09:00:00Z", .utc) == "2027-01-07T16:00:00.000Z")
        #expect(
            due(StepTiming(delay: days(1), hour: 8), "2027-01-04T09:00:00Z", .utc)
                == "2027-01-05T08:00:00.000Z")
        #expect(
            due(StepTiming(delay: .zero, hour: 8), "2027-01-04T09:00:00Z", .utc) == "2027-01-05T08:00:00.000Z"
        )
        #expect(
            due(StepTiming(delay: .zero, hour: 9), "2027-01-04T09:20:00Z", .utc) == "2027-01-04T09:20:00.000Z"
        )
        #expect(
            due(StepTiming(delay: days(1), hour: 23), "2027-01-04T22:00:00Z", berlin)
                == "2027-01-05T22:00:00.000Z")
        let planned = StepTiming(delay: days(3), hour: 8).atLikedHour(
            Instant("2027-01-07T09:00:00Z")!, in: .utc)
        #expect(planned.description == "2027-01-07T08:00:00.000Z", "the day stays the same")
        // The step's own hours and days hold.
        let late = StepTiming(delay: days(1), window: office, hour: 20)
        #expect(due(late, "2027-01-04T08:30:00Z", .utc) == "2027-01-05T09:00:00.000Z")
        let inside = StepTiming(delay: days(1), weekdays: workdays, window: office, hour: 11)
        #expect(due(inside, "2027-01-08T10:00:00Z", .utc) == "2027-01-11T11:00:00.000Z")
    }

    @Test func `an hour that a day does not have is the first one after it`() {
        // 02:30 on 2027-03-14 is left out in New York.
        #expect(
            due(StepTiming(delay: days(1)), "2027-03-13T07:30:00Z", newYork) == "2027-03-14T07:00:00.000Z")
        let inTheGap = StepTiming(delay: .zero, window: DayWindow(from: "02:00", to: "03:00"))
        #expect(due(inTheGap, "2027-03-14T05:00:00Z", newYork) == "2027-03-15T06:00:00.000Z")
    }

    @Test func `a window and weekdays are those of the reader`() {
        let timing = StepTiming(delay: .zero, weekdays: workdays, window: office)
        // A Friday evening, and a Saturday: Monday morning.
        #expect(due(timing, "2027-01-08T16:30:00Z", berlin) == "2027-01-11T08:00:00.000Z")
        #expect(due(timing, "2027-01-09T10:00:00Z", berlin) == "2027-01-11T08:00:00.000Z")
        // That moment is still working time in New York.
        #expect(due(timing, "2027-01-08T16:30:00Z", newYork) == "2027-01-08T16:30:00.000Z")
        #expect(due(timing, "2027-01-08T12:00:00Z", newYork) == "2027-01-08T14:00:00.000Z")
        // The last moment of the window is not in it.
        #expect(due(timing, "2027-01-07T16:00:00Z", berlin) == "2027-01-08T08:00:00.000Z")
        #expect(due(timing, "2027-01-07T15:59:59Z", berlin) == "2027-01-07T15:59:59.000Z")
    }

    @Test func `a window past midnight belongs to the day on which it begins`() {
        let fridays = StepTiming(delay: .zero, weekdays: [5], window: DayWindow(from: "22:00", to: "02:00"))
        #expect(due(fridays, "2027-01-09T00:30:00Z", .utc) == "2027-01-09T00:30:00.000Z")
        #expect(due(fridays, "2027-01-09T02:00:00Z", .utc) == "2027-01-15T22:00:00.000Z")
        #expect(due(fridays, "2027-01-08T01:00:00Z", .utc) == "2027-01-08T22:00:00.000Z")
    }

    @Test func `one day a week is found from any hour of any week`() {
        let sundays = StepTiming(delay: .zero, weekdays: [7])
        var instant = Instant("2027-03-01T00:00:00Z")!
        for _ in 0..<(24 * 60) {
            let due = sundays.due(after: instant, in: berlin)
            #expect(berlin.local(of: due).date.weekday == 7 && due >= instant)
            #expect(due - instant < .seconds(7 * 86_400 + 3600))
            instant = instant + .seconds(3600)
        }
    }
}
