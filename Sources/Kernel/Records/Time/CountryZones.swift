/// Countries and their time zones, from the tables that come with the machine's tz files
/// (`zone.tab`, `iso3166.tab`); read on first use.
package enum CountryZones {
    /// The zones of a country (ISO 3166, two letters, any case), in the table's order; empty for an
    /// unknown country, or where the machine has no table.
    package static func zones(of country: String) -> [String] { zonesByCountry[country.uppercased()] ?? [] }

    /// The two letters of a country by its English name ("Germany"), any case.
    package static func country(named name: String) -> String? { countriesByName[name.lowercased()] }

    private static let zonesByCountry: [String: [String]] = {
        var zones: [String: [String]] = [:]
        for cells in rows("zone.tab") where cells.count >= 3 {
            zones[String(cells[0]), default: []].append(String(cells[2]))
        }
        return zones
    }()

    private static let countriesByName: [String: String] = {
        var countries: [String: String] = [
            "usa": "US", "united states of america": "US", "uk": "GB", "united kingdom": "GB",
            "great britain": "GB",
            "england": "GB", "scotland": "GB", "south korea": "KR", "uae": "AE", "türkiye": "TR",
        ]
        for cells in rows("iso3166.tab") where cells.count >= 2 {
            countries[cells[1].lowercased()] = String(cells[0])
        }
        return countries
    }()

    private static func rows(_ file: String) -> [[Substring]] {
        guard let bytes = readSmallFile("/usr/share/zoneinfo/\(file)", limit: 1 << 18) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    }
}
