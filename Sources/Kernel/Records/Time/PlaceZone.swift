/// The time zone of a place, from its country and the text of its location.
package enum PlaceZone {
    /// `fallback` where nothing tells.
    package static func zone(country: String?, location: String?, fallback: TimeZoneRules) -> TimeZoneRules {
        name(country: country, location: location).flatMap { TimeZoneRules(named: $0) } ?? fallback
    }

    /// `nil` where nothing tells.
    package static func name(country: String?, location: String?) -> String? {
        let parts = (location ?? "").split { $0 == "," || $0 == ";" || $0 == "/" || $0 == "|" }.map {
            Words.trimmed($0)
        }
        // "Berlin, Germany" tells the country where the field does not.
        let code =
            country.map { Words.trimmed($0).uppercased() }.flatMap { $0.isEmpty ? nil : $0 }
            ?? parts.reversed().lazy.compactMap { CountryZones.country(named: $0) }.first
        guard let code else { return nil }
        let zones = CountryZones.zones(of: code)
        guard zones.count != 1 else { return zones[0] }
        return byState(code, parts) ?? byCity(zones, parts) ?? capitals[code] ?? zones.first
    }

    // MARK: States

    /// From the last part of the location to the first: "Austin, TX", "Toronto, Ontario", "Sydney NSW 2000".
    private static func byState(_ country: String, _ parts: [String]) -> String? {
        guard let states = states[country] else { return nil }
        for part in parts.reversed() {
            let words = Words(part)
            // The longest name first: "West Virginia" is not "Virginia".
            let named = states.filter { words.contains($0.name) }.max {
                $0.name.count < $1.name.count
            }
            if let named { return named.zone }
            // Letters stand alone or behind the city, in capitals: "Portland OR", but not "this or that".
            let tokens = part.split { !($0.isLetter) }
            for (place, word) in tokens.enumerated().reversed() where place > 0 || tokens.count == 1 {
                let letters = tokens.count == 1 ? word.uppercased() : String(word)
                if let state = states.first(where: { $0.code == letters }) { return state.zone }
            }
        }
        return nil
    }

    private struct State: Sendable {
        let code: String, name: String, zone: String
    }

    private static let states: [String: [State]] = [
        "US": unitedStates.flatMap { zone, list in list.map { State(code: $0, name: $1, zone: zone) } },
        "CA": canada.flatMap { zone, list in list.map { State(code: $0, name: $1, zone: zone) } },
        "AU": australia.flatMap { zone, list in list.map { State(code: $0, name: $1, zone: zone) } },
    ]

    // States with two zones count with the one most of their people live in.
    private static let unitedStates: [(String, [(String, String)])] = [
        (
            "America/New_York",
            [
                ("CT", "connecticut"), ("DE", "delaware"), ("DC", "district of columbia"),
                ("DC", "washington dc"), ("DC", "washington d c"), ("FL", "florida"), ("GA", "georgia"),
                ("KY", "kentucky"), ("ME", "maine"), ("MD", "maryland"), ("MA", "massachusetts"),
                ("NH", "new hampshire"), ("NJ", "new jersey"), ("NY", "new york"),
                ("NC", "north carolina"), ("OH", "ohio"), ("PA", "pennsylvania"), ("RI", "rhode island"),
                ("SC", "south carolina"), ("VT", "vermont"), ("VA", "virginia"), ("WV", "west virginia"),
            ]
        ),
        ("America/Detroit", [("MI", "michigan")]),
        ("America/Indiana/Indianapolis", [("IN", "indiana")]),
        (
            "America/Chicago",
            [
                ("AL", "alabama"), ("AR", "arkansas"), ("IL", "illinois"), ("IA", "iowa"),
                ("KS", "kansas"), ("LA", "louisiana"), ("MN", "minnesota"), ("MS", "mississippi"),
                ("MO", "missouri"), ("NE", "nebraska"), ("ND", "north dakota"), ("OK", "oklahoma"),
                ("SD", "south dakota"), ("TN", "tennessee"), ("TX", "texas"), ("WI", "wisconsin"),
            ]
        ),
        (
            "America/Denver",
            [("CO", "colorado"), ("MT", "montana"), ("NM", "new mexico"), ("UT", "utah"), ("WY", "wyoming")]
        ),
        ("America/Boise", [("ID", "idaho")]),
        ("America/Phoenix", [("AZ", "arizona")]),
        (
            "America/Los_Angeles",
            [("CA", "california"), ("NV", "nevada"), ("OR", "oregon"), ("WA", "washington")]
        ),
        ("America/Anchorage", [("AK", "alaska")]),
        ("Pacific/Honolulu", [("HI", "hawaii")]),
    ]
    private static let canada: [(String, [(String, String)])] = [
        ("America/Toronto", [("ON", "ontario"), ("QC", "quebec"), ("QC", "québec")]),
        ("America/Vancouver", [("BC", "british columbia")]),
        ("America/Edmonton", [("AB", "alberta"), ("NT", "northwest territories")]),
        ("America/Regina", [("SK", "saskatchewan")]),
        ("America/Winnipeg", [("MB", "manitoba")]),
        ("America/Halifax", [("NS", "nova scotia"), ("PE", "prince edward island")]),
        ("America/Moncton", [("NB", "new brunswick")]),
        ("America/St_Johns", [("NL", "newfoundland"), ("NL", "newfoundland and labrador")]),
        ("America/Whitehorse", [("YT", "yukon")]),
        ("America/Iqaluit", [("NU", "nunavut")]),
    ]
    private static let australia: [(String, [(String, String)])] = [
        (
            "Australia/Sydney",
            [("NSW", "new south wales"), ("ACT", "australian capital territory"), ("ACT", "canberra")]
        ),
        ("Australia/Melbourne", [("VIC", "victoria")]),
        ("Australia/Brisbane", [("QLD", "queensland")]),
        ("Australia/Adelaide", [("SA", "south australia")]),
        ("Australia/Perth", [("WA", "western australia")]),
        ("Australia/Hobart", [("TAS", "tasmania")]),
        ("Australia/Darwin", [("NT", "northern territory")]),
    ]

    // MARK: Cities

    /// Zones are named after cities; some large ones that are not are listed here.
    private static func byCity(_ zones: [String], _ parts: [String]) -> String? {
        for part in parts {
            let words = Words(part)
            for zone in zones {
                let city = Words(String(zone.split(separator: "/").last!))
                if words.contains(city.text) { return zone }
            }
            for (city, zone) in otherCities where zones.contains(zone) && words.contains(city) {
                return zone
            }
        }
        return nil
    }

    private static let otherCities: [(String, String)] = [
        ("san francisco", "America/Los_Angeles"), ("san diego", "America/Los_Angeles"),
        ("san jose", "America/Los_Angeles"), ("seattle", "America/Los_Angeles"),
        ("las vegas", "America/Los_Angeles"), ("sacramento", "America/Los_Angeles"),
        ("austin", "America/Chicago"), ("dallas", "America/Chicago"), ("houston", "America/Chicago"),
        ("san antonio", "America/Chicago"), ("nashville", "America/Chicago"),
        ("minneapolis", "America/Chicago"), ("new orleans", "America/Chicago"),
        ("st louis", "America/Chicago"), ("salt lake city", "America/Denver"),
        ("boston", "America/New_York"), ("miami", "America/New_York"), ("atlanta", "America/New_York"),
        ("philadelphia", "America/New_York"), ("charlotte", "America/New_York"),
        ("montreal", "America/Toronto"), ("montréal", "America/Toronto"), ("ottawa", "America/Toronto"),
        ("calgary", "America/Edmonton"), ("victoria", "America/Vancouver"),
        ("gold coast", "Australia/Brisbane"), ("rio de janeiro", "America/Sao_Paulo"),
        ("são paulo", "America/Sao_Paulo"), ("brasília", "America/Sao_Paulo"),
        ("brasilia", "America/Sao_Paulo"), ("cancún", "America/Cancun"),
        ("saint petersburg", "Europe/Moscow"), ("st petersburg", "Europe/Moscow"),
        ("denpasar", "Asia/Makassar"), ("bali", "Asia/Makassar"), ("las palmas", "Atlantic/Canary"),
        ("tenerife", "Atlantic/Canary"),
    ]

    /// Where most people of a country with several zones live; the table does not order by that.
    private static let capitals = [
        "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
        "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
        "EC": "America/Guayaquil", "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
        "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
        "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
        "US": "America/New_York", "DE": "Europe/Berlin", "AR": "America/Argentina/Buenos_Aires",
        "PG": "Pacific/Port_Moresby", "UZ": "Asia/Tashkent", "VN": "Asia/Ho_Chi_Minh",
        "CY": "Asia/Nicosia",
    ]
}
