internal import Lexicons

/// The names by which texts tell in which time zone of a country a place is. A zone has its own, those that ICU has
/// for it in each language with a file `Resources/<language>/places.txt`, and those of cities in these files. They have
/// the names of states, too, whose codes and zones are in `Resources/data/states.csv`. The table is made on first use.
struct ZoneNames {
    static let shared = ZoneNames()

    /// The zones by the names of places in a country.
    struct Places {
        private var zones: [String: String] = [:]
        private var wordsMax = 0

        /// A name that two places share is the first one's.
        mutating func add(_ name: String, _ zone: String) {
            let words = TextFolding.searchTokens(name)
            let key = words.joined(separator: " ")
            guard !key.isEmpty, zones[key] == nil else { return }
            zones[key] = zone
            wordsMax = max(wordsMax, words.count)
        }

        /// Returns the zone of the longest name in a text: "West Virginia" is not "Virginia".
        func zone(in text: String) -> String? {
            let words = TextFolding.searchTokens(text)
            var longest = 0, found: String?
            for start in words.indices {
                var name = ""
                for word in words[start...].prefix(wordsMax) {
                    name += name.isEmpty ? word : " " + word
                    if name.utf8.count > longest, let zone = zones[name] {
                        (longest, found) = (name.utf8.count, zone)
                    }
                }
            }
            return found
        }
    }

    /// The zones of states by their codes, by country.
    let stateCodes: [String: [String: String]]
    /// The states by country, for those countries whose states tell the zone.
    let states: [String: Places]
    /// The cities by country, for the countries with several zones.
    let cities: [String: Places]

    init() {
        let lexicon = Lexicon("places", in: ResourceTable.texts)
        stateCodes = Self.stateCodes()
        states = Self.states(lexicon, stateCodes)
        cities = Self.cities(lexicon)
    }

    private static func stateCodes() -> [String: [String: String]] {
        var codes: [String: [String: String]] = [:]
        for row in DataFile.rows("states") {
            for state in row[2].split(separator: " ") { codes[row[0], default: [:]][String(state)] = row[1] }
        }
        return codes
    }

    private static func states(_ lexicon: Lexicon, _ codes: [String: [String: String]]) -> [String: Places] {
        var states: [String: Places] = [:]
        for (code, names) in lexicon.namedPhrases("states") {
            let parts = code.split(separator: "-").map { String($0) }
            guard parts.count == 2, let zone = codes[parts[0]]?[parts[1]] else { continue }
            for name in names { states[parts[0], default: Places()].add(name, zone) }
        }
        return states
    }

    private static func cities(_ lexicon: Lexicon) -> [String: Places] {
        var cities: [String: Places] = [:], countries: [String: String] = [:]
        for (country, zones) in CountryZones.divided {
            for zone in zones {
                countries[zone] = country
                cities[country, default: Places()].add(String(zone.split(separator: "/").last!), zone)
            }
        }
        for (zone, names) in lexicon.namedPhrases("cities") {
            guard let country = countries[zone] else { continue }
            for name in names { cities[country]?.add(name, zone) }
        }
        let divided = countries.sorted { $0.key < $1.key }
        for language in lexicon.languages {
            guard let names = PlaceNames(in: language) else { continue }
            for (zone, country) in divided {
                if let name = names.city(of: zone) { cities[country]?.add(name, zone) }
            }
        }
        return cities
    }
}
