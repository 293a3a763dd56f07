internal import CPhoneNumber

/// A telephone number in E.164, which is how it is stored, compared and dialled.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// The certainty of a number. `possible`: the right length for its country, although no such range is assigned;
    /// numbers reserved for fiction and young ranges are of this kind.
    package enum Certainty: Int, Comparable, Sendable {
        case possible = 1, valid

        package static func < (a: Certainty, b: Certainty) -> Bool { a.rawValue < b.rawValue }
    }

    /// `+` and 7–15 digits.
    package let e164: String
    /// Digits after `ext.` or `x`.
    package let `extension`: String?
    package let certainty: Certainty

    package var description: String { e164 }

    /// Longer texts hold something else.
    private static let textMax = 80

    /// Reads a number as people write it; `country` is where it would be dialled, for numbers without
    /// a `+` or `00`. `nil` when the text holds no number, or one of an impossible length.
    package init?(_ text: String, country: Country? = nil) {
        let text = TextCleaning.trimmed(text)
        guard text.utf8.count <= Self.textMax, Self.isPlausible(text) else { return nil }
        guard let found = Self.best(text, country) else { return nil }
        self = found
    }

    /// The country that the number belongs to, where its code or its range tells.
    package var country: Country? {
        var region = [CChar](repeating: 0, count: 4)
        guard phone_number_region(e164, &region) == 1 else { return nil }
        return Country(
            String(decoding: region.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    private init?(parsing text: String, region: String) {
        var number = phone_number()
        var text = text
        let certainty = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                phone_number_parse($0.baseAddress, $0.count, region, &number)
            }
        }
        guard let known = Certainty(rawValue: Int(certainty)) else { return nil }
        let e164 = withUnsafeBytes(of: &number.e164) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let digits = withUnsafeBytes(of: &number.extension) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        // Short codes and test numbers count as possible in some countries; nobody is called there.
        guard (8...16).contains(e164.utf8.count) else { return nil }
        self.e164 = e164
        self.extension = digits.isEmpty ? nil : digits
        self.certainty = known
    }

    /// Seven digits at least, not all of them the same one.
    private static func isPlausible(_ text: String) -> Bool {
        let digits = text.unicodeScalars.compactMap(digit)
        if digits.count < 7 {
            // "1-800-FLOWERS"
            let letters = text.utf8.count { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
            return digits.count >= 4 && digits.count + letters >= 10
        }
        return digits.contains { $0 != digits[0] } && !isDate(text)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        if scalar.isASCII { return ("0"..."9").contains(scalar) ? Int(scalar.value - 0x30) : nil }
        let properties = scalar.properties
        return properties.numericType == .decimal ? properties.numericValue.map { Int($0) } : nil
    }

    /// `12.05.2024`, `2024-05-12`: somebody filled the wrong column.
    private static func isDate(_ text: String) -> Bool {
        guard (8...10).contains(text.utf8.count) else { return false }
        let groups = text.utf8.split(omittingEmptySubsequences: false) { "./-".utf8.contains($0) }
        guard groups.count == 3, groups[1].count <= 2,
            groups.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = [groups[0], groups[2]].first(where: { $0.count == 4 })
        else { return false }
        return (groups[0].count <= 2 || groups[2].count <= 2)
            && (year.starts(with: "19".utf8) || year.starts(with: "20".utf8))
    }

    /// The reading that is worth most, the plain one before the ones that assume a slip.
    private static func best(_ text: String, _ country: Country?) -> PhoneNumber? {
        let region = country?.code ?? "ZZ"
        let plain = PhoneNumber(parsing: withoutTrunkZero(text), region: region)
        if let plain, plain.certainty == .valid { return plain }
        var candidates = plain.map { [$0] } ?? []
        let digits = text.filter { $0.isASCII && $0.isNumber }
        let isInternational = text.contains("+") || digits.hasPrefix("00")
        if digits.hasPrefix("00"),
            let number = PhoneNumber(parsing: "+" + text.drop { $0 != "0" }.dropFirst(2), region: "ZZ")
        {
            candidates.append(number)
        }
        if let country, !isInternational {
            // The country's own code without a plus, as spreadsheets leave it.
            let code = String(country.callingCode)
            if digits.hasPrefix(code), digits.count > code.count + 6,
                let number = PhoneNumber(parsing: "+" + text.drop { !$0.isNumber }, region: "ZZ")
            {
                candidates.append(number)
            }
            // A trunk zero where the country has none.
            if digits.hasPrefix("0"),
                let number = PhoneNumber(parsing: String(digits.drop { $0 == "0" }), region: region)
            {
                candidates.append(number)
            }
        } else if country == nil, !isInternational, digits.count >= 11, !digits.hasPrefix("0"),
            !text.hasPrefix("("),
            // Ten digits would be an American number as well as a Moroccan one; longer ones are not.
            let number = PhoneNumber(parsing: "+" + text.drop { !$0.isNumber }, region: "ZZ"),
            number.certainty == .valid
        {
            candidates.append(number)
        }
        var chosen: PhoneNumber?
        for candidate in candidates where chosen == nil || candidate.certainty > chosen!.certainty {
            chosen = candidate
        }
        return chosen
    }

    /// `+49 (0)30 …` without its `(0)`; Italy and San Marino dial theirs.
    private static func withoutTrunkZero(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "(")) else { return text }
        guard text.contains("(0)") else { return text }
        let digits = text.filter(\.isNumber)
        guard !digits.hasPrefix("39"), !digits.hasPrefix("0039"), !digits.hasPrefix("378") else {
            return text
        }
        return text.contains("+") || digits.hasPrefix("00") ? text.replacing("(0)", with: " ") : text
    }
}
