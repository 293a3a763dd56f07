import Foundation
import JSON
import Mail
import StandIns
import Telemetry
import Testing

/// Calendars of whole days, which programs of others subscribe to.
struct CalendarDays {
    private let moment = Instant("2027-01-04T09:00:00.000Z")!

    @Test func `days come out as they went in`() throws {
        let words = [
            "News, and; more", "Grüße: „Frühling“", String(repeating: "long ", count: 60) + "end",
            "back\\slash", "株式会社サンプル",
        ]
        let days = words.enumerated().map { number, text in
            CalendarDay(
                uid: "\(number)@bureau", date: CivilDate(year: 2027, month: 2, day: 28 - number),
                summary: text, about: "\(text)\nsecond line")
        }
        let bytes = CalendarDay.written(days, named: "Agency, Ltd", at: moment)
        for line in bytes.text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 75, "\(line)") }
        let read = try Python.run("read_calendar.py", bytes)
        #expect(read["name"] == "Agency, Ltd" && read["version"] == "2.0")
        let found = read["days"]?.array ?? []
        #expect(found.map { $0["summary"]?.text } == words)
        #expect(found.map { $0["about"]?.text } == words.map { "\($0)\nsecond line" })
        #expect(found.allSatisfy { $0["whole_day"] == true })
        #expect(found.first?["start"] == "2027-02-28" && found.first?["end"] == "2027-03-01")
        #expect(found.first?["stamp"] == "2027-01-04T09:00:00+00:00")
    }

    @Test func `what has a moment begins at it`() throws {
        let day = CalendarDay(
            uid: "a@bureau", date: CivilDate(year: 2027, month: 1, day: 12), summary: "Post", about: nil,
            at: Instant("2027-01-12T09:00:00.000Z"))
        let read = try Python.run(
            "read_calendar.py", CalendarDay.written([day], named: "Agency", at: moment))
        let found = try #require(read["days"]?.array?.first)
        #expect(found["whole_day"] == false && found["summary"] == "Post")
        #expect(found["start"] == "2027-01-12T09:00:00+00:00" && found["end"] == "2027-01-12T09:30:00+00:00")
    }

    @Test func `a calendar without days is one`() throws {
        let read = try Python.run("read_calendar.py", CalendarDay.written([], named: "None", at: moment))
        #expect(read["days"] == [])
    }

    @Test func `what may not stand in a calendar is left out`() throws {
        let day = CalendarDay(
            uid: "a@bureau\r\nX-EVIL:1", date: CivilDate(year: 2027, month: 1, day: 1),
            summary: "One\r\nATTENDEE:mailto:x@x.example", about: "a\u{0}b")
        let bytes = CalendarDay.written([day], named: "x\r\ny", at: moment)
        let read = try Python.run("read_calendar.py", bytes)
        #expect(read["days"]?.array?.count == 1)
        let lines = bytes.text.components(separatedBy: "\r\n")
        #expect(!lines.contains { $0.hasPrefix("ATTENDEE") || $0.hasPrefix("X-EVIL") })
    }
}
