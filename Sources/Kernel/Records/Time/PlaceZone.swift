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
            ?? parts.reversed().lazy.compactMap { Country(mentionedAs: $0)?.code }.first
        guard let code else { return nil }
        let zones = CountryZones.zones(of: code)
        guard zones.count != 1 else { return zones[0] }
        return byState(code, parts) ?? byCity(code, parts) ?? CountryCodes.zones[code] ?? zones.first
    }

    /// From the last part of the location to the first: "Austin, TX", "Toronto, Ontario", "Sydney NSW 2000".
    private static func byState(_ country: String, _ parts: [String]) -> String? {
        guard let codes = ZoneNames.shared.stateCodes[country] else { return nil }
        for part in parts.reversed() {
            if let zone = ZoneNames.shared.states[country]?.zone(in: part) { return zone }
            // Letters stand alone or behind the city, in capitals: "Portland OR", but not "this or that".
            let tokens = part.split { !($0.isLetter) }
            for (place, word) in tokens.enumerated().reversed() where place > 0 || tokens.count == 1 {
                if let zone = codes[tokens.count == 1 ? word.uppercased() : String(word)] { return zone }
            }
        }
        return nil
    }

    private static func byCity(_ country: String, _ parts: [String]) -> String? {
        guard let cities = ZoneNames.shared.cities[country] else { return nil }
        return parts.lazy.compactMap { cities.zone(in: $0) }.first
    }
}
