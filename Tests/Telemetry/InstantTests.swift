import Telemetry
import Testing

@Suite struct InstantTests {
    @Test func `a time of days ends with the full hour, so that no run at the same hour comes too early`()
        throws
    {
        let asked = try #require(Instant("2026-11-20T02:00:00.500Z"))
        let end = asked.end(of: .seconds(14 * 86_400))
        #expect(end.description == "2026-12-04T02:00:00.000Z")
        // The run of that night begins half a second earlier than the question did.
        #expect(end <= asked + .seconds(14 * 86_400) - .milliseconds(500))
        let late = try #require(Instant("2026-11-20T02:59:59.999Z"))
        #expect(late.end(of: .seconds(86_400)).description == "2026-11-21T02:00:00.000Z")
        #expect(asked.end(of: .seconds(86_399)) == asked + .seconds(86_399), "shorter ones are exact")
        #expect(Instant(seconds: -1).end(of: .seconds(86_400)).description == "1970-01-01T23:00:00.000Z")
    }

    @Test func `a moment that no calendar has is the last or the first that one has`() {
        for late in [Instant(seconds: .max), Instant(milliseconds: .max)] {
            #expect(late.description == "9999-12-31T23:59:59.999Z")
        }
        #expect(Instant(seconds: .min).description == "0001-01-01T00:00:00.000Z")
        #expect(Instant(milliseconds: -1500) == Instant(microseconds: -1_500_000))
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2026-11-20T06:15:29.123Z", 1_795_155_329_123_000),
            ("1969-12-31T23:59:59.999Z", -1000), ("0001-01-01T00:00:00.000Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999_000),
            ("2000-02-29T00:00:00.000Z", 951_782_400_000_000),
            ("1900-03-01T00:00:00.000Z", -2_203_891_200_000_000),
            ("2024-02-29T12:00:00.000Z", 1_709_208_000_000_000),
        ] as [(String, Int64)])
    func `an instant is written and read`(text: String, microseconds: Int64) {
        #expect(Instant(microseconds: microseconds).description == text)
        #expect(Instant(text)?.microseconds == microseconds)
    }

    @Test(
        arguments: [
            ("2026-11-20T06:15:29Z", 0), ("2026-11-20t06:15:29z", 0), ("2026-11-20T08:15:29+02:00", 0),
            ("2026-11-20T00:45:29-05:30", 0), ("2026-11-20T06:15:29+00:00", 0),
            ("2026-11-20T06:15:29-00:00", 0),
            ("2026-11-20T06:15:29.5Z", 500_000), ("2026-11-20T06:15:29.000001Z", 1),
            ("2026-11-20T06:15:29.123456789Z", 123_456), ("2026-11-21T06:14:29+23:59", 0),
        ] as [(String, Int64)])
    func `offsets and fractions are read`(text: String, microseconds: Int64) {
        #expect(Instant(text)?.microseconds == 1_795_155_329_000_000 + microseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-20", "2026-11-20T06:15", "2026-11-20T06:15:29", "2026-11-20 06:15:29Z",
        "2026-11-20T06:15:29Z ", " 2026-11-20T06:15:29Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-11-20T24:00:00Z", "2026-11-20T00:60:00Z", "2026-11-20T00:00:60Z", "2026-11-20T00:00:00.Z",
        "2026-11-20T00:00:00.1234567890Z", "2026-11-20T00:00:00+24:00", "2026-11-20T00:00:00+0100",
        "2026-11-20T00:00:00+01:60", "2026-11-20T00:00:00+1:00", "0000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "12026-11-20T00:00:00Z", "2026-11-20T0٠:00:00Z", "2026-1a-20T00:00:00Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func `other text is no instant`(text: String) { #expect(Instant(text) == nil) }

    @Test(arguments: [Int64.min, .min + 1, -62_135_596_800_000_001, 253_402_300_800_000_000, .max])
    func `an instant outside the years 1 to 9999 is written as the nearest one inside`(microseconds: Int64) {
        let nearest = microseconds < 0 ? "0001-01-01T00:00:00.000Z" : "9999-12-31T23:59:59.999Z"
        #expect(Instant(microseconds: microseconds).description == nearest)
    }

    @Test func `every day of eight centuries is itself again`() {
        var date = CivilDate(year: 1600, month: 1, day: 1), weekday = 6
        var days = date.daysSinceEpoch
        while date.year < 2400 {
            #expect(
                CivilDate(daysSinceEpoch: days) == date && date.daysSinceEpoch == days
                    && date.weekday == weekday)
            (days, weekday) = (days + 1, weekday % 7 + 1)
            if date.day < CivilDate.daysInMonth(date.month, year: date.year) {
                date.day += 1
            } else {
                date = CivilDate(
                    year: date.month == 12 ? date.year + 1 : date.year, month: date.month % 12 + 1, day: 1)
            }
        }
    }

    @Test func `a duration too long leads to the end of time, not to the end of the process`() {
        let (first, last) = (Instant(microseconds: .min), Instant(microseconds: .max))
        #expect(
            Instant(seconds: 1) + .seconds(Int64.max) == last
                && Instant(seconds: -9) - .seconds(Int64.max) == first)
        #expect(last + .microseconds(1) == last && first - .microseconds(1) == first)
        #expect(last - first == .microseconds(Int64.max) && first - last == .microseconds(Int64.min))
        #expect(Duration.seconds(Int64.min).microseconds == .min)
    }

    @Test func `instants and durations add up, before 1970 too`() {
        let instant = Instant(microseconds: -1)
        #expect(instant.seconds == -1 && Instant(seconds: -1).microseconds == -1_000_000)
        #expect(
            (instant + .seconds(1)).microseconds == 999_999
                && (instant - .milliseconds(1)).microseconds == -1001)
        #expect(Instant(seconds: 1) - Instant(seconds: 3) == .seconds(-2))
        #expect(Instant(seconds: 1) < Instant(seconds: 3))
        #expect(Duration.milliseconds(-1500).microseconds == -1_500_000)
        #expect(
            Int64(-7).dividedDown(by: 2) == -4 && Int64(7).dividedDown(by: 2) == 3
                && Int64(-8).dividedDown(by: 2) == -4)
    }
}
