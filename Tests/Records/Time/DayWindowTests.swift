import JSON
import Records
import Telemetry
import Testing

@Suite struct DayWindowTests {
    private func zone(_ name: String) throws -> TimeZoneRules { try #require(TimeZoneRules(named: name)) }
    private func utc(_ text: String) throws -> Instant { try #require(Instant(text)) }

    @Test(arguments: [
        ("08:00", "17:00", ["07:59": false, "08:00": true, "16:59": true, "17:00": false]),
        ("20:00", "08:00", ["19:59": false, "20:00": true, "00:00": true, "07:59": true, "08:00": false]),
        ("00:00", "00:00", ["00:00": true, "12:00": true, "23:59": true]),
        ("23:59", "00:00", ["23:58": false, "23:59": true, "00:00": false]),
    ])
    func `it holds the minutes from its beginning to before its end, past midnight, too`(
        from: String, to: String, minutes: [String: Bool]
    ) throws {
        let window = DayWindow(from: from, to: to)
        for (minute, isIn) in minutes {
            let local = try zone("UTC").local(of: utc("2027-01-05T\(minute):30Z"))
            #expect(window.contains(local) == isIn, "\(minute)")
        }
    }

    @Test(arguments: [
        // By day.
        ("UTC", "08:00", "17:00", "2027-01-05T12:00:00Z", "2027-01-05T17:00:00Z"),
        ("UTC", "08:00", "17:00", "2027-01-05T17:00:00Z", "2027-01-05T17:00:00Z"),
        // By night, before and after midnight.
        ("Europe/Berlin", "20:00", "08:00", "2027-01-05T21:30:00Z", "2027-01-06T07:00:00Z"),
        ("Europe/Berlin", "20:00", "08:00", "2027-01-06T03:30:00Z", "2027-01-06T07:00:00Z"),
        ("America/New_York", "20:00", "08:00", "2027-01-06T03:30:00Z", "2027-01-06T13:00:00Z"),
        // The night in which clocks go on an hour, and the one in which they go back.
        ("Europe/Berlin", "20:00", "08:00", "2027-03-27T22:00:00Z", "2027-03-28T06:00:00Z"),
        ("Europe/Berlin", "20:00", "08:00", "2027-10-30T21:00:00Z", "2027-10-31T07:00:00Z"),
        // An end that is skipped comes with the first moment after the gap.
        ("Europe/Berlin", "20:00", "02:30", "2027-03-27T22:00:00Z", "2027-03-28T01:00:00Z"),
        // An end that comes twice: the first, and for whoever asks after it the second.
        ("Europe/Berlin", "20:00", "02:30", "2027-10-30T22:00:00Z", "2027-10-31T00:30:00Z"),
        ("Europe/Berlin", "20:00", "02:30", "2027-10-31T01:10:00Z", "2027-10-31T01:30:00Z"),
    ])
    func `its end is in local time`(name: String, from: String, to: String, at: String, end: String) throws {
        #expect(try DayWindow(from: from, to: to).end(around: utc(at), in: zone(name)) == utc(end))
    }

    @Test func `whenever one asks, its end is not before, and outside of it`() throws {
        let window = DayWindow(from: "20:00", to: "02:30")
        for name in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"] {
            let zone = try zone(name)
            var moment = try utc("2027-01-01T00:00:00Z")
            for _ in 0..<(365 * 24 * 3) {
                let end = window.end(around: moment, in: zone)
                #expect(end >= moment && end - moment <= .seconds(9 * 3600))
                #expect((end == moment) == !window.contains(zone.local(of: moment)), "\(name) \(moment)")
                moment = moment + .seconds(1200)
            }
        }
    }

    @Test(arguments: ["8:00", "24:00", "12:60", "", "noon", "12-00", "12:00:00", "²²:00", "-1:00", "12:0"])
    func `what is no time of the day is named with its place`(text: String) {
        #expect(DayWindow(from: text, to: "08:00").faults.map(\.pointer) == ["/from"])
        #expect(DayWindow(from: "08:00", to: text).faults.map(\.pointer) == ["/to"])
        #expect(DayWindow(from: "00:00", to: "23:59").faults.isEmpty)
    }
}
