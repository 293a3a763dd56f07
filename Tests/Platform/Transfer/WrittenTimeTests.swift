import Records
import Telemetry
import Testing

@testable import Transfer

@Suite struct WrittenTimeTests {
    private func reader(monthFirst: Bool = false, zone: String = "UTC") throws -> WrittenTime {
        WrittenTime(zone: try #require(TimeZoneRules(named: zone)), isMonthFirst: monthFirst)
    }

    @Test(arguments: [
        "2026-03-04", "2026/03/04", "2026.3.4", "4.3.2026", "04.03.26", "4/3/2026", "04-03-2026",
        "4 Mar 2026",
        "4. März 2026", "March 4, 2026", "Mar 4 2026", "4 mars 2026", "4-mar-2026", "2026-03-04 10:20",
        "2026 Mar 4", "1772619630", "1772619630000",
    ])
    func `one day in many hands`(_ text: String) throws {
        #expect(try reader().day(text)?.iso == "2026-03-04")
    }

    @Test(arguments: [
        "4 avril 2026", "mardi 4 avril 2026", "4 abr 2026", "martes 4 de abril de 2026", "4 aprile 2026",
        "martedì 4 aprile 2026", "4 de abril de 2026", "4 april 2026", "4. April 2026", "4 kwietnia 2026",
    ])
    func `one day in many languages`(_ text: String) throws {
        #expect(try reader().day(text)?.iso == "2026-04-04")
    }

    @Test(arguments: [
        ("January Jänner janvier enero gennaio janeiro januari", 1),
        ("February Februar février febrero febbraio fevereiro februari", 2),
        ("March März mars marzo março maart", 3), ("April avril abril aprile", 4),
        ("May Mai mayo maggio maio mei maj", 5), ("June Juni juin junio giugno junho", 6),
        ("July Juli juillet julio luglio julho", 7), ("August août agosto augustus", 8),
        ("September septembre septiembre setiembre settembre setembro", 9),
        ("October Oktober octobre octubre ottobre outubro", 10),
        ("November novembre noviembre novembro", 11),
        ("December Dezember décembre diciembre dicembre dezembro", 12),
    ])
    func `every month has its names`(names: String, month: Int) throws {
        for name in names.split(separator: " ") {
            #expect(try reader().day("4 \(name) 2026")?.month == month, "\(name)")
        }
    }

    @Test func `where it may be either, the place decides; where it cannot, the number`() throws {
        #expect(try reader(monthFirst: true).day("3/4/2026")?.iso == "2026-03-04")
        #expect(try reader(monthFirst: true).day("4.3.2026")?.iso == "2026-03-04")
        #expect(try reader(monthFirst: true).day("14/3/2026")?.iso == "2026-03-14")
        #expect(try reader().day("3/14/2026")?.iso == "2026-03-14")
        #expect(try reader().day("3/4/99")?.iso == "1999-04-03")
    }

    @Test(arguments: [
        "", "soon", "2026", "2026-13-01", "31.2.2026", "1/2", "1/2/3/4", "4 Foo 2026", "99/99/2026",
    ])
    func `what is no day is none`(_ text: String) throws {
        #expect(try reader().day(text) == nil && reader().instant(text) == nil)
    }

    @Test(arguments: [
        ("2026-03-04T10:20:30Z", "2026-03-04T10:20:30.000Z"),
        ("2026-03-04 10:20:30", "2026-03-04T09:20:30.000Z"),
        ("2026-03-04T10:20:30", "2026-03-04T09:20:30.000Z"),
        ("2026-03-04 10:20:30 UTC", "2026-03-04T10:20:30.000Z"),
        ("4.3.2026 10:20", "2026-03-04T09:20:00.000Z"), ("3/4/2026 10:20 PM", "2026-04-03T20:20:00.000Z"),
        ("3/4/2026, 12:05 am", "2026-04-02T22:05:00.000Z"),
        ("2026-03-04 10:20:30 +0530", "2026-03-04T04:50:30.000Z"),
        ("2026-03-04 10:20:30-05:00", "2026-03-04T15:20:30.000Z"), ("2026-03-04", "2026-03-03T23:00:00.000Z"),
        ("1772619630", "2026-03-04T10:20:30.000Z"), ("1772619630000", "2026-03-04T10:20:30.000Z"),
        ("March 4, 2026 10:20 AM", "2026-03-04T09:20:00.000Z"),
        ("4. März 2026 um 10:20 Uhr", "2026-03-04T09:20:00.000Z"),
        ("4 de marzo de 2026, 10:20 h", "2026-03-04T09:20:00.000Z"),
        ("4 maart 2026 10:20 uur", "2026-03-04T09:20:00.000Z"),
        ("4 mars 2026 à 10:20", "2026-03-04T09:20:00.000Z"),
    ])
    func `moments are the agency's where no zone is said`(_ text: String, _ moment: String) throws {
        #expect(try reader(zone: "Europe/Berlin").instant(text)?.description == moment)
    }

    @Test(arguments: ["2026-03-04 25:00", "2026-03-04 10:61", "2026-03-04 10:20 XYZ", "10:20", "12345"])
    func `what is no moment is none`(_ text: String) throws { #expect(try reader().instant(text) == nil) }
}
