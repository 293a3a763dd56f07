internal import CPlaceNames

/// The names of countries and of the cities of time zones in one language, as ICU has them. Each look-up costs some
/// microseconds: what is asked for often is kept in a table.
struct PlaceNames: ~Copyable {
    private let address: OpaquePointer

    /// `nil` where ICU has no names in the language (ISO 639).
    init?(in language: String) {
        guard let address = place_names_open(language) else { return nil }
        self.address = address
    }

    deinit { place_names_close(address) }

    /// Returns what a country (its code) is called: the whole name, and a shorter one where there is one.
    func country(_ code: String) -> [String] {
        let address = address
        return ([0, 1] as [Int32]).compactMap { isShort in
            Self.text { place_names_country(address, code, isShort, $0, $1) }
        }
    }

    /// Returns the city, or the region, that a time zone is called by.
    func city(of zone: String) -> String? {
        let address = address
        return Self.text { place_names_city(address, zone, $0, $1) }
    }

    /// Returns the language (ISO 639) that most people of a country speak.
    static func language(of country: String) -> String? {
        text { place_names_language(country, $0, $1) }
    }

    private static func text(_ write: (UnsafeMutablePointer<CChar>, Int) -> Int) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let length = write(start, buffer.count)
            return length == 0
                ? nil : String(decoding: buffer[..<length].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
