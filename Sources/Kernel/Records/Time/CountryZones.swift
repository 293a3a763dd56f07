/// Countries and their time zones, from the table that comes with the machine's tz files (`zone.tab`); read on first
/// use.
package enum CountryZones {
    /// The zones of a country (ISO 3166, two letters, any case), in the table's order; empty for an
    /// unknown country, or where the machine has no table.
    package static func zones(of country: String) -> [String] { zonesByCountry[country.uppercased()] ?? [] }

    /// The countries that have several zones, and these in the table's order.
    static let divided: [String: [String]] = zonesByCountry.filter { $0.value.count > 1 }

    private static let zonesByCountry: [String: [String]] = {
        var zones: [String: [String]] = [:]
        for cells in rows("zone.tab") where cells.count >= 3 {
            zones[String(cells[0]), default: []].append(String(cells[2]))
        }
        return zones
    }()

    private static func rows(_ file: String) -> [[Substring]] {
        guard let bytes = readSmallFile("/usr/share/zoneinfo/\(file)", limit: 1 << 18) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    }
}
