import Records
import Telemetry
import Testing

@testable import Agents
@testable import RuntimeTesting

private func zone(_ name: String) throws -> TimeZoneRules { try #require(TimeZoneRules(named: name)) }

private func fires(_ text: String, _ name: String, after: String, _ count: Int = 3) throws -> [String] {
    let start = try #require(Instant(after))
    return try Cron(text).nextFires(count, after: start, in: zone(name)).map {
        String($0.description.dropLast(5)) + "Z"
    }
}

struct CronParsing {
    @Test(arguments: [
        "* * * * *", "*/15 9-17 * * 1-5", "0 0 1,15 * *", "30 2 * jan-mar mon,wed,fri", "*/10 * * * * *",
        "0 0 29 2 *", "@daily", "@weekly", "daily", "hourly", "every_2_hours", "5/20 * * * *", "0 0 * * 7",
        "0 0 ? * SUN",
    ])
    func `well-formed expressions are read`(text: String) throws { _ = try Cron(text) }

    @Test(arguments: [
        "", " ", "61 * * * *", "* * * *", "every_full_moon", "* * 31 2 *", "a b c d e", "*/0 * * * *",
        "5-1 * * * *x", "5-1 * * * *", "* * * * * * *", "1,,2 * * * *", "-1 * * * *", "1/2/3 * * * *",
        "@hour",
        "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "99999999999999999999 * * * *",
        "* * 30-31 feb *", "１ * * * *",
    ])
    func `faulty expressions are refused with a reason`(text: String) {
        let error = #expect(throws: CronError.self) { try Cron(text) }
        #expect(error?.reason.isEmpty == false)
    }

    @Test func `the word daily takes the agent's hour`() throws {
        let start = try #require(Instant("2027-01-05T00:00:00Z"))
        #expect(
            try Cron("daily", dailyHour: 14).next(after: start, in: .utc)?.description
                == "2027-01-05T14:00:00.000Z")
        #expect(try Cron("daily").next(after: start, in: .utc)?.description == "2027-01-05T09:00:00.000Z")
    }

    @Test func `every_2_hours are the odd hours`() throws {
        #expect(
            try fires("every_2_hours", "UTC", after: "2027-01-05T10:00:00Z")
                == ["2027-01-05T11:00:00Z", "2027-01-05T13:00:00Z", "2027-01-05T15:00:00Z"])
    }
}

struct CronDates {
    @Test func `February 29th waits for leap years`() throws {
        #expect(
            try fires("0 0 29 2 *", "UTC", after: "2028-02-28T00:00:00Z")
                == ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z", "2036-02-29T00:00:00Z"])
        // 2100 is no leap year.
        #expect(try fires("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z", 1) == ["2104-02-29T00:00:00Z"])
    }

    @Test func `restricted day fields match either, a star makes both count`() throws {
        #expect(
            try fires("0 0 13 * 5", "UTC", after: "2026-11-01T00:00:00Z", 4)
                == [
                    "2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z",
                    "2026-11-27T00:00:00Z",
                ])
        #expect(
            try fires("0 0 */2 * 1", "UTC", after: "2026-11-01T00:00:00Z", 2)
                == ["2026-11-09T00:00:00Z", "2026-11-23T00:00:00Z"])
    }

    @Test func `months are skipped to the named ones`() throws {
        #expect(
            try fires("0 12 31 * *", "UTC", after: "2026-11-01T00:00:00Z")
                == ["2026-12-31T12:00:00Z", "2027-01-31T12:00:00Z", "2027-03-31T12:00:00Z"])
        #expect(
            try fires("0 0 1 jan,jul *", "UTC", after: "2026-11-01T00:00:00Z", 2)
                == ["2027-01-01T00:00:00Z", "2027-07-01T00:00:00Z"])
    }

    @Test func `with seconds it fires within the minute`() throws {
        #expect(
            try fires("*/20 59 23 * * *", "UTC", after: "2026-12-31T23:59:00Z")
                == ["2026-12-31T23:59:20Z", "2026-12-31T23:59:40Z", "2027-01-01T23:59:00Z"])
    }

    @Test func `years 2038 and 1969 are ordinary`() throws {
        #expect(
            try fires("0 9 * * *", "Europe/Berlin", after: "2038-01-19T03:14:08Z", 1) == [
                "2038-01-19T08:00:00Z"
            ])
        #expect(try fires("0 9 * * *", "UTC", after: "1969-12-31T10:00:00Z", 1) == ["1970-01-01T09:00:00Z"])
    }
}

struct CronDaylightSaving {
    @Test func `a fixed time in the gap fires when the gap ends`() throws {
        #expect(
            try fires("30 2 * * *", "America/New_York", after: "2027-03-13T12:00:00Z", 2)
                == ["2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z"])
        #expect(
            try fires("30 2 * * *", "Europe/Berlin", after: "2027-03-27T12:00:00Z", 1) == [
                "2027-03-28T01:00:00Z"
            ])
    }

    @Test func `two fixed times in one gap fire once`() throws {
        #expect(
            try fires("10,50 2 * * *", "Europe/Berlin", after: "2027-03-28T00:00:00Z", 2)
                == ["2027-03-28T01:00:00Z", "2027-03-29T00:10:00Z"])
    }

    @Test func `a gap of half an hour`() throws {
        #expect(
            try fires("15 2 * * *", "Australia/Lord_Howe", after: "2027-10-02T00:00:00Z", 1) == [
                "2027-10-02T15:30:00Z"
            ])
        #expect(
            try fires("45 2 * * *", "Australia/Lord_Howe", after: "2027-10-02T00:00:00Z", 1) == [
                "2027-10-02T15:45:00Z"
            ])
    }

    @Test func `a fold of half an hour`() throws {
        // On 2027-04-04 at 02:00 clocks go back to 01:30.
        #expect(
            try fires("45 1 * * *", "Australia/Lord_Howe", after: "2027-04-03T00:00:00Z", 2)
                == ["2027-04-03T14:45:00Z", "2027-04-04T15:15:00Z"])
        #expect(
            try fires("45 * * * *", "Australia/Lord_Howe", after: "2027-04-03T14:00:00Z")
                == ["2027-04-03T14:45:00Z", "2027-04-03T15:15:00Z", "2027-04-03T16:15:00Z"])
    }

    @Test func `a gap at midnight keeps the day`() throws {
        // Santiago and Cairo leave out 00:00 to 01:00.
        #expect(
            try fires("0 0 * * *", "America/Santiago", after: "2027-09-04T12:00:00Z", 2)
                == ["2027-09-05T04:00:00Z", "2027-09-06T03:00:00Z"])
        #expect(
            try fires("30 0 * * *", "Africa/Cairo", after: "2027-04-29T12:00:00Z", 2)
                == ["2027-04-29T22:00:00Z", "2027-04-30T21:30:00Z"])
        #expect(
            try fires("0 0 5 9 *", "America/Santiago", after: "2027-09-04T12:00:00Z", 1) == [
                "2027-09-05T04:00:00Z"
            ])
    }

    @Test func `a fold at midnight fires once`() throws {
        // Cairo, 2027-10-29 00:00 goes back to the 28th, 23:00.
        #expect(
            try fires("30 23 * * *", "Africa/Cairo", after: "2027-10-28T12:00:00Z", 2)
                == ["2027-10-28T20:30:00Z", "2027-10-29T21:30:00Z"])
        #expect(
            try fires("0 0 * * *", "Africa/Cairo", after: "2027-10-28T12:00:00Z", 2)
                == ["2027-10-28T22:00:00Z", "2027-10-29T22:00:00Z"])
    }

    @Test func `a left out day fires when it is over`() throws {
        // Apia had no 2011-12-30.
        #expect(
            try fires("0 9 * * *", "Pacific/Apia", after: "2011-12-29T00:00:00Z", 3)
                == ["2011-12-29T19:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"])
        #expect(
            try fires("0 */12 * * *", "Pacific/Apia", after: "2011-12-29T20:00:00Z", 3)
                == ["2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"])
    }

    @Test func `Tehran gave up daylight saving in 2022`() throws {
        #expect(
            try fires("30 0 22 3 *", "Asia/Tehran", after: "2022-03-20T00:00:00Z", 2)
                == ["2022-03-21T20:30:00Z", "2023-03-21T21:00:00Z"])
    }

    @Test func `a fixed time in the repeated hour fires on the first pass`() throws {
        #expect(
            try fires("30 1 * * *", "America/New_York", after: "2027-11-06T12:00:00Z", 2)
                == ["2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z"])
        #expect(
            try fires("30 1 * * *", "America/New_York", after: "2027-11-07T05:45:00Z", 1) == [
                "2027-11-08T06:30:00Z"
            ],
            "asked between the passes")
    }

    @Test func `hours follow elapsed time through both changes`() throws {
        #expect(
            try fires("0 * * * *", "America/New_York", after: "2027-03-14T05:30:00Z")
                == ["2027-03-14T06:00:00Z", "2027-03-14T07:00:00Z", "2027-03-14T08:00:00Z"])
        #expect(
            try fires("30 * * * *", "America/New_York", after: "2027-11-07T04:31:00Z")
                == ["2027-11-07T05:30:00Z", "2027-11-07T06:30:00Z", "2027-11-07T07:30:00Z"])
        #expect(
            try fires("0 1-23/2 * * *", "America/New_York", after: "2027-11-07T04:30:00Z")
                == ["2027-11-07T05:00:00Z", "2027-11-07T06:00:00Z", "2027-11-07T08:00:00Z"])
    }

    @Test(arguments: [
        "America/New_York", "Europe/Berlin", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Tehran", "UTC",
    ])
    func `fires are strictly later, and asking from within gives the same`(name: String) throws {
        let zone = try zone(name)
        for text in ["30 2 * * *", "0 0 * * *", "*/30 * * * *", "15 */6 * * 1-5", "0 0 1 * *"] {
            let cron = try Cron(text)
            var last = try #require(Instant("2010-12-01T00:00:00Z"))
            for _ in 0..<1200 {
                let fire = try #require(cron.next(after: last, in: zone))
                #expect(fire > last)
                let middle = Instant(microseconds: (fire.microseconds + last.microseconds) / 2)
                #expect(cron.next(after: middle, in: zone) == fire)
                last = fire
            }
        }
    }
}
