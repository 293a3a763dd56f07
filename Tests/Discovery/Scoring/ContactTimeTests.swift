import Discovery
import Records
import Telemetry
import Testing

@Suite struct `The best contact time` {
    private let berlin = TimeZoneRules(named: "Europe/Berlin")!

    private func zone(_ country: String?, _ location: String?) -> String {
        PlaceZone.zone(country: country, location: location, fallback: berlin).name
    }

    @Test(arguments: [
        ("DE", "Berlin", "Europe/Berlin"), ("JP", "Tokyo", "Asia/Tokyo"),
        ("US", "San Francisco, CA", "America/Los_Angeles"),
        ("US", "Austin, TX", "America/Chicago"), ("US", "austin, tx", "America/Chicago"),
        ("US", "Austin", "America/Chicago"),
        ("US", "Phoenix, Arizona", "America/Phoenix"), ("US", "Washington, DC", "America/New_York"),
        ("US", "Seattle, Washington", "America/Los_Angeles"),
        ("US", "Charleston, West Virginia", "America/New_York"),
        ("US", "San Jose, CA 95112", "America/Los_Angeles"), ("US", "Portland OR", "America/Los_Angeles"),
        ("US", "Honolulu", "Pacific/Honolulu"), ("US", nil, "America/New_York"),
        ("us", "Denver", "America/Denver"),
        ("CA", "Toronto, Ontario", "America/Toronto"), ("CA", "Calgary, AB, Canada", "America/Edmonton"),
        ("CA", "Montréal", "America/Toronto"), ("CA", nil, "America/Toronto"),
        ("AU", "Sydney NSW", "Australia/Sydney"), ("AU", "Perth WA 6000", "Australia/Perth"),
        ("AU", "Brisbane", "Australia/Brisbane"), ("AU", nil, "Australia/Sydney"),
        ("BR", "São Paulo", "America/Sao_Paulo"), ("BR", "Manaus", "America/Manaus"),
        ("RU", "Moscow", "Europe/Moscow"),
        ("ES", "Las Palmas de Gran Canaria", "Atlantic/Canary"), ("NZ", nil, "Pacific/Auckland"),
        ("GB", "London", "Europe/London"), (nil, "Osaka, Japan", "Asia/Tokyo"),
        (nil, "Dallas, TX, USA", "America/Chicago"),
        ("XX", "Atlantis", "Europe/Berlin"), (nil, nil, "Europe/Berlin"), ("", "", "Europe/Berlin"),
    ])
    func `a lead's zone comes from its country, state or city`(
        country: String?, location: String?, name: String
    ) {
        #expect(zone(country, location) == name)
    }

    @Test(
        arguments: [
            ("US", "Kalifornien", "America/Los_Angeles"), ("US", "Virginia Occidental", "America/New_York"),
            ("CA", "Colombie-Britannique", "America/Vancouver"),
            ("CA", "Île-du-Prince-Édouard", "America/Halifax"), ("AU", "Neusüdwales", "Australia/Sydney"),
            ("ES", "Islas Canarias", "Atlantic/Canary"), ("PT", "Azoren", "Atlantic/Azores"),
            ("RU", "Wladiwostok", "Asia/Vladivostok"), (nil, "London, UK", "Europe/London"),
            (nil, "Genève, Suisse", "Europe/Zurich"), (nil, "Madrid, Spanien", "Europe/Madrid"),
            (nil, "San Francisco, CA", "Europe/Berlin"), (nil, "Narnia", "Europe/Berlin"),
        ] as [(String?, String, String)])
    func `places are known by their names in several languages`(
        country: String?, location: String, name: String
    ) {
        #expect(zone(country, location) == name)
    }

    @Test func `every country of the table has a zone that the machine knows`() {
        for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
            for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
                for zone in CountryZones.zones(of: "\(first)\(second)") {
                    #expect(TimeZoneRules.isKnown(zone), "\(zone)")
                }
            }
        }
        #expect(CountryZones.zones(of: "de").first == "Europe/Berlin" && CountryZones.zones(of: "ZZ").isEmpty)
    }

    @Test func `lies in working hours of the lead's zone, after now, at every hour of a year`() throws {
        var inputs: [ScoringInput] = []
        for (country, location, title, industry) in [
            ("US", "San Francisco, CA", "CEO", "software"), ("DE", "Berlin", "Marketing Director", "retail"),
            ("JP", "Tokyo", "", ""), ("AU", "Sydney", "Founder", "healthcare"),
            ("EG", "Cairo", "", "technology"),
            ("CL", "Santiago", "Owner", ""), ("NP", "Kathmandu", "", ""),
        ] {
            var input = ScoringInput.typical
            (input.country, input.location, input.contactTitle, input.industry) = (
                country, location, title, industry
            )
            inputs.append(input)
        }
        var now = try #require(Instant("2026-01-01T00:00:00Z"))
        for _ in 0..<(365 * 24 / 5) {
            for input in inputs {
                let at = ContactTime.best(for: input, after: now, fallback: berlin)
                let zone = PlaceZone.zone(country: input.country, location: input.location, fallback: berlin)
                let local = zone.local(of: at)
                #expect(at > now && at - now < .seconds(6 * 86_400))
                #expect(
                    local.date.weekday <= 5 && (8..<18).contains(local.hour) && local.secondsOfDay % 3600 == 0
                )
                #expect(input.country != "EG" || local.date.weekday <= 4, "Friday is the weekend there")
            }
            now = now + .seconds(5 * 3600)
        }
    }

    @Test(
        arguments: [
            ("Gastronomie", "", 15), ("restauration", "", 15), ("winkel", "", 15), ("sanidad", "", 14),
            ("scuola", "", 14), ("", "Geschäftsführerin", 9), ("", "sócio", 9), ("", "Marketingleiter", 10),
        ])
    func `knows in seven languages who is busy when`(industry: String, title: String, hour: Int) throws {
        var input = ScoringInput.bare
        (input.industry, input.contactTitle) = (industry, title)
        let best = ContactTime.best(
            for: input, after: try #require(Instant("2026-11-23T03:00:00Z")), fallback: berlin)
        #expect(berlin.local(of: best).hour == hour)
    }

    @Test func `prefers the middle of the week when it is near`() throws {
        func best(_ now: String) throws -> String {
            ContactTime.best(for: .bare, after: try #require(Instant(now)), fallback: berlin).description
        }
        // 2026-11-20 is a Friday.
        #expect(try best("2026-11-23T03:00:00Z") == "2026-11-24T09:00:00.000Z")
        #expect(try best("2026-11-24T08:59:59Z") == "2026-11-24T09:00:00.000Z")
        #expect(try best("2026-11-24T09:00:00Z") == "2026-11-25T09:00:00.000Z")
        #expect(try best("2026-11-26T12:00:00Z") == "2026-11-27T09:00:00.000Z")
        #expect(try best("2026-11-20T15:00:00Z") == "2026-11-23T09:00:00.000Z")
        #expect(try best("2026-11-22T15:00:00Z") == "2026-11-24T09:00:00.000Z")
        // Clocks go forward on the 29th of March: ten o'clock is an hour earlier in UTC.
        #expect(try best("2026-03-25T12:00:00Z") == "2026-03-26T09:00:00.000Z")
        #expect(try best("2026-03-29T12:00:00Z") == "2026-03-31T08:00:00.000Z")
    }
}
