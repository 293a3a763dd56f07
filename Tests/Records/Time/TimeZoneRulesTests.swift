import Records
import Telemetry
import Testing

@Suite struct `Time zone rules` {
    private func zone(_ name: String) throws -> TimeZoneRules { try #require(TimeZoneRules(named: name)) }
    private func utc(_ text: String) throws -> Instant { try #require(Instant(text)) }

    private func wall(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0) -> LocalTime {
        LocalTime(CivilDate(year: year, month: month, day: day), hour: hour, minute: minute)
    }

    @Test(arguments: [
        ("America/New_York", "2026-01-15T12:00:00Z", -5 * 3600),
        ("America/New_York", "2026-07-15T12:00:00Z", -4 * 3600),
        ("Europe/Berlin", "1970-06-01T00:00:00Z", 3600), ("Europe/Berlin", "2026-03-29T00:59:59Z", 3600),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200), ("Europe/Berlin", "2099-07-01T00:00:00Z", 7200),
        ("Africa/Cairo", "2022-07-01T00:00:00Z", 7200), ("Africa/Cairo", "2026-07-01T00:00:00Z", 3 * 3600),
        ("Africa/Cairo", "2070-07-01T00:00:00Z", 3 * 3600),
        ("America/Santiago", "2060-01-01T00:00:00Z", -3 * 3600),
        ("America/Santiago", "2060-06-01T00:00:00Z", -4 * 3600),
        ("Australia/Lord_Howe", "2050-01-01T00:00:00Z", 39_600),
        ("Australia/Lord_Howe", "2050-07-01T00:00:00Z", 37_800),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", -10 * 3600),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", 14 * 3600), ("Asia/Tehran", "2022-07-01T00:00:00Z", 16_200),
        ("Asia/Tehran", "2026-07-01T00:00:00Z", 12_600), ("Europe/Dublin", "2080-07-01T00:00:00Z", 3600),
        ("Europe/Dublin", "2080-01-01T00:00:00Z", 0), ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700),
        ("America/New_York", "1800-01-01T00:00:00Z", -17_762),
    ])
    func `offsets follow the tz database, and its rules after the last listed change`(
        name: String, time: String, offset: Int
    ) throws {
        #expect(try zone(name).offset(at: utc(time)) == offset)
    }

    @Test func `what is local and back again is the same instant, all over a year`() throws {
        for name in [
            "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Tehran", "UTC",
        ] {
            let zone = try zone(name)
            var time = try utc("2041-01-01T00:00:00Z")
            for _ in 0..<(366 * 48) {
                #expect(zone.instants(of: zone.local(of: time)).contains(time))
                time = time + .seconds(1800)
            }
        }
    }

    @Test func `a time that clocks skip has no instant, and is followed by the gap's end`() throws {
        let cases = [
            ("America/New_York", wall(2026, 3, 8, 2, 30), "2026-03-08T07:00:00Z"),
            ("Europe/Berlin", wall(2026, 3, 29, 2), "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", wall(2044, 3, 27, 2, 59), "2044-03-27T01:00:00Z"),
            ("Africa/Cairo", wall(2026, 4, 24, 0, 30), "2026-04-23T22:00:00Z"),
            ("America/Santiago", wall(2040, 9, 2, 0, 30), "2040-09-02T04:00:00Z"),
            ("Australia/Lord_Howe", wall(2026, 10, 4, 2, 15), "2026-10-03T15:30:00Z"),
            ("Pacific/Apia", wall(2011, 12, 30, 12), "2011-12-30T10:00:00Z"),
            ("Asia/Tehran", wall(2022, 3, 22, 0, 30), "2022-03-21T20:30:00Z"),
        ]
        for (name, local, end) in cases {
            #expect(try zone(name).instants(of: local).isEmpty, "\(name)")
            #expect(try zone(name).firstInstant(atOrAfter: local) == utc(end), "\(name)")
        }
    }

    @Test func `a time that clocks show twice has two instants, the earlier first`() throws {
        let cases = [
            ("America/New_York", wall(2026, 11, 1, 1, 30), ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"]),
            ("Europe/Berlin", wall(2050, 10, 30, 2, 30), ["2050-10-30T00:30:00Z", "2050-10-30T01:30:00Z"]),
            (
                "Australia/Lord_Howe", wall(2026, 4, 5, 1, 45),
                ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"]
            ),
            ("Africa/Cairo", wall(2026, 10, 29, 23, 30), ["2026-10-29T20:30:00Z", "2026-10-29T21:30:00Z"]),
            ("America/Santiago", wall(2026, 4, 4, 23, 30), ["2026-04-05T02:30:00Z", "2026-04-05T03:30:00Z"]),
        ]
        for (name, local, instants) in cases {
            #expect(try zone(name).instants(of: local) == instants.map(utc), "\(name)")
            #expect(try zone(name).firstInstant(atOrAfter: local) == utc(instants[0]), "\(name)")
        }
    }

    @Test func `a gap's and a fold's edges are plain times`() throws {
        let berlin = try zone("Europe/Berlin")
        #expect(berlin.instants(of: wall(2026, 3, 29, 1, 59)).count == 1)
        #expect(berlin.instants(of: wall(2026, 3, 29, 3)).count == 1)
        #expect(berlin.instants(of: wall(2026, 10, 25, 1, 59)).count == 1)
        #expect(berlin.instants(of: wall(2026, 10, 25, 2)).count == 2)
        #expect(berlin.instants(of: wall(2026, 10, 25, 3)).count == 1)
    }

    @Test func `the next transition is found in the table and beyond it`() throws {
        let newYork = try zone("America/New_York")
        #expect(try newYork.nextTransition(after: utc("2026-01-01T00:00:00Z")) == utc("2026-03-08T07:00:00Z"))
        #expect(try newYork.nextTransition(after: utc("2026-03-08T07:00:00Z")) == utc("2026-11-01T06:00:00Z"))
        #expect(try newYork.nextTransition(after: utc("2090-12-24T00:00:00Z")) == utc("2091-03-11T07:00:00Z"))
        #expect(try zone("Asia/Tehran").nextTransition(after: utc("2026-01-01T00:00:00Z")) == nil)
        #expect(try zone("UTC").nextTransition(after: utc("2026-01-01T00:00:00Z")) == nil)
        #expect(TimeZoneRules.utc.nextTransition(after: Instant(seconds: 0)) == nil)
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", "../../../etc/passwd", "Europe/../Europe/Berlin", "Europe//Berlin",
        "Europe/Berlin/",
        "Europe", "./UTC", "localtime", "posixrules", "right/UTC", "posix/UTC", "zone1970.tab", "tzdata.zi",
        "Mars/Olympus", "Europe/Berlin\u{0}", "europe/berlin", "Berlin", "UTC+1",
        String(repeating: "A", count: 65),
    ])
    func `what is no zone's name is not known`(name: String) { #expect(!TimeZoneRules.isKnown(name)) }

    @Test(arguments: [
        "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince",
    ])
    func `zones and their links are known`(name: String) { #expect(TimeZoneRules.isKnown(name)) }

    @Test func `a damaged file is refused, whatever the damage`() throws {
        #expect(TimeZoneRules(name: "x", file: []) == nil)
        #expect(TimeZoneRules(name: "x", file: Array("TZif2".utf8)) == nil)
        #expect(TimeZoneRules(name: "x", file: [UInt8](repeating: 0xFF, count: 200)) == nil)
        #expect(TimeZoneRules(name: "x", file: Self.small) != nil)
        for end in Self.small.indices {
            #expect(TimeZoneRules(name: "x", file: Array(Self.small[..<end])) == nil)
        }
    }

    @Test func `a rule alone makes a zone, Julian days and day-long daylight time included`() throws {
        let always = try #require(TimeZoneRules(name: "x", file: Self.file("XXX3EDT4,0/0,J365/23")))
        #expect(try always.offset(at: utc("2026-01-01T02:00:00Z")) == -4 * 3600)
        #expect(try always.offset(at: utc("2026-12-31T23:59:59Z")) == -4 * 3600)
        #expect(try always.nextTransition(after: utc("2026-01-01T00:00:00Z")) == nil)
        let julian = try #require(TimeZoneRules(name: "x", file: Self.file("AAA0BBB,J60/0,J300/0")))
        for year in [2027, 2028] {
            #expect(try julian.offset(at: utc("\(year)-02-28T23:59:59Z")) == 0)
            #expect(try julian.offset(at: utc("\(year)-03-01T00:00:00Z")) == 3600)
        }
    }

    /// A version 2 file without listed changes.
    private static func file(_ rule: String) -> [UInt8] {
        let header = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
        let counts: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4]
        let block: [UInt8] = [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
        return header + counts + block + header + counts + block + Array("\n\(rule)\n".utf8)
    }

    private static let small = file("CET-1CEST,M3.5.0,M10.5.0/3")
}
